"""How sure a score is: intervals from drawing the same pictures anew, with replacement (Efron 1979, the bootstrap)."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

_NORMAL = 1.96  # standard deviations to each side that hold 95 %
_STUDENT = (
    12.71,
    4.30,
    3.18,
    2.78,
    2.57,
    2.45,
    2.36,
    2.31,
    2.26,
)  # the same where the deviation is that of 2 to 10 values


@dataclass(frozen=True)
class Estimate:
    """A number and the half-width of its 95 % interval; NaN where it could not be taken."""

    value: float
    margin: float

    @property
    def low(self) -> float:
        """The lower end of its interval."""
        return self.value - self.margin

    @property
    def high(self) -> float:
        """The upper end of its interval."""
        return self.value + self.margin


def of_mean(values: Tensor) -> Estimate:
    """The mean of values (n,) that do not depend on each other, with Student's interval: four may well be alike by
    chance."""
    n, values = len(values), values.double()
    if n < 2:
        return Estimate(float(values.mean()), torch.nan)
    wide = _STUDENT[n - 2] if n - 2 < len(_STUDENT) else _NORMAL + 2.37 / (n - 1) + 2.82 / (n - 1) ** 2
    return Estimate(float(values.mean()), float(wide * values.std() / n**0.5))


def of_share(values: Tensor) -> Estimate:
    """The share of ones among values (n,) that are 0 or 1 and do not depend on each other.

    The margin is that of four values more, two of each kind: all alike does not mean sure (Agresti and Coull 1998).
    """
    n = len(values)
    share = (float(values.double().sum()) + 2) / (n + 4)
    return Estimate(float(values.double().mean()), _NORMAL * (share * (1 - share) / (n + 4)) ** 0.5)


def drawn_anew(
    of: Callable[..., float], value: float, rows: tuple[Tensor, ...], times: int, shrink: float = 1.0
) -> Estimate:
    """`value`, with a margin from `of` the rows (n, d) of each tensor drawn anew so many times.

    Only the spread of those numbers is used: drawing with replacement leaves fewer different pictures, which shifts a
    biased score. `shrink` narrows it where `value` was taken from more rows than are given here. The same rows give
    the same margin.
    """
    rng = torch.Generator().manual_seed(0)
    again = [
        of(*(tensor[torch.randint(len(tensor), (len(tensor),), generator=rng)] for tensor in rows))
        for _ in range(times)
    ]
    return Estimate(value, float(_NORMAL * torch.tensor(again, dtype=torch.float64).std(correction=0) * shrink))
