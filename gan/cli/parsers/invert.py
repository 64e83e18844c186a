"""Find a picture of one's own in a model: the latent whose picture comes nearest to it."""

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("picture", type=Path, metavar="PICTURE", help="a picture's file: its middle square is taken")
    parser.add_argument("--model", required=True, help="a bundled name, a folder, a run, or user/repo on the Hub")
    parser.add_argument(
        "--class", dest="label", type=int, metavar="N", help="the class that it shows (default: the likeliest)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a PNG, which carries its recipe")
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")
