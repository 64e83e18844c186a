"""What pictures would have been drawn from: the factors of a drawer, read off any picture by a network that learnt from
drawings.

drawn_traits("faces", (3, 64, 64))      # "smile" -> Measure, "hair length" -> Measure, ...
"""

from collections.abc import Callable

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.evaluation.reader import Reader, learn
from gan.evaluation.traits import Measure
from gan.studio.data.drawn.drawers import drawer

COUNT = 12_000  # drawings that the network learns from
PASSES = 6  # over them
_SEED = 2026  # of these drawings: no other set has it
BY = "a small network that learnt from drawings of which every factor is known"


def drawn_traits(name: str, shape: tuple[int, ...], count: int = COUNT, passes: int = PASSES) -> dict[str, Measure]:
    """Every factor of the drawer of that name, for pictures of this shape (channels, height, width). One has changed
    where it changes by a deviation of the drawings: a model whose noses are all alike may move them a little.

    It takes two minutes of a processor core at 64 pixels. Raises StudioError where nobody draws that, or pictures have
    other channels or sides.
    """
    draws = drawer(name)
    if len(shape) != 3 or shape[0] != 3 or shape[1] != shape[2]:
        raise StudioError(
            "Drawings are square colour pictures, and this model's are not.", "Choose a model that makes such."
        )
    pictures, values, names = draws.drawn_set(count, shape[1], _SEED)
    reader, told = learn(torch.from_numpy(pictures), torch.from_numpy(values), passes)
    read, deviations = _ReadOnce(reader), reader.deviation.tolist()
    return {
        name.replace("_", " "): Measure(_column(read, i), deviations[i], round(float(told[i]), 3), BY)
        for i, name in enumerate(names)
    }


def _column(read: Callable[[Tensor], Tensor], i: int) -> Callable[[Tensor], Tensor]:
    return lambda x: read(x)[:, i]


class _ReadOnce:
    """Remembers what it read of the latest pictures, since each factor asks for the same ones."""

    def __init__(self, reader: Reader):
        self._reader = reader
        self._latest: tuple[Tensor, Tensor] | None = None

    def __call__(self, x: Tensor) -> Tensor:
        if x.requires_grad:  # what leads back can be walked only once
            return self._reader(x)
        if self._latest is None or self._latest[0] is not x:
            self._latest = x, self._reader(x)
        return self._latest[1]
