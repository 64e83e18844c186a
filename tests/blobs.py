"""A generator that paints two spots where its w says, and needs no training."""

import torch
from torch import Tensor

from gan.networks.contract import LatentGenerator, Noise


class Blobs(LatentGenerator):
    """w = (x, y, x2, y2, both): spots at (24, 24) and (44, 44), each moved by 4 pixels for one of its two, both by 4
    in x for the last. follows: whether what is seen of the first moves at all."""

    has_maps = True

    def __init__(self, follows: bool = True, side: int = 64):
        super().__init__(5, 0, (1, side, side))
        self.follows, self.side = follows, side
        self.anchor = torch.nn.Parameter(torch.zeros(1), requires_grad=False)

    def places(self, w: Tensor) -> Tensor:
        """Where the spots are, (2, 2), in pixels."""
        x, y, x2, y2, both = w[0, 0] * 4 * self.side / 64
        first = torch.stack([x + both, y]) * float(self.follows)
        return torch.stack([first + 24 * self.side / 64, torch.stack([x2 + both, y2]) + 44 * self.side / 64])

    def painting(self, w: Tensor, noise: Noise = "const"):
        rows = [[self._spots(row[None], side) for row in w] for side in (self.side // 4, self.side // 2)]
        yield from (torch.cat(row) for row in rows)
        yield torch.cat([self._spots(row[None], self.side).sum(dim=1, keepdim=True) for row in w]).clamp(-1, 1) * 2 - 1

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        *_, x = self.painting(w, noise)
        return x

    def first_weights(self) -> Tensor:
        return torch.eye(5)

    def stages(self):
        return [[self]]

    def _spots(self, w: Tensor, side: int) -> Tensor:
        """Of one w: a map for each spot, and one of the ground, (1, 3, side, side)."""
        y, x = torch.meshgrid(*[(torch.arange(side) + 0.5) * self.side / side - 0.5] * 2, indexing="ij")
        wide = 2 * (5 * self.side / 64) ** 2
        spots = [torch.exp(-((x - px).square() + (y - py).square()) / wide) for px, py in self.places(w)]
        return torch.stack([*spots, torch.full_like(x, 0.3)])[None]
