"""Who works and who waits, and what they are told."""

import threading

import pytest

from gan.errors import StudioError
from gan.studio.turns import Turns


def test_one_works_one_waits_and_the_line_has_an_end():
    turns, gate, told = Turns(1, "Please wait.", 1, StudioError("Full.", "Later.")), threading.Event(), []
    began, waits = threading.Event(), threading.Event()

    def work():
        with turns.turn(told.append):
            began.set()
            gate.wait(10)

    def later():
        with turns.turn(lambda words: (told.append(words), waits.set())):
            told.append("my turn")

    first, second = threading.Thread(target=work), threading.Thread(target=later)
    first.start()
    assert began.wait(10)
    second.start()
    assert waits.wait(10)
    with pytest.raises(StudioError, match="Full"), turns.turn(told.append):
        pytest.fail("out of turn")
    assert told == ["Please wait."]
    gate.set()
    first.join(10), second.join(10)
    assert told == ["Please wait.", "my turn"]
    with turns.turn(told.append):
        assert len(told) == 2


def test_who_does_not_want_it_any_more_leaves_the_line():
    turns, told, waits, over = Turns(1, "Wait.", 2, StudioError("Full.")), [], threading.Event(), threading.Event()

    def still():
        if over.is_set():
            raise StudioError("Given up.")

    def given_up():
        with pytest.raises(StudioError, match="Given up"), turns.turn(lambda words: waits.set(), still):
            pytest.fail("nobody wanted that")

    def wanted(gate):
        with turns.turn(lambda words: gate.set()):
            told.append("wanted")

    begun = threading.Event()
    first, second = threading.Thread(target=given_up), threading.Thread(target=wanted, args=[begun])
    with turns.turn(pytest.fail):
        first.start()
        assert waits.wait(10)
        second.start()
        assert begun.wait(10)
        over.set()
        first.join(10)  # while the turn is another one's
        assert not first.is_alive() and told == []
        third = threading.Thread(target=wanted, args=[begun := threading.Event()])
        third.start()
        assert begun.wait(10)  # there is room in the line again
    second.join(10), third.join(10)
    assert told == ["wanted", "wanted"]
    with pytest.raises(StudioError, match="Given up"), turns.turn(pytest.fail, still):
        pytest.fail("nobody wanted that")


def test_a_turn_that_fails_is_over():
    turns = Turns(1, "Please wait.")
    with pytest.raises(ValueError), turns.turn(pytest.fail):
        raise ValueError
    with turns.turn(pytest.fail):
        pass


def test_as_many_as_may_work_at_once_and_any_number_wait():
    turns, told, gate = Turns(2, "Wait."), [], threading.Barrier(5, timeout=10)

    def work():
        with turns.turn(lambda words: (told.append(words), gate.wait())):
            pass

    with turns.turn(pytest.fail), turns.turn(pytest.fail):
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        gate.wait()
    for thread in threads:
        thread.join(10)
    assert told == 4 * ["Wait."]
