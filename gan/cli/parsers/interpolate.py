"""Make a film that travels from picture to picture: of seeds, or of PNG files that were saved here."""

import argparse
from pathlib import Path

from gan.cli.options import add_knobs
from gan.cli.parsers.recipe_options import add_recipe_options
from gan.studio.path_recipes import PathRecipe


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument(
        "--out",
        required=True,
        help="a .webp, .gif, .mp4 or .zip file, or a folder for a PNG of each frame; of a model of words a .txt: the "
        "words on the way, one a line; of a model of sounds a .wav: a sound each quarter of a second",
    )
    parser.add_argument(
        "--keyframes",
        dest="saved",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="PNGs that were saved here, instead of --seeds",
    )
    parser.add_argument("--fps", type=int, default=24, metavar="N", help="frames per second, 1 to 60 (default 24)")
    add_knobs(parser.add_argument_group("knobs of the path"), PathRecipe)
    add_recipe_options(parser)
