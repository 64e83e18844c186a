"""Jobs that are made from what is there already: a run of the command line, a snapshot, a base and pictures to keep."""

import dataclasses
from pathlib import Path

from gan.errors import StudioError
from gan.field_metadata import to_values
from gan.messages import say
from gan.store.files import link_or_copy, make_folder
from gan.store.model_config import CONFIG, DISCRIMINATOR, WEIGHTS
from gan.store.model_folder import check_model, read_config
from gan.store.run_folder import Run
from gan.studio.runs.hardware import find_device
from gan.studio.runs.jobs import TEXTS, Job, RunSpec

_HOW = ("steps", "minutes", "save_minutes", "snapshot_steps", "grid_seconds", "device")


def job_by_hand(run: Run, steps: int, created: float) -> Job:
    """A job that goes on with a run of the command line up to step `steps`."""
    return Job(
        RunSpec(family=run.settings.family, steps=steps), run.settings.data, kind=find_device("auto"), created=created
    )


def branch_spec(run: Run, job: Job | None, step: int, fields: dict) -> RunSpec:
    """What starts from a snapshot of a run with the settings then in force, but for `fields`.

    Those are the ones that made the step: a change that was made after it is not among them.
    """
    about = {**run.settings.about, "about_data": run.settings.about.get("data", "")}
    config = run.config(step)
    left = max(config.warmup_steps - step, 0)  # what is left of its discriminator's warm-up
    values = dict(
        base=say("{name} at step {step}", name=run.path.name, step=step),
        label=run.settings.label,
        train=to_values(config) | {"warmup_steps": left},
        **{name: about.get(name, "") for name in TEXTS},
    )
    if job is not None:
        values |= {name: getattr(job.spec, name) for name in _HOW}
    return RunSpec(**values | fields)


def keep_inputs(job: Job, folder: Path) -> Job:
    """The base, an .npz and a list of words become the run's own, without a copy where the disk allows that: they may
    be gone by the time that the run begins. Raises StudioError where the base is gone already.
    """
    data, base = job.data, job.base
    if data.endswith((".npz", ".txt")):
        data = str(link_or_copy(data, make_folder(folder / "data") / f"data{Path(data).suffix}"))
    return dataclasses.replace(job, data=data, base=keep_base(base, folder) if base else "")


def keep_base(base: str | Path, folder: Path) -> str:
    """The files of a base in a folder of their own in `folder`, links followed. Raises StudioError where it is gone."""
    base, own = Path(base), make_folder(folder / "base")
    if not (base / WEIGHTS).exists():
        raise StudioError("The model to start from is no longer there.", "Choose another one.")
    check_model(base, read_config(base))
    for name in (CONFIG, WEIGHTS, DISCRIMINATOR):
        if (base / name).exists():
            link_or_copy(base / name, own / name)
    return str(own)
