"""A discriminator for a generator that has none."""

import pytest
import torch

from gan.errors import StudioError
from gan.networks.registry import FAMILIES
from gan.store.model_config import ModelConfig
from gan.studio.runs.new_discriminators import new_discriminator, with_discriminator

BASES = {
    "mlp": (dict(image_shape=[1, 6, 8], hidden=[8, 16, 32], num_classes=3, z_dim=4), dict(hidden=[32, 16, 8])),
    "dcgan": (dict(side=32, channels=1, width=3, width_max=7), dict(width=3, width_max=7)),
    "stylegan2": (
        dict(side=16, channels=4, num_classes=2, channel_base=64, channel_max=9, conv_clamp=200, mapping_layers=2),
        dict(channel_base=64, channel_max=9, conv_clamp=200, mapping_layers=2),
    ),
    "stack": (
        dict(num_classes=3, z_dim=4, layers=["linear ->84", "reshape 4x3x7", "conv_transpose ->1 kernel=8 stride=8"]),
        dict(num_classes=3, image_shape=[1, 24, 56]),
    ),
    "lightweight": (dict(side=16, channels=1, z_dim=4, widths=[4, 3]), dict(side=16, channels=1)),
    "words": (
        dict(symbols=" ab", places=4, z_dim=4, channels=8, blocks=1),
        dict(symbols=" ab", places=4, channels=8, blocks=1),
    ),
    "sounds": (dict(side=16, width=4, z_dim=4), dict(side=16, width=4, width_max=192)),
    "fastgan": (
        dict(side=16, channels=4, z_dim=4, num_classes=2, widths=[5, 4, 3]),
        dict(side=16, channels=4, num_classes=2),
    ),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_it_fits_the_generator_and_is_built_as_that_is(family):
    values, shared = BASES[family]
    config = with_discriminator(ModelConfig(family, values), "mine")
    generator, discriminator = config.build_generator(), new_discriminator(config, 3)
    assert discriminator.image_shape == generator.image_shape and discriminator.num_classes == generator.num_classes
    assert {name: config.discriminator[name] for name in shared} == shared
    assert discriminator(generator(torch.zeros(2, generator.z_dim))).shape == (2,)


def test_the_seed_decides_its_weights():
    config = with_discriminator(ModelConfig("mlp", BASES["mlp"][0]), "mine")
    one, two, other = (new_discriminator(config, seed).out.weight for seed in (1, 1, 2))
    assert torch.equal(one, two) and not torch.equal(one, other)


def test_one_that_would_be_too_big_is_refused():
    """Its classes meet the generator's narrow end, and the discriminator's wide one."""
    huge = ModelConfig("mlp", dict(image_shape=[4096], hidden=[1, 65536], z_dim=1, num_classes=10000))
    with pytest.raises(StudioError, match="No discriminator can be made for huge: its discriminator"):
        with_discriminator(huge, "huge")
