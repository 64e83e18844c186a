"""What a kind of samples is: an entry of the table in `table.py`."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from gan.messages import Message
from gan.networks.contract import Generator


@dataclass(frozen=True)
class Canvas:
    """The picture that shows one sample, in the pixels that it has of its own."""

    channels: int
    height: int
    width: int

    def within(self, longest: int) -> tuple[int, int]:
        """(width, height) in pixels with the longer edge at most `longest`."""
        scale = min(1.0, longest / max(self.height, self.width))
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))


@dataclass(frozen=True)
class Kind:
    """How samples of one kind are shown.

    plural: what they are called, to people; counted(n): so many of them. canvas(generator): the picture that shows one
    sample, None where no picture does. draw(generator, x, (width, height)): samples x (n, *image_shape) as uint8
    (n, h, w, 3 or 4), in that size where the kind can be drawn in any, else in the canvas's own. read(generator, x):
    samples as text, where they are any. hear(generator, x): samples as sounds (n, samples) in [-1, 1] at 16 kHz, where
    they are any.
    """

    name: str
    plural: Message
    counted: Callable[[int], Message]
    canvas: Callable[[Generator], Canvas | None]
    draw: Callable[[Generator, Tensor, tuple[int, int]], np.ndarray]
    read: Callable[[Generator, Tensor], list[str]] | None = None
    hear: Callable[[Generator, Tensor], Tensor] | None = None
