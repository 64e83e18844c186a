"""ONNX models as data: {"onnx": {"nodes", "tensors", "inputs", "outputs"}}. Nothing of the program in them is run.

Numbers of fields are those of onnx/onnx.proto. A model may keep its numbers in files beside it; none is opened.
"""

import math
import struct

import torch

from gan.errors import StudioError
from gan.foreign.found import Stored, stored
from gan.foreign.readers.protobuf import Fields, messages, read_message, text, varints
from gan.foreign.readers.reading import Reading
from gan.foreign.readers.tensors import TensorLocation, lay, new_storage
from gan.messages import say

_FLOAT, _INT64 = 1, 7
_DTYPES = {
    _FLOAT: torch.float32,
    2: torch.uint8,
    3: torch.int8,
    5: torch.int16,
    6: torch.int32,
    _INT64: torch.int64,
    9: torch.bool,
    10: torch.float16,
    11: torch.float64,
    16: torch.bfloat16,
}
_SAFE = say("Ask its author for one file with everything in it, or for the PyTorch weights.")


def is_onnx(start: bytes) -> bool:
    """Whether a file begins like one: the version of its format (3 and later), then a field that models have."""
    return (
        len(start) > 2
        and start[0] == 0x08
        and 3 <= start[1] < 32
        and start[2] in (0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42)
    )


def read_onnx(view: memoryview, reading: Reading) -> dict:
    """The model in the file that `view` holds: its operations in their order, and its numbers by their names.

    A node: {"op", "domain", "inputs", "outputs", "settings"}. inputs: (name, shape) each, None for what may vary.
    Raises StudioError.
    """
    graphs = messages(read_message(view, reading), 7, reading)
    if len(graphs) != 1:
        raise reading.broken(say("it is an ONNX model without a graph"))
    graph = graphs[0]
    tensors = dict(_tensor(fields, reading) for fields in messages(graph, 5, reading))
    inputs = [_input(fields, reading) for fields in messages(graph, 11, reading)]
    return {
        "onnx": {
            "nodes": [_node(fields, reading) for fields in messages(graph, 1, reading)],
            "tensors": tensors,
            "inputs": [(name, shape) for name, shape in inputs if name not in tensors],
            "outputs": [text(fields, 1) for fields in messages(graph, 12, reading)],
        }
    }


def _node(fields: Fields, reading: Reading) -> dict:
    settings = dict(_setting(setting, reading) for setting in messages(fields, 5, reading))
    return {
        "op": text(fields, 4),
        "domain": text(fields, 7),
        "inputs": _texts(fields, 1),
        "outputs": _texts(fields, 2),
        "settings": {name: value for name, value in settings.items() if value is not None},
    }


def _texts(fields: Fields, number: int) -> list[str]:
    return [text({0: [value]}, 0) for value in fields.get(number, [])]


def _setting(fields: Fields, reading: Reading) -> tuple[str, object]:
    """AttributeProto; None for a kind that no layer has."""
    value: object = None
    match fields:
        case {5: [*_, memoryview() as tensor]}:
            value = _tensor(read_message(tensor, reading), reading)[1]
        case {2: [*_, memoryview() as number]}:
            value = struct.unpack("<f", number)[0] if len(number) == 4 else None
        case {8: values}:
            value = varints(values, reading)
        case {4: [*_, memoryview()]}:
            value = text(fields, 4)
        case {3: values}:
            value = varints(values, reading)[-1]
        case {20: [1]}:  # zeros are left out when they are written
            value = 0.0
        case {20: [2]}:
            value = 0
    return text(fields, 1), value


def _input(fields: Fields, reading: Reading) -> tuple[str, list[int | None] | None]:
    """ValueInfoProto: a name, and a shape where it is said."""
    shape = None
    for kind in messages(fields, 2, reading):
        for tensor in messages(kind, 1, reading):
            for sides in messages(tensor, 2, reading):
                numbers = [varints(side.get(1, []), reading) for side in messages(sides, 1, reading)]
                shape = [number[-1] if number and number[-1] > 0 else None for number in numbers]
    return text(fields, 1), shape


def _tensor(fields: Fields, reading: Reading) -> tuple[str, Stored]:
    """TensorProto: its numbers lie in it as bytes, or in a field of their kind."""
    name, shape = text(fields, 8), tuple(varints(fields.get(1, []), reading))
    if fields.get(13) or fields.get(14, [0])[-1] == 1:
        raise StudioError(
            say("{name} keeps its numbers in another file beside it, which is not opened.", name=reading.name), _SAFE
        )
    code = fields.get(2, [0])[-1]
    dtype = _DTYPES.get(code) if isinstance(code, int) else None
    if dtype is None:
        raise reading.broken(say("it has numbers of an unknown kind in {name!r}", name=name[:60]))
    if code == _INT64 and fields.get(7) and all(n >= 0 for n in shape):
        numbers = varints(fields[7], reading)
        if math.prod(shape) != len(numbers):
            raise reading.broken(say("its tensor {name!r} is not as long as it says", name=name[:60]))
        return name, stored(torch.tensor(numbers, dtype=torch.int64).reshape(shape))
    pieces = fields.get(9) or (fields.get(4) if code == _FLOAT else None) or [memoryview(b"")]
    there = pieces[0] if len(pieces) == 1 and all(n >= 0 for n in shape) else None
    if not isinstance(there, memoryview) or len(there) != math.prod(shape) * dtype.itemsize:
        raise reading.broken(say("its tensor {name!r} is not as long as it says", name=name[:60]))
    storage = new_storage(TensorLocation(there), dtype, len(there) // dtype.itemsize, reading)
    strides = tuple(math.prod(shape[i + 1 :]) for i in range(len(shape)))
    return name, lay(storage, dtype, shape, strides, 0, reading)
