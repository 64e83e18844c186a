"""Precision and recall, density and coverage: do samples look real, and is everything real among them?

All four describe where real (or fake) pictures lie by balls around each one that reach to its k-th nearest neighbour.
They are given row by row; the score is the mean. They need as many real rows as fake ones, and thousands to be steady.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from gan.evaluation.distances import by_pieces, distances

NEIGHBOURS = 3  # for precision and recall (Kynkaanniemi et al. 2019, section 3)
DENSE = 5  # for density and coverage (Naeem et al. 2020, section 4.3)


@dataclass(frozen=True)
class Overlap:
    """float (n,) each: of the fake rows `precision` (0 or 1) and `density`, of the real ones `recall` and `coverage`
    (0 or 1)."""

    precision: Tensor
    recall: Tensor
    density: Tensor
    coverage: Tensor


def overlap(real: Tensor, fake: Tensor) -> Overlap:
    """For rows (n, d) and (m, d). A row is its own neighbour in none of them.

    Precision and recall: Kynkaanniemi et al. 2019, section 2. Density and coverage: Naeem et al. 2020, section 3.
    All are a single NaN where there are not more rows than the larger number of neighbours, 5.
    """
    if min(len(real), len(fake)) <= DENSE:
        return Overlap(*(torch.full((1,), torch.nan) for _ in range(4)))
    near, dense, around = reach(real, NEIGHBOURS), reach(real, DENSE), reach(fake, NEIGHBOURS)

    def of_fakes(rows: Tensor) -> Tensor:
        apart = distances(rows, real)
        return torch.stack([(apart <= near).any(dim=1).float(), (apart <= dense).float().sum(dim=1) / DENSE])

    def of_reals(rows: Tensor, own: Tensor) -> Tensor:
        apart = distances(rows, fake)
        return torch.stack([(apart <= around).any(dim=1).float(), (apart.amin(dim=1) <= own).float()])

    precision, density = by_pieces(of_fakes, fake)
    recall, coverage = by_pieces(of_reals, real, dense)
    return Overlap(precision, recall, density, coverage)


def reach(rows: Tensor, k: int) -> Tensor:
    """(n,): the distance from each row to the k-th nearest other one."""
    nearest = k + 1  # of which the first is itself
    (far,) = by_pieces(lambda some: distances(some, rows).kthvalue(nearest, dim=1).values[None], rows)
    return far
