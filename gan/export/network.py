"""A network as a browser takes it: what page/ needs to know of a model to paint it, and its numbers in 16 bits.

The page of a model has both as files (web.py); the studio's own page gets them as one, `network_bytes`.
"""

import json
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from gan.errors import StudioError
from gan.field_metadata import from_values, to_values
from gan.latents.directions import Directions
from gan.latents.mixing import first_fine
from gan.messages import listed, say
from gan.networks.contract import Generator
from gan.networks.registry import family
from gan.store.model_config import ModelConfig
from gan.studio.library.loaded import Model

FAMILIES = ("mlp", "dcgan", "stylegan2")
LARGEST_SIDE = 256  # pixels; beyond that a browser takes seconds for a picture
ABOUT = "about"  # in the metadata of `network_bytes`
_FROM_Z = ("mapping.", "to_style.")
"""Weights between z and w stay in 32 bits: all that follows multiplies their errors. Of the others 16 bits are enough
for pictures that differ by two grey levels at most."""


def check_can_be_page(config: ModelConfig, generator: Generator) -> None:
    """Raise StudioError for a model that no page can paint."""
    if config.family not in FAMILIES or len(generator.image_shape) != 3:
        raise StudioError(
            say("A page in the browser cannot paint models of the family {family}.", family=config.family),
            say("It can paint pictures of {names}.", names=listed(FAMILIES)),
        )
    height, width = generator.image_shape[1:]
    if max(height, width) > LARGEST_SIDE:
        raise StudioError(
            say(
                "A page in the browser cannot paint pictures of {width} x {height} pixels.", width=width, height=height
            ),
            say("It can paint those of up to {side} pixels.", side=LARGEST_SIDE),
        )


def network_size(config: ModelConfig, generator: Generator) -> int:
    """About how many bytes a browser fetches to paint a model, 0 where it cannot."""
    try:
        check_can_be_page(config, generator)
    except StudioError:
        return 0
    return sum(tensor.numel() for tensor in generator.state_dict().values()) * 2


def network_bytes(model: Model) -> bytes:
    """All that a browser needs to paint a model, as safetensors with what there is to know as JSON in its metadata.

    Raises StudioError for what it cannot paint.
    """
    check_can_be_page(model.config, model.generator)
    directions = model.directions()
    about = json.dumps(network_facts(model.config, model.generator, directions))
    return save(network_weights(model.generator, directions), {ABOUT: about})


def network_facts(config: ModelConfig, generator: Generator, directions: Directions) -> dict[str, Any]:
    """What the scripts need to know of a network, but for its words."""
    return {
        "family": config.family,
        "generator": to_values(from_values(family(config.family).generator_config, config.generator)),
        **{name: getattr(generator, name) for name in ("z_dim", "w_dim", "num_ws", "num_classes", "class_columns")},
        "image_shape": generator.image_shape,
        "first_fine": first_fine(generator.num_ws),
        **{name: getattr(config, name) for name in ("psi", "seed", "pixel_art")},
        "shell": directions.shell,
        "spread": directions.spread,
        "direction_layers": list(directions.layers or [None] * len(directions)),
    }


def network_weights(generator: Generator, directions: Directions) -> dict[str, Tensor]:
    """All numbers of a network: those of the generator and of the sliders."""
    tensors = {name: _kept(name, tensor) for name, tensor in generator.state_dict().items()}
    tensors = {name: tensor for name, tensor in tensors.items() if not name.endswith("resample_filter")}
    sliders = {"vectors": directions.vectors, "scales": directions.scales}
    return tensors | {f"directions.{name}": tensor.float().cpu().contiguous() for name, tensor in sliders.items()}


def _kept(name: str, tensor: Tensor) -> Tensor:
    """In 16 bits what may be; 32 bits also for what 16 cannot hold."""
    tensor = tensor.detach().float().cpu().contiguous()
    half = tensor.half()
    return tensor if name.startswith(_FROM_Z) or not torch.isfinite(half).all() else half
