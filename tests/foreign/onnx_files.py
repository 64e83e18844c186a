"""ONNX files, written by hand: a few fields of protocol buffers are all that it takes. (Numbers of fields:
onnx/onnx.proto.)"""

import struct

import torch
from torch import Tensor

KINDS = {torch.float32: 1, torch.int64: 7, torch.float16: 10}


def varint(number: int) -> bytes:
    number %= 2**64
    return (bytes([number & 127 | 128]) + varint(number >> 7)) if number > 127 else bytes([number])


def field(number: int, value) -> bytes:
    """A field: a whole number, or bytes (or a text) with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def tensor(name: str, values: Tensor, packed=False, **more: bytes) -> bytes:
    """A TensorProto: its numbers as bytes, or packed in the field of their kind."""
    raw = values.contiguous().numpy().tobytes()
    numbers = field(9, raw)
    if packed:
        numbers = (
            field(4, raw)
            if values.dtype == torch.float32
            else field(7, b"".join(map(varint, values.flatten().tolist())))
        )
    return b"".join(
        [*(field(1, n) for n in values.shape), field(2, KINDS[values.dtype]), field(8, name), numbers, *more.values()]
    )


def attribute(name: str, value) -> bytes:
    """An AttributeProto."""
    if isinstance(value, float):
        return field(1, name) + varint(2 << 3 | 5) + struct.pack("<f", value) + field(20, 1)
    if isinstance(value, list):
        return field(1, name) + b"".join(field(8, n) for n in value) + field(20, 7)
    if isinstance(value, Tensor):
        return field(1, name) + field(5, tensor("", value)) + field(20, 4)
    return field(1, name) + (
        field(3, value) + field(20, 2) if isinstance(value, int) else field(4, value) + field(20, 3)
    )


def node(op: str, inputs: str, output: str, domain="", **settings) -> bytes:
    """A NodeProto. inputs: names with spaces between; "-" for one that is left out."""
    names = ["" if name == "-" else name for name in inputs.split()]
    return b"".join(
        [
            *(field(1, name) for name in names),
            field(2, output),
            field(4, op),
            *(field(5, attribute(name, value)) for name, value in settings.items()),
            field(7, domain),
        ]
    )


def value(name: str, shape: list) -> bytes:
    """A ValueInfoProto; a side that is a text may vary."""
    sides = b"".join(field(1, field(1, side) if isinstance(side, int) else field(2, side)) for side in shape)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, sides)))


def model(
    nodes: list[bytes],
    tensors: dict[str, Tensor] | list[bytes],
    inputs: dict[str, list],
    outputs: list[str],
    packed=False,
) -> bytes:
    """A ModelProto."""
    stored = [tensor(name, t, packed) for name, t in tensors.items()] if isinstance(tensors, dict) else tensors
    graph = [
        *(field(1, n) for n in nodes),
        field(2, "graph"),
        *(field(5, t) for t in stored),
        *(field(11, value(name, shape)) for name, shape in inputs.items()),
        *(field(12, value(name, [])) for name in outputs),
    ]
    return field(1, 8) + field(2, "tests") + field(7, b"".join(graph)) + field(8, field(1, "") + field(2, 17))
