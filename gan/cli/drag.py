"""`gan drag`: a point of a picture is pulled elsewhere, or ten drags say whether a model's points follow."""

from dataclasses import dataclass, replace
from pathlib import Path

import torch

from gan.cli.pictures import read_saved
from gan.cli.progress import ProgressBar
from gan.cli.sources import CommandSources
from gan.cli.speech import tell
from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import say
from gan.studio.classes import usual_class


def act(sources: CommandSources, **options) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    asked = _Asked(**options)
    if asked.threads < 1:
        raise StudioError("--threads is at least 1.", "Give another number.")
    if (asked.handle is None) != (asked.target is None):
        raise StudioError("A drag goes from a point to another one.", "Give --from and --to together.")
    if asked.handle is not None and (asked.keep or asked.out is None):
        raise StudioError(
            "With --from and --to one picture is made, which needs --out, and nothing is measured for --keep.",
            "Give --out and leave --keep out, or leave --from and --to out.",
        )
    torch.set_num_threads(asked.threads)
    if asked.handle is None:
        _measure(sources, asked)
    else:
        _drag(sources, asked)


@dataclass(frozen=True)
class _Asked:
    """See gan.cli.parsers.drag."""

    model: str
    handle: str | None
    target: str | None
    radius: float | None
    seed: int
    label: int | None
    recipe: Path | None
    out: Path | None
    keep: bool
    threads: int


def _drag(sources: CommandSources, asked: _Asked) -> None:
    from gan.store.files import write_bytes
    from gan.studio.dragging import Drags
    from gan.studio.engine import Engine
    from gan.studio.png_recipes import png_bytes
    from gan.studio.recipes import Recipe

    handle, target = _point("--from", asked.handle), _point("--to", asked.target)
    model = sources.open(asked.model)
    if asked.recipe:
        recipe = replace(read_saved(asked.recipe), model=model.id, revision=model.revision)
    else:
        label = usual_class(asked.seed, model.generator.num_classes) if asked.label is None else asked.label
        recipe = Recipe(model.id, model.revision, seed=asked.seed, label=label, psi=model.config.psi)
    with ProgressBar() as bar:
        for dragged in Drags(sources.models).drag(recipe, handle, target, asked.radius):
            bar.show(dragged.done, dragged.news)
    assert asked.out is not None
    write_bytes(asked.out, png_bytes(Engine(sources.models).render([dragged.recipe])[0], dragged.recipe))
    tell(dragged.verdict)
    tell(say("{out}: drop it on the page, and every slider moves it.", out=asked.out))


def _measure(sources: CommandSources, asked: _Asked) -> None:
    from gan.store.model_config import follows
    from gan.studio.library.drag_table import facts, keep_drags, line, strips, timed_drags

    model, rows = sources.open(asked.model), []
    for row in timed_drags(model):
        rows.append(row)
        print(line(row, len(rows)), flush=True)
    found = facts(rows)
    tell(
        say(
            "{reached} of {count} handles reached their targets.",
            reached=found["reached"],
            count=found["count"],
        )
    )
    tell(
        say("The rest of the picture stays: points can be dragged.")
        if follows(found)
        else say("So points cannot be dragged: 8 of 10 must arrive, and the rest of the picture must stay.")
    )
    if asked.out:
        strips(rows, asked.out)
    if asked.keep:
        keep_drags(model.path, rows, f"python -m gan drag --model {asked.model} --keep")


def _point(option: str, text: str | None) -> tuple[float, float]:
    """Two numbers. Raises StudioError for anything else."""
    try:
        x, y = (float(part) for part in (text or "").split(","))
    except ValueError:
        raise StudioError(
            say("{option} is two numbers, x and y, not {text}.", option=option, text=show(text)),
            "Write them with a comma between, such as 40,12.",
        ) from None
    return x, y
