"""Files that torch.save wrote: zip archives (since PyTorch 1.6) and the older kind, and pickles that hold parts of
them.

A zip holds data.pkl, and the numbers of each storage in data/<key>. An older file is a row of pickles (a magic number,
the version, facts of the machine, the value itself, the keys of its storages) with the storages' numbers behind them.
A module that is pickled by itself, as StyleGAN's files are, holds one such older file for each of its tensors. In all
of them the value speaks of storages by persistent ids. (torch/serialization.py and torch/_utils.py of PyTorch.)
"""

from collections.abc import Callable

import torch

from gan.foreign.found import Inert, Stored
from gan.foreign.readers import refusals
from gan.foreign.readers.pickle_machine import Names
from gan.foreign.readers.pickles import read_pickle
from gan.foreign.readers.plain_names import CALLS, STATES
from gan.foreign.readers.reading import Bytes, Reading
from gan.foreign.readers.tensors import Storage, TensorLocation, lay, new_storage
from gan.foreign.readers.zips import Zip
from gan.messages import say

_MAGIC = 0x1950A86A20F9469CFC6C
_VERSION = 1001
_MOST_KEY = 300  # letters of a storage's name
_STORAGES = {
    "Float": torch.float32,
    "Double": torch.float64,
    "Half": torch.float16,
    "BFloat16": torch.bfloat16,
    "Long": torch.int64,
    "Int": torch.int32,
    "Short": torch.int16,
    "Char": torch.int8,
    "Byte": torch.uint8,
    "Bool": torch.bool,
    "Untyped": torch.uint8,
    "ComplexFloat": torch.complex64,
    "ComplexDouble": torch.complex128,
    "QInt8": torch.qint8,
    "QUInt8": torch.quint8,
    "QInt32": torch.qint32,
}
_DTYPES = {
    f"torch.{word}": getattr(torch, word)
    for word in (
        "float16",
        "float32",
        "float64",
        "bfloat16",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "bool",
        "complex64",
        "complex128",
        "float8_e4m3fn",
        "float8_e5m2",
    )
}


def read_zip(archive: Zip, reading: Reading) -> object:
    """The value in a zip that torch.save wrote. Raises StudioError for every other zip, too."""
    names = archive.names
    pickles = [name for name in names if name.rpartition("/")[2] == "data.pkl"]
    unwanted = refusals.of_zip(names)
    if unwanted or len(pickles) != 1:
        raise refusals.refusal(reading.name, *(unwanted or refusals.PLAIN_ZIP))
    folder = pickles[0].removesuffix("data.pkl")
    big_endian = f"{folder}byteorder" in names and bytes(archive.read(f"{folder}byteorder")[:3]) == b"big"
    storages = _Storages(reading, lambda key: TensorLocation(archive.read(f"{folder}data/{key}"), big_endian))
    return read_pickle(Bytes(archive.read(pickles[0]), reading), NAMES, storages)


def read_stream(view: memoryview, reading: Reading) -> object:
    """The value of an older file of torch.save, or of a plain pickle, which begin in the same way."""
    data = Bytes(view, reading)
    first = read_pickle(data, NAMES, _Storages(reading, None))
    return _read_older(data, reading) if type(first) is int and first == _MAGIC else first


def _read_older(data: Bytes, reading: Reading) -> object:
    nothing = _Storages(reading, None)
    version, machine = read_pickle(data, NAMES, nothing), read_pickle(data, NAMES, nothing)
    if type(version) is not int or version != _VERSION or not isinstance(machine, dict):
        raise reading.broken(say("it is of a version of PyTorch's format that never was"))
    big_endian = machine.get("little_endian") is False
    storages = _Storages(reading, lambda key: TensorLocation(None, big_endian))
    tree = read_pickle(data, NAMES, storages)
    keys = read_pickle(data, NAMES, nothing)
    if not isinstance(keys, list):
        raise reading.broken(say("it does not say which storages it has"))
    for key in keys:
        storages.fill(key, data)
    storages.check_filled()
    return tree


class _Storages:
    """What persistent ids mean: ("storage", kind, key, where it was, how many numbers, a part of it) or ("module",
    class, ...).

    `place(key)` says where a storage's bytes are; without it there are none. Called with an id it gives the Storage,
    or the class.
    """

    def __init__(self, reading: Reading, place: Callable[[str], TensorLocation] | None):
        self._reading = reading
        self._place = place
        self._known: dict[str, Storage] = {}

    def __call__(self, identity) -> object:
        match identity:
            case ("storage", Inert(name=name), str(key), _, int(numbers), *part) if (
                place := self._place
            ) is not None and len(key) <= _MOST_KEY:
                return self._part(self._storage(place, name, key, numbers), part)
            case ("module", Inert() as kind, *_):
                return kind
        raise self._reading.broken(say("it speaks of something that lies outside of it"))

    def fill(self, key, data: Bytes) -> None:
        """Say of a storage of an older file where its numbers are: next, behind their count."""
        storage = self._known.get(key) if isinstance(key, str) else None
        numbers = data.whole(8)
        if storage is None or storage.place.view is not None or numbers != storage.shape[0]:
            raise self._reading.broken(say("its storages are not those that it speaks of"))
        storage.place.view = data.take(storage.nbytes)

    def check_filled(self) -> None:
        """Raise a StudioError where a storage has no numbers."""
        if any(storage.place.view is None for storage in self._known.values()):
            raise self._reading.broken(say("its storages are not those that it speaks of"))

    def _storage(self, place: Callable[[str], TensorLocation], name: str, key: str, numbers: int) -> Storage:
        word = name.rpartition(".")[2].removesuffix("Storage")
        dtype = _STORAGES.get(word) if name.startswith("torch.") else None
        if dtype is None:
            raise self._reading.broken(say("it has numbers of an unknown kind, {name!r}", name=name[:60]))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = new_storage(place(key), dtype, numbers, self._reading)
        if known.dtype != dtype or known.shape[0] != numbers:
            raise self._reading.broken(say("it speaks of its storage {key!r} in two ways", key=key[:60]))
        return known

    def _part(self, storage: Storage, part: list) -> Storage:
        """Before PyTorch 0.4 a storage could be a part of another: (key, first number, how many)."""
        match part:
            case [] | [None]:
                return storage
            case [(str(), 0, int(numbers))] if numbers == storage.shape[0]:
                return storage
        raise self._reading.broken(say("it has storages within storages, as PyTorch wrote before version 0.4"))


# Names of PyTorch's in pickles, and what they mean


def _tensor(reading: Reading, args: tuple) -> Stored:
    """_rebuild_tensor and _rebuild_tensor_v2(storage, offset, shape, stride, ...)."""
    match args:
        case (Storage() as storage, int(offset), tuple(shape), tuple(stride), *_):
            return lay(storage, storage.dtype, shape, stride, offset, reading)
    raise reading.broken(say("it holds a tensor that says not what it is"))


def _tensor_of_kind(reading: Reading, args: tuple) -> Stored:
    """_rebuild_tensor_v3(storage, offset, shape, stride, requires_grad, hooks, dtype, ...), for the newer kinds of
    numbers."""
    match args:
        case (Storage() as storage, int(offset), tuple(shape), tuple(stride), _, _, Inert(name=name), *_) if (
            name in _DTYPES
        ):
            return lay(storage, _DTYPES[name], shape, stride, offset, reading)
    raise reading.broken(say("it holds a tensor that says not what it is"))


def _parameter(reading: Reading, args: tuple) -> object:
    """_rebuild_parameter(data, requires_grad, hooks, ...): the data. It may be what no adapter wants, such as a sparse
    tensor."""
    if not args:
        raise reading.broken(say("it holds a parameter without numbers"))
    return args[0]


def _of_type(reading: Reading, args: tuple) -> object:
    """_rebuild_from_type_v2(function, type, arguments, state): tensors of classes of their own, or with attributes."""
    match args:
        case (Inert(name=name, args=()), _, tuple(inner), *_) if name in _TENSORS:
            return _TENSORS[name](reading, inner)
    return Inert("torch._tensor._rebuild_from_type_v2", args)


def _from_bytes(reading: Reading, args: tuple) -> object:
    """torch.storage._load_from_bytes(bytes): a whole file of torch.save within this one."""
    match args:
        case (memoryview() as data,):
            with reading.nested(len(data)):
                return read_zip(Zip(data, reading), reading) if bytes(data[:2]) == b"PK" else read_stream(data, reading)
    raise reading.broken(say("it holds a file within it that is none"))


_TENSORS = {
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_tensor_v3": _tensor_of_kind,
    "torch._utils._rebuild_parameter": _parameter,
    "torch._utils._rebuild_parameter_with_state": _parameter,
}
NAMES = Names(
    {
        **CALLS,
        **_TENSORS,
        "torch._tensor._rebuild_from_type_v2": _of_type,
        "torch.nn.parameter.Parameter": _parameter,
        "torch.storage._load_from_bytes": _from_bytes,
        "torch.Size": CALLS["builtins.tuple"],
    },
    STATES,
)
