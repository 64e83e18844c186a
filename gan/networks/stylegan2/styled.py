"""The layers of StyleGAN2's generator."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.networks.contract import LayerNoise, Noise
from gan.networks.resample import blur, upsample
from gan.networks.stylegan2.layers import GAIN, Dense, activate, register_filter

_SHIFT_KEPT = 128         # largest side whose bias with noise is kept, at most 8 MB; larger ones would fill the memory


class StyledConv(nn.Module):
    """Convolution whose input maps are scaled by the style and whose output is demodulated, then noise and activation.

    Equations 1 and 3 of the paper: scaling maps before the convolution and renormalising after it is the same as
    scaling the weights, and lets all pictures of a batch share one convolution.
    """

    def __init__(self, inputs: int, outputs: int, w_dim: int, side: int, up: bool, clamp: float | None):
        super().__init__()
        self.up, self.side, self.clamp = up, side, clamp
        self.layer = 2 * int(math.log2(side)) - 4 - up     # its number among all that add noise: 4 pixels have one, the others two
        self.affine = Dense(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.noise_strength = nn.Parameter(torch.zeros([]))
        self.register_buffer("noise_const", torch.randn(side, side))
        register_filter(self)
        for kept in ("kernel", "energy", "shift"):
            self.register_buffer(kept, None, persistent=False)

    def forward(self, x: Tensor, w: Tensor, noise: Noise) -> Tensor:
        style = self.affine(w)
        x = x * style[:, :, None, None]
        kernel = self._kernel() if self.kernel is None else self.kernel
        if self.up:
            x = F.conv_transpose2d(x, kernel, stride=2)
            x = blur(x, self.resample_filter, pad=1, gain=4)
        else:
            x = F.conv2d(x, kernel, padding=1)
        energy = self._energy() if self.energy is None else self.energy
        demodulate = (style.square() @ energy + 1e-8).rsqrt() * GAIN
        shift = self.shift if self.shift is not None and noise == "const" else self._shift(x, noise)
        return activate(torch.addcmul(shift, x, demodulate[:, :, None, None]), self.clamp)

    def _kernel(self) -> Tensor:
        return self.weight.transpose(0, 1) if self.up else self.weight

    def _energy(self) -> Tensor:
        """How much of each input's variance reaches each output: (inputs, outputs)."""
        return self.weight.square().sum(dim=(2, 3)).T

    def _shift(self, like: Tensor, noise: Noise) -> Tensor:
        """What is added to every map: its bias, and the noise where there is any."""
        shift, strength = self.bias[None, :, None, None] * GAIN, self.noise_strength * GAIN
        if isinstance(noise, LayerNoise):
            noise, strength = noise.drawn, strength * noise.strengths[:, self.layer, None, None, None].to(strength)
        if noise == "none":
            return shift
        drawn = self.noise_const if noise == "const" else noise((len(like), 1, self.side, self.side)).to(like.dtype)
        return _laid_out_as(like, shift + drawn * strength)

    def settle(self) -> None:
        """Keep what follows from the weights alone, which takes a third of the time of a single picture."""
        self.kernel = self._kernel().contiguous() if self.up else None
        self.energy = self._energy().contiguous()
        if self.side <= _SHIFT_KEPT:
            self.shift = self._shift(self.weight, "const")

    def train(self, mode: bool = True) -> "StyledConv":
        self.kernel = self.energy = self.shift = None
        return super().train(mode)


def _laid_out_as(x: Tensor, y: Tensor) -> Tensor:
    """y in memory like x, the maps innermost or outermost: adding two tensors that differ in this takes long."""
    last = x.is_contiguous(memory_format=torch.channels_last)
    return y.contiguous(memory_format=torch.channels_last if last else torch.contiguous_format)


class ToRGB(nn.Module):
    """1x1 styled convolution to picture channels, without demodulation."""

    def __init__(self, inputs: int, channels: int, w_dim: int, clamp: float | None):
        super().__init__()
        self.affine = Dense(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(channels, inputs, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.scale, self.clamp = 1 / math.sqrt(inputs), clamp

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        weight = self.weight.squeeze((2, 3)) * (self.affine(w) * self.scale)[:, None]     # (batch, channels, inputs)
        x = torch.baddbmm(self.bias[:, None], weight, x.flatten(2)).unflatten(2, x.shape[2:])
        return x if self.clamp is None else x.clamp(-self.clamp, self.clamp)


class Shortcut(nn.Module):
    """1x1 convolution of features on their way past a block, which doubles their side: (n, c, h, w) -> (n, maps, 2 h, 2 w)."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 1, 1))
        self.scale = math.sqrt(0.5 / inputs)
        register_filter(self)

    def forward(self, x: Tensor) -> Tensor:
        return upsample(F.conv2d(x, self.weight * self.scale))
