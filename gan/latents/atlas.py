"""A map of pictures: each in a cell of a square, beside those that it looks like.

A self-sorting map (Strong and Gong 2014): cells that change places whenever both come nearer to what their
surroundings, over ever smaller ones, look like on average. It begins with the two widest principal components and
draws nothing at random that a seed does not fix, so a model's map is the same everywhere.
"""

import numpy as np
from torch import Tensor

from gan.errors import StudioError
from gan.messages import say

_ROUNDS = 60  # of exchanges at each radius


def arrange(features: Tensor) -> list[int]:
    """Which of n = side^2 pictures stands in each cell, row by row, by what they look like (n, d). Raises StudioError
    where n is no square."""
    seen = features.detach().double().cpu().numpy()
    side = round(len(seen) ** 0.5)
    if side * side != len(seen) or side < 2:
        raise StudioError(say("{count} pictures make no square.", count=len(seen)), "Give 4, 9, 16 or more of them.")
    order, random = _begin(seen, side), np.random.RandomState(0)
    for radius in sorted({max(1, round(side * share)) for share in (0.5, 0.35, 0.25, 0.15, 0.05)}, reverse=True):
        for _ in range(_ROUNDS):
            order = _exchanged(order, seen, _surroundings(seen[order], side, radius), random)
    return order.tolist()


def _begin(seen: np.ndarray, side: int) -> np.ndarray:
    """Columns along the first principal component, rows along the second."""
    centred = seen - seen.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes *= np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])[:, None]  # of two signs always the same
    places = centred @ axes[: min(2, len(axes))].T
    columns = np.argsort(places[:, 0], kind="stable").reshape(side, side)
    rows = [column[np.argsort(places[column, -1], kind="stable")] for column in columns]
    return np.stack(rows, axis=1).ravel()


def _surroundings(placed: np.ndarray, side: int, radius: int) -> np.ndarray:
    """What each cell's surroundings look like on average, (n, d) of cells that hold `placed` (n, d)."""
    cells = placed.reshape(side, side, -1)
    for axis in (0, 1):
        total = np.concatenate([np.zeros_like(cells.take([0], axis)), np.cumsum(cells, axis)], axis)
        at = np.arange(side)
        low, high = np.maximum(at - radius, 0), np.minimum(at + radius + 1, side)
        counts = (high - low).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
        cells = (total.take(high, axis) - total.take(low, axis)) / counts
    return cells.reshape(len(placed), -1)


def _exchanged(order: np.ndarray, seen: np.ndarray, wanted: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """The cells in pairs at random, of which those change places that fit better then."""
    a, b = random.permutation(len(order))[: len(order) // 2 * 2].reshape(2, -1)
    here, there = seen[order[a]], seen[order[b]]
    gain = ((here - there) * (wanted[a] - wanted[b])).sum(axis=1)  # half of what an exchange would cost
    better = gain < 0
    order = order.copy()
    order[a[better]], order[b[better]] = order[b[better]], order[a[better]].copy()
    return order
