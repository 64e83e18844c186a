"""Whether pictures are pixel art: drawn in a handful of colours, pixel by pixel, and best enlarged with hard edges."""

import torch
from torch import Tensor

# Nouns, of 32 pixels, have 5 to 15 colours each; half of the pictures of other sets have 50 and more even at 16 pixels
# (greys of digits), and at 32 pixels 97 (letters) or 240 (cartoons).
_MOST_COLOURS = 32
_A_COLOUR = 8  # pixels: in tiny pictures, few colours say nothing
_LOOKED_AT = 16  # pictures: they are of one kind, or nobody could say


def is_pixel_art(x: Tensor) -> bool | None:
    """Of pictures, uint8 (n, channels, height, width): whether half of them have few colours. None where that says
    nothing: of greys, which scans and digits have as few of, and of points."""
    if x.ndim != 4 or not len(x):
        return None
    some = x[torch.linspace(0, len(x) - 1, min(_LOOKED_AT, len(x))).round().long()]
    if _is_grey(some):
        return None
    colours = sorted(_count_colours(picture) for picture in some)
    return colours[len(colours) // 2] <= min(_MOST_COLOURS, x[0, 0].numel() // _A_COLOUR)


def _is_grey(x: Tensor) -> bool:
    return x.shape[1] < 3 or bool((x[:, 0] == x[:, 1]).all() and (x[:, 1] == x[:, 2]).all())


def _count_colours(picture: Tensor) -> int:
    """Of (channels, height, width); packed into one number each, since to sort columns takes a hundred times longer."""
    packed = torch.zeros(picture.shape[1:], dtype=torch.int64)
    for channel in picture:
        packed = packed * 256 + channel
    return len(packed.unique())
