"""List the models that come with GAN Studio: what each makes, how large its pictures are, and its licence."""

import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("--json", action="store_true", help="print it for programs")
