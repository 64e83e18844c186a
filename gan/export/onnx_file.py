"""ONNX files as their bytes: numbers, texts and messages in fields (protobuf.dev, "Encoding"), and the messages of
onnx.proto3 that a network needs.

    graph = Graph()
    y = graph.op("Relu", graph.input("x", ["batch", 3]))
    graph.output(y, "y", ["batch", 3])
    graph.model("what it is")           # bytes
"""

import struct
from collections.abc import Sequence

import torch
from torch import Tensor

from gan import __version__

OPSET, _IR = 17, 8
_FLOAT, _INT64 = 1, 7  # TensorProto.DataType
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_TEXT, _ATTRIBUTE_INTS = 1, 2, 3, 7  # AttributeProto.AttributeType
Shape = Sequence[int | str]
"""Of a tensor: numbers, and names for what is left open."""


class Graph:
    """A network that is being written down. Its methods give the names by which the next operations take what they
    made."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._stored: list[bytes] = []
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []

    def input(self, name: str, shape: Shape) -> str:
        """Something that is given."""
        self._inputs.append(_value_info(name, shape))
        return name

    def output(self, made: str, name: str, shape: Shape) -> None:
        """What the network gives, under a name."""
        self._nodes.append(_node("Identity", [made], name, {}))
        self._outputs.append(_value_info(name, shape))

    def store(self, tensor: Tensor) -> str:
        """Numbers that stand in the file."""
        name = f"weight{len(self._stored)}"
        self._stored.append(_tensor(name, tensor))
        return name

    def op(self, kind: str, *given: str | Tensor, **attributes: int | float | str | Sequence[int]) -> str:
        """An operation, and the name of what it makes. What is given as numbers is stored."""
        made = f"made{len(self._nodes)}"
        names = [one if isinstance(one, str) else self.store(one) for one in given]
        self._nodes.append(_node(kind, names, made, attributes))
        return made

    def model(self, about: str, facts: dict[str, str]) -> bytes:
        """The whole file. `facts` stand in its metadata."""
        parts = [(1, self._nodes), (5, self._stored), (11, self._inputs), (12, self._outputs)]
        graph = b"".join(_bytes(number, one) for number, many in parts for one in many) + _text(2, "generator")
        opset = _text(1, "") + _number(2, OPSET)
        told = b"".join(_bytes(14, _text(1, name) + _text(2, value)) for name, value in facts.items())
        head = _number(1, _IR) + _text(2, "GAN Studio") + _text(3, __version__) + _text(6, about)
        return head + _bytes(7, graph) + _bytes(8, opset) + told


def _node(kind: str, given: Sequence[str], made: str, attributes: dict) -> bytes:
    names = b"".join(_text(1, name) for name in given) + _text(2, made)
    return names + _text(4, kind) + b"".join(_bytes(5, _attribute(*row)) for row in attributes.items())


def _attribute(name: str, value: int | float | str | Sequence[int]) -> bytes:
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _number(20, _ATTRIBUTE_TEXT)
    if isinstance(value, float):
        return _text(1, name) + _tag(2, 5) + struct.pack("<f", value) + _number(20, _ATTRIBUTE_FLOAT)
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _ATTRIBUTE_INT)
    return _text(1, name) + b"".join(_number(8, one) for one in value) + _number(20, _ATTRIBUTE_INTS)


def _tensor(name: str, tensor: Tensor) -> bytes:
    kind = _INT64 if tensor.dtype == torch.int64 else _FLOAT
    values = tensor.detach().cpu().contiguous().numpy().astype("<i8" if kind == _INT64 else "<f4")
    shape = b"".join(_number(1, size) for size in tensor.shape)
    return shape + _number(2, kind) + _text(8, name) + _bytes(9, values.tobytes())


def _value_info(name: str, shape: Shape) -> bytes:
    sizes = [_number(1, size) if isinstance(size, int) else _text(2, size) for size in shape]
    tensor = _number(1, _FLOAT) + _bytes(2, b"".join(_bytes(1, size) for size in sizes))
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _bytes(field: int, value: bytes) -> bytes:
    return _tag(field, 2) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _number(field: int, value: int) -> bytes:
    return _tag(field, 0) + _varint(value % 2**64)


def _tag(field: int, kind: int) -> bytes:
    return _varint(field << 3 | kind)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    return bytes([*made, value])
