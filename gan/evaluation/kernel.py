"""The kernel distance: unlike Fréchet's it is unbiased, so a few hundred pictures are enough to compare models by
it."""

import torch
from torch import Tensor

_SUBSET = 500  # rows compared at a time
_FEWEST = 4  # subsets at least, so that one can see how they differ


def kernel_distances(real: Tensor, fake: Tensor) -> Tensor:
    """Squared maximum mean discrepancies of disjoint subsets of real and fake rows (n, d): float64 (subsets,).

    Kernel ((x . y) / d + 1)^3 and the unbiased estimate, which may be below 0 (Binkowski et al. 2018, KID, section 4).
    Their mean is the kernel distance. Subsets have 500 rows, fewer where there are not 2,000; at least 2 rows are
    needed for each.
    """
    size = min(_SUBSET, min(len(real), len(fake)) // _FEWEST)
    if size < 2:
        return torch.full((1,), torch.nan, dtype=torch.float64)
    count = min(len(real), len(fake)) // size
    pairs = zip(real[: count * size].double().split(size), fake[: count * size].double().split(size), strict=True)
    return torch.stack([discrepancy(a, b) for a, b in pairs])


def discrepancy(a: Tensor, b: Tensor) -> Tensor:
    """The unbiased estimate for rows (m, d) and (n, d)."""
    m, n = len(a), len(b)
    within_a, within_b = (kernel(x, x) for x in (a, b))
    alike = (within_a.sum() - within_a.trace()) / (m * (m - 1)) + (within_b.sum() - within_b.trace()) / (n * (n - 1))
    return alike - 2 * kernel(a, b).mean()


def kernel(a: Tensor, b: Tensor) -> Tensor:
    """(m, n) for rows (m, d) and (n, d)."""
    return (a @ b.T / a.shape[1] + 1) ** 3
