"""Small runs by real worker processes, and waiting for what they do."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from gan.studio.runs import spawn
from gan.studio.runs.jobs import RunSpec
from gan.studio.runs.state import RunState
from gan.studio.runs.supervisor import Supervisor

# The tests beside a worker keep all cores busy: one that gave way to them as it does to the page would hardly begin.
USUAL_NICE, spawn._NICE = spawn._NICE, 5
TRAIN = dict(batch_size=4, record_every=1, grid_every=0, grid_size=4, signals_every=0)
NET = dict(hidden=[8], z_dim=4)


def pictures(path: Path, side: int = 8) -> Path:
    """Twelve grey pictures."""
    np.savez(path, images=np.random.RandomState(0).randint(0, 256, (12, side, side), dtype=np.uint8))
    return path


def spec(steps: int = 5, **more) -> RunSpec:
    train = TRAIN | more.pop("train", {})
    return RunSpec(**dict(family="mlp", device="cpu", steps=steps, train=train, net=NET) | more)


ENDLESS = 10_000_000


def wait(workers: Supervisor, id: str, happened, seconds: float = 60) -> RunState:
    """Until `happened(state)`; the line moves on meanwhile."""
    until = time.monotonic() + seconds
    while not happened(state := workers.state(id)):
        assert time.monotonic() < until, (state, _log(workers, id))
        workers.tend()
        time.sleep(0.02)
    return state


def wait_for(workers: Supervisor, id: str, *statuses: str, seconds: float = 60) -> RunState:
    """Until the run has one of these statuses; an end that was not expected fails at once."""
    state = wait(workers, id, lambda s: s.status in (*statuses, "failed", "interrupted"), seconds)
    assert state.status in statuses, (state, _log(workers, id))
    return state


def kill(workers: Supervisor, id: str) -> RunState:
    """SIGKILL, and the state as it is then."""
    os.kill(workers.state(id).pid, signal.SIGKILL)
    return wait(workers, id, lambda s: not s.is_live)


def end_all(workers: Supervisor) -> None:
    """No worker outlives its test."""
    end_runs(workers)
    workers.close()


def end_runs(workers: Supervisor) -> None:
    """End all runs at once."""
    for state in workers.list():
        if state.status == "waiting":
            workers.stop(state.id)
    for state in workers.list():
        if state.is_live and state.pid:
            kill(workers, state.id)


def _log(workers: Supervisor, id: str) -> str:
    path = workers.root / id / "log.txt"
    return path.read_text()[-2000:] if path.exists() else "no log"
