"""Turn somebody else's checkpoint into a model folder of GAN Studio, without running anything in it."""

import argparse
from pathlib import Path

from gan.foreign.formats.names import FORMAT_FILES


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    read = "; ".join(f"{name}: {files}" for name, files in FORMAT_FILES.items())
    parser.epilog = f"What is read: {read}.".replace("%", "%%")
    parser.add_argument(
        "source", metavar="SOURCE", help="a checkpoint, a folder with one, or user/repo[@revision] on the Hub"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the model's new folder")
    parser.add_argument("--file", metavar="NAME", help="which file of the repository (default: the likeliest)")
    parser.add_argument(
        "--layout",
        type=Path,
        metavar="FILE",
        help="a JSON table of what a bare state dict does not say: any of the settings below `generator` in "
        "config.json; they go before what was guessed",
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="the config.json that belongs to a checkpoint on this computer"
    )
