"""Work that is told line by line, and the turns that it takes."""

import json
import threading

import pytest
from coroutines import finished

from gan.errors import StudioError
from gan.ui.routes.narration import Turns, narrated


def told(work) -> tuple[list[dict], int]:
    """The lines that are told of some work, and how often what comes after it was called."""
    after = []

    async def all_lines():
        answer = narrated(work, Turns(1, 1, "Wait.", StudioError("Full.")), lambda: after.append(1))
        return [json.loads(line) async for line in answer.body_iterator]

    return finished(all_lines()), len(after)


def test_each_line_is_told_and_the_last_is_what_came_of_it():
    def work(tell):
        tell(None, "猫 \ud800")
        tell(0.5, "Half")
        return {"model": 1}

    lines, after = told(work)
    assert [line.get("done") for line in lines] == [None, 0.5, None] and lines[0]["words"].startswith("猫")
    assert lines[1:] == [{"done": 0.5, "words": "Half"}, {"model": 1}] and after == 1


def test_mistakes_are_the_last_line(caplog):
    def refused(tell):
        raise StudioError("It is none.", "Take another.")

    assert told(refused) == ([{"error": "It is none. Take another.", "code": ""}], 1)
    lines, after = told(lambda tell: 1 / 0)
    assert "unforeseen" in lines[0]["error"] and after == 1 and "ZeroDivisionError" in caplog.text


def test_turns_are_taken_two_at_a_time_and_the_line_has_an_end():
    turns, gate, told = Turns(1, 1, "Please wait.", StudioError("Full.", "Later.")), threading.Event(), []
    began = threading.Event()

    def work(tell):
        began.set()
        gate.wait(10)
        return {}

    waits = threading.Event()

    def tell(done, words):
        told.append(words)
        waits.set()

    first = threading.Thread(target=turns.take, args=(lambda *_: None, work))
    second = threading.Thread(target=turns.take, args=(tell, work))
    first.start()
    assert began.wait(10)
    second.start()
    assert waits.wait(10)
    with pytest.raises(StudioError, match="Full"):
        turns.take(tell, work)
    gate.set()
    first.join(10), second.join(10)
    assert told == ["Please wait."] and turns.take(tell, work) == {}
