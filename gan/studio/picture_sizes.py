"""How large pictures may be asked for, and bringing them into the size that was."""

import numpy as np
from PIL import Image

from gan.errors import StudioError
from gan.field_metadata import show
from gan.kinds.kind import Canvas
from gan.messages import say

SMALLEST_SIDE, LARGEST_SIDE = 8, 2048
MOST_PIXELS = 64_000_000  # of one answer: 192 MB


def check_side(size: int | None) -> None:
    """Raise StudioError where no model's picture can have this `size`, whatever it is."""
    if size is not None and not (type(size) is int and SMALLEST_SIDE <= size <= LARGEST_SIDE):
        raise StudioError(
            say("A picture cannot be {size} pixels wide.", size=show(size)),
            say(
                "Choose a whole number from {smallest_side} to {largest_side}.",
                smallest_side=SMALLEST_SIDE,
                largest_side=LARGEST_SIDE,
            ),
        )


def check_size(count: int, canvas: Canvas, size: int | None) -> None:
    """Raise StudioError where so many pictures of a canvas cannot be made in this `size` at once."""
    check_side(size)
    width, height = shown_size(canvas, size)
    if count * width * height > MOST_PIXELS:
        raise StudioError(
            say(
                "{count} pictures of {width} x {height} pixels are too much at once.",
                count=count,
                width=width,
                height=height,
            ),
            "Ask for fewer or for smaller ones.",
        )


def shown_size(canvas: Canvas, size: int | None) -> tuple[int, int]:
    """(width, height) in pixels as PIL takes it, with `size` for the longer edge."""
    scale = 1 if size is None else size / max(canvas.height, canvas.width)
    return max(1, round(canvas.width * scale)), max(1, round(canvas.height * scale))


def resize(pictures: np.ndarray, size: tuple[int, int], pixel_art: bool) -> np.ndarray:
    """uint8 (n, ...) in (width, height) `size`. Pixel art keeps its squares when it grows."""
    height, width = pictures.shape[1:3]
    if size == (width, height):
        return pictures
    method = Image.Resampling.NEAREST if pixel_art and size > (width, height) else Image.Resampling.LANCZOS
    return np.stack([np.asarray(Image.fromarray(picture).resize(size, method)) for picture in pictures])
