"""Whether points of a model's pictures can be dragged: ten drags of which nobody chose handle or target.

Of ten seeds, untruncated, and where there are classes of these in turn, each time the strongest corner of the picture
is the handle, and its target lies an eighth of the side further, in the direction of eight in which the model's own
pictures have most to offer there: in which the patch around the handle is found again best among 64 others.
"""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from gan.errors import StudioError
from gan.latents.directions import few
from gan.latents.dragging import (
    deviation,
    drag,
    has_reached,
    inside,
    is_draggable,
    painter,
    spread_over,
    usual_radius,
)
from gan.latents.sampling import one_hot, seeds_to_z
from gan.networks.contract import Generator

DRAGS = 10
_OTHERS, _FIRST_OTHER = 64, 1000
_BEST = 6  # of these: how well a patch is found again
_SIDE = 64
_PATCH, _WINDOW, _EDGE = 4, 14, 12  # in pixels of such a picture


@dataclass(frozen=True, eq=False)
class Drag:
    """What came of one. handle, target, now: (x, y) in pixels; before, after: pictures (channels, side, side).

    far: pixels that the handle is from its target by its features; by_patch: likewise by where the patch of pixels
    around it is found again. outside, inside: the mean change without and within the circle, 0 to 1
    from black to white; usual: that without between pictures of two seeds.
    """

    handle: tuple[float, float]
    target: tuple[float, float]
    now: tuple[float, float]
    before: Tensor
    after: Tensor
    far: float
    by_patch: float
    outside: float
    inside: float
    usual: float
    steps: int

    @property
    def reached(self) -> bool:
        """Whether the handle has reached its target, by its features."""
        return has_reached(self.far, self.before.shape[-1])

    @property
    def reached_by_patch(self) -> bool:
        """Likewise by where its patch of pixels is found again: sterner, since what is dragged may change its look."""
        return has_reached(self.by_patch, self.before.shape[-1])


def drags(generator: Generator, count: int = DRAGS) -> Iterator[Drag]:
    """`count` drags of a generator in eval mode whose weights take no gradients. Deterministic. Raises StudioError
    where it has no maps to drag by, makes no square pictures, or such in which no target fits."""
    if not is_draggable(generator):
        raise StudioError("This model has no feature maps to drag points by.", "Choose another one.")
    far = deviation(generator)
    for seed in range(count):
        yield _drag(generator, seed, far)


@torch.no_grad()
def _drag(generator: Generator, seed: int, far: Tensor) -> Drag:
    side = generator.image_shape[-1]
    w, x = _pictures(generator, [seed], seed)
    _, others = _pictures(generator, range(_FIRST_OTHER, _FIRST_OTHER + _OTHERS), seed)
    handle = _corner(x)
    target = _aim(others, x, handle)
    (found,) = deque(drag(painter(generator, w), far, handle, target), maxlen=1)
    after = generator.synthesis(w + spread_over(generator, found.offset))
    start, goal = (torch.tensor(point, device=x.device) for point in (handle, target))
    within = inside(side, start, goal, usual_radius(side))
    change = (after - x).abs().mean(dim=1)[0] / 2
    usual = (others - x).abs().mean(dim=1) / 2
    return Drag(
        handle,
        target,
        found.handle,
        x[0],
        after[0],
        found.far,
        math.dist(_found_again(x, after, handle), target),
        _mean(change, 1 - within),
        _mean(change, within),
        sum(_mean(one, 1 - within) for one in usual) / len(usual),
        found.steps,
    )


def _pictures(generator: Generator, seeds: Sequence[int], label: int) -> tuple[Tensor, Tensor]:
    """w and pictures of seeds, of one class."""
    like = next(generator.parameters())
    c = one_hot([label % max(1, generator.num_classes)] * len(seeds), generator.num_classes)
    w = generator.mapping(seeds_to_z(seeds, generator.z_dim).to(like), None if c is None else c.to(like))
    return w, torch.cat([generator.synthesis(w[rows]) for rows in few(generator, len(w))])


def _mean(values: Tensor, where: Tensor) -> float:
    return float((values * where).sum() / where.sum().clamp_min(1))


def _corner(x: Tensor) -> tuple[float, float]:
    """The strongest corner (x, y) of a picture (1, channels, side, side), not near its edge: Harris and Stephens
    1988."""
    grey, side = x.mean(dim=1, keepdim=True), x.shape[-1]
    gx, gy = F.pad(grey[..., 1:] - grey[..., :-1], (0, 1)), F.pad(grey[..., 1:, :] - grey[..., :-1, :], (0, 0, 0, 1))
    xx, yy, xy = (F.avg_pool2d(v, 5, 1, 2) for v in (gx * gx, gy * gy, gx * gy))
    strength = (xx * yy - xy * xy - 0.05 * (xx + yy) ** 2)[0, 0]
    edge = _EDGE * side // _SIDE
    inner = strength[edge : side - edge, edge : side - edge]
    place = int(inner.argmax())
    return float(place % inner.shape[1] + edge), float(place // inner.shape[1] + edge)


def _aim(others: Tensor, x: Tensor, handle: tuple[float, float]) -> tuple[float, float]:
    """Of eight targets that with the least mean difference between the patch around the handle and what the _BEST of
    other pictures (n, channels, side, side) show there. Raises StudioError where none fits: a handle that need not go
    anywhere would count as one that arrived."""
    side, radius = x.shape[-1], max(1, _PATCH * x.shape[-1] // _SIDE)
    patch = _patch(x, handle, radius)
    best, where = math.inf, None
    for k in range(8):
        turn = k * math.pi / 4
        target = (round(handle[0] + side / 8 * math.cos(turn)), round(handle[1] + side / 8 * math.sin(turn)))
        if all(radius + 2 <= value <= side - radius - 3 for value in target):
            apart = (_patch(others, target, radius) - patch).square().mean(dim=(1, 2, 3)).sort().values
            if (mean := float(apart[:_BEST].mean())) < best:
                best, where = mean, (float(target[0]), float(target[1]))
    if where is None:
        raise StudioError(
            "Nothing can be measured of dragging points on this model's pictures.",
            "They are too small, or hold values that are not numbers; choose another model.",
        )
    return where


def _found_again(before: Tensor, after: Tensor, handle: tuple[float, float]) -> tuple[float, float]:
    """Where near the handle the other picture looks most like the patch around it, (x, y)."""
    side = before.shape[-1]
    radius, reach = max(1, _PATCH * side // _SIDE), _WINDOW * side // _SIDE
    wide = F.pad(after, (radius,) * 4, mode="replicate")
    patch = _patch(F.pad(before, (radius,) * 4, mode="replicate"), [value + radius for value in handle], radius)
    best, where = math.inf, handle
    ranges = [range(max(0, int(v) - reach), min(side, int(v) + reach + 1)) for v in handle]
    for x in ranges[0]:
        for y in ranges[1]:
            apart = float((_patch(wide, (x + radius, y + radius), radius) - patch).square().mean())
            if apart < best:
                best, where = apart, (float(x), float(y))
    return where


def _patch(x: Tensor, middle: Sequence[float], radius: int) -> Tensor:
    """The square of pictures (n, channels, side, side) around a place (x, y)."""
    left, top = (int(value) - radius for value in middle)
    return x[:, :, top : top + 2 * radius + 1, left : left + 2 * radius + 1]
