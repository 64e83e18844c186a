"""The families of networks: a new one is one file and one entry here."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, TypeVar

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from gan.field_metadata import from_values
from gan.messages import say
from gan.networks import dcgan, fastgan, lightweight, mlp, ported, sounds, stack, styled_dcgan, stylegan2, words
from gan.networks.contract import Discriminator, Generator
from gan.networks.names import check_family


@dataclass(frozen=True)
class Family:
    """A pair of networks and the configs that describe them; `about` is for people.

    scratch: whether one would start a new training with it. fresh: what the generator of a new training is given,
    where the config's own value is what models had before there was a choice. makes: what its samples are, a name in
    gan/kinds/table.py; "picture" where they may be points, too.
    """

    name: str
    about: str
    generator_config: type
    discriminator_config: type
    make_generator: Callable[..., Generator]
    make_discriminator: Callable[..., Discriminator]
    scratch: bool = True
    makes: str = "picture"
    fresh: dict[str, Any] = field(default_factory=dict)


FAMILIES = {
    family.name: family
    for family in (
        Family(
            "mlp",
            say("fully connected, for small pictures and points"),
            mlp.MLPGeneratorConfig,
            mlp.MLPDiscriminatorConfig,
            mlp.MLPGenerator,
            mlp.MLPDiscriminator,
        ),
        Family(
            "dcgan",
            say("convolutional, with a style for each size: learns fastest, 16 to 128 pixels"),
            dcgan.DCGANGeneratorConfig,
            dcgan.DCGANDiscriminatorConfig,
            styled_dcgan.make_generator,
            dcgan.DCGANDiscriminator,
            fresh=dict(style_layers=2),
        ),
        Family(
            "stylegan2",
            say("style-based, for pictures above 128 pixels; below that, dcgan learns faster"),
            stylegan2.StyleGAN2GeneratorConfig,
            stylegan2.StyleGAN2DiscriminatorConfig,
            stylegan2.StyleGAN2Generator,
            stylegan2.StyleGAN2Discriminator,
            fresh=dict(tanh=True),
        ),
        Family(
            "words",
            say("convolutional over the letters of a word: makes words"),
            words.WordGeneratorConfig,
            words.WordDiscriminatorConfig,
            words.WordGenerator,
            words.WordDiscriminator,
            makes="text",
        ),
        Family(
            "sounds",
            say("convolutional over spectrograms: makes short sounds"),
            sounds.SoundGeneratorConfig,
            sounds.SoundDiscriminatorConfig,
            sounds.SoundGenerator,
            sounds.SoundDiscriminator,
            makes="sound",
        ),
        Family(
            "lightweight",
            say("a LightweightGAN of other people's making"),
            lightweight.LightweightGeneratorConfig,
            ported.PortedCriticConfig,
            lightweight.LightweightGenerator,
            stylegan2.StyleGAN2Discriminator,
            scratch=False,
        ),
        Family(
            "stack",
            say("a list of layers, as other people's code built it"),
            stack.StackGeneratorConfig,
            stack.StackDiscriminatorConfig,
            stack.StackGenerator,
            stack.StackDiscriminator,
            scratch=False,
        ),
        Family(
            "fastgan",
            say("a FastGAN of other people's making"),
            fastgan.FastGANGeneratorConfig,
            ported.PortedCriticConfig,
            fastgan.FastGANGenerator,
            stylegan2.StyleGAN2Discriminator,
            scratch=False,
        ),
    )
}


def family(name: str) -> Family:
    """The family of that name. Raises StudioError where there is none."""
    check_family(name)
    return FAMILIES[name]


def build_generator(name: str, values: dict[str, Any], device: str = "cpu") -> Generator:
    """A generator with fresh weights from its config's values; on device "meta" nothing is allocated.

    Raises StudioError for an unknown family, an unknown setting or a value out of its range.
    """
    kind = family(name)
    return _make(kind.make_generator, from_values(kind.generator_config, values), device)


def build_discriminator(name: str, values: dict[str, Any], device: str = "cpu") -> Discriminator:
    """A discriminator likewise; the same is raised."""
    kind = family(name)
    return _make(kind.make_discriminator, from_values(kind.discriminator_config, values), device)


Network = TypeVar("Network", bound=nn.Module)


def _make(network: Callable[[Any], Network], config: object, device: str) -> Network:
    with torch.device(device), _NothingDrawn() if device == "meta" else nullcontext():
        return network(config)


class _NothingDrawn(TorchFunctionMode):
    """On device "meta" there is nothing to draw. Torch would import half of itself to find that out: a second's
    work."""

    _DRAWS = torch.Tensor.normal_, torch.nn.init.normal_, torch.nn.init.kaiming_normal_

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if function in self._DRAWS:
            return args[0] if args else kwargs["tensor"]
        return (torch.empty if function is torch.randn else function)(*args, **kwargs)
