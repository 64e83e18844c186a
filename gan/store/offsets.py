"""A latent that was found for a picture, as text: in recipes, links and PNG files.

What is written down is how far w lies from the centre of its class, for all layers or for each, in float16: less than
a grey level comes of what is rounded.
"""

import base64
import binascii
import functools
import re

import numpy as np
import torch
from torch import Tensor

from gan.errors import StudioError
from gan.field_metadata import show
from gan.latents.directions import free_dimensions
from gan.messages import say
from gan.networks.contract import Generator

MOST_VALUES = 8192
FARTHEST = 1000.0
_TEXT = re.compile(rf"[0-9A-Za-z_-]{{2,{MOST_VALUES * 8 // 3 + 4}}}")


def offset_text(offset: Tensor) -> str:
    """An offset (1 or num_ws, d) as text."""
    values = offset.detach().cpu().clamp(-FARTHEST, FARTHEST).numpy().astype("<f2")
    return base64.urlsafe_b64encode(values.tobytes()).rstrip(b"=").decode("ascii")


def check_offset(text: str) -> None:
    """Raise StudioError for what is no such text."""
    _values(text)


def offset_of(text: str, generator: Generator) -> Tensor:
    """The offset (1 or num_ws, w_dim) that a text says, 0 for the class. Raises StudioError where it belongs to
    another model."""
    values, free = _values(text), free_dimensions(generator)
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


def _values(text: str) -> np.ndarray:
    try:
        if not _TEXT.fullmatch(text):
            raise ValueError("text")
        return _decoded(text)
    except (ValueError, binascii.Error) as error:
        raise StudioError(say("{text} is no latent.", text=show(text)), "Copy the whole link again.") from error


@functools.lru_cache(maxsize=64)
def _decoded(text: str) -> np.ndarray:
    values = np.frombuffer(
        base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True), "<f2"
    ).astype(np.float32)
    if not len(values) or not (np.abs(values) <= FARTHEST).all():
        raise ValueError("values")
    return values
