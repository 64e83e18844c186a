"""The layers of StyleGAN2's generator."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.networks.contract import LayerNoise, Noise, drawn_noise
from gan.networks.layers import laid_out_as, maps_last
from gan.networks.resample import blur, upsample
from gan.networks.stylegan2.mapping import GAIN, Dense, activate, register_filter

_SHIFT_KEPT = 128  # largest side whose bias with noise is kept, at most 8 MB; larger ones would fill the memory


class StyledConv(nn.Module):
    """Convolution whose input maps are scaled by the style and whose output is demodulated, then noise and activation.

    Equations 1 and 3 of the paper: scaling maps before the convolution and renormalising after it is the same as
    scaling the weights, and lets all pictures of a batch share one convolution.
    """

    def __init__(self, inputs: int, outputs: int, w_dim: int, side: int, up: bool, clamp: float | None) -> None:
        super().__init__()
        self.up, self.side, self.clamp = up, side, clamp
        # Its number among all that add noise: 4 pixels have one, the others two.
        self.layer = 2 * int(math.log2(side)) - 4 - up
        self.affine = Dense(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.noise_strength = nn.Parameter(torch.zeros([]))
        self.noise_const: Tensor
        self.register_buffer("noise_const", torch.randn(side, side))
        self.resample_filter: Tensor
        register_filter(self)
        self.kernel: Tensor | None
        self.energy: Tensor | None
        self.shift: Tensor | None
        for kept in ("kernel", "energy", "shift"):
            self.register_buffer(kept, None, persistent=False)

    def forward(self, x: Tensor, w: Tensor, noise: Noise) -> Tensor:
        """x (batch, inputs, height, width), the side of the layer or half of it where it enlarges; w (batch, w_dim) ->
        (batch, outputs, side, side).
        """
        style = self.affine(w)
        energy = self._energy() if self.energy is None else self.energy
        demodulate = (style.square() @ energy + 1e-8).rsqrt() * GAIN
        if len(x) == 1 and not self.training and x.numel() > self.weight.numel():
            return activate(self._one(x, style[0], demodulate[0], noise), self.clamp)
        x = self._convolve(x * style[:, :, None, None], self._kernel(), None)
        if self.shift is not None and noise == "const":
            return activate(torch.addcmul(self.shift, x, demodulate[:, :, None, None]), self.clamp)
        x = torch.addcmul((self.bias[:, None, None] * GAIN).to(x.dtype), x, demodulate[:, :, None, None])
        drawn = self._noise(x, noise)
        return activate(x if drawn is None else x.add_(drawn), self.clamp)

    def _one(self, x: Tensor, style: Tensor, demodulate: Tensor, noise: Noise) -> Tensor:
        """Of a single picture that has more numbers than the weights, these are scaled, and the convolution adds the
        bias."""
        inputs, outputs = (0, 1) if self.up else (1, 0)
        kernel = self._kernel() * _along(style, inputs) * _along(demodulate, outputs)
        x = self._convolve(x, kernel, self.bias * GAIN)
        drawn = self._noise(x, noise)
        return x if drawn is None else x.add_(drawn)

    def _convolve(self, x: Tensor, kernel: Tensor, bias: Tensor | None) -> Tensor:
        if not self.up:
            return F.conv2d(x, kernel, bias, padding=1)
        return blur(F.conv_transpose2d(x, kernel, stride=2), self.resample_filter, pad=1, gain=4, bias=bias)

    def _noise(self, like: Tensor, noise: Noise) -> Tensor | None:
        """What is added to all maps alike, (batch or 1, 1, side, side), or None."""
        strength = self.noise_strength * GAIN
        if isinstance(noise, LayerNoise):
            strength = strength * noise.strengths[:, self.layer, None, None, None].to(strength)
            noise = noise.drawn
        drawn = drawn_noise(noise, self.noise_const, len(like), like.dtype)
        return None if drawn is None else drawn * strength.to(like.dtype)

    def _kernel(self) -> Tensor:
        """As the convolution takes it: with the inputs first where it is a transposed one."""
        if not self.up:
            return self.weight
        return laid_out_as(self.weight, self.weight.transpose(0, 1)) if self.kernel is None else self.kernel

    def _energy(self) -> Tensor:
        """How much of each input's variance reaches each output: (inputs, outputs)."""
        return self.weight.square().sum(dim=(2, 3)).T

    def _shift(self, like: Tensor, noise: Noise) -> Tensor:
        """What is added to every map: its bias, and the noise where there is any."""
        shift, drawn = self.bias[None, :, None, None] * GAIN, self._noise(like, noise)
        return shift if drawn is None else laid_out_as(like, shift + drawn)

    def settle(self) -> None:
        """Keep what follows from the weights alone, which takes a third of the time of a single picture."""
        self.kernel = self._kernel() if self.up else None
        self.energy = self._energy().contiguous()
        if self.side <= _SHIFT_KEPT:
            self.shift = self._shift(self.weight, "const")

    def train(self, mode: bool = True) -> "StyledConv":
        """Another mode also means other weights may follow: what `settle` kept is forgotten."""
        self.kernel = self.energy = self.shift = None
        return super().train(mode)


def _along(values: Tensor, axis: int) -> Tensor:
    """Values (n,) for one axis of a kernel."""
    return values.view([-1 if i == axis else 1 for i in range(4)])


class ToRGB(nn.Module):
    """1x1 styled convolution to picture channels, without demodulation."""

    def __init__(self, inputs: int, channels: int, w_dim: int, clamp: float | None) -> None:
        super().__init__()
        self.affine = Dense(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(channels, inputs, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.scale, self.clamp = 1 / math.sqrt(inputs), clamp

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """Features x (batch, inputs, side, side), w (batch, w_dim) -> what they add to the picture, (batch, channels,
        side, side).
        """
        weight = self.weight.squeeze((2, 3)) * (self.affine(w) * self.scale)[:, None]  # (batch, channels, inputs)
        if maps_last(x):  # the same product with both sides turned, so that the slope, too, has its maps innermost
            y = torch.baddbmm(self.bias, x.flatten(2).transpose(1, 2), weight.transpose(1, 2)).transpose(1, 2)
        else:
            y = torch.baddbmm(self.bias[:, None], weight, x.flatten(2))
        x = y.unflatten(2, x.shape[2:])
        return x if self.clamp is None else x.clamp(-self.clamp, self.clamp)


class Shortcut(nn.Module):
    """1x1 convolution of features on their way past a block, which doubles their side: (n, c, h, w) -> (n, maps, 2 h,
    2 w)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 1, 1))
        self.scale = math.sqrt(0.5 / inputs)
        self.resample_filter: Tensor
        register_filter(self)

    def forward(self, x: Tensor) -> Tensor:
        """x (batch, inputs, height, width) -> (batch, outputs, 2 height, 2 width)."""
        return upsample(F.conv2d(x, self.weight * self.scale))
