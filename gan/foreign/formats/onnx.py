"""Generators in ONNX files: operations that follow each other become a stack.

An ONNX file is a program. It is not run: each operation is looked up in a table, and one that is not there is named.
What the program reckons of shapes alone (Shape, Gather, Concat, ...) is followed with whole numbers, the batch being
whatever it is.
"""

import math
from collections.abc import Callable

from gan.field_metadata import show
from gan.foreign.formats.onnx_nodes import Node, joined
from gan.foreign.found import Conversion, Found, Stored
from gan.foreign.stack.build import Building, changed, refused
from gan.messages import listed, say
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

_BATCH = -1  # in shapes: however many pictures there are
_MOST_NUMBERS = 16  # of a shape
_DOMAINS = ("", "ai.onnx")


def read(found: Found) -> Conversion | None:
    """The generator in what `onnx_file` has read, None for anything else. Raises StudioError that names the operation
    at fault."""
    match found.tree:
        case {
            "onnx": {"nodes": list(nodes), "tensors": dict(tensors), "inputs": list(inputs), "outputs": list(outputs)}
        }:
            work = _Work(found.name, inputs, tensors)
            for node in joined([Node(found.name, **node) for node in nodes], tensors):
                work.take(node)
            if outputs != [work.now]:
                raise refused(
                    found.name,
                    say("it gives {count} results, not the last of its operations alone", count=len(outputs)),
                )
            return work.building.finish(say("a generator in ONNX"))
    return None


class _Work:
    """The layers so far. now: the name of what leaves the last of them. shapes: of all that left one, without the
    batch."""

    def __init__(self, name: str, inputs: list, tensors: dict[str, Stored]):
        if len(inputs) != 1:
            names = ", ".join(show(one) for one, _ in inputs[:4])
            raise refused(
                name, say("it starts from {count} inputs ({names}), not from one", count=len(inputs), names=names)
            )
        self.now, shape = inputs[0]
        match shape:
            case [_, int(values)] | [_, int(values), 1, 1]:
                self.building = Building(name, values)
            case [_, _, _, _]:
                raise refused(
                    name,
                    say("it takes pictures, not latent values"),
                    say("Choose the generator; this may be the discriminator."),
                )
            case _:
                raise refused(
                    name,
                    say("what goes in has the shape {shape}, which is no row of latent values", shape=str(shape)[:60]),
                )
        if len(shape) == 4:
            self.building.add("input", Reshape, (values, 1, 1))
        self.tensors = dict(tensors)
        self.shapes = {self.now: self.building.shape}
        self._numbers: dict[str, list[int]] = {}

    def take(self, node: Node) -> None:
        """One more operation. Raises StudioError where it is not read, or does not follow the last."""
        known = _LAYERS.get(node.op) if node.domain in _DOMAINS else None
        if node.op in _NUMBERS and node.domain in _DOMAINS and self.now not in node.inputs or node.op == "Shape":
            if len(node.outputs) != 1:
                raise node.refused(say("gives not one result"))
            made = _NUMBERS[node.op](self, node)
            (self.tensors if isinstance(made, Stored) else self._numbers)[node.outputs[0]] = made
            return
        if known is None:
            raise refused(
                node.file,
                say("it uses the operation {op}, which is not read here", op=show(node.op[:60]))
                if node.domain in _DOMAINS
                else say(
                    "it uses the operation {op} of {domain}, which is not read here",
                    op=show(node.op[:60]),
                    domain=show(node.domain[:60]),
                ),
                say("Read are {names}; ask its author for the PyTorch weights.", names=listed(_LAYERS)),
            )
        if node.inputs[:1] != [self.now] or self.now in node.inputs[1:] or not node.outputs:
            raise node.refused(say("does not follow the one before it"))
        known(self, node)
        self.now = node.outputs[0]
        self.shapes[self.now] = self.building.shape

    def weights(self, node: Node, number: int, *shape: int | None) -> Stored:
        """What an operation is given as its input `number`: numbers in the file, of this shape. None: any length."""
        name = node.inputs[number] if number < len(node.inputs) else ""
        found = self.tensors.get(name)
        if found is None or not found.dtype.is_floating_point:
            raise node.refused(say("has no stored numbers as its input {number}", number=number))
        if len(found.shape) != len(shape) or any(
            n not in (None, there) for n, there in zip(shape, found.shape, strict=True)
        ):
            raise node.refused(say("has weights of the shape {shape}, which do not fit", shape=times(found.shape)))
        return found

    def numbers(self, node: Node, number: int) -> list[int] | None:
        """What an operation is given as its input `number`, as whole numbers; None where they are not known."""
        name = node.inputs[number] if number < len(node.inputs) else ""
        found = self._numbers.get(name)
        if found is None and name in self.tensors and math.prod(self.tensors[name].shape) <= _MOST_NUMBERS:
            found = [int(n) if math.isfinite(n) else 0 for n in self.tensors[name].read().flatten().tolist()]
        return found

    def known(self, node: Node, number: int) -> list[int]:
        """The same, where they must be known. Raises StudioError."""
        found = self.numbers(node, number)
        if found is None:
            raise node.refused(say("reckons with numbers that are not known beforehand"))
        return found

    def maps(self, node: Node) -> tuple[int, int, int]:
        """Channels, height and width of what comes in. Raises StudioError."""
        if len(self.building.shape) != 3:
            raise node.refused(
                say("takes feature maps, and a row of {shape} values comes in", shape=self.building.shape[0])
            )
        return self.building.shape


# Layers


def _conv(work: _Work, node: Node) -> None:
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


def _conv_transpose(work: _Work, node: Node) -> None:
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


def _kernel(work: _Work, node: Node, kernel: Stored) -> Stored:
    node.only("group", 1)
    node.only("dilations", [1, 1])
    node.only("auto_pad", "NOTSET")
    if kernel.shape[2] != kernel.shape[3]:
        raise node.refused(say("has a window of {shape}, which is no square", shape=times(kernel.shape[2:])))
    return kernel


def _gemm(work: _Work, node: Node) -> None:
    node.only("alpha", 1.0)
    node.only("beta", 1.0)
    node.only("transA", 0)
    inputs, turned = math.prod(work.building.shape), node.only("transB", 0, 1)
    weight = work.weights(node, 1, *((None, inputs) if turned else (inputs, None)))
    weight = weight if turned else changed(weight, lambda w: w.T)
    bias = {"bias": work.weights(node, 2, weight.shape[0])} if len(node.inputs) > 2 else {}
    work.building.add(node.op, Linear, inputs, weight.shape[0], bool(bias), weight=weight, **bias)


def _batch_norm(work: _Work, node: Node) -> None:
    node.only("training_mode", 0)
    channels = work.building.shape[0]
    leaves = {
        leaf: work.weights(node, i, channels)
        for i, leaf in enumerate(("weight", "bias", "running_mean", "running_var"), 1)
    }
    work.building.add(node.op, BatchNorm, channels, node.number("epsilon", 1e-5), True, **leaves)


def _instance_norm(work: _Work, node: Node) -> None:
    channels, *_ = work.maps(node)
    leaves = {leaf: work.weights(node, i, channels) for i, leaf in enumerate(("weight", "bias"), 1)}
    work.building.add(node.op, InstanceNorm, channels, node.number("epsilon", 1e-5), True, **leaves)


def _reshape(work: _Work, node: Node) -> None:
    wanted = work.known(node, 1)[1:]
    there = math.prod(work.building.shape)
    if wanted.count(-1) == 1 and math.prod(wanted):
        wanted = [there // abs(math.prod(wanted)) if n == -1 else n for n in wanted]
    if len(wanted) not in (1, 3) or any(n < 1 for n in wanted):
        raise node.refused(say("gives the shape {wanted}, which is not read here", wanted=times(tuple(wanted))))
    work.building.add(node.op, Reshape, tuple(wanted))


def _flatten(work: _Work, node: Node) -> None:
    node.only("axis", 1)
    work.building.add(node.op, Reshape, (math.prod(work.building.shape),))


def _unsqueeze(work: _Work, node: Node) -> None:
    axes = node.settings.get("axes") or work.known(node, 1)
    if len(work.building.shape) != 1 or sorted(axes) not in ([2, 3], [-2, -1]):
        raise node.refused(say("adds the axes {axes}, which is not read here", axes=str(axes)[:40]))
    work.building.add(node.op, Reshape, (work.building.shape[0], 1, 1))


def _resize(work: _Work, node: Node) -> None:
    _, *sides = work.maps(node)
    mode = node.only("mode", "nearest", "linear", "cubic")
    where = (
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
_WAYS = {
    "nearest": {("asymmetric", "floor"), ("half_pixel", "round_prefer_floor")},
    "linear": {("half_pixel", None), ("pytorch_half_pixel", None)},
    "cubic": {("half_pixel", None), ("pytorch_half_pixel", None)},
}


def _leaky_relu(work: _Work, node: Node) -> None:
    work.building.add(node.op, LeakyReLU, node.number("alpha", 0.01))


def _elu(work: _Work, node: Node) -> None:
    work.building.add(node.op, ELU, node.number("alpha", 1.0))


def _plain(kind: str) -> Callable[[_Work, Node], None]:
    return lambda work, node: work.building.add(node.op, LAYERS[kind])


def _nothing(work: _Work, node: Node) -> None:
    """What goes in comes out."""


_LAYERS: dict[str, Callable[[_Work, Node], None]] = {
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


# Numbers that are reckoned with beside the layers: shapes


def _constant(work: _Work, node: Node) -> Stored | list[int]:
    match node.settings:
        case {"value": Stored() as value}:
            return value
        case {"value_ints": list(values)}:
            return values
        case {"value_int": int(value)}:
            return [value]
    raise node.refused(say("holds what is no tensor"))


def _shape(work: _Work, node: Node) -> list[int]:
    if node.inputs[:1] == [""] or not node.inputs or node.inputs[0] not in work.shapes:
        raise node.refused(say("asks for a shape that is not known"))
    return [_BATCH, *work.shapes[node.inputs[0]]]


def _gather(work: _Work, node: Node) -> list[int]:
    node.only("axis", 0)
    values, places = work.known(node, 0), work.known(node, 1)
    if any(not -len(values) <= place < len(values) for place in places):
        raise node.refused(say("takes numbers that are not there"))
    return [values[place] for place in places]


def _concat(work: _Work, node: Node) -> list[int]:
    node.only("axis", 0)
    return [n for i in range(min(len(node.inputs), _MOST_NUMBERS)) for n in work.known(node, i)][:_MOST_NUMBERS]


def _as_it_is(work: _Work, node: Node) -> Stored | list[int]:
    stored = work.tensors.get(node.inputs[0]) if node.inputs else None
    return work.known(node, 0) if stored is None else stored


_NUMBERS: dict[str, Callable[[_Work, Node], Stored | list[int]]] = {
    "Constant": _constant,
    "Shape": _shape,
    "Gather": _gather,
    "Concat": _concat,
    "Unsqueeze": _as_it_is,
    "Squeeze": _as_it_is,
    "Cast": _as_it_is,
    "Identity": _as_it_is,
}
