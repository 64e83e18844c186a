"""Augmentations: differentiable, shape-keeping, each sample by itself, and what each one does."""

import pytest
import torch

from gan.training.augment import AUGMENTATIONS, augment, brightness, contrast, cutout, flip, saturation, translation
from gan.training.random_source import RandomSource

NAMES = tuple(AUGMENTATIONS)


def rng(seed=0):
    return RandomSource(torch.Generator().manual_seed(seed))


def pictures(n=4, channels=3, h=8, w=6, dtype=torch.float64):
    return torch.rand(n, channels, h, w, dtype=dtype, generator=rng(9).generator) * 2 - 1


@pytest.mark.parametrize("name", NAMES)
def test_slopes_go_through(name):
    x = pictures(2, 3, 4, 4).requires_grad_(True)
    assert torch.autograd.gradcheck(lambda x: AUGMENTATIONS[name](x, rng(3)), x)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_shape_and_kind_are_kept_and_the_input_is_left_alone(name, channels):
    x = pictures(channels=channels, dtype=torch.float32)
    kept = x.clone()
    y = AUGMENTATIONS[name](x, rng())
    assert y.shape == x.shape and y.dtype == x.dtype and torch.equal(x, kept)


@pytest.mark.parametrize("name", NAMES)
def test_chance_comes_from_the_generator_alone(name):
    x, state = pictures(), torch.get_rng_state()
    assert torch.equal(AUGMENTATIONS[name](x, rng(1)), AUGMENTATIONS[name](x, rng(1)))
    assert any(
        not torch.equal(AUGMENTATIONS[name](x, rng(1)), AUGMENTATIONS[name](x, rng(seed))) for seed in range(2, 9)
    )
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("name", NAMES)
def test_samples_are_independent(name):
    """A sample's change does not depend on what the others look like, and differs from theirs."""
    x = pictures(8)
    other = x.clone()
    other[1:] = other[1:].flip(0) * 0.3
    assert torch.equal(AUGMENTATIONS[name](x, rng(2))[0], AUGMENTATIONS[name](other, rng(2))[0])
    same = pictures(1).expand(32, -1, -1, -1)
    changed = AUGMENTATIONS[name](same, rng(2))
    assert len({tuple(one.flatten().tolist()) for one in changed}) > 1


def test_no_names_and_no_chance_change_nothing():
    x = pictures()
    assert augment(x, (), 1.0, rng()) is x
    assert torch.equal(augment(x, NAMES, 0.0, rng()), x)


def test_points_are_left_alone():
    points = torch.randn(5, 2)
    assert augment(points, NAMES, 1.0, rng()) is points


def test_p_is_the_share_of_the_samples():
    x = pictures(1).expand(4000, -1, -1, -1)
    changed = (augment(x, ("brightness",), 0.25, rng()) != x).flatten(1).any(dim=1)
    assert 0.22 < changed.double().mean() < 0.28


def test_several_are_applied_in_order():
    x = pictures()
    chance = rng(5)
    want = contrast(flip(x, chance), chance)
    assert torch.equal(augment(x, ("flip", "contrast"), 1.0, rng(5)), want)


def test_brightness_adds_one_number_within_half_the_range():
    added = brightness(torch.zeros(500, 3, 2, 2), rng())
    assert torch.equal(added, added[:, :1, :1, :1].expand_as(added))
    assert -0.5 <= added.min() < -0.45 and 0.45 < added.max() <= 0.5


def test_saturation_scales_the_distance_from_grey():
    x = pictures(500)
    y, grey = saturation(x, rng()), x.mean(dim=1, keepdim=True)
    factor = ((y - grey) / (x - grey)).flatten(1).median(dim=1).values
    torch.testing.assert_close(y, grey + factor[:, None, None, None] * (x - grey))
    assert 0 <= factor.min() < 0.05 and 1.95 < factor.max() <= 2


def test_contrast_scales_the_distance_from_the_mean():
    x = pictures(500)
    y, mean = contrast(x, rng()), x.mean(dim=(1, 2, 3), keepdim=True)
    factor = ((y - mean) / (x - mean)).flatten(1).median(dim=1).values
    torch.testing.assert_close(y, mean + factor[:, None, None, None] * (x - mean))
    assert 0.5 <= factor.min() < 0.55 and 1.45 < factor.max() <= 1.5


def test_flip_mirrors_half_of_the_time():
    x = pictures(400)
    mirrored = (flip(x, rng()) == x.flip(3)).flatten(1).all(dim=1)
    assert torch.equal(flip(x, rng())[~mirrored], x[~mirrored]) and 160 < mirrored.sum() < 240


def shifted(x, dy, dx):
    rows, columns = torch.arange(x.shape[0]) + dy, torch.arange(x.shape[1]) + dx
    return x[rows.clamp(0, x.shape[0] - 1)][:, columns.clamp(0, x.shape[1] - 1)]


def test_translation_shifts_whole_pixels_and_holds_the_edge():
    """16 x 8: at most 2 rows and 1 column; every shift occurs."""
    x = pictures(1, 1, 16, 8).expand(300, -1, -1, -1)
    shifts = set()
    for y in translation(x, rng()):
        found = [(dy, dx) for dy in range(-3, 4) for dx in range(-3, 4) if torch.equal(y[0], shifted(x[0, 0], dy, dx))]
        assert len(found) == 1
        shifts.add(found[0])
    assert shifts == {(dy, dx) for dy in (-2, -1, 0, 1, 2) for dx in (-1, 0, 1)}


def test_cutout_blanks_one_box_of_at_most_half_the_side():
    holes = cutout(torch.ones(300, 2, 8, 8), rng()) == 0
    assert torch.equal(holes[:, 0], holes[:, 1])
    for hole in holes[:, 0]:
        rows, columns = hole.any(dim=1), hole.any(dim=0)
        assert torch.equal(hole, rows[:, None] & columns[None]) and 2 <= rows.sum() <= 4 and 2 <= columns.sum() <= 4
        assert rows.int().diff().abs().sum() <= 2  # one stretch
