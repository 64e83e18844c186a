"""What both networks of StyleGAN2 are built from. Every layer scales its weights at run time (equalised learning
rate)."""

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.errors import StudioError
from gan.field_metadata import check
from gan.messages import say
from gan.networks.layers import pixel_norm
from gan.networks.picture_knobs import check_channels

GAIN = math.sqrt(2)  # keeps the variance of a signal through a leaky ReLU of slope 0.2
_MAPPING_LR = 0.01  # the mapping network learns 100 times more slowly (Karras et al. 2019, appendix C)
_W_AVG_BETA = 0.995  # how slowly the tracked average of w follows


def check_config(config: Any) -> None:
    """Raise StudioError for settings that make no network."""
    check(config)
    if config.side & (config.side - 1):
        raise StudioError(
            say("A stylegan2 makes pictures whose side is a power of two, not {side}.", side=config.side),
            "Choose 8, 16, 32, 64, 128, 256, 512 or 1024.",
        )
    check_channels(config.channels)


def sides_of(config: Any) -> list[int]:
    """4, 8, ... up to the full side."""
    return [2**k for k in range(2, int(math.log2(config.side)) + 1)]


def maps_of(config: Any, side: int) -> int:
    """Feature maps of the layers of that side."""
    return max(1, min(config.channel_base // side, config.channel_max))


def activate(x: Tensor, clamp: float | None = None) -> Tensor:
    """Leaky ReLU of a new x, in its own memory, clamped where a network was trained so.

    The official layer multiplies the result by a gain. Here x comes with it, since gain lrelu(x) = lrelu(gain x), and
    weights and biases are fewer numbers to multiply than x.
    """
    x = F.leaky_relu(x, 0.2, inplace=True)
    return x if clamp is None else x.clamp(-clamp, clamp)


class Dense(nn.Module):
    """A fully connected layer with equalised learning rate; with `act`, a leaky ReLU after it."""

    def __init__(self, inputs: int, outputs: int, act: bool = False, lr: float = 1.0, bias: float = 0.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs).normal_(std=1 / lr))
        self.bias = nn.Parameter(torch.full((outputs,), bias))
        self.act, self.lr, self.scale = act, lr, lr / math.sqrt(inputs)

    def forward(self, x: Tensor) -> Tensor:
        """x (batch, inputs) -> (batch, outputs)."""
        gain = GAIN if self.act else 1
        x = torch.addmm(self.bias, x, self.weight.T, beta=self.lr * gain, alpha=self.scale * gain)
        return activate(x) if self.act else x


class Mapping(nn.Module):
    """(z, c) -> w of shape (batch, width). With z_dim = 0 it maps the class alone, as the discriminator's does."""

    def __init__(self, z_dim: int, num_classes: int, width: int, layers: int, track: bool) -> None:
        super().__init__()
        self.depth = layers
        if num_classes:
            self.embed = Dense(num_classes, width)
        first = z_dim + (width if num_classes else 0)
        for i in range(layers):
            setattr(self, f"fc{i}", Dense(first if i == 0 else width, width, act=True, lr=_MAPPING_LR))
        self.w_avg: Tensor
        if track:
            self.register_buffer("w_avg", torch.zeros(width))

    def forward(self, z: Tensor | None, c: Tensor | None) -> Tensor:
        """z (batch, z_dim), None where z_dim is 0; c (batch, num_classes), None without classes -> w (batch, width).

        In train mode `w_avg` follows the mean of w over the batch.
        """
        parts = [] if z is None else [pixel_norm(z)]
        if hasattr(self, "embed"):
            parts.append(pixel_norm(self.embed(c)))
        x = torch.cat(parts, dim=1)
        for i in range(self.depth):
            x = getattr(self, f"fc{i}")(x)
        if self.training and hasattr(self, "w_avg"):
            self.w_avg.copy_(x.detach().mean(dim=0).lerp(self.w_avg, _W_AVG_BETA))
        return x


def register_filter(module: nn.Module) -> None:
    """The official networks store the resampling filter in every layer; strict loading wants a place for it."""
    taps = 1.0, 3.0, 3.0, 1.0
    module.register_buffer("resample_filter", torch.tensor([[a * b / 64 for b in taps] for a in taps]))
