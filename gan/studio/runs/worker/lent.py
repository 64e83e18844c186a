"""Runs on a graphics card that is lent to one function at a time, as that of a ZeroGPU Space is.

Such a run is played in turns, each in a process that has the card for at most a minute. What is carried from turn to
turn is the run's folder: it goes on from there bit for bit. Whoever wants another turn asks for it, since it is their
share of the card that is used up: see gan/ui/zero_gpu.py.
"""

import contextlib
import math
import os
from dataclasses import replace
from pathlib import Path

from gan.errors import StudioError
from gan.studio.library.loaded import Models
from gan.studio.runs.control import Status, read_status
from gan.studio.runs.device_names import LENDER
from gan.studio.runs.jobs import read_job
from gan.studio.runs.worker.training_job import TrainingJob
from gan.studio.runs.worker.work import work_in
from gan.training.team import ALONE

MOST_SECONDS, LEAST_SECONDS = 60, 20  # that are asked for at once
AROUND = 12  # seconds of these in which a turn is begun, and what it made is saved


def seconds_of(folder: str) -> int:
    """For how long the next turn of a run should have the card: as long as the run still takes, as far as that is
    known, and never longer than visitors can be given."""
    status, job = read_status(Path(folder)) or Status(), read_job(Path(folder))
    left = math.inf if status.seconds_left is None else status.seconds_left
    if job is not None and job.spec.minutes is not None:
        left = min(left, 60 * (job.spec.minutes - status.minutes))
    return int(min(max(math.ceil(min(left, MOST_SECONDS)) + AROUND, LEAST_SECONDS), MOST_SECONDS))


def play_turn(folder: str, seconds: float | None = None) -> None:
    """One turn of the run in a folder, of `seconds` or as many as were asked for, on the fastest device that this
    process has. What is wrong with the run it says in its status, as any worker does."""
    os.environ.pop(LENDER, None)  # to this process the card is one like any other
    turn = seconds_of(folder) - AROUND if seconds is None else seconds

    def changed(job: TrainingJob) -> TrainingJob:
        return replace(job, device="auto", limits=replace(job.limits, turn=turn))

    with contextlib.suppress(StudioError):  # its status says it
        work_in(Path(folder), ALONE, _Here(), lambda news: None, changed)


class _Here:
    """The models and pictures of a job: all of them are files of this computer."""

    def folder(self, source: str) -> Path:
        return Models().resolve(source)

    def open(self, source: str):
        return Models().get(source)

    def data(self, source: str, run: Path, side: int | None, channels: int | None) -> Path:
        return Path(source)

    def fetched_data(self, source: str, run: Path) -> Path:
        return Path(source)
