"""The options that `generate` and `interpolate` share: those that make recipes."""

import argparse
from pathlib import Path

from gan.cli.options import add_knobs, add_pairs
from gan.field_metadata import table
from gan.studio.mixes import COLOURS
from gan.studio.recipes import Recipe

OWN_OPTIONS = ("model", "seed", "label")
"""Knobs of a recipe whose options are more than the knob: a file, many seeds, classes by name."""
_COLOURS = ",".join(f"{amount:g}" for amount in COLOURS)


def add_recipe_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that make recipes: the model, the seeds and every knob of a picture."""
    parser.add_argument("--model", help="which model: a bundled name, a folder, or user/repo[@revision] on the Hub")
    parser.add_argument("--seeds", metavar="N-N,N", help="the pictures' seeds, such as 0-63 or 1,5,9")
    parser.add_argument(
        "--size", type=int, metavar="N", help="pixels of the longer edge (default: as the model makes them)"
    )
    knobs = parser.add_argument_group("knobs of the picture")
    knobs.add_argument(
        "--label",
        "--class",
        metavar="CLASS,...",
        help=(
            table(Recipe)["label"].help
            + " By name or number; several are taken in turn; 'none' is the mixture of all. "
            "(default the seed modulo the number of classes)"
        ),
    )
    add_knobs(
        knobs,
        Recipe,
        without=OWN_OPTIONS,
        defaults={"psi": "the model's own", "mix": f"{_COLOURS}, the colours of the second"},
    )
    add_pairs(knobs, Recipe)
    second = knobs.add_mutually_exclusive_group()
    second.add_argument(
        "--style-seed", type=int, metavar="N", help="mix every picture with that of this seed; see --mix"
    )
    second.add_argument(
        "--style",
        dest="style_file",
        type=Path,
        metavar="FILE",
        help="mix every picture with that of a PNG that was saved here; see --mix",
    )
