"""The families of networks: a new one is one file and one entry here."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from gan.errors import StudioError
from gan.knobs import from_values
from gan.networks import dcgan, mlp, stylegan2
from gan.networks.contract import Discriminator, Generator


@dataclass(frozen=True)
class Family:
    """A pair of networks and the configs that describe them; `about` is for people."""

    name: str
    about: str
    generator_config: type
    discriminator_config: type
    make_generator: Callable[..., Generator]
    make_discriminator: Callable[..., Discriminator]


FAMILIES = {family.name: family for family in (
    Family("mlp", "fully connected, for small pictures and points",
           mlp.MLPGeneratorConfig, mlp.MLPDiscriminatorConfig, mlp.MLPGenerator, mlp.MLPDiscriminator),
    Family("dcgan", "convolutional, for pictures of 16 to 128 pixels",
           dcgan.DCGANGeneratorConfig, dcgan.DCGANDiscriminatorConfig, dcgan.DCGANGenerator, dcgan.DCGANDiscriminator),
    Family("stylegan2", "style-based, the best pictures",
           stylegan2.StyleGAN2GeneratorConfig, stylegan2.StyleGAN2DiscriminatorConfig,
           stylegan2.StyleGAN2Generator, stylegan2.StyleGAN2Discriminator),
)}


def family(name: str) -> Family:
    """The family of that name. Raises StudioError where there is none."""
    if name not in FAMILIES:
        raise StudioError(f"There is no family of networks called {str(name)[:60]!r}.", f"The families are {', '.join(FAMILIES)}.")
    return FAMILIES[name]


def build_generator(name: str, values: dict, device: str = "cpu") -> Generator:
    """A generator with fresh weights from its config's values; on device "meta" nothing is allocated.

    Raises StudioError for an unknown family, an unknown setting or a value out of its range.
    """
    kind = family(name)
    config = from_values(kind.generator_config, values)
    with torch.device(device):
        return kind.make_generator(config)


def build_discriminator(name: str, values: dict, device: str = "cpu") -> Discriminator:
    """A discriminator likewise."""
    kind = family(name)
    config = from_values(kind.discriminator_config, values)
    with torch.device(device):
        return kind.make_discriminator(config)
