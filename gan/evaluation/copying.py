"""Are samples new, or copies of training pictures?"""

from dataclasses import dataclass

import torch
from torch import Tensor

from gan.evaluation.distances import by_pieces, distances


@dataclass(frozen=True)
class Nearest:
    """For each of n rows: the `row` (n,) of the nearest training picture, how far `apart` (n,) it is, and whether the
    row is `copied` (n,): nearer to that picture than any other training picture is."""

    row: Tensor
    apart: Tensor
    copied: Tensor


class Training:
    """Features of the training pictures (n, d), of which there are at least three."""

    def __init__(self, rows: Tensor) -> None:
        self.rows = rows

    def nearest(self, rows: Tensor) -> Nearest:
        """For rows (m, d) of other pictures.

        `copied` is the opposite of "authentic" in Alaa et al. 2022 (How faithful is your synthetic data?, section
        3.4). It is true of many new pictures, too: of two thirds of them along a line, of fewer the more features tell
        them apart. So compare.
        """
        apart, row = self._closest(rows)
        theirs, place = row.unique(return_inverse=True)
        gap, _ = self._closest(self.rows[theirs], theirs[:, None])
        return Nearest(row, apart, (apart < gap[place]).float())

    def among_themselves(self, most: int) -> Nearest:
        """For at most so many of the training pictures from all over, each as if it were a new one and not in the
        set."""
        own = torch.randperm(len(self.rows), generator=torch.Generator().manual_seed(0))[:most]
        apart, row = self._closest(self.rows[own], own[:, None])
        gap, _ = self._closest(self.rows[row], torch.stack([row, own], dim=1))
        return Nearest(row, apart, (apart < gap).float())

    def _closest(self, rows: Tensor, without: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Distance to the nearest training picture and its place; for each row, the places in `without` (m, k) are
        left out."""

        def of(some: Tensor, left_out: Tensor) -> Tensor:
            apart, row = distances(some, self.rows).scatter(1, left_out, torch.inf).min(dim=1)
            return torch.stack([apart, row.double()])

        without = torch.empty(len(rows), 0, dtype=torch.long) if without is None else without
        apart, row = by_pieces(of, rows, without)
        return apart, row.long()


def nearer(samples: Tensor, held_out: Tensor) -> float:
    """How often a sample's distance (m,) to its nearest training picture is below that of a held-out picture (n,);
    ties half.

    The Mann-Whitney statistic of Meehan et al. 2020 (data-copying, section 3): 0.5 says neither is nearer, towards 1
    copies, towards 0 samples that stay away from the data.
    """
    order = held_out.sort().values
    above = (len(order) - torch.searchsorted(order, samples, right=True)).double()
    ties = torch.searchsorted(order, samples, right=True) - torch.searchsorted(order, samples)
    return float((above + ties / 2).mean() / len(order))
