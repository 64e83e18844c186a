"""The command line: `python -m gan models | generate | interpolate | train | runs`."""
