"""Up- and downsampling as StyleGAN2 does it (Karras et al. 2020, appendix B). What lies outside the picture is zero."""

import torch
from torch import Tensor
from torch.nn import functional as F


def blur(x: Tensor, kernel: Tensor, pad: int, gain: float = 1.0, bias: Tensor | None = None) -> Tensor:
    """Filter x (n, c, h, w) with a symmetric 4x4 kernel after padding, and add bias (c,): (n, c, h + 2 pad - 3, w + 2 pad - 3)."""
    return _depthwise(x, kernel * gain, pad, stride=1, bias=bias)


def downsample(x: Tensor, kernel: Tensor) -> Tensor:
    """Filter with a symmetric 4x4 kernel and keep every second pixel: (n, c, h, w) -> (n, c, h / 2, w / 2)."""
    return _depthwise(x, kernel, pad=1, stride=2)


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


def _depthwise(x: Tensor, kernel: Tensor, pad: int, stride: int, bias: Tensor | None = None) -> Tensor:
    maps = x.shape[1]
    return F.conv2d(x, kernel.to(x.dtype).expand(maps, 1, 4, 4), bias, padding=pad, stride=stride, groups=maps)
