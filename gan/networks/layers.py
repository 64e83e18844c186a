"""Layers that more than one family uses."""

import torch
from torch import Tensor


def pixel_norm(x: Tensor, eps: float = 1e-8) -> Tensor:
    """Scale each feature vector along dim 1 to a mean square of 1 (Karras et al. 2018, section 4.2)."""
    return x * (x.square().mean(dim=1, keepdim=True) + eps).rsqrt()


def minibatch_std(x: Tensor, group: int, maps: int = 1) -> Tensor:
    """Append maps that say how much the samples of a group differ: (n, c, h, w) -> (n, c + maps, h, w).

    Karras et al. 2018, section 3. Each of the new maps speaks of its equal share of the c old ones. Groups are of the largest
    size up to `group` that divides n; sample i is in the same group as i + n / size, as in the official code.
    """
    n, c, h, w = x.shape
    size = next(s for s in range(min(group, n), 0, -1) if n % s == 0)
    spread = x.reshape(size, n // size, maps, c // maps, h, w)
    spread = spread - spread.mean(dim=0)
    spread = (spread.square().mean(dim=0) + 1e-8).sqrt().mean(dim=(2, 3, 4))
    return torch.cat([x, spread.repeat(size, 1).reshape(n, maps, 1, 1).expand(n, maps, h, w)], dim=1)
