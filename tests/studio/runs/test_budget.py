"""Budgets from real processes, and the sentence that a person reads."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from run_helpers import pictures, spec

from gan.errors import StudioError
from gan.studio.runs.budget import Budget, _parts, measure

ROOT = Path(__file__).resolve().parents[3]
TOLD = Budget(2.9, 46.4, 612_000_000, 118, 16, 1, "1 CPU threads", 800_000, 880_000)


@pytest.fixture
def data(tmp_path):
    return pictures(tmp_path / "pictures.npz")


def test_a_budget_of_a_run_that_is_not_begun(data, tmp_path):
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


def short_of_memory(tmp_path, batch: int, side: int = 256, alone: bool = True) -> subprocess.CompletedProcess:
    """A budget where each process may have 3 GiB in all."""
    code = """
import sys
from run_helpers import spec
from gan.studio.runs.budget import measure
import resource
resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30,) * 2)
asked = spec(train=dict(batch_size=int(sys.argv[2])))      # little to compute, much to remember
print(measure(asked, sys.argv[1], None, steps=1, alone=sys.argv[3] == "True").accumulate)
"""
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, Path(__file__).parents[1]))),
        "OMP_NUM_THREADS": "1",
    }
    data = pictures(tmp_path / "pictures.npz", side)
    return subprocess.run(
        [sys.executable, "-c", code, data, str(batch), str(alone)], env=env, text=True, capture_output=True
    )


@pytest.mark.skipif(
    not hasattr(resource, "RLIMIT_AS") or sys.platform != "linux", reason="memory cannot be held short here"
)
def test_where_memory_is_short_the_batch_is_worked_through_in_parts(tmp_path):
    done = short_of_memory(tmp_path, 2048)
    assert done.returncode == 0 and int(done.stdout) in (2, 4, 8, 16, 32), done.stderr


@pytest.mark.skipif(
    not hasattr(resource, "RLIMIT_AS") or sys.platform != "linux", reason="memory cannot be held short here"
)
def test_beside_another_run_no_batch_is_cut_for_want_of_memory(tmp_path):
    done = short_of_memory(tmp_path, 2048, alone=False)
    assert done.returncode != 0 and "cannot be judged while another run is at work. Ask again" in done.stderr


def test_parts_are_whole():
    ways = list(_parts(spec(train=dict(batch_size=12)), None))
    assert ways == [{}, {"accumulate": 2}, {"accumulate": 4}, {"accumulate": 12}]


def test_the_sentence():
    assert TOLD.sentence(1000) == (
        "2.9 steps a second: 1,000 steps take about 6 minutes. 46 pictures a second, 0.6 GB of memory; "
        "each of the 118 pictures is seen about 136 times."
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
        (dict(pictures=120_000), 1000, "each of the 120,000 pictures is seen about 0.13 times."),
    ],
)
def test_other_sentences(change, steps, words):
    assert words in Budget(**(vars(TOLD) | change)).sentence(steps)
