"""Publish a model on the Hugging Face Hub, with its card, pictures, settings and scores; private unless you say so."""

import argparse

from gan.studio.hub.licences import AS_BASE, LICENCES


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.epilog = f"Licences: {', '.join([*LICENCES, AS_BASE])}. Who pushes: HF_TOKEN, or `hf auth login`."
    parser.add_argument("model", metavar="MODEL", help="a run, a model's folder, or the name of a bundled model")
    parser.add_argument("repo", metavar="USER/REPO", help="its repository on the Hub, new or pushed to before")
    parser.add_argument("--public", action="store_true", help="everybody may see it (default: only you)")
    parser.add_argument(
        "--licence",
        "--license",
        default="",
        metavar="NAME",
        help="under which terms it may be used (default: those of the model it was trained on from)",
    )
    parser.add_argument(
        "--space", action="store_true", help="push a page where anybody can try it, as a static Space, not the model"
    )
    parser.add_argument("--message", default="", metavar="TEXT", help="what the commit says")
