"""What the processes of a team do that do not lead it: what the lead does, with a share of every batch."""

from collections.abc import Callable
from pathlib import Path

from gan.cli.interrupts import StopSignal
from gan.store.run_folder import Run
from gan.training.team import Team, TeamBroken
from gan.training.trainer import Trainer

END = "end"  # the order that the lead gives last


def follow(team: Team, out: Path, make: Callable[[Run], Trainer]) -> None:
    """Until the lead ends. Its first order comes when the run in `out` is there; `make` builds the trainer for it.

    Of the run this only reads the state, at the beginning and whenever the lead goes back. Ctrl-C is heeded by the
    lead. Raises SystemExit where another process has ended, which has said why itself.
    """
    try:
        with StopSignal():
            order, values = team.hear()
            if order == END:
                return
            run = Run.open(out)
            trainer = make(run)
            run.load(trainer)
            while order != END:
                _ORDERS[order](run, trainer, **values)
                order, values = team.hear()
    except TeamBroken as error:
        raise SystemExit(1) from error


_ORDERS = {
    "play": lambda run, trainer: trainer.play(),
    "change": lambda run, trainer, fields: trainer.change(**fields),
    "restore": lambda run, trainer: run.load(trainer),
}
