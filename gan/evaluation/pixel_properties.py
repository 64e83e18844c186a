"""Properties of pictures that can be read from their pixels, so that what a slider is named for can be checked.

Of letters, dark on light or light on dark: the ink is what differs from the corners. Of colour pictures: how bright and
how warm they are, all of them or a third.
"""

from collections.abc import Callable

import torch
from torch import Tensor

_LEAST = 1e-4
_LUMA = (0.299, 0.587, 0.114)  # of red, green and blue (ITU-R BT.601)


def ink(x: Tensor) -> Tensor:
    """x (n, channels, height, width) in [-1, 1] -> how far each pixel is from the background, (n, height, width), 0 to
    1.

    The background is the median of the four corners.
    """
    grey = x[:, :3].mean(dim=1)
    corners = torch.stack([grey[:, i, j] for i in (0, -1) for j in (0, -1)], dim=1).median(dim=1).values
    return ((grey - corners[:, None, None]).abs() / 2).clamp(0, 1)


def weight(x: Tensor) -> Tensor:
    """The logarithm of how much ink there is, (n,): a bold letter has more."""
    return ink(x).mean(dim=(1, 2)).clamp_min(_LEAST).log()


def slant(x: Tensor) -> Tensor:
    """How far the ink leans, (n,): columns to the right for each row upwards, 0 for an upright letter."""
    rows, columns, share = _moments(x)
    return -(share * rows * columns).sum(dim=(1, 2)) / (share * rows.square()).sum(dim=(1, 2)).clamp_min(_LEAST)


def width(x: Tensor) -> Tensor:
    """The logarithm of how wide the ink is spread for its height, (n,), the lean taken off."""
    rows, columns, share = _moments(x)
    upright = columns + slant(x)[:, None, None] * rows
    across = (share * upright.square()).sum(dim=(1, 2)).clamp_min(_LEAST)
    down = (share * rows.square()).sum(dim=(1, 2)).clamp_min(_LEAST)
    return (across / down).sqrt().log()


def height(x: Tensor) -> Tensor:
    """The logarithm of how tall the ink is, (n,)."""
    rows, _, share = _moments(x)
    return (share * rows.square()).sum(dim=(1, 2)).clamp_min(_LEAST).sqrt().log()


def brightness(x: Tensor) -> Tensor:
    """The mean luma of Rec. 601, (n,), -1 to 1."""
    weights = x.new_tensor(_LUMA if x.shape[1] >= 3 else (1.0,))
    return torch.einsum("nchw,c->nhw", x[:, : len(weights)], weights).mean(dim=(1, 2))


def warmth(x: Tensor) -> Tensor:
    """How much redder than bluer colour pictures are, (n,), -1 to 1; 0 for grey ones."""
    return (x[:, 0] - x[:, min(2, x.shape[1] - 1)]).mean(dim=(1, 2)) / 2


def _third(measure: Callable[[Tensor], Tensor], which: int) -> Callable[[Tensor], Tensor]:
    """The measure of the upper (0), the middle or the lower third of pictures."""

    def of(x: Tensor) -> Tensor:
        ends = [round(x.shape[2] * i / 3) for i in range(4)]
        return measure(x[:, :, ends[which] : ends[which + 1]])

    return of


STROKES: dict[str, Callable[[Tensor], Tensor]] = {"weight": weight, "slant": slant, "width": width, "height": height}
COLOURS: dict[str, Callable[[Tensor], Tensor]] = {"brightness": brightness, "warmth": warmth} | {
    f"{place}-{name}": _third(measure, i)
    for i, place in enumerate(("top", "middle", "bottom"))
    for name, measure in (("brightness", brightness), ("warmth", warmth))
}
MEASURES = {**STROKES, **COLOURS}


def _moments(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Each pixel's row and column from the middle of the ink, in pixels, and its share of the ink, (n, height,
    width)."""
    amount = ink(x) + _LEAST / x[0, 0].numel()
    share = amount / amount.sum(dim=(1, 2), keepdim=True)
    rows = torch.arange(x.shape[2], dtype=x.dtype, device=x.device)[None, :, None]
    columns = torch.arange(x.shape[3], dtype=x.dtype, device=x.device)[None, None, :]
    rows = rows - (share * rows).sum(dim=(1, 2), keepdim=True)
    columns = columns - (share * columns).sum(dim=(1, 2), keepdim=True)
    return rows, columns, share
