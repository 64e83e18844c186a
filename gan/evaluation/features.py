"""What a picture looks like, in 128 numbers: the small frozen network in whose features pictures are compared.

It was trained on the labels of our own training sets (`gan.evaluation.lessons`), so it sees what matters in them: which
parts, which set. A distance in these features is not the published FID, which is taken in those of Inception v3
(`gan.evaluation.inception`); numbers of the two kinds must never stand in one table.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIDE = 64  # pixels a side at which the network looks
FEATURES = 128  # numbers that it says about a picture
_WIDTHS = (16, 32, 64, 128, 128)  # maps at 64, 32, 16, 8 and 4 pixels


class Extractor(nn.Module):
    """Pictures (n, channels, height, width) in [-1, 1] -> features (n, dim). `name` says to people whose they are."""

    name: str
    dim: int


class FeatureNet(Extractor):
    """Pictures -> features. Batch norm, so put it into eval mode before anything is compared."""

    name = "our own features"
    dim = FEATURES

    def __init__(self) -> None:
        super().__init__()
        sizes = [_layer(a, b, stride=2) for a, b in pairwise(_WIDTHS)]
        deeper = [nn.Identity(), *(_layer(width, width) for width in _WIDTHS[2:-1]), nn.Identity()]
        self.layers = nn.Sequential(
            _layer(3, _WIDTHS[0]), *(layer for pair in zip(sizes, deeper, strict=True) for layer in pair)
        )
        self.features = nn.Linear(_WIDTHS[-1], FEATURES)

    def maps(self, x: Tensor) -> list[Tensor]:
        """x likewise -> what each layer sees, (n, maps, side, side) from fine to coarse."""
        seen, h = [], as_seen(x, SIDE)
        for layer in self.layers:
            h = layer(h)
            if not isinstance(layer, nn.Identity):
                seen.append(h)
        return seen

    def forward(self, x: Tensor) -> Tensor:
        """x (n, 1, 3 or 4 channels, height, width) in [-1, 1] -> features (n, 128), none below 0."""
        h = self.layers(as_seen(x, SIDE)).mean(dim=(2, 3))
        return F.relu(self.features(h))

    @torch.no_grad()
    def to_unit(self, x: Tensor) -> None:
        """Scale the features so that over pictures x their mean variance is 1: distances then have a size one can
        read."""
        scale = self(x).var(dim=0).mean().rsqrt()
        self.features.weight.mul_(scale)
        self.features.bias.mul_(scale)


def as_seen(x: Tensor, side: int, antialias: bool = True) -> Tensor:
    """Pictures (n, channels, height, width) as a network that wants three channels and so many pixels a side gets them.

    Grey is repeated, transparency is laid over white. Smaller pictures are enlarged bilinearly; larger ones are
    averaged (bilinear with antialiasing), since reading between pixels changes the distances (Parmar et al. 2022);
    `antialias` False does just that, as published scores were taken.
    """
    if x.shape[1] == 1:
        x = x.expand(-1, 3, -1, -1)
    if x.shape[1] == 4:
        opaque = (x[:, 3:].clamp(-1, 1) + 1) / 2
        x = x[:, :3] * opaque + (1 - opaque)
    if x.shape[2:] != (side, side):
        x = F.interpolate(x, (side, side), mode="bilinear", antialias=antialias)
    return x.clamp(-1, 1)


def _layer(a: int, b: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(a, b, 3, stride, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True))
