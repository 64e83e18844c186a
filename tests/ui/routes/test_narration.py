"""Work that is told line by line."""

import json

from coroutines import finished

from gan.errors import StudioError
from gan.studio.turns import Turns
from gan.ui.routes.narration import narrated


def told(work, turns=None, **more) -> tuple[list[dict], int]:
    """The lines that are told of some work, and how often what comes after it was called."""
    after = []

    async def all_lines():
        answer = narrated(work, turns or Turns(1, "Wait."), lambda: after.append(1), **more)
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


def test_what_nobody_wants_any_more_does_not_wait_for_its_turn():
    turns, looks = Turns(1, "Wait."), iter([None])

    def still():
        if next(looks, looks) is looks:
            raise StudioError("It was stopped.", code="stopped")

    with turns.turn(lambda words: None):
        lines, after = told(lambda tell: {"begun": True}, turns, still=still)
    assert lines[0]["words"] == "Wait." and after == 1
    assert lines[1:] == [{"error": "It was stopped.", "code": "stopped"}]


def test_mistakes_are_the_last_line(caplog):
    def refused(tell):
        raise StudioError("It is none.", "Take another.")

    assert told(refused) == ([{"error": "It is none. Take another.", "code": ""}], 1)
    lines, after = told(lambda tell: 1 / 0)
    assert "unforeseen" in lines[0]["error"] and after == 1 and "ZeroDivisionError" in caplog.text
