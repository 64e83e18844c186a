"""Budgets from real processes, and the sentence that a person reads."""

import sys

import pytest
from run_helpers import pictures, spec
from warm_starts import ROOM

from gan.errors import StudioError
from gan.studio.runs import budget
from gan.studio.runs.budget import Budget, _parts, measure
from gan.studio.runs.spawn import environment

TOLD = Budget(2.9, 46.4, 612_000_000, 118, 16, 1, "1 CPU threads", 800_000, 880_000)


@pytest.fixture
def data(tmp_path):
    return pictures(tmp_path / "pictures.npz")


def test_a_budget_of_a_run_that_is_not_begun(cold_starts, data, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    told = measure(spec(5), data, None)
    assert (told.pictures, told.batch_size, told.accumulate) == (12, 4, 1) and told.memory > 2**26
    assert told.steps_per_second > 1 and told.pictures_per_second == pytest.approx(4 * told.steps_per_second)
    assert sorted(tmp_path.rglob("*")) == before


def test_why_a_run_could_not_begin_is_said(data, tmp_path):
    with pytest.raises(StudioError, match="side must lie between 16 and 128, not 8"):
        measure(spec(3, family="dcgan", net={}), data, None)
    with pytest.raises(StudioError, match="There is nothing at"):
        measure(spec(3), tmp_path / "gone.npz", None)


def test_a_trial_that_takes_too_long_is_ended(data):
    with pytest.raises(StudioError, match="took longer than 0 seconds"):
        measure(spec(3), data, None, seconds=0.2)


def test_a_trial_that_nobody_waits_for_is_ended(data):
    with pytest.raises(StudioError, match="Nobody waits"):
        measure(spec(3), data, None, is_late=lambda: True)


@pytest.fixture
def short_of_memory(monkeypatch):
    """Trials have 550 MiB each, of which a batch of 512 pictures of 256 x 256 takes more in one piece."""

    monkeypatch.setattr(budget, "environment", lambda: environment() | {ROOM: str(550 * 2**20)})
    return spec(train=dict(batch_size=512))  # little to compute, much to remember


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of other processes")
def test_where_memory_is_short_the_batch_is_worked_through_in_parts(short_of_memory, tmp_path):
    data = pictures(tmp_path / "pictures.npz", 256)
    assert measure(short_of_memory, data, None, steps=1).accumulate in (2, 4, 8, 16, 32)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of other processes")
def test_beside_another_run_no_batch_is_cut_for_want_of_memory(short_of_memory, tmp_path):
    data = pictures(tmp_path / "pictures.npz", 256)
    with pytest.raises(StudioError, match="cannot be judged while another run is at work. Ask again"):
        measure(short_of_memory, data, None, steps=1, alone=False)


def test_parts_are_whole():
    ways = list(_parts(spec(train=dict(batch_size=12)), None))
    assert ways == [{}, {"accumulate": 2}, {"accumulate": 4}, {"accumulate": 12}]


def test_the_sentence():
    assert TOLD.sentence(1000) == (
        "2.9 steps a second: 1,000 steps take about 6 minutes. 46 samples a second, 0.6 GB of memory; "
        "each of the 118 to learn from is seen about 136 times."
    )


@pytest.mark.parametrize(
    "change, steps, words",
    [
        (
            dict(accumulate=4),
            1000,
            "136 times. Each batch is worked through in 4 parts: it would not fit in memory otherwise.",
        ),
        (dict(bfloat16_gain=0.25), 1000, "bfloat16 is 4.0 times slower than float32 here: this processor has no units"),
        (dict(bfloat16_gain=1.84), 1000, "136 times. bfloat16 is 1.8 times as fast as float32 here."),
        (dict(steps_per_second=123.4), 1000, "123 steps a second: 1,000 steps take about 8 seconds."),
        (dict(steps_per_second=0.0312), 1000, "0.031 steps a second: 1,000 steps take about 8.9 hours."),
        (dict(steps_per_second=9.96), 100_000, "10 steps a second: 100,000 steps take about 2.8 hours."),
        (dict(pictures=120_000), 1000, "each of the 120,000 to learn from is seen about 0.13 times."),
    ],
)
def test_other_sentences(change, steps, words):
    assert words in Budget(**(vars(TOLD) | change)).sentence(steps)
