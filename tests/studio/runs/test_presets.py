"""The presets give settings that hold for every family, longer from scratch, with augmentation where pictures are few."""

import pytest

from gan.knobs import from_values
from gan.studio.runs.presets import FEW, FEWEST, MOMENTS, PRESETS, ROOM, moments, settings
from gan.training.config import DEFAULTS, TrainConfig


@pytest.mark.parametrize("family", DEFAULTS)
@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_fits_every_family(family, name):
    tuned, scratch = settings(name, family, True, 100), settings(name, family, False, 100)
    assert 0 < tuned[0] < scratch[0]
    for _, train in (tuned, scratch):
        assert from_values(TrainConfig, train).g_lr == DEFAULTS[family]["g_lr"]


def test_thorough_takes_longer_than_good_and_good_than_a_quick_look():
    steps = [settings(name, "stylegan2", True, 100)[0] for name in ("quick", "good", "thorough")]
    assert steps == sorted(steps) and len(set(steps)) == 3


def test_few_pictures_are_shown_in_many_ways():
    few, many = settings("good", "dcgan", True, FEW - 1)[1], settings("good", "dcgan", True, FEW)[1]
    assert few["augment"] and few["mirror"] and not many["augment"] and not many["mirror"]


def test_only_a_long_fine_tune_freezes_blocks_of_the_discriminator():
    frozen = {(name, tuned): settings(name, "stylegan2", tuned, 100)[1]["freeze_d"] for name in PRESETS for tuned in (True, False)}
    assert [key for key, blocks in frozen.items() if blocks] == [("thorough", True)]


def test_large_models_keep_fewer_moments():
    assert moments(0) == moments(1_680_000) == MOMENTS and moments(50_000_000) == FEWEST
    assert moments(ROOM // 4 // 10) == 10
