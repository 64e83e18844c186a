"""Pictures side by side."""

import math

import numpy as np


def grid(images: np.ndarray, columns: int | None = None, gap: int = 0) -> np.ndarray:
    """Pictures (n, height, width, channels) side by side in reading order, about square where `columns` is None.

    gap: white pixels between pictures. The rest of the last row stays white.
    """
    count, height, width, channels = images.shape
    columns = columns or columns_of(count)
    rows = math.ceil(count / columns)
    cells = np.full((rows * columns, height + gap, width + gap, channels), 255, dtype=np.uint8)
    cells[:count, :height, :width] = images
    whole = cells.reshape(rows, columns, height + gap, width + gap, channels).swapaxes(1, 2)
    whole = whole.reshape(rows * (height + gap), columns * (width + gap), channels)
    return whole[: len(whole) - gap, : whole.shape[1] - gap]


def columns_of(count: int) -> int:
    """How many columns a grid of so many pictures has unless it is told otherwise: about as many as rows."""
    return math.ceil(math.sqrt(count))
