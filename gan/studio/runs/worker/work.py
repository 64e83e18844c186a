"""A worker's whole task: the run's lock, its trainer, and the training itself; or only what it would cost."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from gan.errors import StudioError
from gan.messages import say
from gan.store.passing import temporary_folder
from gan.store.run_folder import Run
from gan.store.run_reading import forget_unsaved
from gan.studio.runs.control import Worker
from gan.studio.runs.pins import keep_fixed
from gan.studio.runs.saved import check_saved
from gan.studio.runs.worker.build import new, restored
from gan.studio.runs.worker.device import set_up
from gan.studio.runs.worker.measure import cost
from gan.studio.runs.worker.news import Tell
from gan.studio.runs.worker.session import play
from gan.studio.runs.worker.sources import Sources
from gan.studio.runs.worker.training_job import NewRun, TrainingJob, job_in
from gan.training.team import Team


def work(job: TrainingJob, team: Team, sources: Sources, tell: Tell) -> None:
    """Do a job, as the lead of the team. Raises StudioError for anything a person can mend."""
    with Worker(job.out) as worker:
        _train(job, worker, team, sources, tell)


def work_in(
    folder: Path,
    team: Team,
    sources: Sources,
    tell: Tell,
    changed: Callable[[TrainingJob], TrainingJob] = lambda job: job,
) -> None:
    """Do the job that is written in the folder, or what `changed` makes of it. Raises StudioError."""
    with Worker(folder) as worker:
        job_in(folder)  # raises where there is none, before anything is written
        check_saved(folder)
        worker.take()
        forget_unsaved(folder)
        _train(changed(job_in(folder)), worker, team, sources, tell)


def measured(job: TrainingJob, steps: int, team: Team, sources: Sources, tell: Tell) -> dict:
    """What `steps` steps of a new run tell of its cost (see `cost`). Nothing is kept: pictures that have to be fetched
    lie in a folder that is gone afterwards. Raises StudioError, also for a run that has begun."""
    if not isinstance(job.run, NewRun):
        raise StudioError(
            say("The run in {folder} has begun, and only new ones are measured.", folder=job.out),
            "Leave --measure out to go on with it.",
        )
    device = set_up(job.device, job.threads, team)
    with temporary_folder() as folder:
        job = replace(job, out=folder / "run")
        return cost(new(job, device, team, sources, tell)[1], steps)


def _train(job: TrainingJob, worker: Worker, team: Team, sources: Sources, tell: Tell) -> None:
    device = set_up(job.device, job.threads, team)
    if isinstance(job.run, NewRun):
        settings, trainer, fixed = new(job, device, team, sources, tell)
        run = Run.create(job.out, settings)
        worker.take()
        if fixed is not None:
            keep_fixed(run.path, fixed)
    else:
        run = Run.open(job.out)
        worker.take()
        trainer = restored(run, job, team, sources)
    play(run, trainer, worker, job.limits, tell)
