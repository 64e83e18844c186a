"""Tensors that lie in a file: held against the bytes that are there, and copied only when somebody wants them."""

import math
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import torch
from torch import Tensor

from gan.errors import StudioError
from gan.foreign.found import Stored
from gan.foreign.readers.reading import Reading
from gan.messages import say

_COST = 1500  # bytes of memory for what is known of one tensor
_MOST_AXES = 16
_MOST_EMPTY = 2**40  # numbers that a tensor without any would have were its empty axes of length 1
_READABLE = (
    torch.float16,
    torch.float32,
    torch.float64,
    torch.bfloat16,
    torch.int8,
    torch.int16,
    torch.int32,
    torch.int64,
    torch.uint8,
    torch.uint16,
    torch.uint32,
    torch.uint64,
    torch.bool,
)


@dataclass
class TensorLocation:
    """Where a storage's bytes are. Old files say so only at their end: until then `view` is None."""

    view: memoryview | None
    big_endian: bool = False


@dataclass(frozen=True)
class Storage(Stored):
    """Numbers one behind the other, of which tensors are made; by itself a tensor of one axis."""

    place: TensorLocation = field(kw_only=True, repr=False, compare=False)

    @property
    def nbytes(self) -> int:
        """Its length."""
        return self.shape[0] * self.dtype.itemsize


def new_storage(place: TensorLocation, dtype: torch.dtype, numbers: int, reading: Reading) -> Storage:
    """A storage of as many numbers. Raises StudioError unless `place` holds their bytes, where that is known."""
    reading.spend(_COST)
    if numbers < 0 or place.view is not None and numbers * dtype.itemsize > len(place.view):
        raise reading.broken(say("it speaks of {numbers:,} numbers where there are fewer", numbers=numbers))
    return Storage((numbers,), dtype, partial(_read, place, dtype, (numbers,), (1,), 0, reading.name), place=place)


def lay(storage: Storage, dtype: torch.dtype, shape: tuple, stride: tuple, offset: int, reading: Reading) -> Stored:
    """The tensor that lies in `storage` from number `offset` on, its axes `stride` numbers apart.

    Raises StudioError where it does not lie inside, or where it has more numbers than the storage: then some lie on
    each other, and a small file would make a huge tensor.
    """
    reading.spend(_COST)
    if len(shape) > _MOST_AXES or len(stride) != len(shape) or not all(_is_whole(n) for n in (*shape, *stride, offset)):
        raise reading.broken(say("it holds a tensor whose shape makes no sense"))
    numbers, there = math.prod(shape), storage.nbytes // dtype.itemsize
    if not numbers and math.prod(max(n, 1) for n in shape) > _MOST_EMPTY:
        raise reading.broken(say("it holds a tensor whose shape makes no sense"))
    last = offset + sum((n - 1) * step for n, step in zip(shape, stride, strict=True))
    if numbers and (numbers > there or last >= there):
        raise reading.broken(
            say(
                "it holds a tensor of {numbers:,} numbers that does not fit into the {there:,} stored for it",
                numbers=numbers,
                there=there,
            )
        )
    return Stored(
        tuple(shape), dtype, partial(_read, storage.place, dtype, tuple(shape), tuple(stride), offset, reading.name)
    )


def _is_whole(number) -> bool:
    return type(number) is int and 0 <= number < 2**48


def _read(place: TensorLocation, dtype: torch.dtype, shape: tuple, stride: tuple, offset: int, name: str) -> Tensor:
    """The numbers, copied once. Nothing is asked of what they mean: they are moved as whole numbers of their width."""
    if dtype not in _READABLE:
        raise StudioError(
            say(
                "{name} holds numbers of the kind {value}, which no model here has.",
                name=name,
                value=str(dtype).removeprefix("torch."),
            ),
            "Ask its author for weights of 16 or 32 bits.",
        )
    if not math.prod(shape):
        return torch.empty(shape, dtype=dtype)
    width = dtype.itemsize
    there = np.ndarray(
        shape,
        f"{'>' if place.big_endian else '<'}u{width}",
        buffer=place.view,
        offset=offset * width,
        strides=[step * width for step in stride],
    )
    if dtype == torch.bool:
        return torch.from_numpy(np.not_equal(there, 0, order="C"))
    return torch.from_numpy(there.astype(f"=u{width}", order="C")).view(dtype)
