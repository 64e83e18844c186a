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
    parser.add_argument("--keep", action="store_true", help="write them into the model's config.json")
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")


def act(
    sources: CommandSources,
    model: str,
    measure: str | None,
    having: str | None,
    lacking: str | None,
    label: int | None,
    sliders: Path | None,
    count: int,
    names: str | None,
    out: Path | None,
    keep: bool,
    threads: int,
) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    from gan.studio.library import sliders as found_sliders

    if not 1 <= count <= 8 or threads < 1:
        raise StudioError("--count lies between 1 and 8, and --threads is at least 1.", "Give other numbers.")
    if (having is None) != (lacking is None) or (having and measure) or (sliders and not having):
        raise StudioError(
            "A slider of your own is made with both --with and --without, and --measure finds others.",
            "Give --with and --without together, and --sliders only with them.",
        )
    torch.set_num_threads(threads)
    opened = sources.open(model)
    known = found_sliders.named_sliders(opened, measure.split(",")) if measure else None
    if having:
        known = _own(sources, opened, having, lacking, label, names, sliders)
    found = found_sliders.telling_sliders(opened, count, known)
    found = found_sliders.renamed(found, names.split(",") if names else [])
    print(*lines(found), sep="\n")
    if out:
        found_sliders.film_strips(opened, found, out)
    if keep:
        found_sliders.keep_sliders(opened.path, found)


def _own(sources: CommandSources, model, having: str, lacking: str, label: int | None, names: str | None, out):
    """The slider that leads from some seeds to others, written into `out` where that is given."""
    from gan.latents.seeds import parse_seeds
    from gan.store.files import write_bytes
    from gan.store.own_sliders import write_sliders
    from gan.studio.engine import Engine
    from gan.studio.library.own_sliders import as_kept, made_of
    from gan.studio.recipes import Recipe

    sides = [
        [Recipe(model.id, model.revision, seed=seed, label=label, psi=model.config.psi) for seed in parse_seeds(text)]
        for text in (having, lacking)
    ]
    slider = made_of(model, Engine(sources.models), *sides, (names or "").split(",")[0] or "Own")
    if out:
        write_bytes(out, write_sliders([slider], model.id))
    return as_kept(model, slider)


def lines(found) -> list[str]:
    """A table: number, name, layers, and what was measured."""
    rows = []
    for i, facts in enumerate(found.measured):
        layers = found.directions.layers and found.directions.layers[i]
        where = f"layers {layers[0]} to {layers[-1]}" if layers else "all layers"
        told = "  ".join(f"{name} {value}" for name, value in facts.items() if name != "property")
        rows.append(f"{i + 1}  {found.names[i] or '-':<12}  {where:<14}  {told}")
    return rows
