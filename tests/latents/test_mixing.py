"""Mixing in w: which layers are coarse, and that amounts of 0 and 1 give the pictures themselves."""

import pytest
import torch

from gan.errors import StudioError
from gan.latents.mixing import first_fine, mix, mix_layers
from gan.networks.registry import build_generator


def two(n: int = 3, num_ws: int = 10) -> tuple[torch.Tensor, torch.Tensor]:
    return tuple(torch.randn(2, n, num_ws, 7, generator=torch.Generator().manual_seed(4)))


@pytest.mark.parametrize("num_ws, first", [(2, 1), (4, 1), (6, 2), (8, 3), (10, 4), (12, 4), (14, 5), (16, 6), (18, 6)])
def test_layers_up_to_16_pixels_are_coarse_but_no_more_than_two_fifths(num_ws, first):
    assert first_fine(num_ws) == first


def test_nothing_and_all_to_the_last_bit():
    a, b = two()
    assert torch.equal(mix(a, b, 0, 0), a) and torch.equal(mix(a, b, 1, 1), b)
    crossed = mix(a, b, 0, 1)
    assert torch.equal(crossed[:, :4], a[:, :4]) and torch.equal(crossed[:, 4:], b[:, 4:])


def test_each_row_by_its_own_amounts():
    a, b = two()
    coarse, fine = torch.tensor([0.0, 0.25, 1.0]), torch.tensor([1.0, 0.5, 0.0])
    together = mix(a, b, coarse, fine)
    for i in range(3):
        assert torch.equal(together[i : i + 1], mix(a[i : i + 1], b[i : i + 1], float(coarse[i]), float(fine[i])))
    assert torch.allclose(together[1, 0], a[1, 0] + 0.25 * (b[1, 0] - a[1, 0]))


def test_amounts_of_single_layers():
    a, b = two(2, 4)
    one = mix_layers(a, b, [0, 1, 0, 0.5])
    assert torch.equal(one[:, 1], b[:, 1]) and torch.equal(one[:, [0, 2]], a[:, [0, 2]])
    assert torch.allclose(one[:, 3], (a + b)[:, 3] / 2)
    rows = mix_layers(a, b, torch.eye(2, 4))
    assert torch.equal(rows[1, 1], b[1, 1]) and torch.equal(rows[1, 0], a[1, 0]) and torch.equal(rows[0, 0], b[0, 0])


def test_the_latents_given_stay_as_they_are():
    """The layers of a mapping share their memory: nothing may be written into it."""
    config = dict(side=16, z_dim=8, w_dim=8, mapping_layers=1, channel_base=64, channel_max=4)
    generator = build_generator("stylegan2", config).eval()
    a, b = (generator.mapping(torch.full((1, 8), value)) for value in (0.5, -1.0))
    before = a.clone()
    mixed = mix(a, b, 1, 0)
    assert torch.equal(a, before) and not torch.equal(mixed, a)


def test_one_style_for_all_layers_cannot_be_mixed():
    with pytest.raises(StudioError, match="one style for all"):
        mix(torch.zeros(1, 1, 4), torch.ones(1, 1, 4), 0, 1)
