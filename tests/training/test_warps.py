"""Geometric changes: by how much, whereto, and with slopes of slopes."""

import pytest
import torch

from gan.training.augment import augment, hue, luma_flip, quarter_turns
from gan.training.random_source import RandomSource
from gan.training.warps import WARPS, drift, rotation, sample, stretch, zoom


def rng(seed=0) -> RandomSource:
    return RandomSource(torch.Generator().manual_seed(seed))


def pictures(n=2, side=8, channels=3):
    return torch.rand(n, channels, side, side, dtype=torch.float64, generator=rng(9).generator) * 2 - 1


def matrix(*rows) -> torch.Tensor:
    return torch.tensor([[*rows, [0, 0, 1]]], dtype=torch.float64).expand(2, 3, 3)


def test_sampling_by_hand():
    x = pictures()
    torch.testing.assert_close(sample(x, matrix([1, 0, 0], [0, 1, 0])), x)
    torch.testing.assert_close(sample(x, matrix([-1, 0, 0], [0, 1, 0])), x.flip(3))
    torch.testing.assert_close(sample(x, matrix([0, -1, 0], [1, 0, 0])), x.rot90(1, (2, 3)))
    moved = sample(x, matrix([1, 0, 2 * 3], [0, 1, 0]))  # three pixels from the right, in half pixels
    torch.testing.assert_close(moved[..., :5], x[..., 3:])
    torch.testing.assert_close(moved[..., 5:], x[..., 5:].flip(3))  # and its mirror image beyond


def test_pictures_that_are_not_square_turn_without_being_sheared():
    x = torch.zeros(2, 1, 5, 9, dtype=torch.float64)
    x[..., 2, 2:7] = 1
    turned = sample(x, matrix([0, -1, 0], [1, 0, 0]))
    assert turned[0, 0, :, 4].tolist() == pytest.approx(5 * [1]) and turned[0].sum().item() == pytest.approx(5)


@pytest.mark.parametrize("names", [(name,) for name in WARPS] + [tuple(WARPS)])
def test_slopes_have_slopes(names):
    x = pictures(2, 4, 1).requires_grad_(True)
    assert torch.autograd.gradgradcheck(lambda x: augment(x, names, 1.0, rng(3)).square(), x)


def test_their_sizes_are_those_of_the_paper():
    x = pictures(4000, 2, 1)
    s = zoom(x, rng())
    assert torch.equal(s[:, 0, 0], s[:, 1, 1]) and s[:, 0, 0].log2().std().item() == pytest.approx(0.2, rel=0.05)
    s = stretch(x, rng())
    torch.testing.assert_close(s[:, 0, 0] * s[:, 1, 1], torch.ones(4000, dtype=torch.float64))
    assert s[:, 0, 0].log2().std().item() == pytest.approx(0.2, rel=0.05)
    assert (drift(x, rng())[:, :2, 2] / (2 * 2)).std().item() == pytest.approx(0.125, rel=0.05)
    r = rotation(x, rng())
    torch.testing.assert_close(r @ r.mT, torch.eye(3, dtype=torch.float64).expand(4000, 3, 3))
    assert r[:, 0, 0].mean().abs() < 0.05 and r.det().min() > 0


def test_several_in_a_row_are_one_sampling_and_unchanged_pictures_stay():
    x = pictures(300)
    y = augment(x, tuple(WARPS), 0.2, rng())
    same = (x == y).flatten(1).all(dim=1).double().mean()
    assert 0.3 < same < 0.52  # 0.8^4 = 0.41
    turns = quarter_turns(pictures(200), rng())
    ways = [pictures(200).rot90(k, (2, 3)) for k in range(4)]
    found = [sum(torch.equal(one, way[i]) for i, one in enumerate(turns)) for way in ways]
    assert sum(found) == 200 and min(found) > 30


def test_colours_turn_around_grey():
    x = pictures(64)
    grey = x.mean(dim=1)
    for change in (hue, luma_flip):
        y = change(x, rng())
        torch.testing.assert_close(y.square().sum(dim=1), x.square().sum(dim=1))  # both are orthogonal
    torch.testing.assert_close(hue(x, rng()).mean(dim=1), grey)
    sign = (luma_flip(x, rng()).mean(dim=1) / grey).flatten(1).median(dim=1).values
    assert {round(v, 6) for v in sign.tolist()} == {1.0, -1.0}
    alpha = pictures(8, channels=4)
    assert torch.equal(hue(alpha, rng())[:, 3], alpha[:, 3]) and torch.equal(luma_flip(alpha, rng())[:, 3], alpha[:, 3])
