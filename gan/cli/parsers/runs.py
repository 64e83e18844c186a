"""List the runs below a folder: what each is doing, how far it is, and what it last said."""

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("--root", type=Path, default=Path("runs"), help="the folder of the runs (default: runs)")
    parser.add_argument("--json", action="store_true", help="print it for programs")
