"""Names in pickles whose meaning is known and harmless: Python's own containers, and numpy's arrays."""

from functools import partial

import numpy as np
import torch

from gan.errors import StudioError
from gan.foreign.found import Inert
from gan.foreign.readers.pickle_machine import Names
from gan.foreign.readers.reading import Reading
from gan.foreign.readers.tensors import TensorLocation, lay, new_storage
from gan.messages import say

_KINDS = {
    "f2": torch.float16,
    "f4": torch.float32,
    "f8": torch.float64,
    "i1": torch.int8,
    "i2": torch.int16,
    "i4": torch.int32,
    "i8": torch.int64,
    "u1": torch.uint8,
    "u2": torch.uint16,
    "u4": torch.uint32,
    "u8": torch.uint64,
    "b1": torch.bool,
}


def _container(reading: Reading, args: tuple, kind: type):
    """list(x), set(x), tuple(x) ...: x itself, or an empty one, or only the word where x is not known."""
    match args:
        case ():
            return kind()
        case (list() | tuple() | dict() as values,):
            return values
    return Inert(f"builtins.{kind.__name__}", args)


def _table(reading: Reading, args: tuple) -> dict:
    """A dict, from nothing or from rows of two; what else it is told, such as a default, is left out."""
    match args:
        case (list(rows),):
            reading.spend(250 * len(rows))
            if not all(
                isinstance(row, (list, tuple)) and len(row) == 2 and type(row[0]) is str and len(row[0]) < 1000
                for row in rows
            ):
                raise reading.broken(say("it makes a table of something that is none"))
            return dict(rows)
        case (dict(table),):
            return table
    return {}


def _encode(reading: Reading, args: tuple) -> memoryview:
    """Bytes as pickles of protocols below 3 keep them: written as text, a letter for each."""
    match args:
        case ():
            return memoryview(b"")
        case (str(text), "latin1" | "latin-1" | "latin_1" | "iso-8859-1"):
            reading.spend(len(text) + 200)
            return memoryview(text.encode("latin-1"))
        case (memoryview() as data, *_):
            return data
    raise reading.broken(say("it holds bytes that are none"))


def _reconstruct(reading: Reading, args: tuple):
    """copyreg._reconstructor(class, base, state): objects as protocols 0 and 1 write them."""
    match args:
        case (Inert(name=name, args=()), Inert(), state):
            args = () if state is None else (state,)
            return CALLS[name](reading, args) if name in CALLS else Inert(name, args)
    raise reading.broken(say("it makes an object of something that is no class"))


def _new_object(reading: Reading, args: tuple):
    """copyreg.__newobj__(class, ...): what an instruction does in newer protocols."""
    match args:
        case (Inert(name=name, args=()), *rest):
            reading.spend(8 * len(rest))
            return CALLS[name](reading, tuple(rest)) if name in CALLS else Inert(name, tuple(rest))
    raise reading.broken(say("it makes an object of something that is no class"))


# numpy


def _kind(dtype) -> tuple[torch.dtype, bool] | None:
    """(kind, whether the highest byte comes first) of numpy.dtype("f4", False, True) with its state (3, "<", ...)."""
    match dtype:
        case Inert(name="numpy.dtype", args=(str(code), *_), state=None | (_, str(), *_) as state):
            order = str(state[1]) if state else "<"
            kind = _KINDS.get(code.lstrip("<>=|"))
            return None if kind is None else (kind, order == ">" or code.startswith(">"))
    return None


def _raw(data) -> memoryview | None:
    """The numbers of an array; those that Python 2 wrote may have been taken for words."""
    if isinstance(data, str) and data.isascii():
        return memoryview(data.encode("ascii"))
    return data if isinstance(data, memoryview) else None


def _array_at(reading: Reading, data, dtype, shape, fortran: bool):
    """An array: as a Stored where its numbers are of a kind that weights can be, and otherwise as a word for it."""
    kind, view = _kind(dtype), _raw(data)
    if kind is None or view is None or type(shape) is not tuple or not all(type(n) is int and n >= 0 for n in shape):
        return Inert("numpy.ndarray", (shape, dtype, data))
    reading.spend(len(view) if isinstance(data, str) else 0)
    axes, steps, step = (shape if fortran else shape[::-1]), [], 1
    for length in axes:
        steps.append(step)
        step = min(step * max(length, 1), 2**47)
    storage = new_storage(TensorLocation(view, kind[1]), kind[0], len(view) // kind[0].itemsize, reading)
    return lay(storage, kind[0], shape, tuple(steps if fortran else steps[::-1]), 0, reading)


def _array(reading: Reading, thing: Inert, state):
    match state:
        case (int(), tuple(shape), dtype, fortran, data):
            return _array_at(reading, data, dtype, shape, bool(fortran))
    raise reading.broken(say("it holds an array that says not what it is"))


def _from_buffer(reading: Reading, args: tuple):
    match args:
        case (data, dtype, shape, order):
            return _array_at(reading, data, dtype, shape, order == "F")
    raise reading.broken(say("it holds an array that says not what it is"))


def _scalar(reading: Reading, args: tuple):
    """One number of numpy's, as one of Python's."""
    match args:
        case (dtype, data) if (kind := _kind(dtype)) and (raw := _raw(data)) and len(raw) == kind[0].itemsize:
            code = dtype.args[0].lstrip("<>=|")
            return np.frombuffer(raw, (">" if kind[1] else "<") + code)[0].item()
    return Inert("numpy.generic", args)


def _joblib(reading: Reading, args: tuple):
    raise StudioError(
        say("{name} was written by joblib, which mixes pickles with raw numbers.", name=reading.name),
        "Ask its author for a safetensors file.",
    )


def _everywhere(places: tuple[str, ...], word: str, meaning) -> dict:
    return {f"{place}.{word}": meaning for place in places}


_BUILTINS = ("builtins", "__builtin__")
_NUMPY = ("numpy.core", "numpy._core")
CALLS = {
    **{
        f"{place}.{kind.__name__}": partial(_container, kind=list if kind in (set, frozenset) else kind)
        for place in _BUILTINS
        for kind in (list, tuple, set, frozenset)
    },
    **{f"{place}.{word}": _encode for place in _BUILTINS for word in ("bytes", "bytearray")},
    **_everywhere(_BUILTINS, "dict", _table),
    **{
        name: _table
        for name in (
            "collections.OrderedDict",
            "collections.defaultdict",
            "dnnlib.util.EasyDict",
            "dnnlib.EasyDict",
            "easydict.EasyDict",
            "torch_utils.misc.EasyDict",
        )
    },
    **{name: _reconstruct for name in ("copyreg._reconstructor", "copy_reg._reconstructor")},
    **{name: _new_object for name in ("copyreg.__newobj__", "copy_reg.__newobj__")},
    "_codecs.encode": _encode,
    **{f"{place}.multiarray.scalar": _scalar for place in _NUMPY},
    **{f"{place}.numeric._frombuffer": _from_buffer for place in _NUMPY},
    **{f"joblib.numpy_pickle.{word}": _joblib for word in ("NumpyArrayWrapper", "NDArrayWrapper", "ZNDArrayWrapper")},
}
STATES = {f"{place}.multiarray._reconstruct": _array for place in _NUMPY}
PLAIN_NAMES = Names(CALLS, STATES)
