"""Numbers of pictures as levels of 0 to 255, by the range that they lie in: from 0 to 1, from -1 to 1, or levels
already."""

from collections.abc import Iterable

import numpy as np

LEVELS = (0, 255)
Ends = tuple[float, float]
"""Which number is black and which is white."""

_NEAR = 0.01  # how much of their range numbers may lie beyond its ends: what resizing leaves there


def ends_of(low: float, high: float, besides: Iterable[Ends] = ()) -> Ends | None:
    """What numbers from `low` to `high` take for black and white, of the usual ranges and then those `besides`; None
    where they lie within none of them."""
    for ends in ((0, 1), (-1, 1), LEVELS, *besides):
        near = _NEAR * (ends[1] - ends[0])
        if ends[0] - near <= low and high <= ends[1] + near:
            return ends
    return None


def to_levels(numbers: np.ndarray, ends: Ends) -> np.ndarray:
    """uint8 of the same shape; what lies beyond the ends is black or white."""
    low, high = ends
    scaled = numbers.astype(np.float32)  # a copy, the only one: of a large picture each takes 100 MB
    scaled -= np.float32(low)
    scaled *= np.float32(255 / (high - low))
    return np.clip(np.round(scaled, out=scaled), 0, 255, out=scaled).astype(np.uint8)
