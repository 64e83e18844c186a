"""Pictures side by side."""

import math
import os
from pathlib import Path

import numpy as np


def grid(images: np.ndarray, columns: int | None = None, gap: int = 0) -> np.ndarray:
    """Pictures, uint8 (n, height, width, channels), side by side in reading order as one, uint8 (h, w, channels).

    columns: how many stand in a row; about as many as rows where it is None.

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


def is_whole_webp(path: Path) -> bool:
    """Whether a file is a WebP of the length that it says it has (RIFF container: "RIFF", length, "WEBP")."""
    try:
        with path.open("rb") as file:
            start = file.read(12)
            size = file.seek(0, os.SEEK_END)
    except OSError:
        return False
    return start[:4] == b"RIFF" and start[8:] == b"WEBP" and int.from_bytes(start[4:8], "little") + 8 == size


def columns_of(count: int) -> int:
    """How many columns a grid of so many pictures has unless it is told otherwise: about as many as rows."""
    return math.ceil(math.sqrt(count))
