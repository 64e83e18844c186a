"""Train the small network in whose features pictures are compared, to tell the sets and their labels apart."""

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        required=True,
        metavar="SET",
        help=("sets of pictures: each an .npz with images (and labels, any number of columns), a folder or a zip"),
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="where the network goes, a .safetensors file"
    )
    parser.add_argument("--steps", type=int, default=5000, help="stop after this step (default 5000)")
    parser.add_argument(
        "--batch-size", type=int, default=80, help="pictures in each step, an equal share of every set (default 80)"
    )
    parser.add_argument("--seed", type=int, default=0, help="where all chance comes from (default 0)")
    parser.add_argument("--threads", type=int, help="processor threads to train with")
