"""Operations of ONNX as layers of a stack: a function each, which adds one to what has been made so far."""

import math
from collections.abc import Callable

from gan.field_metadata import show
from gan.foreign.formats.onnx_nodes import Node
from gan.foreign.formats.onnx_work import Work
from gan.foreign.found import Stored
from gan.foreign.stack.build import changed
from gan.messages import say
from gan.networks.stack_layers import (
    ELU,
    LAYERS,
    BatchNorm,
    Conv,
    ConvTranspose,
    InstanceNorm,
    LeakyReLU,
    Linear,
    Reshape,
    Upsample,
    times,
)


def _conv(work: Work, node: Node) -> None:
    channels, *_ = work.maps(node)
    kernel = _kernel(work, node, work.weights(node, 1, None, channels, None, None))
    outputs, bias = kernel.shape[0], len(node.inputs) > 2
    work.building.add(
        node.op,
        Conv,
        channels,
        outputs,
        kernel.shape[2],
        node.same("strides", 1),
        node.same("pads", 0),
        bias,
        weight=kernel,
        **({"bias": work.weights(node, 2, outputs)} if bias else {}),
    )


def _conv_transpose(work: Work, node: Node) -> None:
    channels, *_ = work.maps(node)
    kernel = _kernel(work, node, work.weights(node, 1, channels, None, None, None))
    outputs, bias = kernel.shape[1], len(node.inputs) > 2
    if "output_shape" in node.settings:
        raise node.refused(say("says its output_shape, which is not read here"))
    work.building.add(
        node.op,
        ConvTranspose,
        channels,
        outputs,
        kernel.shape[2],
        node.same("strides", 1),
        node.same("pads", 0),
        node.same("output_padding", 0),
        bias,
        weight=kernel,
        **({"bias": work.weights(node, 2, outputs)} if bias else {}),
    )


def _kernel(work: Work, node: Node, kernel: Stored) -> Stored:
    node.only("group", 1)
    node.only("dilations", [1, 1])
    node.only("auto_pad", "NOTSET")
    if kernel.shape[2] != kernel.shape[3]:
        raise node.refused(say("has a window of {shape}, which is no square", shape=times(kernel.shape[2:])))
    return kernel


def _gemm(work: Work, node: Node) -> None:
    node.only("alpha", 1.0)
    node.only("beta", 1.0)
    node.only("transA", 0)
    inputs, turned = math.prod(work.building.shape), node.only("transB", 0, 1)
    weight = work.weights(node, 1, *((None, inputs) if turned else (inputs, None)))
    weight = weight if turned else changed(weight, lambda w: w.T)
    bias = {"bias": work.weights(node, 2, weight.shape[0])} if len(node.inputs) > 2 else {}
    work.building.add(node.op, Linear, inputs, weight.shape[0], bool(bias), weight=weight, **bias)


def _batch_norm(work: Work, node: Node) -> None:
    node.only("training_mode", 0)
    channels = work.building.shape[0]
    leaves = {
        leaf: work.weights(node, i, channels)
        for i, leaf in enumerate(("weight", "bias", "running_mean", "running_var"), 1)
    }
    work.building.add(node.op, BatchNorm, channels, node.number("epsilon", 1e-5), True, **leaves)


def _instance_norm(work: Work, node: Node) -> None:
    channels, *_ = work.maps(node)
    leaves = {leaf: work.weights(node, i, channels) for i, leaf in enumerate(("weight", "bias"), 1)}
    work.building.add(node.op, InstanceNorm, channels, node.number("epsilon", 1e-5), True, **leaves)


def _reshape(work: Work, node: Node) -> None:
    wanted = work.known(node, 1)[1:]
    there = math.prod(work.building.shape)
    known = abs(math.prod(wanted))
    if wanted.count(-1) == 1 and known:
        wanted = [there // known if n == -1 else n for n in wanted]
    if len(wanted) not in (1, 3) or any(n < 1 for n in wanted):
        raise node.refused(say("gives the shape {wanted}, which is not read here", wanted=times(tuple(wanted))))
    work.building.add(node.op, Reshape, tuple(wanted))


def _flatten(work: Work, node: Node) -> None:
    node.only("axis", 1)
    work.building.add(node.op, Reshape, (math.prod(work.building.shape),))


def _unsqueeze(work: Work, node: Node) -> None:
    axes = node.settings.get("axes") or work.known(node, 1)
    if len(work.building.shape) != 1 or sorted(axes) not in ([2, 3], [-2, -1]):
        raise node.refused(say("adds the axes {axes}, which is not read here", axes=str(axes)[:40]))
    work.building.add(node.op, Reshape, (work.building.shape[0], 1, 1))


def _resize(work: Work, node: Node) -> None:
    _, *sides = work.maps(node)
    mode = str(node.only("mode", "nearest", "linear", "cubic"))
    where: tuple = (
        ("asymmetric", "floor")
        if node.op == "Upsample"
        else (
            node.settings.get("coordinate_transformation_mode", "half_pixel"),
            node.settings.get("nearest_mode", "round_prefer_floor"),
        )
    )
    if where not in _WAYS[mode] and (where[0], None) not in _WAYS[mode]:
        raise node.refused(
            say("enlarges in the way {way}, which is not read here", way=show(" ".join(map(str, where))[:60]))
        )
    node.only("cubic_coeff_a", -0.75)
    scales = work.numbers(node, 1 if node.op == "Upsample" else 2) or []
    if len(scales) != 4:
        sizes = work.numbers(node, 3) or [0, 0, 0, 0]
        scales = [1, 1, *(to // n if to % n == 0 else 0 for to, n in zip(sizes[2:], sides, strict=False))]
    if scales[:2] != [1, 1] or len(set(scales[2:])) != 1:
        raise node.refused(say("enlarges {scales} times, which is not read here", scales=str(scales)[:40]))
    work.building.add(node.op, Upsample, scales[2], _MODES[mode])


_MODES = {"nearest": "nearest", "linear": "bilinear", "cubic": "bicubic"}
# In which ways pixels may be found for each mode, so that whole scales give what torch gives; None: whatever it rounds.
_WAYS: dict[str, set[tuple]] = {
    "nearest": {("asymmetric", "floor"), ("half_pixel", "round_prefer_floor")},
    "linear": {("half_pixel", None), ("pytorch_half_pixel", None)},
    "cubic": {("half_pixel", None), ("pytorch_half_pixel", None)},
}


def _leaky_relu(work: Work, node: Node) -> None:
    work.building.add(node.op, LeakyReLU, node.number("alpha", 0.01))


def _elu(work: Work, node: Node) -> None:
    work.building.add(node.op, ELU, node.number("alpha", 1.0))


def _plain(kind: str) -> Callable[[Work, Node], None]:
    def add(work: Work, node: Node) -> None:
        work.building.add(node.op, LAYERS[kind])

    return add


def _nothing(work: Work, node: Node) -> None:
    """What goes in comes out."""


ONNX_LAYERS: dict[str, Callable[[Work, Node], None]] = {
    "ConvTranspose": _conv_transpose,
    "Conv": _conv,
    "Gemm": _gemm,
    "MatMul": _gemm,
    "BatchNormalization": _batch_norm,
    "InstanceNormalization": _instance_norm,
    "Reshape": _reshape,
    "Flatten": _flatten,
    "Unsqueeze": _unsqueeze,
    "Resize": _resize,
    "Upsample": _resize,
    "Relu": _plain("relu"),
    "LeakyRelu": _leaky_relu,
    "Elu": _elu,
    "Tanh": _plain("tanh"),
    "Sigmoid": _plain("sigmoid"),
    "Softplus": _plain("softplus"),
    "Identity": _nothing,
    "Dropout": _nothing,
}
