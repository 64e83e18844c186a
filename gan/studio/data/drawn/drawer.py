"""What every kind of drawn picture offers: from named factors to pixels, alone or thousands at a time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gan.errors import StudioError
from gan.field_metadata import Knob, check, knob, show, table
from gan.messages import listed, say
from gan.studio.data.drawn.canvas import FINE, Canvas, blank, fine, finished

LEAST_SIDE, MOST_SIDE = 16, 1024
MOST_COUNT = 200_000
MOST_BYTES = 4 * 10**9  # of one set, which stays in memory
_AT_ONCE = 8 * FINE * FINE  # pixels painted together: as many as a processor's cache holds

Factor = Mapping[str, np.ndarray]
"""The values of each factor by its name: float64 (count,)."""


@dataclass(frozen=True)
class Drawer:
    """One kind of picture: its factors, how they are painted, and how they are spread among the pictures of a set."""

    factors: type  # a frozen dataclass of knobs, each with low and high
    paint: Callable[[Factor, Canvas], None]
    spreads: Mapping[str, Callable[[np.ndarray], np.ndarray]] = field(default_factory=dict)
    # a factor's name -> from two even chances, (count, 2), to how far it lies from low (0) to high (1). Others: evenly

    @property
    def names(self) -> tuple[str, ...]:
        """The factors' names, in the order of the columns of `sample`."""
        return tuple(table(self.factors))

    def draw(self, factors: Any, side: int) -> np.ndarray:
        """One picture, uint8 (side, side, 3). Raises StudioError where a factor or the side is out of its range."""
        check(factors)
        return self.draw_many(np.array([[getattr(factors, name) for name in self.names]]), side)[0]

    def draw_many(self, values: np.ndarray, side: int) -> np.ndarray:
        """A picture for each row of factors, (count, factors): uint8 (count, side, side, 3). Raises like `draw`."""
        parts = self.batches(values, side)
        _check_room(len(values), side)
        pictures, done = np.empty((len(values), side, side, 3), np.uint8), 0
        for part in parts:
            pictures[done : done + len(part)] = part
            done += len(part)
        return pictures

    def batches(self, values: np.ndarray, side: int) -> Iterator[np.ndarray]:
        """The same pictures a few at a time, for whoever shows how far it is or stops. Raises at once, like `draw`."""
        values = np.asarray(values, np.float64)
        _check_whole(say("pictures' side"), side, LEAST_SIDE, MOST_SIDE)
        self._check_values(values)
        return self._batches(values, side)

    def _batches(self, values: np.ndarray, side: int) -> Iterator[np.ndarray]:
        step = max(1, _AT_ONCE // fine(side) ** 2)
        for at in range(0, len(values), step):
            some = values[at : at + step]
            canvas = blank(len(some), side)
            self.paint(dict(zip(self.names, some.T, strict=True)), canvas)
            yield finished(canvas, side)

    def sample(self, seed: int, count: int) -> np.ndarray:
        """Factors of `count` pictures, float32 (count, factors), each independent of the others.

        The first ones do not depend on how many there are. Raises StudioError where the seed or the count cannot be.
        """
        _check_whole(say("seed"), seed, 0, 2**32 - 1)
        _check_whole(say("number of pictures"), count, 0, MOST_COUNT)
        rows = table(self.factors)
        chances = np.random.RandomState(seed).random_sample((count, len(rows), 2))  # alike on every machine
        columns = []
        for i, row in enumerate(rows.values()):
            lies = self.spreads.get(row.name, evenly)(chances[:, i])
            low, high = _ends(row)
            columns.append(low + (high - low) * lies)
        return np.stack(columns, axis=1).astype(np.float32)

    def drawn_set(self, count: int, side: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
        """Pictures uint8 (count, side, side, 3), their factors float32 (count, factors), and the factors' names.

        Raises StudioError where the count, the side or the seed cannot be.
        """
        values = self.sample(seed, count)
        return self.draw_many(values, side), values, self.names

    def _check_values(self, values: np.ndarray) -> None:
        """A table is checked by its columns, since a knob at a time would take longer than drawing."""
        rows = table(self.factors)
        if values.ndim != 2 or values.shape[1] != len(rows):
            raise StudioError(
                say(
                    "Each picture has {count} factors, but the table's shape is {shape}.",
                    count=len(rows),
                    shape=show(values.shape),
                ),
                say("Give one column each for {names}.", names=listed(rows)),
            )
        for row, column in zip(rows.values(), values.T, strict=True):
            low, high = _ends(row)
            fits = (column >= low - 1e-6) & (column <= high + 1e-6)  # float32 may round past the end
            if not fits.all():
                check(self.factors(**{row.name: float(column[~fits][0])}))


def _ends(row: Knob) -> tuple[float, float]:
    """From where to where a factor goes."""
    assert row.low is not None and row.high is not None, f"{row.name} has no ends"
    return row.low, row.high


def one_way(default: float, help: str) -> Any:
    """A factor between two ends, from 0 to 1."""
    return knob(default, help, low=0, high=1, step=0.01)


def either_way(default: float, help: str) -> Any:
    """A factor that goes both ways from a middle, from -1 to 1."""
    return knob(default, help, low=-1, high=1, step=0.01)


def evenly(chances: np.ndarray) -> np.ndarray:
    """Every value alike."""
    return chances[:, 0]


def mostly_middle(chances: np.ndarray) -> np.ndarray:
    """Seldom at the ends: the mean of two."""
    return chances.mean(axis=1)


def mostly_low(chances: np.ndarray) -> np.ndarray:
    """Often little, seldom much: the smaller of two."""
    return chances.min(axis=1)


def mostly_high(chances: np.ndarray) -> np.ndarray:
    """Often much, seldom little: the larger of two."""
    return chances.max(axis=1)


def none_or_some(least: float) -> Callable[[np.ndarray], np.ndarray]:
    """Nothing in half of the pictures, and between `least` and all in the others."""
    return lambda chances: np.where(chances[:, 0] < 0.5, 0, least + (1 - least) * chances[:, 1])


def in_steps(most: int) -> Callable[[np.ndarray], np.ndarray]:
    """One of `most` values at even distances, each as often as the others."""
    return lambda chances: np.floor(chances[:, 0] * most) / (most - 1)


def _check_room(count: int, side: int) -> None:
    size = count * side * side * 3
    if size > MOST_BYTES:
        raise StudioError(
            say(
                "{count} pictures of {side} x {side} pixels would take {size:.0f} GB.",
                count=count,
                side=side,
                size=size / 1000000000.0,
            ),
            say("Draw fewer or smaller ones: {most_bytes} GB fit.", most_bytes=MOST_BYTES // 10**9),
        )


def _check_whole(what: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        raise StudioError(
            say(
                "The {what} must be a whole number between {low} and {high}, not {value}.",
                what=what,
                low=low,
                high=high,
                value=show(value),
            ),
            "Choose one in that range.",
        )
