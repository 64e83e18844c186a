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
