"""What an HDF5 file says of its arrays and attributes: their shapes, and what kind of values they hold.

(The HDF5 Group, "HDF5 File Format Specification Version 3.0", IV.A.2.b and IV.A.2.d.)
"""

import struct
from dataclasses import dataclass

import torch

from gan.foreign.readers.reading import Bytes, Reading
from gan.messages import say

WHOLE, FLOAT, STRING, VARIABLE, OTHER = 0, 1, 3, 9, -1  # classes of values; VARIABLE: texts that lie elsewhere
# Offset and precision in bits, places and sizes of exponent and mantissa, bias: those of IEEE 754.
_FLOATS = {
    struct.pack("<2H4BL", 0, 16, 10, 5, 0, 10, 15): torch.float16,
    struct.pack("<2H4BL", 0, 32, 23, 8, 0, 23, 127): torch.float32,
    struct.pack("<2H4BL", 0, 64, 52, 11, 0, 52, 1023): torch.float64,
}
_WHOLES = {
    (1, True): torch.int8,
    (2, True): torch.int16,
    (4, True): torch.int32,
    (8, True): torch.int64,
    (1, False): torch.uint8,
}


@dataclass(frozen=True)
class Type:
    """kind: its class. size: bytes of one value. dtype: None for what is no number of ours."""

    kind: int
    size: int
    dtype: torch.dtype | None
    big_endian: bool = False


def dataspace(data: memoryview, reading: Reading) -> tuple[int, ...]:
    """The shape of an array or attribute. Raises StudioError."""
    space = Bytes(data, reading)
    version, rank, _ = space.byte(), space.byte(), space.byte()
    if version not in (1, 2) or version == 2 and space.byte() == 2:
        raise reading.broken(say("it has an array without a shape"))
    if version == 1:
        space.take(5)
    return tuple(space.whole(8) for _ in range(rank))


def datatype(data: memoryview, reading: Reading) -> Type:
    """The kind of its values. Raises StudioError."""
    about = Bytes(data, reading)
    kind, bits, size = about.byte() & 15, about.whole(3), about.whole(4)
    dtype = None
    if kind == FLOAT:
        dtype = _FLOATS.get(bytes(about.take(12)))
    elif kind == WHOLE:
        dtype = _WHOLES.get((size, bool(bits & 8)))
    elif kind == VARIABLE and bits & 15 != 1:  # rows of something else than letters
        kind = OTHER
    if not size or dtype is not None and dtype.itemsize != size:
        raise reading.broken(say("it has numbers of an unknown kind"))
    return Type(kind, size, dtype, bool(bits & 1))
