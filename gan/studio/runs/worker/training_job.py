"""What a worker is to do, as typed values: read from the job.json that the page's supervisor wrote, or made by
gan/cli/train.py of what a person typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gan.errors import StudioError
from gan.field_metadata import some_values
from gan.messages import say
from gan.store.run_reading import is_saved
from gan.studio.runs.control import Status, read_status
from gan.studio.runs.hardware import idle_threads
from gan.studio.runs.jobs import TEXTS, Job, read_job
from gan.studio.runs.pins import FIXED, PINS
from gan.training.config import TrainConfig

_LEAST = 0.02  # minutes that a run has which goes on, however many it had before


@dataclass(frozen=True)
class Limits:
    """When to end, and what to keep on the way."""

    steps: int | None = None  # the number of the last step
    minutes: float | None = None  # of this piece of the run
    save_minutes: float = 2.0
    snapshot_steps: int = 0
    grid_seconds: float = 0.0  # from one grid by time to the next, at least; 0 for none
    turn: float | None = None  # seconds, of at least one step, after which it gives way: to go on where it was


@dataclass(frozen=True)
class NewRun:
    """A run that begins: from a family of networks or from a base.

    data and base are what `Sources` understands; base_name is what the base is called in cards. net and train hold
    only what was asked for: settings of the networks by name (as text or in their own types), and of TrainConfig.
    """

    data: str
    family: str = ""
    base: str = ""
    base_name: str = ""
    label: str | None = None
    side: int | None = None
    channels: int | None = None
    pins: Path | None = None
    net: Mapping[str, object] = field(default_factory=dict)
    train: Mapping[str, object] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def base_title(self) -> str | None:
        """What the base is called, None where there is none."""
        return self.base_name or self.base or None


@dataclass(frozen=True)
class Resumed:
    """A run that goes on. `data`: where its pictures are now, "" for where they were. What is `said` besides must be
    what the run was started with, but for what may change on the way: see same_run.py."""

    data: str = ""
    said: NewRun = NewRun("")


@dataclass(frozen=True)
class TrainingJob:
    """A run to be made in the folder `out`, or to be gone on with there."""

    out: Path
    run: NewRun | Resumed
    limits: Limits = Limits()
    device: str = "auto"
    threads: int | None = None  # None: as many as PyTorch takes


def job_in(folder: Path) -> TrainingJob:
    """What the job.json of a run's folder asks for now: to begin, or to go on from what was saved.

    The job's minutes are those of all the run; a piece of it has what the pieces before have left. Raises StudioError
    where there is no job that can be read.
    """
    job = read_job(folder)
    if job is None:
        raise StudioError(
            say("There is no job in {folder} that can be read.", folder=folder),
            "Give the folder of a run that the page has made; to go on with any run, use --out and --resume.",
        )
    spec, told = job.spec, read_status(folder) or Status()
    minutes = None if spec.minutes is None else max(spec.minutes - told.minutes, _LEAST)
    limits = Limits(spec.steps, minutes, spec.save_minutes, spec.snapshot_steps, spec.grid_seconds)
    run = Resumed(job.data) if is_saved(folder) else _begun_by(job, folder)
    return TrainingJob(folder, run, limits, job.kind, idle_threads())


def _begun_by(job: Job, folder: Path) -> NewRun:
    spec, pins = job.spec, folder / PINS
    pinned = pins.exists() and not (folder / FIXED).exists()  # a branch has the latents already
    return NewRun(
        job.data,
        spec.family,
        job.base,
        spec.base,
        spec.label,
        pins=pins if pinned else None,
        net=spec.net,
        train=some_values(TrainConfig, spec.train),
        about={name: getattr(spec, name) for name in TEXTS},
    )
