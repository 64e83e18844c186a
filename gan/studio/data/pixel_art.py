"""Whether pictures are pixel art: drawn in a handful of colours, pixel by pixel, and best enlarged with hard edges."""

import torch
from torch import Tensor

# Nouns, of 32 pixels, have 5 to 15 colours each; half of the pictures of other sets have 50 and more even at 16 pixels
# (greys of digits), and at 32 pixels 97 (letters) or 240 (cartoons).
_MOST_COLOURS = 32
_A_COLOUR = 8  # pixels: in tiny pictures, few colours say nothing
_LOOKED_AT = 64  # pictures: they are of one kind, or nobody could say


def is_pixel_art(x: Tensor) -> bool:
    """Of pictures, uint8 (n, channels, height, width): whether half of them have few colours. Points are none."""
    if x.ndim != 4:
        return False
    some = x[torch.linspace(0, len(x) - 1, min(_LOOKED_AT, len(x))).round().long()] if len(x) else x
    colours = sorted(len(picture.flatten(1).unique(dim=1)[0]) for picture in some)
    return bool(colours) and colours[len(colours) // 2] <= min(_MOST_COLOURS, x[0, 0].numel() // _A_COLOUR)
