"""When grids by time are due, and which models are kept: numbers in, yes or no out."""

from itertools import pairwise

import pytest

from gan.studio.runs.worker.pace import GridPace, is_kept


def drawn(
    seconds: float, cost: float, watched: bool, until: float, start: float = 0.0, tick: float = 0.125
) -> list[float]:
    """The times at which grids were drawn by a run that asks every `tick` seconds from `start` on."""
    pace, times = GridPace(seconds), []
    for i in range(round((until - start) / tick)):
        now = start + i * tick
        if pace.is_due(now, lambda: watched):
            pace.drawn(now, cost)
            times.append(now)
    return times


def test_no_seconds_no_grids():
    assert drawn(0, 0.0, True, 60) == []


@pytest.mark.parametrize("watched", [True, False])
def test_the_first_at_once_and_the_next_after_so_many_seconds(watched):
    assert drawn(2, 0.0, watched, 9) == [0, 2, 4, 6, 8]
    assert drawn(2, 0.0, watched, 1001, start=1000) == [1000]


def test_the_longer_it_goes_on_the_seldomer():
    """A sixtieth of the time so far: after ten minutes every ten seconds."""
    times = drawn(1, 0.0, True, 1200)
    gaps = [b - a for a, b in pairwise(times)]
    assert gaps[0] == 1 and gaps == sorted(gaps)
    assert all(gap - 0.125 < max(1, b / 60) <= gap for gap, b in zip(gaps, times[1:], strict=True))
    assert 60 + 170 < len(times) < 60 + 190  # about 60 ln(1200 / 60) after the first minute


def test_a_dear_grid_takes_five_percent_of_the_time_of_those_who_watch_and_one_of_those_who_do_not():
    assert drawn(1, 0.25, False, 51) == [0, 25, 50]
    watched = drawn(1, 0.25, True, 26)
    assert watched == [*range(10), 14, 19, 24]  # the first ten do not wait for their cost


def test_nobody_is_asked_whether_somebody_watches_before_the_seconds_are_over():
    pace = GridPace(2)
    pace.drawn(0.0, 0.1)
    assert not pace.is_due(1.0, lambda: pytest.fail("looked at the disk"))


@pytest.mark.parametrize(
    "every, kept",
    [
        (0, []),
        (1, list(range(21))),
        (2, [1, *range(0, 21, 2)]),
        (8, [0, 1, 2, 4, 8, 16]),
        (20, [0, 2, 5, 10, 20]),
        (1000, [0]),
    ],
)
def test_what_is_kept_on_the_way(every, kept):
    assert [step for step in range(21) if is_kept(step, every)] == sorted(kept)
