"""Find the sliders of a model, say what each does, and keep them with it."""

from pathlib import Path

import torch

from gan.cli.sources import CommandSources
from gan.errors import StudioError


def add_options(parser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("--model", required=True, help="a bundled name, a folder, a run, or user/repo on the Hub")
    parser.add_argument(
        "--measure",
        help="properties that are read from pixels, such as weight,slant,width of letters: a slider for each comes "
        "first",
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


def act(
    sources: CommandSources,
    model: str,
    measure: str | None,
    count: int,
    names: str | None,
    out: Path | None,
    keep: bool,
    threads: int,
) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    from gan.studio.library import sliders

    if not 1 <= count <= 8 or threads < 1:
        raise StudioError("--count lies between 1 and 8, and --threads is at least 1.", "Give other numbers.")
    torch.set_num_threads(threads)
    opened = sources.open(model)
    known = sliders.named_sliders(opened, measure.split(",")) if measure else None
    found = sliders.telling_sliders(opened, count, known)
    found = sliders.renamed(found, names.split(",") if names else [])
    print(*lines(found), sep="\n")
    if out:
        sliders.film_strips(opened, found, out)
    if keep:
        sliders.keep_sliders(opened.path, found)


def lines(found) -> list[str]:
    """A table: number, name, layers, and what was measured."""
    rows = []
    for i, facts in enumerate(found.measured):
        layers = found.directions.layers and found.directions.layers[i]
        where = f"layers {layers[0]} to {layers[-1]}" if layers else "all layers"
        told = "  ".join(f"{name} {value}" for name, value in facts.items() if name != "property")
        rows.append(f"{i + 1}  {found.names[i] or '-':<12}  {where:<14}  {told}")
    return rows
