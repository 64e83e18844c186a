"""The skip generator of StyleGAN2: styles from z, and blocks of growing side that paint with them."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.knobs import knob
from gan.networks.contract import Generator, Noise
from gan.networks.resample import blur, upsample
from gan.networks.stylegan2.layers import GAIN, Dense, Mapping, activate, check_config, maps_of, register_filter, sides_of

_SHIFT_KEPT = 128         # largest side whose bias with noise is kept, at most 8 MB; larger ones would fill the memory


@dataclass(frozen=True)
class StyleGAN2GeneratorConfig:
    """What a style-based generator is built from."""

    side: int = knob(64, "Height and width of the pictures, a power of two.", low=8, high=1024, unit="pixels")
    channels: int = knob(3, "1 grey, 3 colour, 4 colour with transparency.", low=1, high=4)
    num_classes: int = knob(0, "How many classes one can ask for; 0 where there are none.", low=0, high=10000)
    z_dim: int = knob(128, "How many latent values a picture has.", low=1, high=2048)
    w_dim: int = knob(128, "How many values each style w has.", low=1, high=2048)
    mapping_layers: int = knob(4, "Layers of the network from z to w.", low=1, high=16)
    channel_base: int = knob(1024, "Feature maps times side: a layer of side s has channel_base / s of them.", low=16, high=131072)
    channel_max: int = knob(128, "The most feature maps of any layer.", low=1, high=2048)
    conv_clamp: int | None = knob(None, "Clamp layers' outputs to this size, as networks trained in 16 bits do.", low=1, high=65536)

    def __post_init__(self):
        check_config(self)


class StyledConv(nn.Module):
    """Convolution whose input maps are scaled by the style and whose output is demodulated, then noise and activation.

    Equations 1 and 3 of the paper: scaling maps before the convolution and renormalising after it is the same as
    scaling the weights, and lets all pictures of a batch share one convolution.
    """

    def __init__(self, inputs: int, outputs: int, w_dim: int, side: int, up: bool, clamp: float | None):
        super().__init__()
        self.up, self.side, self.clamp = up, side, clamp
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
        shift = self.bias[None, :, None, None] * GAIN
        if noise == "none":
            return shift
        drawn = self.noise_const if noise == "const" else noise((len(like), 1, self.side, self.side)).to(like.dtype)
        return _laid_out_as(like, shift + drawn * (self.noise_strength * GAIN))

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


class SynthesisBlock(nn.Module):
    """The layers of one side; each block adds its RGB to the upsampled sum so far (skip generator, figure 7b)."""

    def __init__(self, config: StyleGAN2GeneratorConfig, side: int):
        super().__init__()
        maps, w_dim, clamp = maps_of(config, side), config.w_dim, config.conv_clamp
        self.first = side == 4
        if self.first:
            self.const = nn.Parameter(torch.randn(maps, 4, 4))
        else:
            self.conv0 = StyledConv(maps_of(config, side // 2), maps, w_dim, side, up=True, clamp=clamp)
        self.conv1 = StyledConv(maps, maps, w_dim, side, up=False, clamp=clamp)
        self.torgb = ToRGB(maps, config.channels, w_dim, clamp)
        register_filter(self)

    def convs(self) -> list[StyledConv]:
        return [self.conv1] if self.first else [self.conv0, self.conv1]

    def forward(self, x: Tensor | None, rgb: Tensor | None, ws: Tensor, noise: Noise) -> tuple[Tensor, Tensor]:
        """ws (batch, convs + 1, w_dim) -> features and the picture so far."""
        if self.first:
            x = self.const.expand(len(ws), *self.const.shape)
        for i, conv in enumerate(self.convs()):
            x = conv(x, ws[:, i], noise)
        y = self.torgb(x, ws[:, -1])
        return x, y if rgb is None else upsample(rgb) + y


class Synthesis(nn.Module):
    """w once per layer -> the picture: blocks of growing side, 4, 8, ... up to the full one."""

    def __init__(self, config: StyleGAN2GeneratorConfig):
        super().__init__()
        self.sides = sides_of(config)
        for side in self.sides:
            setattr(self, f"b{side}", SynthesisBlock(config, side))

    def blocks(self) -> list[SynthesisBlock]:
        return [getattr(self, f"b{side}") for side in self.sides]

    def forward(self, ws: Tensor, noise: Noise) -> Tensor:
        x = rgb = None
        at = 0
        for block in self.blocks():
            layers = len(block.convs())
            x, rgb = block(x, rgb, ws[:, at:at + layers + 1], noise)   # a block's RGB shares its w with the next block
            at += layers
        return rgb


class StyleGAN2Generator(Generator):
    """z -> w once per layer -> x (batch, channels, side, side), about [-1, 1] (no tanh)."""

    has_noise = True

    def __init__(self, config: StyleGAN2GeneratorConfig):
        super().__init__()
        self.z_dim, self.w_dim, self.num_classes = config.z_dim, config.w_dim, config.num_classes
        self.image_shape = (config.channels, config.side, config.side)
        self.num_ws = 2 * len(sides_of(config))
        # Straight into the table of submodules: the official parameter names start with "mapping." and "synthesis.",
        # which are methods here.
        self._modules["mapping"] = Mapping(config.z_dim, config.num_classes, config.w_dim, config.mapping_layers, track=True)
        self._modules["synthesis"] = Synthesis(config)

    def mapping(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        if self.num_classes and c is None:
            c = z.new_full((len(z), self.num_classes), 1 / self.num_classes)
        w = self._modules["mapping"](z, c if self.num_classes else None)
        return w.unsqueeze(1).expand(-1, self.num_ws, -1)

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        return self._modules["synthesis"](w, noise)

    @torch.no_grad()
    def settle(self) -> "StyleGAN2Generator":
        for block in self._modules["synthesis"].blocks():
            for conv in block.convs():
                conv.settle()
        return self

    def center(self, c: Tensor | None = None) -> Tensor:
        return self._modules["mapping"].w_avg.expand(1, self.num_ws, -1)

    def first_weights(self) -> Tensor:
        return torch.cat([conv.affine.weight for block in self._modules["synthesis"].blocks() for conv in block.convs()])

    def stages(self) -> list[list[nn.Module]]:
        first, *rest = self._modules["synthesis"].blocks()
        return [[self._modules["mapping"], first], *([block] for block in rest)]
