"""A latent that was found for a picture, from a tensor to its text and back: see `offset_text`."""

import base64

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.latents.directions import free_dimensions
from gan.messages import say
from gan.networks.contract import Generator
from gan.store.offset_text import FARTHEST, values_of


def offset_text(offset: Tensor) -> str:
    """An offset (1 or num_ws, d) as text. Values beyond -1000 and 1000 are held there."""
    values = offset.detach().cpu().clamp(-FARTHEST, FARTHEST).numpy().astype("<f2")
    return base64.urlsafe_b64encode(values.tobytes()).rstrip(b"=").decode("ascii")


def offset_of(text: str, generator: Generator) -> Tensor:
    """The offset (1 or num_ws, w_dim) that a text says, 0 for the class. Raises StudioError where it belongs to
    another model."""
    values, free = values_of(text), free_dimensions(generator)
    if len(values) not in (free, free * generator.num_ws):
        raise StudioError(
            say(
                "This picture was found in another model: it has {count} values, not {free}.",
                count=len(values),
                free=free,
            ),
            "Find it again in this one.",
        )
    rows = torch.from_numpy(values.copy()).reshape(-1, free)
    return torch.nn.functional.pad(rows, (0, generator.w_dim - free))
