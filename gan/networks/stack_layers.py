"""The layers that a stack is made of: a new kind is one dataclass and one entry in LAYERS. `stack_text.py` has their
texts.

Each says what becomes of a shape, so that shapes are known before anything is built.
"""

import math
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from gan.errors import StudioError
from gan.field_metadata import check, knob
from gan.messages import Message, say
from gan.networks.layers import StoredNorm

Shape = tuple[int, ...]
"""What one sample looks like between two layers: (n,), or (channels, height, width)."""


@dataclass(frozen=True)
class Layer:
    """One layer as settings. `after` says what becomes of a shape, `module` makes the network's part for what comes
    in."""

    def __post_init__(self) -> None:
        check(self)

    def after(self, shape: Shape) -> Shape:
        """The shape that leaves the layer. Raises StudioError where it cannot take `shape`."""
        return shape

    def module(self, shape: Shape) -> nn.Module:
        """The layer with fresh weights, for samples of `shape`."""
        raise NotImplementedError


def _inputs() -> Any:
    return knob(None, "How many values or feature maps come in.", low=1, high=2**20)


def _outputs() -> Any:
    return knob(1, "How many values or feature maps leave it.", low=1, high=2**20)


def _channels() -> Any:
    return knob(None, "How many values or feature maps it scales.", low=1, high=2**20)


def _bias() -> Any:
    return knob(True, "Whether a learnt number is added to each of its outputs.")


def _eps(default: float = 1e-5) -> Any:
    return knob(default, "What is added to the variance before it divides: some code uses 0.8 here.", low=0, high=10)


def _affine() -> Any:
    return knob(True, "Whether it scales and shifts by learnt numbers.")


@dataclass(frozen=True)
class Linear(Layer):
    """Every output from every input."""

    inputs: int | None = _inputs()
    outputs: int = _outputs()
    bias: bool = _bias()

    def after(self, shape: Shape) -> Shape:
        _need(len(shape) == 1, shape, say("a row of values"))
        _need_count(self.inputs, shape)
        return (self.outputs,)

    def module(self, shape: Shape) -> nn.Module:
        return nn.Linear(shape[0], self.outputs, bias=self.bias)


@dataclass(frozen=True)
class Conv(Layer):
    """A convolution: with stride 1 and padding of half its kernel the picture keeps its size."""

    inputs: int | None = _inputs()
    outputs: int = _outputs()
    kernel: int = knob(1, "Side of its window.", low=1, high=64, unit="pixels")
    stride: int = knob(1, "By how many pixels the window moves on.", low=1, high=16, unit="pixels")
    padding: int = knob(0, "How many empty pixels are put around the picture.", low=0, high=64, unit="pixels")
    bias: bool = _bias()

    def after(self, shape: Shape) -> Shape:
        _need_maps(self.inputs, shape)
        return self.outputs, *(
            _positive((n + 2 * self.padding - self.kernel) // self.stride + 1, shape) for n in shape[1:]
        )

    def module(self, shape: Shape) -> nn.Module:
        return nn.Conv2d(shape[0], self.outputs, self.kernel, self.stride, self.padding, bias=self.bias)


@dataclass(frozen=True)
class ConvTranspose(Layer):
    """A transposed convolution: with stride 2 it doubles the picture, more or less by its padding."""

    inputs: int | None = _inputs()
    outputs: int = _outputs()
    kernel: int = knob(1, "Side of its window.", low=1, high=64, unit="pixels")
    stride: int = knob(1, "By how many pixels the window moves on.", low=1, high=16, unit="pixels")
    padding: int = knob(0, "How many pixels are cut off on each side.", low=0, high=64, unit="pixels")
    output_padding: int = knob(
        0, "How many pixels are added at the right and at the bottom.", low=0, high=15, unit="pixels"
    )
    bias: bool = _bias()

    def after(self, shape: Shape) -> Shape:
        _need_maps(self.inputs, shape)
        if self.output_padding >= self.stride:
            raise StudioError(
                say(
                    "its output_padding of {output_padding} is not less than its stride of {stride}",
                    output_padding=self.output_padding,
                    stride=self.stride,
                )
            )
        grown = self.kernel + self.output_padding - 2 * self.padding
        return self.outputs, *(_positive((n - 1) * self.stride + grown, shape) for n in shape[1:])

    def module(self, shape: Shape) -> nn.Module:
        return nn.ConvTranspose2d(
            shape[0], self.outputs, self.kernel, self.stride, self.padding, self.output_padding, bias=self.bias
        )


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Batch norm by its stored statistics."""

    channels: int | None = _channels()
    eps: float = _eps()
    affine: bool = _affine()

    def after(self, shape: Shape) -> Shape:
        _need_count(self.channels, shape)
        return shape

    def module(self, shape: Shape) -> nn.Module:
        return StoredNorm(shape[0], self.eps, self.affine)


@dataclass(frozen=True)
class GroupNorm(Layer):
    """Each picture scaled by its own statistics, in groups of feature maps (Wu and He 2018)."""

    channels: int | None = _channels()
    groups: int = knob(1, "In how many groups the feature maps are taken together.", low=1, high=2**20)
    eps: float = _eps()
    affine: bool = _affine()

    def after(self, shape: Shape) -> Shape:
        _need_count(self.channels, shape)
        if shape[0] % self.groups:
            raise StudioError(
                say("{shape} feature maps do not make {groups} equal groups", shape=shape[0], groups=self.groups)
            )
        return shape

    def module(self, shape: Shape) -> nn.Module:
        return nn.GroupNorm(self.groups, shape[0], self.eps, self.affine)


@dataclass(frozen=True)
class InstanceNorm(Layer):
    """Each feature map of each picture scaled by its own statistics (Ulyanov et al. 2016): group norm of groups of
    one."""

    channels: int | None = _channels()
    eps: float = _eps()
    affine: bool = knob(False, "Whether it scales and shifts by learnt numbers.")

    def after(self, shape: Shape) -> Shape:
        _need(len(shape) == 3, shape, say("feature maps"))
        _need_count(self.channels, shape)
        return shape

    def module(self, shape: Shape) -> nn.Module:
        return nn.GroupNorm(shape[0], shape[0], self.eps, self.affine)


@dataclass(frozen=True)
class LayerNorm(Layer):
    """All values of a row scaled by their own statistics (Ba et al. 2016)."""

    channels: int | None = _channels()
    eps: float = _eps()
    affine: bool = _affine()

    def after(self, shape: Shape) -> Shape:
        _need(len(shape) == 1, shape, say("a row of values"))
        _need_count(self.channels, shape)
        return shape

    def module(self, shape: Shape) -> nn.Module:
        return nn.GroupNorm(1, shape[0], self.eps, self.affine)


@dataclass(frozen=True)
class Reshape(Layer):
    """The same values in another shape."""

    shape: tuple[int, ...] = knob(
        (1, 1, 1), "Channels, height and width; or one number for a row.", low=1, high=2**26, most=3
    )

    def after(self, shape: Shape) -> Shape:
        if len(self.shape) not in (1, 3) or math.prod(self.shape) != math.prod(shape):
            raise StudioError(say("{shape} cannot become {shape2}", shape=times(shape), shape2=times(self.shape)))
        return self.shape

    def module(self, shape: Shape) -> nn.Module:
        return nn.Unflatten(1, self.shape) if len(shape) == 1 else _Reshaped(self.shape)


class _Reshaped(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(len(x), *self.shape)


@dataclass(frozen=True)
class Upsample(Layer):
    """The picture enlarged without anything learnt."""

    scale: int = knob(2, "How many times as high and wide it becomes.", low=1, high=16)
    mode: str = knob("nearest", "How the pixels between are found.", choices=("nearest", "bilinear", "bicubic"))

    def after(self, shape: Shape) -> Shape:
        _need(len(shape) == 3, shape, say("feature maps"))
        return shape[0], shape[1] * self.scale, shape[2] * self.scale

    def module(self, shape: Shape) -> nn.Module:
        return nn.Upsample(scale_factor=self.scale, mode=self.mode)


@dataclass(frozen=True)
class PixelShuffle(Layer):
    """Feature maps laid out as pixels (Shi et al. 2016)."""

    scale: int = knob(2, "How many times as high and wide it becomes.", low=1, high=16)

    def after(self, shape: Shape) -> Shape:
        _need(len(shape) == 3, shape, say("feature maps"))
        if shape[0] % self.scale**2:
            raise StudioError(
                say("{shape} feature maps cannot be laid out {scale} by {scale}", shape=shape[0], scale=self.scale)
            )
        return shape[0] // self.scale**2, shape[1] * self.scale, shape[2] * self.scale

    def module(self, shape: Shape) -> nn.Module:
        return nn.PixelShuffle(self.scale)


@dataclass(frozen=True)
class LeakyReLU(Layer):
    """What lies below 0 is made smaller."""

    slope: float = knob(0.01, "By how much values below 0 are multiplied: 0.2 in most GANs.", low=-1, high=1, step=0.01)

    def module(self, shape: Shape) -> nn.Module:
        return nn.LeakyReLU(self.slope)


@dataclass(frozen=True)
class ELU(Layer):
    """What lies below 0 bends towards -alpha."""

    alpha: float = knob(1.0, "How far below 0 its values go.", low=0, high=10, step=0.1)

    def module(self, shape: Shape) -> nn.Module:
        return nn.ELU(self.alpha)


@dataclass(frozen=True)
class PReLU(Layer):
    """A leaky ReLU whose slope was learnt, one for all feature maps or one for each."""

    channels: int = knob(1, "How many slopes were learnt.", low=1, high=2**20)

    def after(self, shape: Shape) -> Shape:
        _need(self.channels in (1, shape[0]), shape, say("1 or {channels} feature maps", channels=self.channels))
        return shape

    def module(self, shape: Shape) -> nn.Module:
        return nn.PReLU(self.channels)


def _plain(about: str, module: type[nn.Module]) -> type[Layer]:
    """The kind of an activation without settings."""
    return dataclass(frozen=True)(
        type(module.__name__, (Layer,), {"__doc__": about, "module": lambda self, shape: module()})
    )


LAYERS: dict[str, type[Layer]] = {
    "linear": Linear,
    "conv": Conv,
    "conv_transpose": ConvTranspose,
    "batch_norm": BatchNorm,
    "instance_norm": InstanceNorm,
    "group_norm": GroupNorm,
    "layer_norm": LayerNorm,
    "reshape": Reshape,
    "upsample": Upsample,
    "pixel_shuffle": PixelShuffle,
    "none": _plain(say("Nothing happens."), nn.Identity),
    "relu": _plain(say("What lies below 0 becomes 0."), nn.ReLU),
    "leaky_relu": LeakyReLU,
    "prelu": PReLU,
    "elu": ELU,
    "selu": _plain(say("A scaled ELU (Klambauer et al. 2017)."), nn.SELU),
    "gelu": _plain(say("A smooth ReLU (Hendrycks and Gimpel 2016)."), nn.GELU),
    "silu": _plain(say("x times its sigmoid."), nn.SiLU),
    "softplus": _plain(say("A smooth ReLU that stays above 0."), nn.Softplus),
    "tanh": _plain(say("Bends everything into -1..1."), nn.Tanh),
    "sigmoid": _plain(say("Bends everything into 0..1."), nn.Sigmoid),
}
ACTIVATIONS = ("none", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "tanh", "sigmoid")
"""The kinds that may stand in for one another: they have no weights and change no shape."""


def times(shape: Shape) -> str:
    """A shape as people write it: 128x7x7."""
    return "x".join(map(str, shape))


def _need(fits: bool, shape: Shape, wanted: str) -> None:
    if not fits:
        raise StudioError(say("it takes {wanted}, not {shape}", wanted=wanted, shape=times(shape)))


def _need_count(count: int | None, shape: Shape) -> None:
    _need(count in (None, shape[0]), shape, _counted(count, shape))


def _counted(count: int | None, shape: Shape) -> Message:
    count = count or 0
    return say("{count} values", count=count) if len(shape) == 1 else say("{count} feature maps", count=count)


def _need_maps(count: int | None, shape: Shape) -> None:
    _need(len(shape) == 3, shape, say("feature maps"))
    _need_count(count, shape)


def _positive(side: int, shape: Shape) -> int:
    if side < 1:
        raise StudioError(say("of {shape} nothing would be left", shape=times(shape)))
    return side
