"""Families by name: values are checked before anything is allocated."""

import pytest
import torch

from gan.errors import StudioError
from gan.field_metadata import table, to_values
from gan.networks.names import FAMILY_NAMES, FROM_SCRATCH
from gan.networks.pixels import to_pixels
from gan.networks.registry import FAMILIES, build_discriminator, build_generator, family


def test_the_families():
    assert FROM_SCRATCH == ("mlp", "dcgan", "stylegan2", "words", "sounds")
    for name, kind in FAMILIES.items():
        assert kind.name == name and family(name) is kind and kind.about
        assert {"z_dim", "num_classes"} <= set(table(kind.generator_config))
        assert "num_classes" in table(kind.discriminator_config) and "z_dim" not in table(kind.discriminator_config)


@pytest.mark.parametrize("name", FAMILIES)
def test_defaults_build_a_pair_that_fits(name):
    g, d = build_generator(name, {}, "meta"), build_discriminator(name, {}, "meta")
    assert g.image_shape == d.image_shape and g.num_classes == d.num_classes == 0
    assert g.training and d.training
    assert {p.device.type for n in (g, d) for p in [*n.parameters(), *n.buffers()]} == {"meta"}


@pytest.mark.parametrize("name", FAMILIES)
def test_a_config_goes_through_json_and_gives_the_same_network(name):
    config = FAMILIES[name].generator_config(num_classes=2, z_dim=9)
    shapes = {k: v.shape for k, v in FAMILIES[name].make_generator(config).state_dict().items()}
    assert {k: v.shape for k, v in build_generator(name, to_values(config), "meta").state_dict().items()} == shapes


@pytest.mark.parametrize("name", ["gan", "", "MLP", "x" * 500, None, 3])
def test_unknown_families(name):
    with pytest.raises(
        StudioError,
        match="no family of networks called .* The families are mlp, dcgan, stylegan2, words, sounds, lightweight",
    ):
        build_generator(name, {})


@pytest.mark.parametrize(
    "values", [dict(z_dim=10**9), dict(z_dim=-1), dict(z_dim="many"), dict(colour=3), dict(num_classes=10**9)]
)
@pytest.mark.parametrize("name", FAMILIES)
def test_wrong_values_are_refused_by_both(name, values):
    with pytest.raises(StudioError):
        build_generator(name, values)
    with pytest.raises(StudioError):
        build_discriminator(name, values)


def test_a_seed_makes_the_same_weights_again():
    torch.manual_seed(4)
    first = build_generator("dcgan", dict(side=16, width=2)).state_dict()
    torch.manual_seed(4)
    second = build_generator("dcgan", dict(side=16, width=2)).state_dict()
    assert all(torch.equal(first[k], second[k]) for k in first)


def test_numbers_to_pixels():
    """floor(127.5 x + 128), held within 0..255."""
    x = torch.tensor([-9.0, -1.0, -0.999, 0.0, 0.5, 0.996, 1.0, 3.0]).reshape(1, 1, 2, 4)
    kept = x.clone()
    pixels = to_pixels(x)
    assert pixels.shape == (1, 2, 4, 1) and pixels.dtype == torch.uint8 and torch.equal(x, kept)
    assert pixels.flatten().tolist() == [0, 0, 0, 128, 191, 254, 255, 255]
    everything = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16)
    assert torch.equal(to_pixels(everything.float() / 127.5 - 1)[..., 0], everything[0])  # training's map and back


def test_the_names_are_those_of_the_table():
    """They stand apart from the families, so that lists need not import any."""
    assert set(FAMILY_NAMES) == set(FAMILIES)
    assert set(FROM_SCRATCH) == {name for name, kind in FAMILIES.items() if kind.scratch}
