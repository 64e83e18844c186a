"""`python -m gan train`: play the game on a set of pictures and leave a run folder behind."""

import argparse
from pathlib import Path

from gan.cli.options import add_knobs
from gan.messages import Message, say
from gan.networks.names import FROM_SCRATCH
from gan.studio.runs.classics import CLASSICS
from gan.training.config import DEFAULTS, TrainConfig

ABOUT = ("title", "summary", "licence", "about_data")  # options for the model's card


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    _add_run(parser)
    _add_start(parser)
    _add_pictures(parser)
    _add_end(parser)
    _add_machine(parser)
    _add_remote(parser)
    _add_saving(parser)
    for name in ABOUT:
        parser.add_argument(f"--{name.replace('_', '-')}", default="", help="for the model's card")
    add_knobs(parser.add_argument_group("knobs of the game"), TrainConfig, defaults=_own_defaults())


def _own_defaults() -> dict[str, Message]:
    """Of the knobs from which families start in their own ways, by name: what they say of it instead of a number."""
    own = {name for values in DEFAULTS.values() for name in values}
    return {
        name: say("the family's own, {value} for dcgan", value=str(DEFAULTS["dcgan"][name]))
        for name in own & {*DEFAULTS["dcgan"]}
    }


def _add_run(parser: argparse.ArgumentParser) -> None:
    """Where a run is, and whether it is new."""
    parser.add_argument("--out", type=Path, help="the run's folder")
    parser.add_argument(
        "--job",
        type=Path,
        metavar="FOLDER",
        help="make, or go on with, the run whose folder holds a job.json, as the page writes it; instead of all else",
    )
    parser.add_argument("--resume", action="store_true", help="continue the run in --out")


def _add_start(parser: argparse.ArgumentParser) -> None:
    """What a new run begins with."""
    parser.add_argument(
        "--family",
        choices=FROM_SCRATCH,
        help="start from scratch with this family of networks; dcgan learns fastest, up to 128 pixels",
    )
    parser.add_argument(
        "--classic",
        choices=tuple(CLASSICS),
        help=(
            "start from scratch with a pair that people know, its settings and what makes it work: article, the fully "
            "connected pair of 2014, whose losses and accuracy are printed as in articles"
        ),
    )
    parser.add_argument("--base", help="start from this model: a bundled name, a folder, or user/repo on the Hub")
    parser.add_argument("--base-name", help="what the base is called in the model's card (default: as it was given)")
    parser.add_argument(
        "--pins",
        type=Path,
        metavar="FILE",
        help="a JSON list of recipes of the base: their pictures come first in the grids",
    )
    parser.add_argument(
        "--net",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of the networks, such as z_dim=64 or generator.hidden=128,256; may be repeated",
    )


def _add_pictures(parser: argparse.ArgumentParser) -> None:
    """What it learns from."""
    parser.add_argument(
        "--data",
        help=(
            "a folder or a zip of pictures or WAV files, a text file of words, an .npz with images (and labels), "
            "hub:user/name, a dataset on the Hub, or example:letters, example:faces, example:digits or "
            "example:flowers, pictures that are drawn here"
        ),
    )
    parser.add_argument("--side", type=int, help="height and width of the pictures, in pixels")
    parser.add_argument("--channels", type=int, choices=(1, 3, 4), help="1 grey, 3 colour, 4 with transparency")
    parser.add_argument(
        "--label",
        help=(
            "which label gives the class; 'folder' for each picture's folder; 'none' for no classes; a base goes on "
            "with these, whatever its own were"
        ),
    )


def _add_end(parser: argparse.ArgumentParser) -> None:
    """When it ends."""
    parser.add_argument("--steps", type=int, help="stop after this step")
    parser.add_argument("--minutes", type=float, help="stop after this time")
    parser.add_argument(
        "--measure",
        type=int,
        metavar="N",
        help="write nothing; play N steps and print as JSON how fast it goes and what it takes",
    )


def _add_machine(parser: argparse.ArgumentParser) -> None:
    """What it computes on."""
    parser.add_argument(
        "--device",
        default="auto",
        help="cpu, cuda, cuda:1, mps, xpu, or auto (default: the graphics card where there is one)",
    )
    parser.add_argument("--threads", type=int, help="processor threads to train with")


def _add_remote(parser: argparse.ArgumentParser) -> None:
    """On whose machine."""
    parser.add_argument(
        "--remote",
        choices=("hf-jobs",),
        help="train as a paid job of the Hugging Face Hub, as whoever is signed in: follow its log, and bring the run "
        "back; with --resume, follow again",
    )
    parser.add_argument("--flavor", default="t4-small", help="what the job runs on, as the Hub calls it")
    parser.add_argument(
        "--most-hours", type=float, default=2.0, help="end the job after so many hours, since it costs (default 2)"
    )


def _add_saving(parser: argparse.ArgumentParser) -> None:
    """What is kept while it goes on."""
    parser.add_argument("--save-minutes", type=float, default=2.0, help="how often all is saved (default 2)")
    parser.add_argument(
        "--snapshot-steps",
        type=int,
        default=0,
        help="also keep the model at the start, every so many steps, and at an eighth, a quarter and a "
        "half of that many (default: at the end only)",
    )
    parser.add_argument(
        "--grid-seconds",
        type=float,
        default=0,
        help="also draw a grid of samples every so many seconds, more seldom where that would cost much or "
        "nobody watches; 0 for never (default 0)",
    )
