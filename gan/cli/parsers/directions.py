"""Find the sliders of a model, say what each does, and keep them with it."""

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("--model", required=True, help="a bundled name, a folder, a run, or user/repo on the Hub")
    parser.add_argument(
        "--measure",
        help="properties that are read from pixels, such as weight,slant,width of letters or brightness,warmth "
        "of colour pictures, or length,vowels,ends-in-s of words, or length,brightness,tone of sounds, or traits of "
        "--data: a slider for each that can be moved by itself comes first",
    )
    parser.add_argument(
        "--steer",
        action="store_true",
        help="seek them through the pictures, too, since they may follow from latents in no straight line: minutes "
        "for each, in models whose w has three layers or more",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FILE",
        help="an .npz of pictures with a column of labels for each trait, named in label_names: they are measured, too",
    )
    parser.add_argument(
        "--drawn",
        metavar="WHAT",
        help="what our own drawer draws, such as faces or flowers: its factors are measured, too, by a network that "
        "first learns to read them off drawings, two minutes at 64 pixels; without --measure a slider is looked for "
        "for each, and the purest ones are kept",
    )
    parser.add_argument(
        "--kept", action="store_true", help="measure the sliders that the model has, and find no others"
    )
    parser.add_argument("--with", dest="having", metavar="SEEDS", help="seeds of pictures that have something: 3,7,9")
    parser.add_argument(
        "--without",
        dest="lacking",
        metavar="SEEDS",
        help="seeds of pictures that lack it: a slider that leads from these to those comes first",
    )
    parser.add_argument("--class", dest="label", type=int, metavar="N", help="the class of all these pictures")
    parser.add_argument(
        "--sliders", type=Path, metavar="FILE", help="write that slider into a small file, which the page opens"
    )
    parser.add_argument(
        "--count",
        type=int,
        default=8,
        help="how many sliders at most; those without names are found by what they change (default 8)",
    )
    parser.add_argument("--names", help="names of the first ones, in a word or two each: fur,hat,...")
    parser.add_argument("--out", type=Path, metavar="FILE", help="a PNG with five pictures for each slider")
    parser.add_argument("--shown", type=int, default=3, help="seeds side by side in it (default 3)")
    parser.add_argument(
        "--keep", action="store_true", help="write them into the model's config.json, and the table into its README.md"
    )
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")
