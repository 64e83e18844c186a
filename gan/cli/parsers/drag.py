"""Pull a point of a picture elsewhere, or measure whether points of a model's pictures follow."""

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("--model", required=True, help="a bundled name, a folder, a run, or user/repo on the Hub")
    parser.add_argument(
        "--from",
        dest="handle",
        metavar="X,Y",
        help="the handle: a point of the picture, in pixels from its upper left; without it ten drags are measured",
    )
    parser.add_argument("--to", dest="target", metavar="X,Y", help="where the handle shall go")
    parser.add_argument(
        "--radius",
        type=float,
        metavar="PIXELS",
        help="how far around the way the picture may change (default 12 of 64)",
    )
    parser.add_argument("--seed", type=int, default=0, help="the seed of the picture (default 0)")
    parser.add_argument("--class", dest="label", type=int, metavar="N", help="its class")
    parser.add_argument(
        "--recipe", type=Path, metavar="FILE", help="the picture of a PNG that was saved here, in place of a seed's"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="a PNG: of the dragged picture, or of what was measured"
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="write what was measured into the model's config.json and README.md: the page offers the tool where 8 of "
        "10 handles reach their targets and the rest of the picture stays",
    )
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")
