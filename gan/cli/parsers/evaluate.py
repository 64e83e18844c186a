"""Score a model: how far its samples are from real ones, how varied they are, and whether they are copies."""

import argparse
from pathlib import Path

from gan.messages import say

USUAL_SAMPLES = 5000  # where there are twice as many pictures


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("--model", required=True, help="a bundled name, a folder, a run, or user/repo on the Hub")
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help=(
            "real pictures, best ones the model has not seen: a folder or a zip, an .npz with images (and labels); "
            "for a model of words a text file, one a line; for a model of sounds WAV files"
        ),
    )
    parser.add_argument(
        "--training",
        type=Path,
        metavar="DATA",
        help=("what the model was trained on, where that is something else; without it, --data is taken for it"),
    )
    parser.add_argument(
        "--samples",
        type=int,
        metavar="N",
        help=say("how many samples (default: half as many as --data holds, at most {most})", most=USUAL_SAMPLES),
    )
    parser.add_argument(
        "--psi", type=float, default=1.0, help="truncation (default 1: none, as scores are usually taken)"
    )
    parser.add_argument("--label", help="which label gives the class, for models with classes")
    parser.add_argument(
        "--features",
        type=Path,
        metavar="FILE",
        help=("a feature network to use instead of ours: Inception weights give the standard numbers"),
    )
    parser.add_argument("--threads", type=int, help="processor threads to use")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write everything to this file, as JSON")
    parser.add_argument(
        "--nearest",
        type=Path,
        metavar="FILE",
        help=("also write a PNG: the samples most like something it was trained on, below each what that is"),
    )
    parser.add_argument(
        "--progress", action="store_true", help="tell how far it is in lines of JSON on stdout, and nothing else"
    )
    parser.add_argument(
        "--keep", action="store_true", help="also keep the scores in the model's config.json, to be shown with it"
    )
