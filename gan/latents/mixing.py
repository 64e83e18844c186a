"""Style mixing: the coarse layers of one picture with the fine layers of another.

Karras et al. 2019 (StyleGAN), section 3.1: what w controls depends on the layer that it enters. Layers of 4 to 8 pixels
lay out the picture, those of 16 to 32 its parts, and finer ones colours and texture, so layers that take the w of
another picture take over just that.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from gan.errors import StudioError

_COARSE_LAYERS = 6  # two layers each of 4, 8 and 16 pixels: the paper's coarse styles and the first of its middle ones


def first_fine(num_ws: int) -> int:
    """The number of the first fine layer of a network: those before it are coarse.

    Layers up to 16 pixels are coarse, but no more than two fifths of all: small networks settle colours in earlier
    layers.
    """
    return min(_COARSE_LAYERS, max(1, 2 * num_ws // 5))


def mix(a: Tensor, b: Tensor, coarse: float | Tensor, fine: float | Tensor) -> Tensor:
    """Move w of one picture towards that of another, by an amount for the coarse layers and one for the fine ones.

    a, b (n, num_ws, w_dim); amounts are numbers or one per row (n,). 0 gives a and 1 gives b, both to the last bit.
    StudioError for w of a network that takes one for all of its layers.
    """
    if a.shape[1] < 2:
        raise StudioError(
            "This model has one style for all of its layers, so that it cannot mix two pictures layer by layer.",
            "Travel from one to the other in Interpolate, or choose another model, such as a stylegan2.",
        )
    coarse, fine = (torch.as_tensor(amount, dtype=a.dtype, device=a.device).reshape(-1, 1) for amount in (coarse, fine))
    layer = torch.arange(a.shape[1], device=a.device)
    return mix_layers(a, b, torch.where(layer < first_fine(a.shape[1]), coarse, fine))


def mix_layers(a: Tensor, b: Tensor, amounts: Tensor | Sequence[float]) -> Tensor:
    """The same with an amount for each layer: amounts (num_ws,), or (n, num_ws) with a row for each picture."""
    amounts = torch.as_tensor(amounts, dtype=a.dtype, device=a.device)
    return torch.lerp(a, b, amounts.unsqueeze(-1))
