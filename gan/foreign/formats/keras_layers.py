"""Layers of Keras as layers of a stack: a function each, which adds one to what has been made so far.

Keras keeps channels last, torch first. Kernels are turned around; where a row becomes feature maps or maps a row, the
weights before or behind it are put in the order of the other. With padding="same" Keras may cut off one pixel more at
the far side, which torch cannot: then the kernel gets a row and a column of zeros on the near side, and as much is cut
off on both.
"""

import math
from collections.abc import Callable

import torch
from torch.nn import functional as F

from gan.foreign.formats.keras_chain import KerasLayer
from gan.foreign.formats.keras_work import Work, channels_first
from gan.foreign.found import Stored
from gan.foreign.stack.build import CLASSES, changed
from gan.messages import say
from gan.networks.stack_layers import (
    ELU,
    LAYERS,
    BatchNorm,
    Conv,
    ConvTranspose,
    Layer,
    LeakyReLU,
    Linear,
    Reshape,
    Upsample,
)

# Those that have a name: the layer, and its settings where Keras' are not its own.
_ACTIVATIONS: dict[str, tuple[type[Layer], tuple[float, ...]]] = {
    **{name: (LAYERS[name], ()) for name in ("relu", "tanh", "sigmoid", "elu", "selu", "gelu", "silu", "softplus")},
    "swish": (LAYERS["silu"], ()),
    "leaky_relu": (LeakyReLU, (0.2,)),
}


def _activate(work: Work, layer: KerasLayer) -> None:
    """What a layer does at its end, or an Activation by itself."""
    match layer.settings.get("activation"):
        case None | "linear":
            return
        case str(name) | {"class_name": "function", "config": str(name)} if name in _ACTIVATIONS:
            activation, numbers = _ACTIVATIONS[name]
            work.building.add(layer.path, activation, *numbers)
        case {"class_name": "LeakyReLU" | "ReLU" | "ELU" as kind, "config": dict(settings)}:
            KERAS_LAYERS[kind](work, KerasLayer(layer.file, layer.path, kind, settings, []))
        case other:
            raise layer.refused(say("has the activation {other!r}, which is not read here", other=str(other)[:60]))


def _embedding(work: Work, layer: KerasLayer) -> None:
    if not work.number:
        raise layer.refused(say("looks up values, and no class's number comes in"))
    classes, values = work.row(layer), layer.whole("output_dim")
    weight = changed(layer.array(0, classes, values), lambda table: table.T)
    work.scales = work.building.add(layer.path, Linear, classes, values, False, weight=weight)
    work.number = False


def _dense(work: Work, layer: KerasLayer) -> None:
    inputs, outputs, bias = work.row(layer), layer.whole("units"), layer.switch("use_bias")
    weight = changed(work.as_it_lies(layer.array(0, inputs, outputs)), lambda kernel: kernel.T)
    work.scales = work.building.add(
        layer.path, Linear, inputs, outputs, bias, weight=weight, **_bias(layer, bias, outputs)
    )
    work.flat = None
    _activate(work, layer)


def _conv(work: Work, layer: KerasLayer) -> None:
    (channels, *sides), outputs, bias = work.maps(layer), layer.whole("filters"), layer.switch("use_bias")
    kernel, stride = layer.same("kernel_size"), layer.same("strides")
    _check_plain(layer)
    cuts = {_cut((math.ceil(n / stride) - 1) * stride + kernel - n, layer) for n in sides}
    if len(cuts) > 1:
        raise layer.refused(say("pads height and width in different ways, which is not read here"))
    padding, more = cuts.pop()
    weight = changed(
        layer.array(0, kernel, kernel, channels, outputs), lambda k: F.pad(k.permute(3, 2, 0, 1), (more, 0, more, 0))
    )
    work.building.add(
        layer.path,
        Conv,
        channels,
        outputs,
        kernel + more,
        stride,
        padding,
        bias,
        weight=weight,
        **_bias(layer, bias, outputs),
    )
    _activate(work, layer)


def _conv_transpose(work: Work, layer: KerasLayer) -> None:
    (channels, *_), outputs, bias = work.maps(layer), layer.whole("filters"), layer.switch("use_bias")
    kernel, stride = layer.same("kernel_size"), layer.same("strides")
    _check_plain(layer)
    layer.only("output_padding", None)
    padding, more = _cut(kernel - stride, layer)
    weight = changed(
        layer.array(0, kernel, kernel, outputs, channels), lambda k: F.pad(k.permute(3, 2, 0, 1), (more, 0, more, 0))
    )
    work.building.add(
        layer.path,
        ConvTranspose,
        channels,
        outputs,
        kernel + more,
        stride,
        padding,
        max(stride - kernel, 0),
        bias,
        weight=weight,
        **_bias(layer, bias, outputs),
    )
    _activate(work, layer)


def _cut(pixels: int, layer: KerasLayer) -> tuple[int, int]:
    """(padding, rows of zeros that the kernel gets on its near side), where `pixels` are shared out by padding="same".

    The near side has half of them, rounded down. With one row more it has as many as the far side.
    """
    if layer.only("padding", "valid", "same") == "valid" or pixels <= 0:
        return 0, 0
    return pixels - pixels // 2, pixels % 2


def _check_plain(layer: KerasLayer) -> None:
    layer.only("dilation_rate", 1, [1, 1])
    layer.only("groups", 1)


def _bias(layer: KerasLayer, there: bool, outputs: int) -> dict[str, Stored]:
    return {"bias": layer.array(1, outputs)} if there else {}


def _batch_norm(work: Work, layer: KerasLayer) -> None:
    shape = work.building.shape
    layer.only("axis", -1, len(shape), [len(shape)])
    arrays: dict[str, Stored | torch.Tensor] = {
        leaf: work.as_it_lies(layer.array(i, shape[0])) for i, leaf in enumerate(_norm_leaves(layer))
    }
    affine = not {"weight", "bias"}.isdisjoint(arrays)
    if affine:
        arrays = {"weight": torch.ones(shape[0]), "bias": torch.zeros(shape[0]), **arrays}
    keys = work.building.add(layer.path, BatchNorm, shape[0], layer.number("epsilon", 1e-3), affine, **arrays)
    if work.scales is not None:
        work.scales += keys


def _norm_leaves(layer: KerasLayer) -> list[str]:
    scale, center = layer.switch("scale"), layer.switch("center")
    return [*(["weight"] if scale else []), *(["bias"] if center else []), "running_mean", "running_var"]


def _reshape(work: Work, layer: KerasLayer) -> None:
    wanted, shape = layer.settings.get("target_shape"), work.building.shape
    sizes: list[int] = wanted if isinstance(wanted, list) and len(wanted) in (1, 3) else [0]
    if not all(type(n) is int and -1 <= n <= 2**26 and n for n in sizes):
        raise layer.refused(say("has the target shape {wanted}, which is not read here", wanted=str(wanted)[:60]))
    if sizes.count(-1) == 1:
        sizes = [math.prod(shape) // abs(math.prod(sizes)) if n == -1 else n for n in sizes]
    if len(sizes) == 1:
        _flatten(work, layer)
    else:
        height, width, channels = sizes
        _to_maps(work, layer, (height, width, channels))


def _to_maps(work: Work, layer: KerasLayer, sides: tuple[int, int, int]) -> None:
    """A row or maps as maps: in the same order already, or by another order of the weights that made the row."""
    height, width, channels = sides
    shape, before = work.building.shape, work.flat
    if len(shape) == 3:
        before = (*shape[1:], shape[0])
    same = before == sides or height * width == 1 and (before is None or before[0] * before[1] == 1)
    if not same and work.scales is None:
        raise layer.refused(say("lays out as a picture what comes from no linear layer, which is not read here"))
    work.building.add(layer.path, Reshape, (channels, height, width))
    for key in [] if same else work.scales or []:
        work.building.change(key, channels_first(sides, axis=1 if key == CLASSES else 0))
    work.scales = work.flat = None


def _flatten(work: Work, layer: KerasLayer) -> None:
    if len(work.building.shape) == 3:
        channels, height, width = work.maps(layer)
        work.flat = (height, width, channels)
        work.building.add(layer.path, Reshape, (channels * height * width,))


def _upsampling(work: Work, layer: KerasLayer) -> None:
    work.maps(layer)
    work.building.add(layer.path, Upsample, layer.same("size"), layer.only("interpolation", "nearest", "bilinear"))


def _leaky_relu(work: Work, layer: KerasLayer) -> None:
    key = "alpha" if "alpha" in layer.settings else "negative_slope"
    work.building.add(layer.path, LeakyReLU, layer.number(key, 0.3))


def _relu(work: Work, layer: KerasLayer) -> None:
    layer.only("max_value", None)
    layer.only("threshold", 0, None)
    slope = 0.0 if layer.settings.get("negative_slope") is None else layer.number("negative_slope", 0)
    work.building.add(layer.path, *((LeakyReLU, slope) if slope else (LAYERS["relu"],)))


def _elu(work: Work, layer: KerasLayer) -> None:
    work.building.add(layer.path, ELU, layer.number("alpha", 1))


def _nothing(work: Work, layer: KerasLayer) -> None:
    """What a layer does that works in training alone."""


KERAS_LAYERS: dict[str, Callable[[Work, KerasLayer], None]] = {
    "Dense": _dense,
    "Embedding": _embedding,
    "Conv2D": _conv,
    "Conv2DTranspose": _conv_transpose,
    "BatchNormalization": _batch_norm,
    "Reshape": _reshape,
    "Flatten": _flatten,
    "UpSampling2D": _upsampling,
    "Activation": _activate,
    "ReLU": _relu,
    "LeakyReLU": _leaky_relu,
    "ELU": _elu,
    **{kind: _nothing for kind in ("InputLayer", "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout")},
}
