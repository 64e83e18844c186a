"""StyleGAN2 (Karras et al. 2020, "Analyzing and improving the image quality of StyleGAN"), in plain PyTorch.

Skip generator, residual discriminator, and the parameter names of the official PyTorch networks, so that their weights
load strictly. Weights are stored unscaled and multiplied at run time (equalised learning rate, Karras et al. 2018,
section 4.1). No custom operators: it runs wherever PyTorch does.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.errors import StudioError
from gan.knobs import check, knob
from gan.networks.contract import Discriminator, Generator, Noise
from gan.networks.layers import minibatch_std, pixel_norm
from gan.networks.resample import blur, downsample, upsample

_GAIN = math.sqrt(2)      # keeps the variance of a signal through a leaky ReLU of slope 0.2
_MAPPING_LR = 0.01        # the mapping network learns 100 times more slowly (Karras et al. 2019, appendix C)
_W_AVG_BETA = 0.995       # how slowly the tracked average of w follows
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
        _check(self)


@dataclass(frozen=True)
class StyleGAN2DiscriminatorConfig:
    """What its discriminator is built from."""

    side: int = knob(64, "Height and width of the pictures, a power of two.", low=8, high=1024, unit="pixels")
    channels: int = knob(3, "1 grey, 3 colour, 4 colour with transparency.", low=1, high=4)
    num_classes: int = knob(0, "How many classes the data has; 0 where there are none.", low=0, high=10000)
    mapping_layers: int = knob(8, "Layers from the class to what it is compared with; only with classes.", low=1, high=16)
    channel_base: int = knob(1024, "Feature maps times side: a layer of side s has channel_base / s of them.", low=16, high=131072)
    channel_max: int = knob(128, "The most feature maps of any layer.", low=1, high=2048)
    group: int = knob(4, "How many pictures are compared in the minibatch standard deviation.", low=1, high=64)
    conv_clamp: int | None = knob(None, "Clamp layers' outputs to this size, as networks trained in 16 bits do.", low=1, high=65536)

    def __post_init__(self):
        _check(self)


def _check(config) -> None:
    check(config)
    if config.side & (config.side - 1):
        raise StudioError(f"A stylegan2 makes pictures whose side is a power of two, not {config.side}.",
                          "Choose 8, 16, 32, 64, 128, 256, 512 or 1024.")
    if config.channels == 2:
        raise StudioError("A picture has 1, 3 or 4 channels, not 2.", "Choose 1 (grey), 3 (colour) or 4 (with transparency).")


def _sides(config) -> list[int]:
    """4, 8, ... up to the full side."""
    return [2**k for k in range(2, int(math.log2(config.side)) + 1)]


def _maps(config, side: int) -> int:
    """Feature maps of the layers of that side."""
    return max(1, min(config.channel_base // side, config.channel_max))


def _activate(x: Tensor, clamp: float | None = None) -> Tensor:
    """Leaky ReLU of a new x, in its own memory, clamped where a network was trained so.

    The official layer multiplies the result by a gain. Here x comes with it, since gain lrelu(x) = lrelu(gain x), and
    weights and biases are fewer numbers to multiply than x.
    """
    x = F.leaky_relu(x, 0.2, inplace=True)
    return x if clamp is None else x.clamp(-clamp, clamp)


class Dense(nn.Module):
    """A fully connected layer with equalised learning rate; with `act`, a leaky ReLU after it."""

    def __init__(self, inputs: int, outputs: int, act: bool = False, lr: float = 1.0, bias: float = 0.0):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs).normal_(std=1 / lr))
        self.bias = nn.Parameter(torch.full((outputs,), bias))
        self.act, self.lr, self.scale = act, lr, lr / math.sqrt(inputs)

    def forward(self, x: Tensor) -> Tensor:
        gain = _GAIN if self.act else 1
        x = torch.addmm(self.bias, x, self.weight.T, beta=self.lr * gain, alpha=self.scale * gain)
        return _activate(x) if self.act else x


class Mapping(nn.Module):
    """(z, c) -> w of shape (batch, width). With z_dim = 0 it maps the class alone, as the discriminator's does."""

    def __init__(self, z_dim: int, num_classes: int, width: int, layers: int, track: bool):
        super().__init__()
        self.depth = layers
        if num_classes:
            self.embed = Dense(num_classes, width)
        first = z_dim + (width if num_classes else 0)
        for i in range(layers):
            setattr(self, f"fc{i}", Dense(first if i == 0 else width, width, act=True, lr=_MAPPING_LR))
        if track:
            self.register_buffer("w_avg", torch.zeros(width))

    def forward(self, z: Tensor | None, c: Tensor | None) -> Tensor:
        parts = [] if z is None else [pixel_norm(z)]
        if hasattr(self, "embed"):
            parts.append(pixel_norm(self.embed(c)))
        x = torch.cat(parts, dim=1)
        for i in range(self.depth):
            x = getattr(self, f"fc{i}")(x)
        if self.training and hasattr(self, "w_avg"):
            self.w_avg.copy_(x.detach().mean(dim=0).lerp(self.w_avg, _W_AVG_BETA))
        return x


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
        _register_filter(self)
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
        demodulate = (style.square() @ energy + 1e-8).rsqrt() * _GAIN
        shift = self.shift if self.shift is not None and noise == "const" else self._shift(x, noise)
        return _activate(torch.addcmul(shift, x, demodulate[:, :, None, None]), self.clamp)

    def _kernel(self) -> Tensor:
        return self.weight.transpose(0, 1) if self.up else self.weight

    def _energy(self) -> Tensor:
        """How much of each input's variance reaches each output: (inputs, outputs)."""
        return self.weight.square().sum(dim=(2, 3)).T

    def _shift(self, like: Tensor, noise: Noise) -> Tensor:
        """What is added to every map: its bias, and the noise where there is any."""
        shift = self.bias[None, :, None, None] * _GAIN
        if noise == "none":
            return shift
        drawn = self.noise_const if noise == "const" else noise((len(like), 1, self.side, self.side)).to(like.dtype)
        return _laid_out_as(like, shift + drawn * (self.noise_strength * _GAIN))

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
        maps, w_dim, clamp = _maps(config, side), config.w_dim, config.conv_clamp
        self.first = side == 4
        if self.first:
            self.const = nn.Parameter(torch.randn(maps, 4, 4))
        else:
            self.conv0 = StyledConv(_maps(config, side // 2), maps, w_dim, side, up=True, clamp=clamp)
        self.conv1 = StyledConv(maps, maps, w_dim, side, up=False, clamp=clamp)
        self.torgb = ToRGB(maps, config.channels, w_dim, clamp)
        _register_filter(self)

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
        self.sides = _sides(config)
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
        self.num_ws = 2 * len(_sides(config))
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


class Conv(nn.Module):
    """A convolution of the discriminator: equalised learning rate, optional halving, optional activation."""

    def __init__(self, inputs: int, outputs: int, kernel: int, down: bool = False, act: bool = True,
                 bias: bool = True, clamp: float | None = None):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.kernel, self.down, self.act, self.clamp = kernel, down, act, clamp
        self.scale = 1 / math.sqrt(inputs * kernel**2)
        _register_filter(self)

    def forward(self, x: Tensor, gain: float = 1.0) -> Tensor:
        whole = _GAIN * gain if self.act else gain
        weight, bias = self.weight * (self.scale * whole), self.bias if self.bias is None else self.bias * whole
        if not self.down:
            x = F.conv2d(x, weight, bias, padding=self.kernel // 2)
        elif self.kernel == 1:
            x = F.conv2d(downsample(x, self.resample_filter), weight, bias)
        else:
            x = F.conv2d(blur(x, self.resample_filter, pad=2), weight, bias, stride=2)
        return _activate(x, self.clamp and self.clamp * gain) if self.act else x


class DiscriminatorBlock(nn.Module):
    """Two convolutions and a halving beside a 1x1 shortcut (residual discriminator, figure 7c)."""

    def __init__(self, config: StyleGAN2DiscriminatorConfig, side: int):
        super().__init__()
        maps, after, clamp = _maps(config, side), _maps(config, side // 2), config.conv_clamp
        if side == config.side:
            self.fromrgb = Conv(config.channels, maps, 1, clamp=clamp)
        self.conv0 = Conv(maps, maps, 3, clamp=clamp)
        self.conv1 = Conv(maps, after, 3, down=True, clamp=clamp)
        self.skip = Conv(maps, after, 1, down=True, act=False, bias=False)
        _register_filter(self)

    def forward(self, x: Tensor) -> Tensor:
        if hasattr(self, "fromrgb"):
            x = self.fromrgb(x)
        shortcut = self.skip(x, gain=math.sqrt(0.5))
        return shortcut + self.conv1(self.conv0(x), gain=math.sqrt(0.5))


class Epilogue(nn.Module):
    """The last 4x4: minibatch standard deviation, one convolution, two dense layers."""

    def __init__(self, config: StyleGAN2DiscriminatorConfig, outputs: int):
        super().__init__()
        maps = _maps(config, 4)
        self.group = config.group
        self.conv = Conv(maps + 1, maps, 3, clamp=config.conv_clamp)
        self.fc = Dense(maps * 16, maps, act=True)
        self.out = Dense(maps, outputs)

    def features(self, x: Tensor) -> Tensor:
        return self.fc(self.conv(minibatch_std(x, self.group)).flatten(1))


class StyleGAN2Discriminator(Discriminator):
    """x -> residual blocks -> logit; with classes, the inner product with the embedded class (Miyato and Koyama 2018)."""

    def __init__(self, config: StyleGAN2DiscriminatorConfig):
        super().__init__()
        self.image_shape, self.num_classes = (config.channels, config.side, config.side), config.num_classes
        self.feature_dim = _maps(config, 4)
        self.sides = _sides(config)[:0:-1]
        for side in self.sides:
            setattr(self, f"b{side}", DiscriminatorBlock(config, side))
        if config.num_classes:
            self.mapping = Mapping(0, config.num_classes, self.feature_dim, config.mapping_layers, track=False)
        self.b4 = Epilogue(config, self.feature_dim if config.num_classes else 1)

    def features(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        for block in self.blocks():
            x = block(x)
        return self.b4.features(x)

    def blocks(self) -> list[nn.Module]:
        return [getattr(self, f"b{side}") for side in self.sides]

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        logits = self.b4.out(self.features(x))
        if not self.num_classes:
            return logits.squeeze(1)
        if c is None:
            c = logits.new_full((len(logits), self.num_classes), 1 / self.num_classes)
        return (logits * self.mapping(None, c)).sum(dim=1) / math.sqrt(self.feature_dim)


def _register_filter(module: nn.Module) -> None:
    """The official networks store the resampling filter in every layer; strict loading wants a place for it."""
    taps = 1.0, 3.0, 3.0, 1.0
    module.register_buffer("resample_filter", torch.tensor([[a * b / 64 for b in taps] for a in taps]))
