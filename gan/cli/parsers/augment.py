"""Measure whether a GAN's samples help a classifier that has few labelled pictures: accuracies and a verdict."""

import argparse
from pathlib import Path

from gan.cli.options import add_knobs
from gan.training.more_data_settings import MoreDataSettings


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument(
        "--data",
        required=True,
        help="pictures with classes: a folder of folders, a zip, an .npz, example:letters or example:digits",
    )
    parser.add_argument("--label", help="which label of an .npz gives the class")
    add_knobs(parser, MoreDataSettings)
    parser.add_argument(
        "--minutes", type=float, metavar="X", help="leave out seeds that would take longer, but for the first two"
    )
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write everything to this file, as JSON")
    parser.add_argument("--resume", action="store_true", help="keep the seeds that --out holds already")
    parser.add_argument("--samples-out", type=Path, metavar="FILE", help="also write a PNG with samples of the GANs")
    parser.add_argument(
        "--progress", action="store_true", help="tell how far it is in lines of JSON on stdout, and nothing else"
    )
