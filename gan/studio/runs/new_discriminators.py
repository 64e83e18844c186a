"""A new discriminator for a generator that came without one."""

import dataclasses

import torch

from gan.errors import StudioError
from gan.field_metadata import from_values, table, to_values
from gan.messages import say
from gan.networks.contract import Discriminator
from gan.networks.registry import family
from gan.store.model_config import ModelConfig
from gan.store.model_folder import check_networks

WARMUP = 200  # steps that it learns alone, unless told otherwise
_SHAPE = "image_shape"  # what the generator makes, whether or not it has a setting for it
_MIRRORED = "hidden"  # widths from the latents outwards there, from the picture inwards here


def with_discriminator(config: ModelConfig, label: str) -> ModelConfig:
    """The config with a discriminator of the same family that judges what its generator makes, and is built as that is.

    Whatever setting both have is the same, so that the two are about equally strong. Raises StudioError where there
    can be none; `label` names the model then.
    """
    kind = family(config.family)
    generator = to_values(from_values(kind.generator_config, config.generator))
    values = {name: value for name, value in generator.items() if name in table(kind.discriminator_config)}
    if _SHAPE in table(kind.discriminator_config):
        values[_SHAPE] = list(config.build_generator("meta").image_shape)
    if _MIRRORED in values:
        values[_MIRRORED] = values[_MIRRORED][::-1]
    made = dataclasses.replace(config, discriminator=values)
    try:
        check_networks(made, label)
    except StudioError as error:
        raise StudioError(
            say("No discriminator can be made for {label}: {message}", label=label, message=error.message), error.hint
        ) from error
    return made


def new_discriminator(config: ModelConfig, seed: int) -> Discriminator:
    """The discriminator with fresh weights, the same for the same seed."""
    torch.manual_seed(seed)
    return config.build_discriminator()
