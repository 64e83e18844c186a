"""What a worker and a page tell each other, and who holds a run."""

import json
import os
import subprocess
import sys
import time

import pytest

from gan.errors import StudioError
from gan.studio.runs.control import (
    Control,
    Status,
    Worker,
    heard_control,
    is_watched,
    read_control,
    read_status,
    touch_watched,
    write_control,
)
from gan.studio.runs.locks import RunLock, is_alive, worker_pid


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


def test_one_holder_at_a_time(path):
    assert not is_alive(path) and worker_pid(path) is None
    lock = RunLock.take(path)
    lock.write_pid(4321)
    assert is_alive(path) and worker_pid(path) == 4321 and RunLock.attempt(path) is None
    with pytest.raises(StudioError, match="Another process is working on the run run"):
        RunLock.take(path, patience=0.05)
    lock.release()
    assert not is_alive(path) and worker_pid(path) is None
    RunLock.take(path).release()


def test_looking_does_not_take_it(path):
    """Many may look at once, and a worker that begins meanwhile waits for that moment."""
    for _ in range(200):
        assert not is_alive(path)
    assert RunLock.attempt(path) is not None


def test_a_lock_that_a_process_is_born_with_ends_with_that_process(path):
    """Also by SIGKILL, and also where whoever started it has let go long before."""
    lock = RunLock.take(path)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock.fd,))
    lock.release()
    assert is_alive(path)
    child.kill()
    child.wait()
    assert not is_alive(path)
    child.stdin.close()


def test_a_worker_says_how_it_goes(path):
    with Worker(path) as worker:
        assert read_status(path) is None  # nothing is written before it is sure that the run may be made
        worker.take()
        began = read_status(path)
        assert (began.status, began.pid, worker_pid(path)) == ("running", os.getpid(), os.getpid())
        assert began.heartbeat == began.since > 0
        worker.tell(step=3, saved=2, until=9, train={"g_lr": 0.5})
        now = read_status(path)
        assert (now.step, now.saved, now.until, now.train) == (3, 2, 9, {"g_lr": 0.5})
        assert now.since == began.since and now.heartbeat >= began.heartbeat
        assert not worker.is_due()
        worker.tell(status="paused")
        assert read_status(path).since >= now.heartbeat
    assert not is_alive(path) and read_status(path).status == "paused"  # which nobody is any more


@pytest.mark.parametrize(
    "error, sentence",
    [
        (StudioError("It is broken.", "Mend it."), "It is broken. Mend it."),
        (ValueError("odd"), "It broke: ValueError: odd"),
    ],
)
def test_an_error_is_the_last_word(path, error, sentence):
    with pytest.raises(type(error)), Worker(path) as worker:
        worker.take()
        raise error
    assert (read_status(path).status, read_status(path).sentence) == ("failed", sentence) and not is_alive(path)


def test_an_error_before_the_run_is_taken_writes_nothing(path):
    with pytest.raises(StudioError), Worker(path):
        raise StudioError("No.")
    assert list(path.iterdir()) == []


def test_the_next_worker_goes_on_counting(path):
    with Worker(path) as worker:
        worker.take()
        worker.tell(minutes=1.5, step=7, applied=3, status="done", sentence="Done.")
    with Worker(path) as worker:
        worker.take()
        assert worker.minutes_before == 1.5
        status = read_status(path)
        assert (status.status, status.step, status.applied, status.sentence) == ("running", 7, 3, "Starting.")


def test_orders_are_heard_once(path):
    with Worker(path) as worker:
        worker.take()
        assert worker.orders() is None
        write_control(path, Control("pause", 5.0, ((1, {"g_lr": 0.1}), (2, {"d_lr": 0.1}))))
        assert worker.orders() == Control("pause", 5.0, ([1, {"g_lr": 0.1}], [2, {"d_lr": 0.1}]))
        assert worker.orders() is None
        worker.tell(applied=1)
        write_control(path, Control("run", 6.0, ((1, {"g_lr": 0.1}), (2, {"d_lr": 0.1}))))
        assert worker.orders().changes == ([2, {"d_lr": 0.1}],)


def test_a_new_worker_hears_no_stop_that_was_meant_for_the_last_but_makes_its_changes(path):
    write_control(path, Control("stop", 5.0, ((1, {"g_lr": 0.1}),)))
    with Worker(path) as worker:
        worker.take()
        assert worker.orders() == Control("run", 5.0, ([1, {"g_lr": 0.1}],))


def test_what_a_killed_worker_left_half_written_is_swept_away(path):
    (path / "snapshots").mkdir()
    for name in (".state.safetensors.0123abcd.part", "snapshots/.config.json.part", ".control.json.0123abcd.part"):
        (path / name).write_text("half")
    with Worker(path) as worker:
        worker.take()
    assert {p.name for p in path.rglob("*.part")} == {".control.json.0123abcd.part"}  # the page may be writing it


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", '"x"', "\udcff"])
def test_broken_files_are_named_and_not_written_over(path, text):
    written = text.encode("utf-8", "surrogateescape")
    for name, read in (("status.json", read_status), ("control.json", read_control)):
        (path / name).write_bytes(written)
        with pytest.raises(StudioError, match=f"{name} of {path.name} cannot be read"):
            read(path)
    assert heard_control(path) == Control()  # a worker goes on
    with pytest.raises(StudioError, match="status.json of"), Worker(path) as worker:
        worker.take()
    assert (path / "status.json").read_bytes() == (path / "control.json").read_bytes() == written


def test_files_of_another_version(path):
    (path / "status.json").write_text(json.dumps({"step": 4, "colour": "red"}))
    assert read_status(path) == Status(step=4)


def test_the_pace_is_that_of_the_last_calls(path):
    worker = Worker(path)
    assert worker.pace(5) == 0
    assert worker.pace(25) > 0
    worker.forget_pace()
    assert worker.pace(7) == 0


def test_somebody_watches_for_ten_seconds_after_a_look(path):
    assert not is_watched(path)
    touch_watched(path)
    assert is_watched(path)
    then = time.time() - 10.5
    os.utime(path / "watched", (then, then))
    assert not is_watched(path)
    touch_watched(path)
    assert is_watched(path)
    touch_watched(path / "deleted")  # says nothing
    assert not is_watched(path / "deleted")


def test_a_worker_looks_once_a_second_at_most_whether_somebody_watches(path):
    worker = Worker(path)
    assert not worker.is_watched()
    touch_watched(path)
    assert not worker.is_watched()  # it has just looked
    until = time.monotonic() + 20
    while not worker.is_watched():
        assert time.monotonic() < until
