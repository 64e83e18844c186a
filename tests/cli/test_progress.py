"""The progress bar, on a terminal and elsewhere."""

import io

import pytest

from gan.cli import progress
from gan.cli.progress import ProgressBar


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves by hand: clock[0] is the time in seconds."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    monkeypatch.setenv("COLUMNS", "60")
    return now


def test_on_a_terminal_one_line_is_drawn_over_itself(clock, monkeypatch):
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    with ProgressBar() as bar:
        for now, done in ((0, 0), (0.1, 0.1), (10, 0.25)):
            clock[0] = now
            bar.show(done, "of 64 pictures" + " " * 100)
    first = f"[{'':<20}]   0 %  of 64 pictures"
    second = f"[{'#####':<20}]  25 %  30 s left  of 64 pictures"
    assert screen.getvalue() == f"\r\x1b[K{first:<59}\r\x1b[K{second:<59}\r\x1b[K"


def test_elsewhere_short_work_says_nothing_and_long_work_a_line_now_and_then(clock, capsys):
    with ProgressBar() as bar:
        for now in range(31):
            clock[0] = now
            bar.show(now / 600, f"step {now}")
    lines = capsys.readouterr().err.splitlines()
    assert [line.split("  ")[-1] for line in lines] == ["step 10", "step 20", "step 30"] and "9.8 min left" in lines[0]


def test_a_bar_that_stays(clock, monkeypatch):
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    with ProgressBar(stays=True) as bar:
        bar.show(1, "done")
    assert screen.getvalue().endswith("100 %  done\n")
    with ProgressBar(stays=True):
        pass
    assert screen.getvalue().count("\n") == 1
