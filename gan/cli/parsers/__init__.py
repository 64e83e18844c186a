"""What is typed for each command: a module each, with `add_options(parser)` and the help it begins with as its
docstring. Nothing here imports torch, so that help and mistakes do not wait for it."""
