"""Up- and downsampling with the filter [1, 3, 3, 1], as StyleGAN2 does (Karras et al. 2020, appendix B).

All filter along one axis at a time and treat what lies outside the picture as zero.
"""

import torch
from torch import Tensor
from torch.nn import functional as F


def _taps(x: Tensor, gain: float) -> Tensor:
    return torch.tensor([1.0, 3.0, 3.0, 1.0], dtype=x.dtype, device=x.device) * (gain / 8)


def blur(x: Tensor, pad: int, gain: float = 1.0) -> Tensor:
    """Filter x (n, c, h, w) after padding by `pad` zeros on each side -> (n, c, h + 2 pad - 3, w + 2 pad - 3)."""
    return _along(_along(x, 2, pad, 1, gain**0.5), 3, pad, 1, gain**0.5)


def downsample(x: Tensor) -> Tensor:
    """Filter and keep every second pixel: (n, c, h, w) -> (n, c, h / 2, w / 2)."""
    return _along(_along(x, 2, 1, 2, 1.0), 3, 1, 2, 1.0)


def upsample(x: Tensor) -> Tensor:
    """Double the side: (n, c, h, w) -> (n, c, 2 h, 2 w). Each new pixel is 3/4 of the nearer and 1/4 of the farther one."""
    n, c, h, w = x.shape
    rows = F.pad(x, (0, 0, 1, 1))
    x = torch.stack([rows[:, :, :-2] * 0.25 + rows[:, :, 1:-1] * 0.75,
                     rows[:, :, 1:-1] * 0.75 + rows[:, :, 2:] * 0.25], dim=3).reshape(n, c, 2 * h, w)
    cols = F.pad(x, (1, 1))
    return torch.stack([cols[..., :-2] * 0.25 + cols[..., 1:-1] * 0.75,
                        cols[..., 1:-1] * 0.75 + cols[..., 2:] * 0.25], dim=4).reshape(n, c, 2 * h, 2 * w)


def _along(x: Tensor, axis: int, pad: int, stride: int, gain: float) -> Tensor:
    """Depthwise convolution along one axis of an (n, c, h, w) tensor."""
    n, c, h, w = x.shape
    shape = (4, 1) if axis == 2 else (1, 4)
    padding = (pad, 0) if axis == 2 else (0, pad)
    step = (stride, 1) if axis == 2 else (1, stride)
    kernel = _taps(x, gain).reshape(1, 1, *shape).expand(c, 1, *shape)
    return F.conv2d(x, kernel, padding=padding, stride=step, groups=c)
