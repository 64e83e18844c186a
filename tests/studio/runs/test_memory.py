"""A batch that does not fit in memory: real workers under a limit of address space."""

import sys

import pytest
import run_helpers as small
from run_helpers import pictures, spec, wait, wait_for
from warm_starts import ROOM

from gan.store.saved_state import load_state
from gan.studio.runs import spawn
from gan.studio.runs.control import Worker
from gan.studio.runs.supervisor import Supervisor
from gan.training.accumulation import finer
from gan.training.config import TrainConfig
from gan.training.records import ChangeRecord
from gan.training.team import ALONE

WIDE = dict(hidden=[4096], z_dim=4)  # of which a batch of 4096 takes half a gigabyte in one piece


@pytest.fixture
def workers(tmp_path):
    made = Supervisor(tmp_path / "runs")
    yield made
    small.end_all(made)


@pytest.fixture
def narrow(monkeypatch):
    """narrow(bytes): workers that start from here on have no more than that beyond what they begin with."""

    def limit(room: int) -> None:
        monkeypatch.setattr(spawn, "environment", lambda: environment() | {ROOM: str(room)})

    environment = spawn.environment
    return limit


def ended(workers: Supervisor, id: str):
    return wait(workers, id, lambda s: s.status in ("done", "failed", "interrupted"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of other processes")
def test_a_batch_too_large_fails_with_an_offer_and_goes_on_with_it(workers, tmp_path, narrow):
    """First a small batch, so that there is something to lose; then one too large, cut further until it fits."""
    id = workers.start(spec(3, net=WIDE), pictures(tmp_path / "pictures.npz"))
    assert wait_for(workers, id, "done").offer == {}
    workers.change(id, {"batch_size": 4096})
    narrow(350 * 2**20)
    workers.continue_(id, steps=5)
    state, offers = ended(workers, id), []
    while state.status == "failed":
        cut = f", even in {offers[-1]} parts" if offers else ""
        assert state.sentence.startswith(f"There is not enough memory for batches of 4096{cut}. Work through each in ")
        assert state.offer == {"accumulate": 2 * (offers[-1] if offers else 1)} and state.saved == 3
        assert load_state(workers.root / id / "state.safetensors")["step"] == 3
        offers.append(state.offer["accumulate"])
        workers.change(id, state.offer)
        workers.continue_(id)
        state = ended(workers, id)
    assert state.status == "done" and state.step == 5 and state.offer == {} and offers
    assert state.train["accumulate"] == offers[-1] and state.train["batch_size"] == 4096
    changes = [r.changes for r in workers.run(id).events() if isinstance(r, ChangeRecord)]
    assert changes == [{"batch_size": 4096}, *({"accumulate": n} for n in offers)]
    assert [r.step for r in workers.run(id).steps()] == [1, 2, 3, 4, 5]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of other processes")
def test_where_single_pictures_do_not_fit_there_is_nothing_to_offer(workers, tmp_path, narrow):
    huge = spec(
        3, net=dict(hidden=[4096, 4096], z_dim=4), train=dict(batch_size=4, accumulate=4)
    )  # 64 MiB of each number
    narrow(400 * 2**20)
    id = workers.start(huge, pictures(tmp_path / "pictures.npz"))
    state = ended(workers, id)
    assert state.sentence == (
        "There is not enough memory for batches of 4, even in 4 parts. Take a smaller size or a smaller model."
    )
    assert state.status == "failed" and state.offer == {}


@pytest.mark.parametrize(
    "batch, now, want",
    [
        (16, 1, 2),
        (16, 2, 4),
        (16, 8, 16),
        (16, 16, None),
        (12, 2, 4),
        (12, 4, 12),
        (9, 1, 3),
        (7, 1, 7),
        (7, 7, None),
        (1, 1, None),
    ],
)
def test_what_is_offered_divides_the_batch(batch, now, want):
    assert finer(TrainConfig(batch_size=batch, accumulate=now), ALONE) == want


def test_an_offer_is_forgotten_when_the_run_goes_on(tmp_path):
    with Worker(tmp_path) as worker:
        worker.take()
        worker.tell(offer={"accumulate": 2})
    with Worker(tmp_path) as worker:
        worker.take()
        assert worker.status.offer == {}
