"""The presets give settings that hold for every family, longer from scratch, with augmentation where pictures are
few."""

import pytest

from gan.field_metadata import from_values
from gan.studio.runs import hardware
from gan.studio.runs.device_names import LENDER
from gan.studio.runs.presets import FEW, FEWEST, MOMENTS, PRESETS, ROOM, moments, settings, usual_side
from gan.training.config import DEFAULTS, SMALL, TrainConfig


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
    frozen = {
        (name, tuned): settings(name, "stylegan2", tuned, 100)[1]["freeze_d"]
        for name in PRESETS
        for tuned in (True, False)
    }
    assert [key for key, blocks in frozen.items() if blocks] == [("thorough", True)]


@pytest.mark.parametrize(
    "here, lent, side", [(["cpu"], "", 32), (["cpu"], "1", 64), (["cuda:0", "cpu"], "", 64), (["mps:0", "cpu"], "", 64)]
)
def test_without_a_graphics_card_small_pictures_are_proposed(monkeypatch, here, lent, side):
    monkeypatch.setattr(hardware, "devices", lambda: here)
    monkeypatch.setenv(LENDER, lent)
    assert usual_side() == side


@pytest.mark.parametrize(
    "side, device, batch, gamma",
    [
        (256, "cuda", 16, 0.8192),
        (512, "cuda", 8, 6.5536),
        (1024, "cuda", 4, 52.4288),
        (256, "cpu", 4, 3.2768),
        (1024, "cpu", 4, 52.4288),
    ],
)
def test_large_style_based_bases_follow_their_authors_settings(side, device, batch, gamma):
    """One graphics card, "auto" of the authors' train.py: gamma is 0.0002 side^2 / batch."""
    _, train = settings("quick", "stylegan2", True, 100, side, device)
    assert (train["batch_size"], train["g_lr"], train["d_lr"]) == (batch, *[2e-3 if side == 1024 else 2.5e-3] * 2)
    assert train["penalty_weight"] == pytest.approx(gamma)
    assert train["ema_kimg"] / batch == pytest.approx(
        settings("quick", "stylegan2", True, 100)[1]["ema_kimg"] / 16
    )  # in steps
    assert train["grid_size"] == (16 if side == 256 else 4)


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_plans_of_small_bases_and_of_other_families_stay_what_they_were(device):
    for family, side in (("stylegan2", SMALL), ("stylegan2", 16), ("fastgan", 256), ("dcgan", 64)):
        _, train = settings("good", family, True, 100, side, device)
        usual = {name: train[name] for name in ("batch_size", "g_lr", "penalty_weight")}
        assert usual == {name: DEFAULTS[family][name] for name in usual} and train["ema_kimg"] == 0.5


def test_large_models_keep_fewer_moments():
    assert moments(0) == moments(1_680_000) == MOMENTS and moments(50_000_000) == FEWEST
    assert moments(ROOM // 4 // 10) == 10
