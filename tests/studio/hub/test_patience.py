"""Work on threads that can be given up."""

import threading
import time

import pytest

from gan.studio.hub.patience import GivenUp, patiently


def test_results_in_order_by_few_threads():
    names = set()

    def work(i):
        def run(moved):
            names.add(threading.current_thread().ident)
            return i * i

        return run

    assert patiently([work(i) for i in range(50)], 20, at_once=3) == [i * i for i in range(50)]
    assert len(names) <= 3 and threading.current_thread().ident not in names
    assert patiently([], 20) == []


def test_the_first_error_ends_all():
    begun = []

    def fail(moved):
        raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        patiently([begun.append, fail, begun.append, begun.append], 20, at_once=1)
    assert len(begun) == 1


@pytest.mark.parametrize("leave", [True, False])
def test_what_is_given_up_ends_as_soon_as_something_moves(leave):
    """Because nothing moved, or because whoever waits has left."""
    gate, ended = threading.Event(), threading.Event()

    def hang(moved):
        gate.wait(20)
        try:
            moved()
        except GivenUp:
            ended.set()
            raise

    def tick():
        if leave:
            raise InterruptedError

    with pytest.raises(InterruptedError if leave else TimeoutError):
        patiently([hang], 20 if leave else 0.2, tick)
    gate.set()
    assert ended.wait(20)


def test_what_moves_is_waited_for():
    ticks = []

    def slow(moved):
        until = time.monotonic() + 1
        while time.monotonic() < until:
            moved()
        return "done"

    assert patiently([slow], 0.6, lambda: ticks.append(threading.current_thread())) == ["done"]
    assert ticks and set(ticks) == {threading.current_thread()}
