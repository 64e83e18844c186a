"""Make pictures: one file with a grid of them, or a folder with a PNG for each seed, which carries its recipe."""

import argparse
from pathlib import Path

from gan.cli.parsers.recipe_options import add_recipe_options


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument(
        "--out",
        required=True,
        help="a .png, .webp or .jpg file: all pictures in a grid; a folder: a PNG for each; a .zip: a PNG for each, "
        "their recipes with links, and a sheet of all; of a model of words a .txt: a word a line; of a "
        "model of sounds a .wav: one after the other",
    )
    parser.add_argument("--address", default="", metavar="URL", help="what the links in a .zip begin with")
    parser.add_argument(
        "--recipe", type=Path, metavar="FILE", help="start from the recipe in a PNG that was saved here"
    )
    parser.add_argument(
        "--columns", type=int, metavar="N", help="pictures in a row of the grid (default: about square)"
    )
    parser.add_argument(
        "--mix-grid",
        metavar="N-N,N",
        help="mix the picture of each of --seeds, a row of the grid, with those of these seeds, its columns",
    )
    add_recipe_options(parser)
