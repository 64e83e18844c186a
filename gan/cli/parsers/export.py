"""Write a model for other places: a static page that paints in the visitor's browser, or ONNX for other programs."""

import argparse
from pathlib import Path

from gan.export.names import FORM_NAMES


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("--model", required=True, help="a bundled name, a folder, a run, or user/repo[@revision]")
    parser.add_argument("--revision", help="a version of it: a commit, or a step of a run")
    parser.add_argument(
        "--to",
        choices=FORM_NAMES,
        default="web",
        help="web: a page for any static host; onnx: the generator for other programs (default: web)",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the new folder")
