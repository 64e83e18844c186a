import json

import pytest
import torch

from gan.training.more_data import SeedResult
from gan.training.more_data_report import DOES_NOT, HELPS, UNSURE, MoreDataReport
from gan.training.more_data_settings import MoreDataSettings


def report(ordinary, gan, seeds=5) -> MoreDataReport:
    made = MoreDataReport(MoreDataSettings(seeds=seeds, unlabelled=0), "letters", 26, 6240)
    for seed, (a, b) in enumerate(zip(ordinary, gan, strict=True)):
        made = made.and_(SeedResult(seed, dict(few=0.5, ordinary=a, gan=b), 100, {"gan": torch.zeros(0)}))
    return made


# Gains of 2 to 4 points: mean 3, deviation 1, Student's t of 2 degrees of freedom 4.30.
SURE = report([0.80, 0.70, 0.75], [0.82, 0.73, 0.79], seeds=3)


def test_gains_are_paired_and_have_students_interval():
    gain = SURE.gain("gan", "ordinary")
    assert gain.value == pytest.approx(0.03) and gain.margin == pytest.approx(4.30 * 0.01 / 3**0.5)
    assert SURE.accuracy("gan").margin > gain.margin  # pictures of other seeds are easier or harder for all


def test_the_verdict_is_one_of_three():
    assert SURE.verdict("gan", "ordinary") == HELPS
    assert report([0.8, 0.7, 0.75], [0.79, 0.7, 0.745]).verdict("gan", "ordinary") == DOES_NOT
    assert report([0.8, 0.7, 0.75], [0.9, 0.69, 0.78]).verdict("gan", "ordinary") == UNSURE
    assert report([0.8], [0.9]).verdict("gan", "ordinary") == UNSURE
    small = report([0.8, 0.7, 0.75], [0.803, 0.704, 0.755])  # surely more than nothing, and too little to matter
    assert small.gain("gan", "ordinary").low > 0 and small.verdict("gan", "ordinary") == DOES_NOT
    (said,) = SURE.verdicts
    assert (
        said["words"]
        == "A GAN of the labelled pictures: helps. +3.0 points against ordinary augmentation (+0.5 to +5.5)."
    )
    (said,) = report([0.8], [0.9]).verdicts
    assert said["words"].endswith("cannot be told from one seed; +10.0 points against ordinary augmentation.")
    assert "Letters: 5 labelled pictures of each of 26 classes" in SURE.how and "over 3 seeds" in SURE.how


def test_what_was_measured_can_be_kept_and_gone_on_with():
    part = report([0.8, 0.7], [0.82, 0.73])
    assert part.left == [2, 3, 4]
    kept = json.loads(json.dumps(part.to_values(), allow_nan=False))
    assert MoreDataReport.from_values(kept) == part
    assert [bar["arm"] for bar in kept["bars"]] == ["few", "ordinary", "gan"]
    with pytest.raises(ValueError, match="unknown arm"):
        MoreDataReport.from_values(kept | {"right": {"0": {"magic": 1}}})
    assert json.loads(json.dumps(report([], []).to_values()))["bars"] == []
