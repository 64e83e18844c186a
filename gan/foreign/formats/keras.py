"""Generators that Keras saved: layers that follow each other become a stack, and give the same pictures.

Keras keeps channels last, torch first. Kernels are turned around; where a row becomes feature maps or maps a row, the
weights before or behind it are put in the order of the other. What a class goes through before it joins is worked out
once for each class, and becomes its values. With padding="same" Keras may cut off one pixel more at
the far side, which torch cannot: then the kernel gets a row and a column of zeros on the near side, and as much is cut
off on both.
"""

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor
from torch.nn import functional as F

from gan.field_metadata import show
from gan.foreign.formats.keras_chain import Chain, KerasLayer, chain
from gan.foreign.formats.keras_classes import class_count, class_of, looked_up, shape_in
from gan.foreign.found import Conversion, Found, Stored
from gan.foreign.stack.build import CLASSES, Building, changed, refused
from gan.messages import listed, say
from gan.networks.stack_layers import (
    ELU,
    LAYERS,
    BatchNorm,
    Conv,
    ConvTranspose,
    LeakyReLU,
    Linear,
    Reshape,
    Upsample,
    times,
)

# Those that have a name: the layer, and its settings where Keras' are not its own.
_ACTIVATIONS = {
    **{name: (LAYERS[name],) for name in ("relu", "tanh", "sigmoid", "elu", "selu", "gelu", "silu", "softplus")},
    "swish": (LAYERS["silu"],),
    "leaky_relu": (LeakyReLU, 0.2),
}


def read(found: Found) -> Conversion | None:
    """The generator in what `keras_file` has read, None for anything else. Raises StudioError that names the layer at
    fault."""
    match found.tree:
        case {"keras": dict(model), "weights": dict(weights)}:
            return _converted(found.name, chain(model, weights, found.name))
    return None


def _converted(name: str, layers: Chain) -> Conversion:
    guessed = []
    if layers.join is None:
        work, everything = _worked(name, layers.inputs[0]), layers.inputs[0]
    else:
        at, guessed = class_of(layers.inputs)
        latents, classes = layers.inputs[1 - at], layers.inputs[at]
        work = _worked(name, latents)
        work.join(layers.join, _class_work(name, classes), class_first=at == 0)
        _follow(work, layers.rest)
        everything = [*latents, *layers.rest]
    maps = any(layer.kind.startswith("Conv2D") for layer in everything)
    kind = say("a Keras generator of convolutions") if maps else say("a Keras generator of linear layers")
    return work.building.finish(kind, *guessed)


def _worked(name: str, layers: list[KerasLayer]) -> "_Work":
    work = _Work(name, _start(name, layers))
    _follow(work, layers)
    return work


def _class_work(name: str, layers: list[KerasLayer]) -> "_Work":
    """What becomes of a class, as layers that a 1 among zeros goes into. Raises StudioError."""
    work = _Work(name, (class_count(layers),))
    work.number = looked_up(layers)
    _follow(work, layers)
    return work


def _follow(work: "_Work", layers: Iterable[KerasLayer]) -> None:
    """Add the layers. Raises StudioError that names the one at fault."""
    name = work.building.name
    for layer in layers:
        if layer.kind not in _LAYERS:
            fault = (
                say("whose code lies in the file and is not run")
                if layer.kind == "Lambda"
                else say("which is not read here")
            )
            raise refused(
                name,
                say(
                    "its layer {path} is of the kind {kind}, {fault}",
                    path=show(layer.path),
                    kind=layer.kind[:60],
                    fault=fault,
                ),
                say("Read are {names}.", names=listed(_LAYERS)),
            )
        _LAYERS[layer.kind](work, layer)


def _start(name: str, layers: list[KerasLayer]) -> tuple[int, ...]:
    """The shape of what goes in, without the batch."""
    first, shape = layers[0] if layers else None, shape_in(layers)
    if shape is None and first and first.kind == "Dense" and first.arrays:
        shape = [None, first.arrays[0].shape[0]]  # a model that learnt what goes in when it was first called
    match shape:
        case [_, int(values)]:
            return (values,)
        case [_, 1, 1, int(values)]:
            return 1, 1, values
        case [_, *sides] if len(sides) == 3:
            raise refused(
                name,
                say("it takes pictures, not latent values"),
                say("Choose the generator; this may be the discriminator."),
            )
    raise refused(
        name, say("what goes in has the shape {shape}, which is no row of latent values", shape=str(shape)[:60])
    )


class _Work:
    """A building, and how Keras would see what leaves it.

    scales: the tensors, by their names in the stack, that have a number for each value of the row which leaves the
    last layer; None where the row does not come from a linear layer. flat: what a row was before Flatten, (height,
    width, channels): its values lie in torch's order, and not in Keras'. number: whether a class's number comes in, for
    an Embedding to look up.
    """

    def __init__(self, name: str, start: tuple[int, ...]):
        self.building = Building(name, start[-1])
        self.scales: list[str] | None = None
        self.flat: tuple[int, int, int] | None = None
        self.number = False
        if len(start) == 3:
            self.building.add("input", Reshape, (start[-1], 1, 1))

    def row(self, layer: KerasLayer) -> int:
        """How many values come in. Raises StudioError where it is not a row."""
        if len(self.building.shape) != 1:
            raise layer.refused(say("takes a row of values, and {shape} comes in", shape=times(self.building.shape)))
        return self.building.shape[0]

    def maps(self, layer: KerasLayer) -> tuple[int, int, int]:
        """Channels, height and width of what comes in. Raises StudioError where it is a row."""
        layer.only("data_format", "channels_last")
        if len(self.building.shape) != 3:
            raise layer.refused(
                say("takes feature maps, and a row of {shape} values comes in", shape=self.building.shape[0])
            )
        return self.building.shape

    def as_it_lies(self, array: Stored) -> Stored:
        """Weights whose first axis is the row that comes in, in the order of its values."""
        return changed(array, _channels_first(self.flat)) if self.flat else array

    def join(self, layer: KerasLayer, classes: "_Work", class_first: bool) -> None:
        """The class joins what the layers have made, by a layer of one of JOINS. Raises StudioError."""
        if self.flat or classes.flat or len(self.building.shape) != len(classes.building.shape):
            one, other = times(self.building.shape), times(classes.building.shape)
            raise layer.refused(say("joins {one} and {other} values, which is not read here", one=one, other=other))
        how = {"Multiply": "multiply", "Add": "add"}.get(layer.kind)
        if how is None:
            layer.only("axis", -1, len(self.building.shape))
            how, self.scales = ("class first" if class_first else "z first"), None
        elif self.building.shape != classes.building.shape:
            one, other = times(self.building.shape), times(classes.building.shape)
            raise layer.refused(say("joins {one} and {other} values, which is not read here", one=one, other=other))
        as_it_is = not classes.building.layers and layer.kind == "Concatenate"
        self.building.join(layer.path, how, classes.building.z_dim, None if as_it_is else classes.building.table())
        if self.scales is not None:
            self.scales = [*self.scales, CLASSES]

    def activate(self, layer: KerasLayer) -> None:
        """What a layer does at its end, or an Activation by itself."""
        match layer.settings.get("activation"):
            case None | "linear":
                return
            case str(name) | {"class_name": "function", "config": str(name)} if name in _ACTIVATIONS:
                self.building.add(layer.path, *_ACTIVATIONS[name])
            case {"class_name": "LeakyReLU" | "ReLU" | "ELU" as kind, "config": dict(settings)}:
                _LAYERS[kind](self, KerasLayer(layer.file, layer.path, kind, settings, []))
            case other:
                raise layer.refused(say("has the activation {other!r}, which is not read here", other=str(other)[:60]))


def _channels_first(sides: tuple[int, int, int], axis: int = 0) -> Callable[[Tensor], Tensor]:
    """From Keras' order of a row that is (height, width, channels) to torch's, along an axis: the first, or the last of
    a table of classes."""
    return lambda tensor: tensor.unflatten(axis, sides).movedim(axis + 2, axis).flatten(axis, axis + 2)


def _embedding(work: _Work, layer: KerasLayer) -> None:
    if not work.number:
        raise layer.refused(say("looks up values, and no class's number comes in"))
    classes, values = work.row(layer), layer.whole("output_dim")
    weight = changed(layer.array(0, classes, values), lambda table: table.T)
    work.scales = work.building.add(layer.path, Linear, classes, values, False, weight=weight)
    work.number = False


def _dense(work: _Work, layer: KerasLayer) -> None:
    inputs, outputs, bias = work.row(layer), layer.whole("units"), layer.switch("use_bias")
    weight = changed(work.as_it_lies(layer.array(0, inputs, outputs)), lambda kernel: kernel.T)
    work.scales = work.building.add(
        layer.path, Linear, inputs, outputs, bias, weight=weight, **_bias(layer, bias, outputs)
    )
    work.flat = None
    work.activate(layer)


def _conv(work: _Work, layer: KerasLayer) -> None:
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
    work.activate(layer)


def _conv_transpose(work: _Work, layer: KerasLayer) -> None:
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
    work.activate(layer)


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


def _batch_norm(work: _Work, layer: KerasLayer) -> None:
    shape = work.building.shape
    layer.only("axis", -1, len(shape), [len(shape)])
    arrays = {leaf: work.as_it_lies(layer.array(i, shape[0])) for i, leaf in enumerate(_norm_leaves(layer))}
    affine = not {"weight", "bias"}.isdisjoint(arrays)
    if affine:
        arrays = {"weight": torch.ones(shape[0]), "bias": torch.zeros(shape[0])} | arrays
    keys = work.building.add(layer.path, BatchNorm, shape[0], layer.number("epsilon", 1e-3), affine, **arrays)
    if work.scales is not None:
        work.scales += keys


def _norm_leaves(layer: KerasLayer) -> list[str]:
    scale, center = layer.switch("scale"), layer.switch("center")
    return [*(["weight"] if scale else []), *(["bias"] if center else []), "running_mean", "running_var"]


def _reshape(work: _Work, layer: KerasLayer) -> None:
    wanted, shape = layer.settings.get("target_shape"), work.building.shape
    sizes = wanted if isinstance(wanted, list) and len(wanted) in (1, 3) else [0]
    if not all(type(n) is int and -1 <= n <= 2**26 and n for n in sizes):
        raise layer.refused(say("has the target shape {wanted}, which is not read here", wanted=str(wanted)[:60]))
    if wanted.count(-1) == 1:
        wanted = [math.prod(shape) // abs(math.prod(wanted)) if n == -1 else n for n in wanted]
    if len(wanted) == 1:
        _flatten(work, layer)
    else:
        _to_maps(work, layer, tuple(wanted))


def _to_maps(work: _Work, layer: KerasLayer, sides: tuple[int, int, int]) -> None:
    """A row or maps as maps: in the same order already, or by another order of the weights that made the row."""
    height, width, channels = sides
    shape, before = work.building.shape, work.flat
    if len(shape) == 3:
        before = (*shape[1:], shape[0])
    same = before == sides or height * width == 1 and (before is None or before[0] * before[1] == 1)
    if not same and work.scales is None:
        raise layer.refused(say("lays out as a picture what comes from no linear layer, which is not read here"))
    work.building.add(layer.path, Reshape, (channels, height, width))
    for key in [] if same else work.scales:
        work.building.change(key, _channels_first(sides, axis=1 if key == CLASSES else 0))
    work.scales = work.flat = None


def _flatten(work: _Work, layer: KerasLayer) -> None:
    if len(work.building.shape) == 3:
        channels, height, width = work.maps(layer)
        work.flat = (height, width, channels)
        work.building.add(layer.path, Reshape, (channels * height * width,))


def _upsampling(work: _Work, layer: KerasLayer) -> None:
    work.maps(layer)
    work.building.add(layer.path, Upsample, layer.same("size"), layer.only("interpolation", "nearest", "bilinear"))


def _leaky_relu(work: _Work, layer: KerasLayer) -> None:
    key = "alpha" if "alpha" in layer.settings else "negative_slope"
    work.building.add(layer.path, LeakyReLU, layer.number(key, 0.3))


def _relu(work: _Work, layer: KerasLayer) -> None:
    layer.only("max_value", None)
    layer.only("threshold", 0, None)
    slope = 0.0 if layer.settings.get("negative_slope") is None else layer.number("negative_slope", 0)
    work.building.add(layer.path, *((LeakyReLU, slope) if slope else (LAYERS["relu"],)))


def _elu(work: _Work, layer: KerasLayer) -> None:
    work.building.add(layer.path, ELU, layer.number("alpha", 1))


def _nothing(work: _Work, layer: KerasLayer) -> None:
    """What a layer does that works in training alone."""


_LAYERS: dict[str, Callable[[_Work, KerasLayer], None]] = {
    "Dense": _dense,
    "Embedding": _embedding,
    "Conv2D": _conv,
    "Conv2DTranspose": _conv_transpose,
    "BatchNormalization": _batch_norm,
    "Reshape": _reshape,
    "Flatten": _flatten,
    "UpSampling2D": _upsampling,
    "Activation": _Work.activate,
    "ReLU": _relu,
    "LeakyReLU": _leaky_relu,
    "ELU": _elu,
    **{kind: _nothing for kind in ("InputLayer", "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout")},
}
