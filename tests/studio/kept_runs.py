"""Small runs with snapshots, really trained, without a process of their own."""

from pathlib import Path

from training import games

from gan.field_metadata import to_values
from gan.store.run_folder import Run
from gan.store.run_settings import RunSettings


def settings(name="mlp", classes=0, **more) -> RunSettings:
    """What a run of a small pair is started with."""
    g, d = games.PAIRS[name]
    values = dict(
        data="pictures",
        label=None,
        base=None,
        family="mlp" if name == "points" else name,
        generator={**g, "num_classes": classes},
        discriminator={**d, "num_classes": classes},
        classes=tuple(str(i) for i in range(classes)),
        train=to_values(games.trainer(name).config),
    )
    return RunSettings(**values | more)


def trained(path: Path, steps=(0, 2, 4), base: str | None = "cats", name: str = "stylegan2", **knobs) -> Run:
    """A run in the folder `path` that kept a model at each of the steps; it started from `base`, or from nothing."""
    trainer = games.trainer(name, **dict(g_lr=0.05, ema_kimg=0.005) | knobs)
    run = Run.create(path, settings(name, base=base, train=to_values(trainer.config)))
    keep(run, trainer, steps)
    return run


def keep(run: Run, trainer, steps) -> None:
    """Train on to each of the steps and keep the model there."""
    for step in steps:
        for record in trainer.run(step):
            run.write(record)
        run.snapshot(trainer, {"steps": step})
