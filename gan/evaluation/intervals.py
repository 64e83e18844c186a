"""How sure a score is: intervals from drawing the same pictures anew, with replacement (Efron 1979, the bootstrap)."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

_NORMAL = 1.96      # standard deviations to each side that hold 95 %


@dataclass(frozen=True)
class Estimate:
    """A number and the half-width of its 95 % interval; NaN where it could not be taken."""

    value: float
    margin: float

    @property
    def low(self) -> float:
        return self.value - self.margin

    @property
    def high(self) -> float:
        return self.value + self.margin


def of_mean(values: Tensor) -> Estimate:
    """The mean of values (n,) that were taken one by one. Its bootstrap interval is known without drawing."""
    values = values.double()
    spread = values.std(correction=0) if len(values) > 1 else values.new_tensor(torch.nan)
    return Estimate(float(values.mean()), float(_NORMAL * spread / len(values) ** 0.5))


def drawn_anew(of: Callable[..., float], value: float, rows: tuple[Tensor, ...], times: int, shrink: float = 1.0) -> Estimate:
    """`value`, with a margin from `of` the rows (n, d) of each tensor drawn anew so many times.

    Only the spread of those numbers is used: drawing with replacement leaves fewer different pictures, which shifts a biased
    score. `shrink` narrows it where `value` was taken from more rows than are given here. The same rows give the same margin.
    """
    rng = torch.Generator().manual_seed(0)
    again = [of(*(tensor[torch.randint(len(tensor), (len(tensor),), generator=rng)] for tensor in rows)) for _ in range(times)]
    return Estimate(value, float(_NORMAL * torch.tensor(again, dtype=torch.float64).std(correction=0) * shrink))
