"""What a slider of one's own does, from a vector to its text and back.

    move = to_move(vector, scale)                      # "AbC..": d + 2 bytes
    from_move(move, generator).apply(w, amounts)       # the same for everybody who has the text

What the whole numbers of the text say is the direction, everywhere: nothing is rounded a second time.
"""

import base64
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gan.errors import StudioError
from gan.latents.directions import Directions, free_dimensions
from gan.messages import say
from gan.networks.contract import Generator, LatentGenerator
from gan.store.own_sliders import decoded


def to_move(vector: Tensor, scale: float) -> str:
    """A unit vector (d,) and how far one unit of the slider goes along it, below 10,000, as text of d + 2 bytes."""
    values = vector.detach().double().cpu().numpy()
    whole = np.round(values / np.abs(values).max() * 127).astype(np.int8)
    data = np.array([scale], "<f2").tobytes() + whole.tobytes()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_move(move: str, generator: Generator) -> Directions:
    """The one slider that the text says, for that generator. Raises StudioError where it belongs to another one."""
    vector, scale = decoded(move)
    free = free_dimensions(generator)
    if len(vector) != free:
        raise StudioError(
            say(
                "This slider was made for another model: it has {count} values, not {free}.",
                count=len(vector),
                free=free,
            ),
            "Make one of pictures of this model.",
        )
    shell: dict[str, Any] = dict(shell=free, spread=generator.spread) if isinstance(generator, LatentGenerator) else {}
    vectors = torch.zeros(1, generator.w_dim)
    vectors[0, :free] = torch.from_numpy(vector)
    return Directions(vectors, torch.tensor([scale]), "own", **shell)
