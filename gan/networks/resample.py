"""Up- and downsampling as StyleGAN2 does it (Karras et al. 2020, appendix B). What lies outside the picture is zero."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F


def blur(x: Tensor, kernel: Tensor, pad: int, gain: float = 1.0, bias: Tensor | None = None) -> Tensor:
    """Filter x (n, c, h, w) with a symmetric 4x4 kernel after padding, and add bias (c,): (n, c, h + 2 pad - 3, w + 2
    pad - 3)."""
    if bias is not None and not torch.is_grad_enabled():
        return _depthwise(x, kernel * gain, pad, bias=bias)  # all in one
    x = _Filtered.apply(x, kernel * gain, pad)
    return x if bias is None else x + bias[:, None, None]


def downsample(x: Tensor, kernel: Tensor) -> Tensor:
    """Filter with a symmetric 4x4 kernel and keep every second pixel: (n, c, h, w) -> (n, c, h / 2, w / 2)."""
    return _Halved.apply(x, kernel)


def upsample(x: Tensor) -> Tensor:
    """Double the side with the filter [1, 3, 3, 1]: (n, c, h, w) -> (n, c, 2 h, 2 w).

    Each new pixel is 3/4 of the nearer and 1/4 of the farther old one, along both axes.
    """
    n, c, h, w = x.shape
    rows = F.pad(x, (0, 0, 1, 1))
    x = torch.stack([_between(rows[:, :, :-2], rows[:, :, 1:-1]), _between(rows[:, :, 2:], rows[:, :, 1:-1])], dim=3)
    cols = F.pad(x.reshape(n, c, 2 * h, w), (1, 1))
    x = torch.stack([_between(cols[..., :-2], cols[..., 1:-1]), _between(cols[..., 2:], cols[..., 1:-1])], dim=4)
    return x.reshape(n, c, 2 * h, 2 * w)


def _between(far: Tensor, near: Tensor) -> Tensor:
    return torch.lerp(far, near, 0.75)


class _Filtered(torch.autograd.Function):
    """The filter. Its slope is the filter once more, the kernel being symmetric, and so is that one's.

    What PyTorch derives by itself asks for the slope in the kernel as well when a slope is differentiated, map by map.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, kernel: Tensor, pad: int) -> Tensor:
        ctx.save_for_backward(kernel)
        ctx.pad = pad
        return _depthwise(x, kernel, pad)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        return _Filtered.apply(slope, *ctx.saved_tensors, 3 - ctx.pad), None, None


class _Halved(torch.autograd.Function):
    """The filter at every second pixel."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, kernel: Tensor) -> Tensor:
        ctx.save_for_backward(kernel)
        ctx.odd = [side % 2 for side in x.shape[2:]]
        return _depthwise(x, kernel, pad=1, stride=2)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        return _Spread.apply(slope, *ctx.saved_tensors, ctx.odd), None


class _Spread(torch.autograd.Function):
    """The slope of `_Halved`: zeros inserted, and the filter. `_Halved` is the slope of this.

    Processors compute it in float32 whatever it comes in: for bfloat16 they have no fast way, and take thirty times as
    long.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, kernel: Tensor, odd: list[int]) -> Tensor:
        ctx.save_for_backward(kernel)
        maps, wide = x.shape[1], x.float() if x.dtype == torch.bfloat16 and x.device.type == "cpu" else x
        with torch.autocast(x.device.type, enabled=False):
            y = F.conv_transpose2d(
                wide, kernel.to(wide.dtype).expand(maps, 1, 4, 4), stride=2, padding=1, output_padding=odd, groups=maps
            )
        return y.to(x.dtype)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        return _Halved.apply(slope, *ctx.saved_tensors), None, None


def _depthwise(x: Tensor, kernel: Tensor, pad: int, stride: int = 1, bias: Tensor | None = None) -> Tensor:
    maps = x.shape[1]
    return F.conv2d(x, kernel.to(x.dtype).expand(maps, 1, 4, 4), bias, padding=pad, stride=stride, groups=maps)
