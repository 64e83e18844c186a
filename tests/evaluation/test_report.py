"""A report is plain values and back."""

import json
import math
from dataclasses import replace

import pytest

from gan.evaluation.intervals import Estimate
from gan.evaluation.metrics import METRICS
from gan.evaluation.report import Report

REPORT = Report(
    "a look",
    30,
    40,
    50,
    0.7,
    {"frechet": Estimate(1.5, 0.1), "kernel": Estimate(0.2, math.nan)},
    {"frechet": Estimate(1.0, 0.1), "kernel": Estimate(math.nan, math.nan)},
    1.5,
    [(3, 7, 0.25)],
)


def test_there_and_back_through_json():
    text = json.dumps(REPORT.to_values(), allow_nan=False)
    again = Report.from_values(json.loads(text))
    assert repr(again) == repr(REPORT)  # nan is not equal to itself, but reads the same


def test_a_floor_is_kept_and_older_reports_have_none():
    with_floor = replace(REPORT, floor={"frechet": Estimate(1.2, 0.1)}, floor_ratio=1.1)
    assert Report.from_values(with_floor.to_values()).floor == with_floor.floor
    older = {name: value for name, value in REPORT.to_values().items() if "floor" not in name and name != "unknown"}
    assert Report.from_values(older).floor == {} and math.isnan(Report.from_values(older).floor_ratio)


def test_scores_of_other_versions_are_left_out():
    values = REPORT.to_values()
    values["scores"]["beauty"] = {"value": 1, "margin": 0}
    assert set(Report.from_values(values).scores) == {"frechet", "kernel"}


@pytest.mark.parametrize(
    "change",
    [
        {"scores": 3},
        {"samples": "many"},
        {"samples": float("inf")},
        {"nearest": [[1, 2]]},
        {"real": {"frechet": {}}},
        {"unknown": [3]},
    ],
)
def test_other_values_are_refused(change):
    with pytest.raises((KeyError, TypeError, ValueError)):
        Report.from_values({**REPORT.to_values(), **change})


def test_every_metric_says_what_is_best():
    assert all(metric.best in ("low", "high", "real") and metric.help.endswith(".") for metric in METRICS.values())
