"""Inception v3 as published FID scores use it: 2048 features, with weights that the person has.

The network of Szegedy et al. 2016 (Rethinking the Inception architecture) in the form of the TensorFlow graph that
Heusel et al. 2017 took, under the names of its port, pytorch-fid's pt_inception-2015-12-05: average pools leave out
what lies beyond the edge, and the last block has a maximum pool in place of one of them. Its classifier is not needed.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.evaluation.features import Extractor, as_seen

SIDE = 299  # pixels a side at which the network looks
FEATURES = 2048
_AT_ONCE = 16  # pictures: its first layers have 5 MB of numbers for each

Step = tuple[Any, ...]
"""A convolution: (maps, kernel) or (maps, kernel, stride). Steps in a list all see the same, and are put side by
side."""

Pool = Callable[[Tensor], Tensor]

average = partial(F.avg_pool2d, kernel_size=3, stride=1, padding=1, count_include_pad=False)
"""The mean of each pixel and those of its eight neighbours that there are."""
maximum = partial(F.max_pool2d, kernel_size=3, stride=1, padding=1)
halving = partial(F.max_pool2d, kernel_size=3, stride=2)


class Inception(Extractor):
    """Pictures -> features. Batch norm, so put it into eval mode before anything is compared."""

    name = "Inception v3 (standard FID)"
    dim = FEATURES

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Convolution(3, 32, 3, stride=2)
        self.Conv2d_2a_3x3 = Convolution(32, 32, 3)
        self.Conv2d_2b_3x3 = Convolution(32, 64, 3, padding=1)
        self.Conv2d_3b_1x1 = Convolution(64, 80, 1)
        self.Conv2d_4a_3x3 = Convolution(80, 192, 3)
        self.Mixed_5b, self.Mixed_5c, self.Mixed_5d = _at_35(192, 32), _at_35(256, 64), _at_35(288, 64)
        self.Mixed_6a = _to_17(288)
        self.Mixed_6b, self.Mixed_6c, self.Mixed_6d, self.Mixed_6e = (_at_17(width) for width in (128, 160, 160, 192))
        self.Mixed_7a = _to_8(768)
        self.Mixed_7b, self.Mixed_7c = _at_8(1280, average), _at_8(2048, maximum)

    def forward(self, x: Tensor) -> Tensor:
        """x (n, 1, 3 or 4 channels, height, width) in [-1, 1] -> features (n, 2048), none below 0."""
        return torch.cat([self._look(as_seen(some, SIDE, antialias=False)) for some in x.split(_AT_ONCE)])

    def _look(self, x: Tensor) -> Tensor:
        x = x.contiguous(memory_format=torch.channels_last)  # three quarters of the time on processors
        h = halving(self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x))))
        h = halving(self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(h)))
        for name, block in self.named_children():
            if name.startswith("Mixed"):
                h = block(h)
        return h.mean(dim=(2, 3))


class Convolution(nn.Module):
    """A convolution, batch norm and ReLU."""

    def __init__(
        self, width: int, maps: int, kernel: int | tuple[int, int], stride: int = 1, padding: int | tuple[int, int] = 0
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, maps, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(maps, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        """x (n, inputs, height, width) -> (n, maps, ...), none below 0; kernel, stride and padding say how large."""
        return F.relu(self.bn(self.conv(x)), inplace=True)


class Mixed(nn.Module):
    """Several routes through convolutions, the last one behind a pool; what they lead to is put side by side.

    routes: name -> its steps. The convolutions are called name_1, name_2 and so on, those of a list name_2a and
    name_2b, and that of a single step just as the route.
    """

    def __init__(self, width: int, routes: dict[str, list[Step | list[Step]]], pool: Pool, pooled: int = 0) -> None:
        super().__init__()
        self.pool, routes = pool, routes | {"branch_pool": [(pooled, 1)] if pooled else []}
        self.routes = [self._route(width, name, steps) for name, steps in routes.items()]

    def forward(self, x: Tensor) -> Tensor:
        """x (n, width, height, width) -> (n, the sum of what the routes have in the end, height, width), or half as
        large."""
        *routes, last = self.routes
        return torch.cat([*(self._along(route, x) for route in routes), self._along(last, self.pool(x))], dim=1)

    def _route(self, width: int, name: str, steps: list[Step | list[Step]]) -> list[list[str]]:
        """Make the convolutions; the names of those that follow each other, of which some are one beside the other."""
        route = []
        for i, step in enumerate(steps, 1):
            beside = step if isinstance(step, list) else [step]
            number = f"_{i}" if len(steps) > 1 else ""
            names = [f"{name}{number}{letter}" for letter in ("ab" if len(beside) > 1 else [""])]
            for own, one in zip(names, beside, strict=True):
                self.add_module(own, _step(width, *one))
            route.append(names)
            width = sum(maps for maps, *_ in beside)
        return route

    def _along(self, route: list[list[str]], x: Tensor) -> Tensor:
        for names in route:
            x = torch.cat([self.get_submodule(name)(x) for name in names], dim=1)
        return x


def _step(width: int, maps: int, kernel: int | tuple[int, int], stride: int = 1) -> Convolution:
    """Those that keep the size look beyond the edge, those that halve it do not."""
    sides = (kernel, kernel) if isinstance(kernel, int) else kernel
    return Convolution(width, maps, kernel, stride, (sides[0] // 2, sides[1] // 2) if stride == 1 else 0)


def _at_35(width: int, pooled: int) -> Mixed:
    return Mixed(
        width,
        {"branch1x1": [(64, 1)], "branch5x5": [(48, 1), (64, 5)], "branch3x3dbl": [(64, 1), (96, 3), (96, 3)]},
        average,
        pooled,
    )


def _to_17(width: int) -> Mixed:
    return Mixed(width, {"branch3x3": [(384, 3, 2)], "branch3x3dbl": [(64, 1), (96, 3), (96, 3, 2)]}, halving)


def _at_17(inner: int) -> Mixed:
    across, down = (inner, (1, 7)), (inner, (7, 1))
    return Mixed(
        768,
        {
            "branch1x1": [(192, 1)],
            "branch7x7": [(inner, 1), across, (192, (7, 1))],
            "branch7x7dbl": [(inner, 1), down, across, down, (192, (1, 7))],
        },
        average,
        192,
    )


def _to_8(width: int) -> Mixed:
    return Mixed(
        width,
        {"branch3x3": [(192, 1), (320, 3, 2)], "branch7x7x3": [(192, 1), (192, (1, 7)), (192, (7, 1)), (192, 3, 2)]},
        halving,
    )


def _at_8(width: int, pool: Pool) -> Mixed:
    both = [(384, (1, 3)), (384, (3, 1))]
    return Mixed(
        width,
        {"branch1x1": [(320, 1)], "branch3x3": [(384, 1), both], "branch3x3dbl": [(448, 1), (384, 3), both]},
        pool,
        192,
    )
