"""A foreign file as a tree of plain values, whatever wrote it. What it is, its first bytes say: names are not believed.

The tree consists of dict, list, tuple, str, int, float, bool, None, memoryview (of bytes), Stored and Inert. Nothing
that the file names is imported or called. Its tensors stay in the file, which stays open as long as they are held.
"""

import mmap
import stat
from functools import partial
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from gan.errors import StudioError
from gan.foreign.found import Stored
from gan.foreign.readers import refusals
from gan.foreign.readers.hdf5 import MAGIC
from gan.foreign.readers.keras_file import is_keras_zip, read_keras_h5, read_keras_zip
from gan.foreign.readers.onnx_file import is_onnx, read_onnx
from gan.foreign.readers.reading import Reading
from gan.foreign.readers.torch_file import read_stream, read_zip
from gan.foreign.readers.zips import Zip
from gan.messages import say
from gan.store.safetensors_header import read_header

_OLD_PICKLES = b"(c}]"  # what pickles of protocols 0 and 1 begin with; they end with a full stop
_KINDS = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}


def read_tree(path: Path, name: str) -> object:
    """The tree in the file at `path`, which is called `name` in sentences.

    Values may lie in themselves, and in each other in very many ways: who follows all of them has to remember where it
    was. Raises StudioError for a file that is damaged, hostile or of no kind that holds weights. Takes about a second
    for each 10 MB of instructions at most, and no more memory than the file is long and 50 MB; tensors cost only when
    they are read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StudioError(say("{name} is not a file.", name=name), "Choose the file with the weights.")
        with path.open("rb") as file:
            size = file.seek(0, 2)
            if not size:
                raise refusals.refusal(name, say("empty"), say("Fetch it again: nothing of it has arrived."))
            view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise StudioError(
            say("{name} cannot be read: {strerror}.", name=name, strerror=error.strerror),
            "Look whether the file is still there.",
        ) from error
    start, end = bytes(view[:512]), bytes(view[-8:])
    if start.startswith(b"PK\3\4"):
        reading = Reading(name, size)
        archive = Zip(view, reading)
        return read_keras_zip(archive, reading) if is_keras_zip(archive) else read_zip(archive, reading)
    if start.startswith(MAGIC):
        return read_keras_h5(view, Reading(name, size))
    if start[:1] == b"\x80" or start[:1] in _OLD_PICKLES and end.rstrip().endswith(b"."):
        return read_stream(view, Reading(name, size))
    if start[8:9] == b"{":
        return _read_safetensors(path, name)
    if is_onnx(start):
        return read_onnx(view, Reading(name, size))
    raise refusals.refusal(name, *refusals.of_start(start, end))


def _read_safetensors(path: Path, name: str) -> dict[str, Stored]:
    return {
        word: Stored(entry.shape, _KINDS[entry.dtype], partial(_read_tensor, path, name, word))
        for word, entry in read_header(path, name).items()
    }


def _read_tensor(path: Path, name: str, word: str) -> Tensor:
    try:
        with safe_open(path, framework="pt") as file:
            return file.get_tensor(word).clone()  # in memory of its own, and aligned
    except (SafetensorError, OSError) as error:
        raise StudioError(
            say("{name} could not be read: {error}.", name=name, error=error), "Fetch or copy it again."
        ) from error
