"""Up- and downsampling, as StyleGAN2 does it (Karras et al. 2020, appendix B) or by doubling pixels. Outside a picture
is zero."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

_SUMMED = ((0, 0, 1), (0, 1, 1), (1, 1, 0), (1, 0, 0))  # along one axis: which of three taps each of four is the sum of


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


def conv_of_doubled(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The 3x3 convolution of x (n, c, h, w) with each pixel doubled along both axes: (n, out, 2 h, 2 w).

    The four pixels that one becomes are alike, so that a transposed 4x4 convolution whose taps are sums of weight's
    does the same with 4/9 of the products. Where the weights are more numbers than x, summing them would take longer
    than that saves.
    """
    if weight.numel() > x.numel():
        return F.conv2d(F.interpolate(x, scale_factor=2, mode="nearest"), weight, bias, padding=1)
    x = F.conv_transpose2d(x, summed_taps(weight), stride=2, padding=1)
    return x + bias.to(x.dtype)[:, None, None]  # by itself, since transposed convolutions take long over its slope


def summed_taps(weight: Tensor) -> Tensor:
    """The kernel (in, out, 4, 4) of the transposed convolution that does what weight (out, in, 3, 3) does to doubled
    pixels."""
    outputs, inputs = weight.shape[:2]
    along = weight.new_tensor(_SUMMED)
    sums = torch.kron(along, along) @ weight.permute(0, 2, 3, 1).reshape(outputs, 9, inputs)
    return sums.view(outputs, 4, 4, inputs).permute(3, 0, 1, 2).contiguous(memory_format=torch.channels_last)


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
