"""Geometric changes of pictures that need values between pixels: zoom, rotation, stretch and drift (Karras et al. 2020,
"Training generative adversarial networks with limited data", appendix B).

Each is a function of (x, rng) with x (batch, channels, height, width) that gives matrices (batch, 3, 3): from where
a point of the changed picture comes, in a plane whose middle is 0 and in which the picture is 2 width wide and 2
height high. Any number of them in a row costs one bilinear sampling. Two things differ from the paper: it samples at
twice the resolution between wavelet filters, so as not to soften pictures or let them alias, and it rotates before and
after the stretch.
"""

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from gan.training.random_source import RandomSource

_SPREAD = 0.2  # standard deviation of zoom and stretch, in doublings
_DRIFT = 0.125  # standard deviation of the drift, in sides
_BILINEAR, _REFLECTED = 0, 2  # as the operators themselves call them


def zoom(x: Tensor, rng: RandomSource) -> Tensor:
    """Larger or smaller by 2^N(0, 0.2)."""
    s = torch.exp2(-_SPREAD * _normal(x, rng))
    return _matrices([s, 0, 0], [0, s, 0])


def rotation(x: Tensor, rng: RandomSource) -> Tensor:
    """Turned by any angle."""
    angle = rng.rand(len(x)).to(x.dtype) * (2 * math.pi)
    return _matrices([angle.cos(), -angle.sin(), 0], [angle.sin(), angle.cos(), 0])


def stretch(x: Tensor, rng: RandomSource) -> Tensor:
    """Wider by 2^N(0, 0.2), and that much lower."""
    s = torch.exp2(-_SPREAD * _normal(x, rng))
    return _matrices([s, 0, 0], [0, 1 / s, 0])


def drift(x: Tensor, rng: RandomSource) -> Tensor:
    """Moved by N(0, 1/8) of the side along each axis, not by whole pixels."""
    along = [2 * side * _DRIFT * _normal(x, rng) for side in (x.shape[3], x.shape[2])]
    return _matrices([1, 0, along[0]], [0, 1, along[1]])


WARPS = {"zoom": zoom, "rotation": rotation, "stretch": stretch, "drift": drift}


def sample(x: Tensor, matrices: Tensor) -> Tensor:
    """The pictures with each point taken from where its matrix says; beyond their edges they go on as their mirror
    images."""
    across = matrices.new_tensor([x.shape[3], x.shape[2], 1])
    grid = F.affine_grid((matrices * across / across[:, None])[:, :2], list(x.shape), align_corners=False)
    return _Sample.apply(x, grid)


class _Sample(torch.autograd.Function):
    """F.grid_sample whose slope has a slope itself, as penalties need. It is linear in x, so it is its own slope's
    slope."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, grid: Tensor) -> Tensor:
        ctx.save_for_backward(grid)
        return F.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, None]:
        return _Scatter.apply(slope, *ctx.saved_tensors), None


class _Scatter(torch.autograd.Function):
    """The transpose of _Sample: each point's value goes to the pixels that it was taken from."""

    @staticmethod
    def forward(ctx: Any, y: Tensor, grid: Tensor) -> Tensor:
        ctx.save_for_backward(grid)
        # The slope of the pictures, not of the grid; what is in the pictures does not matter then.
        wanted = [True, False]
        return torch.ops.aten.grid_sampler_2d_backward(
            y, torch.empty_like(y), grid, _BILINEAR, _REFLECTED, False, wanted
        )[0]

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, None]:
        return _Sample.apply(slope, *ctx.saved_tensors), None


def _normal(x: Tensor, rng: RandomSource) -> Tensor:
    return rng.randn(len(x)).to(x.dtype)


def _matrices(*rows: list[Any]) -> Tensor:
    """(batch, 3, 3) from the upper two rows, of numbers and of tensors (batch,)."""
    like = next(value for row in rows for value in row if isinstance(value, Tensor))
    values = [value for row in (*rows, [0, 0, 1]) for value in row]
    alike = [torch.as_tensor(value, dtype=like.dtype, device=like.device).expand_as(like) for value in values]
    return torch.stack(alike, dim=1).unflatten(1, (3, 3))
