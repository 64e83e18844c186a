"""The Fréchet distance, from means and covariances that are gathered batch by batch."""

import torch
from torch import Tensor


class Moments:
    """Count, mean and covariance of rows (n, d) seen so far, in float64; what it holds does not grow with n."""

    def __init__(self, dim: int) -> None:
        self.n = 0
        # The first batch's mean: sums stay small, so nothing cancels.
        self._center = torch.zeros(dim, dtype=torch.float64)
        self._sum = torch.zeros(dim, dtype=torch.float64)
        self._products = torch.zeros(dim, dim, dtype=torch.float64)

    @classmethod
    def of(cls, rows: Tensor) -> "Moments":
        """Those of rows (n, d)."""
        moments = cls(rows.shape[1])
        moments.add(rows)
        return moments

    def add(self, rows: Tensor) -> None:
        """Take rows (n, d) into account."""
        rows = rows.double()
        if self.n == 0:
            self._center = rows.mean(dim=0)
        rows = rows - self._center
        self.n += len(rows)
        self._sum += rows.sum(dim=0)
        self._products += rows.T @ rows

    @property
    def mean(self) -> Tensor:
        """(d,)"""
        return self._center + self._sum / self.n

    @property
    def covariance(self) -> Tensor:
        """(d, d), divided by n - 1; zeros for a single row."""
        shift = self._sum / self.n
        return (self._products - self.n * shift[:, None] * shift) / max(self.n - 1, 1)


def frechet_of(a: Tensor, b: Tensor) -> float:
    """`frechet` of rows (m, d) and (n, d), at least two of each.

    With centred rows A and B the trace of the root of their covariances' product is the sum of the singular values of
    A B^T, which is a small matrix where there are fewer rows than features.
    """
    if max(len(a), len(b)) >= a.shape[1]:
        return frechet(Moments.of(a), Moments.of(b))
    means = [rows.double().mean(dim=0) for rows in (a, b)]
    a, b = ((rows - mean) / (len(rows) - 1) ** 0.5 for rows, mean in zip((a, b), means, strict=True))
    cross = torch.linalg.svdvals(a @ b.T).sum()
    return max(float((means[0] - means[1]).square().sum() + a.square().sum() + b.square().sum() - 2 * cross), 0.0)


def frechet(a: Moments, b: Moments) -> float:
    """The squared Fréchet distance of two normal distributions, at least 0 (Dowson and Landau 1982; Heusel et al.
    2017, eq. 6).

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)). The root's trace is taken from the symmetric C1^(1/2) C2 C1^(1/2),
    which has the same eigenvalues as C1 C2 and stays real where the covariances are singular. It is biased: fewer
    samples give larger values.
    """
    values, vectors = torch.linalg.eigh(a.covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ b.covariance @ root).clamp_min(0).sqrt().sum()
    apart = (a.mean - b.mean).square().sum() + a.covariance.trace() + b.covariance.trace() - 2 * cross
    return max(float(apart), 0.0)
