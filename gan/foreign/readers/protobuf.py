"""Protocol buffers as their bytes stand, one message at a time: numbered fields, and what they hold is for the caller
to know.

A message in a message stays bytes until somebody asks, so that nothing unfolds by itself. (protobuf.dev, "Encoding".)
"""

from gan.foreign.readers.reading import Bytes, Reading
from gan.messages import say

_FIELD_COST = 300  # bytes of memory for one field, and of its time
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
Fields = dict[int, list[int | memoryview]]
"""What a message holds, by the numbers of its fields: whole numbers, and bytes for all else."""


def read_message(view: memoryview, reading: Reading) -> Fields:
    """The fields of the message that `view` holds. Raises StudioError where it holds none."""
    data = Bytes(view, reading)
    found: Fields = {}
    while data.at < len(view):
        reading.spend(_FIELD_COST)
        tag = _varint(data)
        found.setdefault(tag >> 3, []).append(_value(data, tag & 7))
    return found


def varints(values: list[int | memoryview], reading: Reading) -> list[int]:
    """The numbers with a sign of a field that may be there many times: one by one, or packed. Raises StudioError."""
    found = []
    for value in values:
        if isinstance(value, int):
            found.append(value)
            continue
        data = Bytes(value, reading)
        while data.at < len(value):
            reading.spend(_FIELD_COST)
            found.append(_varint(data))
    return [value - 2**64 if value >= 2**63 else value for value in found]


def text(fields: Fields, number: int) -> str:
    """A field that is a text; "" where it is not there."""
    values = [value for value in fields.get(number, []) if isinstance(value, memoryview)]
    return str(values[-1][:1000], "utf-8", "replace") if values else ""


def messages(fields: Fields, number: int, reading: Reading) -> list[Fields]:
    """The messages in a field. Raises StudioError."""
    return [read_message(value, reading) for value in fields.get(number, []) if isinstance(value, memoryview)]


def _value(data: Bytes, kind: int) -> int | memoryview:
    if kind == _VARINT:
        return _varint(data)
    if kind == _BYTES:
        return data.take(_varint(data))
    if kind in (_FOUR, _EIGHT):
        return data.take(4 if kind == _FOUR else 8)
    raise data.reading.broken(say("it holds a field of no kind that there is"))


def _varint(data: Bytes) -> int:
    """Seven bits a byte, the lowest first."""
    found = 0
    for i in range(10):
        byte = data.byte()
        found |= (byte & 127) << 7 * i
        if byte < 128:
            return found & 2**64 - 1
    raise data.reading.broken(say("it holds a number without end"))
