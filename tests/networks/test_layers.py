"""Layers that families share, against loops written from the papers."""

import numpy as np
import pytest
import torch

from gan.networks.layers import minibatch_std, pixel_norm


def test_pixel_norm_by_hand():
    x = torch.tensor([[3.0, 4.0]])
    torch.testing.assert_close(pixel_norm(x), x / 12.5**0.5)  # mean square (9 + 16) / 2


def test_pixel_norm_makes_the_mean_square_of_each_pixel_one():
    x = torch.randn(2, 5, 3, 4, generator=torch.Generator().manual_seed(0)) * 7
    torch.testing.assert_close(pixel_norm(x).square().mean(dim=1), torch.ones(2, 3, 4))
    assert torch.equal(pixel_norm(torch.zeros(1, 3)), torch.zeros(1, 3))


def slow_minibatch_std(x: np.ndarray, group: int) -> np.ndarray:
    """Karras et al. 2018, section 3, with the official grouping, one number at a time."""
    n, c, h, w = x.shape
    size = max(s for s in range(1, min(group, n) + 1) if n % s == 0)
    groups = n // size
    out = np.zeros((n, c + 1, h, w))
    out[:, :c] = x
    for first in range(groups):
        members = [first + k * groups for k in range(size)]
        total = 0.0
        for channel, row, column in np.ndindex(c, h, w):
            values = [x[i, channel, row, column] for i in members]
            mean = sum(values) / size
            total += (sum((v - mean) ** 2 for v in values) / size + 1e-8) ** 0.5
        for i in members:
            out[i, c] = total / (c * h * w)
    return out


@pytest.mark.parametrize("n, group", [(8, 4), (4, 4), (6, 4), (5, 4), (1, 4), (3, 8), (4, 1)])
def test_minibatch_std_by_loops(n, group):
    x = torch.randn(n, 3, 2, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(n))
    np.testing.assert_allclose(minibatch_std(x, group), slow_minibatch_std(x.numpy(), group), atol=1e-12)


def test_minibatch_std_sees_copies():
    x = torch.randn(1, 3, 2, 2, generator=torch.Generator().manual_seed(0)).repeat(4, 1, 1, 1)
    assert minibatch_std(x, 4)[:, 3].max() < 2e-4


def test_several_maps_of_minibatch_std_tell_of_a_share_of_the_channels_each():
    x = torch.randn(6, 4, 2, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    halves = [minibatch_std(half, 3)[:, 2] for half in x.chunk(2, dim=1)]
    torch.testing.assert_close(minibatch_std(x, 3, maps=2), torch.cat([x, torch.stack(halves, dim=1)], dim=1))
