"""What a report says on the page."""

import json
import math
import re

import pytest

from gan.cli.evaluate import lines
from gan.evaluation.intervals import Estimate
from gan.evaluation.metrics import METRICS
from gan.evaluation.report import Report
from gan.kinds.pictures import PICTURE
from gan.kinds.sounds import SOUND
from gan.locales import languages
from gan.studio.scores.table import copies, plain


def report(seen=(0.5, 0.01), usual=(0.5, 0.01), samples=1000, **more) -> Report:
    """Of 1000 samples; `seen` and `usual` are the shares that are memorised, with their margins."""
    values = dict(
        features="our own features",
        samples=samples,
        pictures=2000,
        training=2000,
        psi=1.0,
        ratio=1.8,
        scores={"memorised": Estimate(*seen), "frechet": Estimate(2.0, 0.1)},
        real={"memorised": Estimate(*usual), "frechet": Estimate(1.0, 0.1)},
        nearest=[(7, 3, 0.5), (9, 1, math.nan)],
    )
    return Report(**values | more)


@pytest.mark.parametrize("share", [0.2, 0.9, 1.0])
def test_copies_beyond_chance_are_counted(share):
    assert copies(report(seen=(share + (1 - share) * 0.5, 0.01))) == 1000 * share


@pytest.mark.parametrize("seen", [(0.5, 0.01), (0.1, 0.01), (0.515, 0.01), (0.9, 0.5), (math.nan, 0.1)])
def test_what_chance_explains_is_no_copy(seen):
    assert copies(report(seen=seen)) == 0


def test_where_all_real_pictures_are_twins_nothing_is_said():
    assert copies(report(seen=(1.0, 0.0), usual=(1.0, 0.0))) == 0
    assert copies(report(scores={}, real={})) is None


def test_rows_stand_in_the_order_of_the_metrics_and_no_number_is_none():
    told = plain(report(ratio=math.nan), True, PICTURE)
    assert [row["name"] for row in told["rows"]] == [name for name in METRICS if name in ("frechet", "memorised")]
    words = dict(title="Fréchet distance", help=METRICS["frechet"].about(PICTURE.plural))
    first = dict(name="frechet", **words, digits=3, value=2.0, margin=0.1, real=1.0, real_margin=0.1)
    assert told["rows"][0] == first | dict(floor=None, floor_margin=None) and told["floor_ratio"] is None
    assert (
        told["ratio"] is None and told["own"] and told["nearest"] == [dict(seed=7, apart=0.5), dict(seed=9, apart=None)]
    )
    assert json.loads(json.dumps(told, allow_nan=False)) == told and plain(report(), False, PICTURE)["nearest"] == []


def test_what_the_training_pictures_reach_is_a_third_column():
    told = plain(report(floor={"frechet": Estimate(1.2, 0.1)}, floor_ratio=1.1), False, PICTURE)
    assert [(row["floor"], row["floor_margin"]) for row in told["rows"]] == [(1.2, 0.1), (None, None)]
    assert told["floor_ratio"] == 1.1


def test_few_samples_or_pictures_are_said_to_be_shaky():
    assert not plain(report(), False, PICTURE)["shaky"]
    assert plain(report(samples=499), False, PICTURE)["shaky"] and plain(report(pictures=100), False, PICTURE)["shaky"]


def test_classes_that_the_model_has_not_are_named():
    unknown = ("cat", "d\u202eog", *"abcdef")
    said = "The model has no class called cat, d?og, a, b, c, ...: the pictures are compared without classes."
    assert plain(report(unknown=unknown), False, PICTURE)["notes"] == [said]
    assert plain(report(), False, PICTURE)["notes"] == []


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_of_a_model_of_sounds_nothing_is_said_of_pictures(language):
    full = report(
        scores={name: Estimate(1.0, 0.1) for name in METRICS if "letters" not in name},
        floor={"frechet": Estimate(1.2, 0.1)},
        floor_ratio=1.1,
    )
    told = languages()[language].translated([plain(full, True, SOUND), lines(full, True, SOUND)])
    said = [*(row[part] for row in told[0]["rows"] for part in ("title", "help")), *told[1]]
    assert told[0]["makes"] == "sound" and len(said) > 20
    assert not [text for text in said if re.search("pictures|图片|画面", text)]
