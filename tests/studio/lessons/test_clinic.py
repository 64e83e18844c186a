"""The doctor looks at a game that was played in a browser: what it is sent, and that it says what it says in Train."""

import math

import pytest

from gan.errors import StudioError
from gan.field_metadata import from_values
from gan.studio.lessons.clinic import look_at
from gan.studio.lessons.lessons import lessons, train_values
from gan.training.config import TrainConfig
from gan.training.doctor import diagnose
from gan.training.records import SignalRecord, StepRecord

RULES = next(lesson for lesson in lessons() if lesson["id"] == "break-it")["rules"]
STEPS = [[step, 1.2, 0.9, 0.55, 0.6, 0.0, 0.3, 0.2] for step in range(10, 510, 10)]
COLLAPSED = [[step, 0.04, 0.6, 0.5] for step in range(100, 501, 100)]


def test_it_says_what_it_says_of_a_run_with_these_records():
    records = [StepRecord(row[0], 64 * row[0], *row[1:]) for row in STEPS]
    records += [SignalRecord(*row, leak=0.0, leaking="") for row in COLLAPSED]
    records.sort(key=lambda record: record.step)  # as a run writes them: the step first
    found = look_at(RULES, STEPS, COLLAPSED)
    assert found == diagnose(records, from_values(TrainConfig, train_values(RULES)))
    assert found.verdict == "collapse" and found.remedy.changes["penalty"] == "r1"


def test_what_is_no_number_has_broken_down():
    gone = [[step, None, 1e300, 0.5, 0.5, 0.0, None, 0.2] for step in range(510, 610, 10)]
    assert look_at(RULES, STEPS + gone, []).verdict == "diverged"


def test_nothing_recorded_is_too_early():
    assert look_at(RULES, [], []).verdict == "learning"


@pytest.mark.parametrize(
    "rules, steps, signals",
    [
        (None, STEPS, []),
        ({}, STEPS, []),
        ({**RULES, "g_hidden": "wide"}, STEPS, []),
        (RULES, None, []),
        (RULES, [[1]], []),
        (RULES, ["12345678"], []),
        (RULES, [[1.5, *STEPS[0][1:]]], []),
        (RULES, [[True, *STEPS[0][1:]]], []),
        (RULES, [[10**400, *STEPS[0][1:]]], []),
        (RULES, [[10, "1", *STEPS[0][2:]]], []),
        (RULES, STEPS[:1] * 1001, []),
        (RULES, STEPS, [[0, 1, 1, 1]]),
        (RULES, STEPS, {"step": 1}),
    ],
)
def test_what_cannot_be_read_is_said(rules, steps, signals):
    with pytest.raises(StudioError, match="cannot read what was recorded"):
        look_at(rules, steps, signals)


def test_a_setting_that_cannot_be_is_named():
    with pytest.raises(StudioError, match="g_lr must"):
        look_at({**RULES, "g_lr": 7}, STEPS, [])


@pytest.mark.parametrize("odd", [10**400, -(10**400), math.inf, math.nan, 1e308])
def test_numbers_beyond_all_measure_end_in_a_diagnosis(odd):
    rows = [[step, *[odd] * 7] for step in range(10, 210, 10)]
    assert look_at(RULES, rows, [[100, odd, odd, odd], [200, odd, odd, odd]]).verdict == "diverged"
