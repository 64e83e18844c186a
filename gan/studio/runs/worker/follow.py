"""What the processes of a team do that do not lead it: what the lead does, with a share of every batch."""

from collections.abc import Callable

from gan.store.run_folder import Run
from gan.studio.runs.worker.build import rebuilt
from gan.studio.runs.worker.interrupts import StopSignal
from gan.studio.runs.worker.sources import Sources
from gan.studio.runs.worker.training_job import TrainingJob
from gan.training.team import Team, TeamBroken

END = "end"  # the order that the lead gives last


def follow(read: Callable[[], TrainingJob], team: Team, sources: Sources) -> None:
    """Until the lead ends. Its first order comes when the run is there; only then the job is read, which the lead has
    found good.

    Of the run this only reads the state, at the beginning and whenever the lead goes back. Ctrl-C is heeded by the
    lead. Raises SystemExit where another process has ended, which has said why itself.
    """
    try:
        with StopSignal():
            order, values = team.hear()
            if order == END:
                return
            job = read()
            run = Run.open(job.out)
            trainer = rebuilt(run, job, team, sources)
            run.load(trainer)
            while order != END:
                _ORDERS[order](run, trainer, **values)
                order, values = team.hear()
    except TeamBroken as error:
        raise SystemExit(1) from error


_ORDERS: dict[str, Callable[..., object]] = {
    "play": lambda run, trainer: trainer.play(),
    "change": lambda run, trainer, fields: trainer.change(**fields),
    "restore": lambda run, trainer: run.load(trainer),
}
