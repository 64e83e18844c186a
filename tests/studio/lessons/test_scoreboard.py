import pytest

from gan.errors import StudioError
from gan.studio.lessons import scoreboard
from gan.studio.lessons.scoreboard import Score, Scoreboard, clean_nickname


def test_the_best_stand_first_and_rounds_add_up():
    board = Scoreboard()
    board.add("ann", "Ann", 6, 7, 10)
    board.add("bob", "Bob", 9, 7, 10)
    board.add("ann", "Anna", 7, 8, 10)
    assert board.best() == [Score("Bob", 9, 7, 10), Score("Anna", 13, 15, 20)]
    board.clear()
    assert board.best() == []


def test_it_forgets_by_itself_and_does_not_grow(monkeypatch):
    now = [0.0]
    board = Scoreboard(lambda: now[0])
    board.add("ann", "Ann", 6, 7, 10)
    now[0] = 4 * 3600.0
    board.add("bob", "Bob", 6, 7, 10)
    assert len(board.best()) == 2
    now[0] += 1
    assert [score.nickname for score in board.best()] == ["Bob"]
    monkeypatch.setattr(scoreboard, "_MOST", 3)
    for i in range(9):
        board.add(f"visitor {i}", f"v{i}", 1, 1, 10)
    assert sorted(score.nickname for score in board.best()) == ["v6", "v7", "v8"]


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("  Ann   Lee ", "Ann Lee"),
        ("<b>小明</b>", "b 小明 b"),
        ("a\n\u202eb\0", "a b"),
        ("x" * 99, "x" * 16),
        ("Ｚｏé_7", "Zoé_7"),
    ],
)
def test_nicknames_are_plain_and_short(typed, kept):
    assert clean_nickname(typed) == kept


@pytest.mark.parametrize("typed", ["", " ", "***", "\u202e", "-_-"])
def test_what_is_no_nickname_is_said(typed):
    with pytest.raises(StudioError, match="needs a letter or a digit"):
        clean_nickname(typed)
