"""The pair that makes sounds."""

import pytest
import torch

from gan.errors import StudioError
from gan.networks.registry import build_discriminator, build_generator


def test_spectrograms_of_one_channel():
    g = build_generator("sounds", dict(side=16, z_dim=3, width=4, num_classes=2))
    x = g(torch.randn(5, 3, generator=torch.Generator().manual_seed(0)), torch.eye(2)[[0, 1, 0, 1, 0]])
    assert g.kind == "sound" and x.shape == (5, 1, 16, 16) and x.abs().max() <= 1 and g.num_ws > 1
    d = build_discriminator("sounds", dict(side=16, width=4, num_classes=2))
    assert d(x).shape == (5,) and d.image_shape == g.image_shape


def test_a_length_that_there_is_not():
    with pytest.raises(StudioError, match="16, 32, 64 or 128 columns of 8 milliseconds, not 48"):
        build_generator("sounds", dict(side=48))
