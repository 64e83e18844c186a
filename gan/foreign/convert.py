"""A foreign file becomes a model folder of ours; from then on nobody asks where it came from.

convert(Path("netG.pth"), Path("models/faces"))      # -> its ModelConfig
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn

from gan.errors import StudioError
from gan.foreign.formats.table import recognise
from gan.foreign.found import Conversion, Found, Stored
from gan.foreign.readers.any_file import read_tree
from gan.messages import say
from gan.networks.contract import Generator, parameter_count
from gan.store.model_config import ModelConfig
from gan.store.model_folder import check_networks, write_model
from gan.store.weights import is_signed

_STACK = "stack"

Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True)
class Origin:
    """Where a file comes from. name: what it is called, for sentences. title, licence, place: for the model's config;
    place is such as "user/repo at 1a2b3c4: netG.pth". config: the table in the config.json beside it."""

    name: str
    title: str = ""
    licence: str = ""
    place: str = ""
    config: dict = dataclasses.field(default_factory=dict)


def convert(path: Path, folder: Path, origin: Origin | None = None, layout: dict | None = None) -> ModelConfig:
    """Read the file at `path` and write its generator, with the discriminator where there is one, as the model
    `folder`.

    layout: settings that go before what was guessed of a bare state dict. Nothing of the file is run, and nothing is
    written unless all of it fits. Raises StudioError.

    The file is mapped into memory: a program that cuts it short meanwhile ends this one (SIGBUS). One that is replaced
    is noticed.
    """
    origin = origin or Origin(path.name)
    if is_signed(path):
        raise StudioError(
            say("{name} holds weights of GAN Studio, and not what they are of.", name=origin.name),
            "Give the whole folder that it comes from, with its config.json.",
        )
    found = Found(origin.name, read_tree(path, origin.name), origin.config)
    conversion = with_layout(recognise(found), layout, origin.name)
    config = _config(conversion, origin)
    try:
        check_networks(config, origin.name)
    except StudioError as error:
        raise StudioError(
            say("{name} cannot be used: {message}", name=origin.name, message=error.message), error.hint
        ) from error
    generator = filled(config.build_generator("meta"), conversion.weights, origin.name)
    discriminator = (
        filled(config.build_discriminator("meta"), conversion.discriminator_weights or {}, origin.name)
        if config.discriminator
        else None
    )
    write_model(folder, config, generator, discriminator, _card(config, generator))
    return config


def with_layout(conversion: Conversion, layout: dict | None, name: str) -> Conversion:
    """The conversion with settings of a person's choice. Raises StudioError where it has no layout."""
    if not layout:
        return conversion
    if conversion.family != _STACK:
        raise StudioError(
            say(
                "{name} is {kind}, which says all that is needed: it takes no layout.", name=name, kind=conversion.kind
            ),
            "Leave --layout out.",
        )
    return dataclasses.replace(conversion, generator=conversion.generator | layout, guessed=())


def _config(conversion: Conversion, origin: Origin) -> ModelConfig:
    about = {"title": origin.title, "licence": origin.licence, "origin": origin.place} | conversion.about
    return ModelConfig(
        conversion.family,
        conversion.generator,
        conversion.discriminator,
        kind=conversion.kind,
        guessed=conversion.guessed,
        **about,
    )


def filled(network: Network, weights: Mapping[str, Stored | Tensor], name: str) -> Network:
    """The network, built without memory, with the weights in it, each read once. Raises StudioError unless they fit
    exactly."""
    wanted = network.state_dict()
    if wanted.keys() != weights.keys():
        odd = sorted(wanted.keys() ^ weights.keys())[0]
        raise StudioError(
            say("{name} does not hold just the weights that its networks have: see {odd!r}.", name=name, odd=odd),
            "Its layout is not known here.",
        )
    for key, tensor in weights.items():
        if tuple(tensor.shape) != tuple(wanted[key].shape):
            raise StudioError(
                say(
                    "{key} of {name} has the shape {shape} where {shape2} is needed.",
                    key=key,
                    name=name,
                    shape=tuple(tensor.shape),
                    shape2=tuple(wanted[key].shape),
                ),
                "Change its layout, or choose another file.",
            )
    network.load_state_dict({key: _number(key, weights[key], wanted[key], name) for key in wanted}, assign=True)
    return network


def _number(key: str, weight: Stored | Tensor, wanted: Tensor, name: str) -> Tensor:
    tensor = (weight.read() if isinstance(weight, Stored) else weight).to(wanted.dtype).contiguous()
    if tensor.shape != wanted.shape:
        raise StudioError(
            say("{name} was changed while it was read, in {key}.", name=name, key=key),
            "Wait until it is whole, and try again.",
        )
    if tensor.is_floating_point() and not torch.isfinite(tensor).all():
        raise StudioError(
            say("{name} holds weights that are not finite numbers, in {key}.", name=name, key=key),
            "The training that made it has diverged; choose an earlier snapshot.",
        )
    return tensor


def _card(config: ModelConfig, generator: Generator) -> str:
    """README.md: what is known of it, and what is not."""
    lines = [
        f"# {config.title or config.kind}",
        "",
        f"{config.kind[:1].upper()}{config.kind[1:]}, converted for GAN Studio.",
        "",
        f"- Found at: {config.origin or 'a file of this computer'}",
        f"- Licence: {config.licence or 'not said'}",
        f"- Generator: {parameter_count(generator):,} parameters, "
        f"pictures of {'x'.join(map(str, generator.image_shape))}",
        "",
    ]
    if config.guessed:
        lines += [
            "What its file does not say, and was guessed:",
            "",
            *(f"- {sentence}" for sentence in config.guessed),
            "",
        ]
    return "\n".join(lines)
