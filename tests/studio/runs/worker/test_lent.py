"""Runs on a card that is lent for a turn at a time: the same numbers as in one piece, and what the lender says."""

import multiprocessing

import pytest
import run_helpers as small
import torch
from run_helpers import pictures, spec
from safetensors.torch import load_file

from gan.errors import StudioError
from gan.studio.runs import line
from gan.studio.runs.control import RESTING, Status, Worker, read_status, write_status
from gan.studio.runs.device_names import LENDER, LENT
from gan.studio.runs.hardware import devices
from gan.studio.runs.supervisor import Refused, Supervisor
from gan.studio.runs.worker.lent import LEAST_SECONDS, MOST_SECONDS, play_turn, seconds_of

ANN, BEN = "ann-1234567890abcdef", "ben-1234567890abcdef"


@pytest.fixture
def workers(tmp_path):
    made = Supervisor(tmp_path / "runs", one_each=False, lent=True)
    yield made
    small.end_all(made)


def forked(folder: str) -> None:
    """A turn of one step in a process of its own, as ZeroGPU has it."""
    process = multiprocessing.get_context("fork").Process(target=play_turn, args=(folder, 0.0))
    process.start()
    process.join(60)
    assert process.exitcode == 0


def test_turns_make_the_same_numbers_as_one_piece(workers, tmp_path):
    data = pictures(tmp_path / "pictures.npz")
    lent = workers.start(spec(3, device="auto", snapshot_steps=2), data, ANN)
    whole = workers.start(spec(3, device="cpu", snapshot_steps=2), data, ANN)
    small.wait_for(workers, whole, "done")
    state = workers.state(lent)
    assert (state.status, state.lent, state.sentence) == ("waiting", True, "It waits for a card.")
    with pytest.raises(StudioError, match="Only whoever started"):
        workers.take_turn(lent, BEN, forked)
    for step in (1, 2):
        workers.take_turn(lent, ANN, forked)
        workers.tend()
        state = workers.state(lent)
        assert (state.status, state.step, state.saved) == ("waiting", step, step) and "rests at step" in state.sentence
    workers.take_turn(lent, ANN, forked)
    assert workers.state(lent).status == "done"
    with pytest.raises(StudioError, match="does not wait for a card"):
        workers.take_turn(lent, ANN, forked)
    for file in ("state.safetensors", "snapshots/0000003/model.safetensors", "snapshots/0000002/model.safetensors"):
        one, two = load_file(workers.root / lent / file), load_file(workers.root / whole / file)
        assert one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)


def test_a_refusal_ends_the_run_until_it_is_continued(workers, tmp_path):
    def refused(folder: str) -> None:
        raise Refused("No graphics card was lent. The Hub says: You have exceeded your free ZeroGPU quota.")

    lent = workers.start(spec(2, device="auto"), pictures(tmp_path / "pictures.npz"), ANN)
    with pytest.raises(StudioError, match="does not wait"):
        workers.pause(lent, ANN)
    workers.take_turn(lent, ANN, refused)
    state = workers.state(lent)
    assert state.status == "stopped" and "exceeded your free ZeroGPU quota" in state.sentence
    with pytest.raises(StudioError, match="does not wait for a card"):
        workers.take_turn(lent, ANN, forked)


def test_two_pages_of_one_visitor_take_one_turn_at_a_time(workers, tmp_path):
    """The second asks while the first waits for its card, and while it has it; the run waits on for its next turn."""
    lent, asked = workers.start(spec(3, device="auto"), pictures(tmp_path / "pictures.npz"), ANN), []

    def second() -> None:
        workers.take_turn(lent, ANN, asked.append)

    def first(folder: str) -> None:
        second()
        with Worker(workers.root / lent) as worker:
            worker.take()
            second()
            worker.tell(status=RESTING, sentence="It rests.")

    workers.take_turn(lent, ANN, first)
    assert asked == [] and workers.state(lent).status == "waiting"
    second()
    assert asked == [str(workers.root / lent)]


def test_a_turn_asks_for_no_longer_than_the_run_takes(workers, tmp_path, monkeypatch):
    lent = workers.start(spec(2, device="auto", minutes=1.5), pictures(tmp_path / "pictures.npz"), ANN)
    folder = workers.root / lent
    assert seconds_of(str(folder)) == MOST_SECONDS
    for left, minutes, wanted in (
        (30.2, 0.0, 43),
        (3.0, 0.0, LEAST_SECONDS),
        (900.0, 1.0, 42),
        (900.0, 0.0, MOST_SECONDS),
    ):
        write_status(folder, Status(seconds_left=left, minutes=minutes))
        assert seconds_of(str(folder)) == wanted
    assert read_status(folder).seconds_left == 900.0
    monkeypatch.setenv(LENDER, "true")
    assert devices() == ["cpu"] and LENT not in devices()


def test_whose_page_is_closed_leaves_the_line_to_others_and_can_go_on_later(workers, tmp_path, monkeypatch):
    lent = workers.start(spec(3, device="auto"), pictures(tmp_path / "pictures.npz"), ANN)
    workers.take_turn(lent, ANN, forked)
    workers.tend()
    assert workers.state(lent).status == "waiting"
    monkeypatch.setattr(line, "LENT_MINUTES", -1)  # as if they were over
    workers.tend()
    assert workers.state(lent).status == "stopped" and workers.line.tickets() == []
    monkeypatch.undo()
    workers.continue_(lent, ANN)
    assert workers.state(lent).status == "waiting"


def test_what_the_worker_says_of_itself_stands_and_a_crash_leaves_the_line(workers, tmp_path):
    def broken(folder: str) -> None:
        write_status(folder, Status(status="failed", sentence="It broke."))
        raise Refused("The turn on the card broke off. The Hub says: ZeroGPU worker error")

    def crashed(folder: str) -> None:
        raise ZeroDivisionError("of the lender")

    data = pictures(tmp_path / "pictures.npz")
    first, second = (workers.start(spec(2, device="auto"), data, ANN) for _ in range(2))
    workers.take_turn(first, ANN, broken)
    assert (workers.state(first).status, str(workers.state(first).sentence)) == ("failed", "It broke.")
    with pytest.raises(ZeroDivisionError):
        workers.take_turn(second, ANN, crashed)
    assert workers.line.tickets() == []
