"""Layers that more than one family uses."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def pixel_norm(x: Tensor, eps: float = 1e-8) -> Tensor:
    """Scale each feature vector along dim 1 to a mean square of 1 (Karras et al. 2018, section 4.2).

    By way of its length: squares would be kept for the slope, and their mean in bfloat16 would be taken of a copy in
    float32.
    """
    exact = torch.float32 if x.dtype == torch.bfloat16 else x.dtype
    length = torch.linalg.vector_norm(x, dim=1, keepdim=True, dtype=exact)
    return x * (length.square() / x.shape[1] + eps).rsqrt().to(x.dtype)


def maps_last(x: Tensor) -> bool:
    """Whether x (n, c, h, w), or a convolution's weight, lies in memory with its maps innermost (channels_last)."""
    return x.is_contiguous(memory_format=torch.channels_last)


def laid_out_as(like: Tensor, x: Tensor) -> Tensor:
    """x in memory like another, the maps innermost or outermost: what mixes tensors that differ in this takes long."""
    return x.contiguous(memory_format=torch.channels_last if maps_last(like) else torch.contiguous_format)


def minibatch_std(x: Tensor, group: int, maps: int = 1) -> Tensor:
    """Append maps that say how much the samples of a group differ: (n, c, h, w) -> (n, c + maps, h, w).

    Karras et al. 2018, section 3. Each of the new maps speaks of its equal share of the c old ones. Groups are of the
    largest size up to `group` that divides n; sample i is in the same group as i + n / size, as in the official code.
    """
    n, c, h, w = x.shape
    size = next(s for s in range(min(group, n), 0, -1) if n % s == 0)
    spread = x.reshape(size, n // size, maps, c // maps, h, w)
    spread = spread - spread.mean(dim=0)
    spread = (spread.square().mean(dim=0) + 1e-8).sqrt().mean(dim=(2, 3, 4))
    return torch.cat([x, spread.repeat(size, 1).reshape(n, maps, 1, 1).expand(n, maps, h, w)], dim=1)


class StoredNorm(nn.Module):
    """Batch norm that uses its stored statistics also in training (Ioffe and Szegedy 2015, section 3.1, inference).

    Statistics of a batch would make a picture depend on what else is in it, would be those of a few pictures when
    fine-tuning on a few, and would not follow averaged (EMA) weights. Like this the layer is a scale and a shift that
    can be learnt on.
    """

    def __init__(self, channels: int, eps: float = 1e-5, affine: bool = True) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(channels)) if affine else None
        self.bias = nn.Parameter(torch.zeros(channels)) if affine else None
        self.running_mean: Tensor
        self.running_var: Tensor
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        """x (batch, channels, ...) -> the same shape, each channel scaled and shifted by what is stored."""
        variance = self.running_var.clamp_min(0)  # a blend that goes beyond its models can lead below
        return F.batch_norm(x, self.running_mean, variance, self.weight, self.bias, training=False, eps=self.eps)
