"""The command line, `python -m gan COMMAND`: a file for what each does, and in `parsers` what is typed for it."""
