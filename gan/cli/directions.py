"""`gan directions`: sliders are found, listed, drawn and kept with their model."""

from pathlib import Path

import torch

from gan.cli.sources import CommandSources
from gan.errors import StudioError


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
