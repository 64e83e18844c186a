"""Between the networks' numbers and pixels."""

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d


def to_pixels(x: Tensor) -> Tensor:
    """x (batch, channels, height, width) in about [-1, 1] -> uint8 (batch, height, width, channels).

    floor(127.5 x + 128) held within 0..255, the map of the official StyleGAN code, so that pictures agree with it.
    """
    return x.mul(127.5).add_(128).clamp_(0, 255).to(torch.uint8).permute(0, 2, 3, 1).contiguous()


def shrunk(x: Tensor, side: int) -> Tensor:
    """x (batch, channels, height, width) with its longer side at most `side`, each pixel the mean of its area."""
    longest = max(x.shape[2:])
    if longest <= side:
        return x
    height, width = (max(1, round(edge * side / longest)) for edge in x.shape[2:])
    return adaptive_avg_pool2d(x, (height, width))
