"""Find the sliders of a model, say what each does, and keep them with it."""

from pathlib import Path

import torch

from gan.cli.sources import open_model
from gan.errors import StudioError


def add_options(parser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("--model", required=True, help="a bundled name, a folder, a run, or user/repo on the Hub")
    parser.add_argument(
        "--measure",
        help="properties that are read from pixels, such as weight,slant,width of letters: their sliders come first",
    )
    parser.add_argument(
        "--count",
        type=int,
        default=8,
        help="how many sliders at most; those without names are found by what they change (default 8)",
    )
    parser.add_argument("--names", help="names of the first ones, in a word or two each: fur,hat,...")
    parser.add_argument("--out", type=Path, metavar="FILE", help="a PNG with five pictures for each slider")
    parser.add_argument("--keep", action="store_true", help="write them into the model's config.json")
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")


def act(args) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    from gan.studio.library import sliders

    if not 1 <= args.count <= 8 or args.threads < 1:
        raise StudioError("--count lies between 1 and 8, and --threads is at least 1.", "Give other numbers.")
    torch.set_num_threads(args.threads)
    model = open_model(args, args.model)
    known = sliders.named_sliders(model, args.measure.split(",")) if args.measure else None
    found = sliders.telling_sliders(model, args.count, known)
    names = args.names.split(",") if args.names else []
    found = sliders.renamed(found, names)
    print(*lines(found), sep="\n")
    if args.out:
        sliders.film_strips(model, found, args.out)
    if args.keep:
        sliders.keep_sliders(model.path, found)


def lines(found) -> list[str]:
    """A table: number, name, layers, and what was measured."""
    rows = []
    for i, facts in enumerate(found.measured):
        layers = found.directions.layers and found.directions.layers[i]
        where = f"layers {layers[0]} to {layers[-1]}" if layers else "all layers"
        told = "  ".join(f"{name} {value}" for name, value in facts.items() if name != "property")
        rows.append(f"{i + 1}  {found.names[i] or '-':<12}  {where:<14}  {told}")
    return rows
