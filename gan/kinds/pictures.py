"""Samples that are pictures: x (n, channels, height, width) in about [-1, 1]."""

import numpy as np
from torch import Tensor

from gan.kinds.kind import Canvas, Kind
from gan.messages import say
from gan.networks.contract import Generator
from gan.networks.pixels import to_pixels

_CHANNELS = (1, 3, 4)  # grey, colour, colour with transparency


def _canvas(generator: Generator) -> Canvas | None:
    shape = generator.image_shape
    return Canvas(*shape) if len(shape) == 3 and shape[0] in _CHANNELS else None


def _draw(generator: Generator, x: Tensor, size: tuple[int, int]) -> np.ndarray:
    """In the pixels that the generator makes, whatever the size."""
    return to_pixels(x.expand(-1, 3, -1, -1) if x.shape[1] == 1 else x).cpu().numpy()


PICTURE = Kind("picture", say("pictures"), lambda n: say("{n:,} pictures", n=n), _canvas, _draw)
