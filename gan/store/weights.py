"""Weights on disk: safetensors only, looked at before anything is allocated, and fitted strictly.

A weights file may come from a stranger. Its header is read and compared with the network that config.json describes,
built on device "meta", so that a lying or a huge file costs nothing. Nothing is ever unpickled.
Format: 8 bytes length of the header, the header (JSON: name -> dtype, shape, data_offsets), the numbers.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import UNREADABLE, cannot_read, cannot_write, whole_file

SIGNATURE = "gan-studio"  # in the metadata of weights that were written here, which are never guessed at
MOST_BYTES = 2 * 1024**3
MOST_HEADER_BYTES = 4 * 1024**2
_PICKLES = (".pkl", ".pickle", ".pt", ".pth", ".bin", ".ckpt", ".joblib")
_ITEM_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}
_OTHER_KIND = re.compile(r"F[468]_[A-Z0-9]{1,12}|F4|U(16|32|64)|C64")  # that safetensors knows besides
_BROKEN = say("Fetch or copy it again, or ask whoever made it.")
_BY_ITSELF = say(
    "Give that file by itself, without this config.json: it is read as a checkpoint, and nothing in it is run."
)
_PAIR = say("The two files must come from the same model.")
_STARTS = (
    (
        b"version https://git-lfs",
        say("is only a Git LFS pointer to the weights, not the weights"),
        say("Run `git lfs pull` in the folder that it came from."),
    ),
    (b"PK", say("is a zip file or a PyTorch pickle, not safetensors"), _BY_ITSELF),
    (b"\x80", say("is a pickle, not safetensors"), _BY_ITSELF),
    (
        b"<",
        say("is a web page, not weights"),
        say("Fetch it again: the site answered with a page instead of the file."),
    ),
)


@dataclass(frozen=True)
class Entry:
    """What a header says of one tensor."""

    dtype: str
    shape: tuple[int, ...]


Network = TypeVar("Network", bound=nn.Module)


def load_weights(build: Callable[[str], Network], path: Path, label: str, wanted: str | None = None) -> Network:
    """The network of `build(device)` with the weights in `path`, in train mode on the CPU.

    `label` names the model in sentences, `wanted` is the file's checksum where it is known. Raises StudioError for a
    file that is cut short, lies, does not fit the network, is too big or damaged, or holds numbers that are not finite.
    """
    what = say("{name} of {label}", name=path.name, label=label)
    try:
        check_fit(build("meta"), read_header(path, what), what)
        check_sum(path, wanted, what)
        tensors = load_file(path)
    except (SafetensorError, OSError) as error:
        raise StudioError(say("{what} could not be read: {error}.", what=what, error=error), _BROKEN) from error
    network = build("cpu")
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise StudioError(
                say("{what} holds weights that are not finite numbers, in {name}.", what=what, name=name),
                "The training that made it has diverged; choose an earlier snapshot.",
            )
    network.load_state_dict(tensors, strict=True)
    return network


def save_weights(network: nn.Module, path: Path) -> None:
    """Write a network's weights, whole or not at all."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    write_tensors(tensors, path, {"format": "pt", SIGNATURE: "model"})


def write_tensors(tensors: dict[str, torch.Tensor], path: Path, metadata: dict[str, str] | None = None) -> None:
    """A safetensors file, whole or not at all. Raises StudioError where the disk does not take it."""
    with whole_file(path) as part:
        try:
            save_file(tensors, part, metadata=metadata)
        except SafetensorError as error:  # its word for a full disk
            raise cannot_write(path, error) from error
        if metadata and len(metadata) > 1:
            _sort_metadata(part)


def _sort_metadata(part: Path) -> None:
    """Put the metadata in the order of its names: safetensors writes it in any, and the same weights should be the
    same file, with the same checksum and the same id."""
    with part.open("r+b") as file:
        length = int.from_bytes(file.read(8), "little")
        table = json.loads(file.read(length))
        table["__metadata__"] = dict(sorted(table["__metadata__"].items()))
        header = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
        if len(header) <= length:  # the rest of a header is spaces
            file.seek(8)
            file.write(header.ljust(length))


def is_signed(path: Path) -> bool:
    """Whether a weights file was written here, as far as its header can be read. Pipes and devices are not opened."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            return length <= MOST_HEADER_BYTES and _signed(file.read(length))
    except OSError:
        return False


def _signed(header: bytes) -> bool:
    """Also of a header that is cut short, or in which a byte has flipped elsewhere."""
    return f'"{SIGNATURE}":'.encode() in header


def checksum(path: Path) -> str:
    """The SHA-256 of a file, in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else _digest(file)


def _digest(file: BinaryIO) -> str:  # Python 3.10
    total = hashlib.sha256()
    while piece := file.read(2**20):
        total.update(piece)
    return total.hexdigest()


def check_sum(path: Path, wanted: str | None, what: str) -> None:
    """Raise StudioError where a file is not the one whose checksum is `wanted`; None where none is known."""
    try:
        sound = wanted is None or checksum(path) == wanted
    except OSError as error:
        raise cannot_read(what, error) from error
    if not sound:
        raise StudioError(
            say("{what} is damaged: its checksum is not the one that its config.json tells.", what=what),
            "Copy the whole folder again; if you changed the weights yourself, take `checksums` out of config.json.",
            UNREADABLE,
        )


def read_header(path: Path, what: str) -> dict[str, Entry]:
    """The header of a safetensors file, held against the file's length. Reads at most 4 MiB."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(64)
        length = int.from_bytes(start[:8], "little")
        if length > min(size - 8, MOST_HEADER_BYTES):
            raise _not_a_header(start, length, what)
        file.seek(8)
        text = file.read(length)
    if text.count(b"[") + text.count(b"{") > length // 12 + 8:  # a tensor has three, and no fewer than 50 letters
        raise StudioError(say("{what} has a header that is not a table of tensors.", what=what), _BROKEN)
    try:
        table = json.loads(str(text, "utf-8"))
    except (ValueError, RecursionError):
        raise StudioError(say("{what} has a header that is not JSON.", what=what), _BROKEN) from None
    if not isinstance(table, dict):
        raise StudioError(say("{what} has a header that is not a table of tensors.", what=what), _BROKEN)
    table.pop("__metadata__", None)
    entries = {name: _entry(name, about, what) for name, about in table.items()}
    _check_offsets([table[name]["data_offsets"] for name in table], size - 8 - length, what)
    return entries


def too_big(what: str, size: int) -> StudioError:
    """The sentence for a file or a network of `size` bytes."""
    return StudioError(
        say("{what} would take {size:,.0f} MiB, more than it may.", what=what, size=size / 1024**2),
        "A model's weights may take 2 GiB, its texts 1 MiB; choose a smaller model.",
    )


def pickle_among(names: Iterable[str]) -> str | None:
    """The first file name that looks like pickled weights, if any does."""
    return next((name for name in sorted(names) if name.lower().endswith(_PICKLES)), None)


def pickle_offered(label: str, wanted: str, pickle: str) -> StudioError:
    """The sentence for a model that has a pickle in place of the file `wanted`."""
    return StudioError(
        say("{label} has no {wanted}, only {pickle}, a pickle.", label=label, wanted=wanted, pickle=_short(pickle)),
        _BY_ITSELF,
    )


def check_fit(network: nn.Module, header: dict[str, Entry], what: str) -> None:
    """Raise a StudioError unless the header names exactly the tensors of `network`, in its shapes, within 2 GiB."""
    wanted = network.state_dict()
    check_size(network, what)
    missing, extra = [n for n in wanted if n not in header], [n for n in header if n not in wanted]
    if missing:
        raise StudioError(
            say("{what} lacks {missing}, which its config.json asks for.", what=what, missing=_names(missing)), _PAIR
        )
    if extra:
        raise StudioError(
            say("{what} holds {extra}, which its config.json does not know.", what=what, extra=_names(extra)), _PAIR
        )
    for name, tensor in wanted.items():
        entry = header[name]
        if entry.shape != tuple(tensor.shape):
            raise StudioError(
                say(
                    "{name} in {what} has the shape {shape} where its config.json asks for {shape2}.",
                    name=name,
                    what=what,
                    shape=_shape(entry.shape),
                    shape2=_shape(tensor.shape),
                ),
                _PAIR,
            )
        if tensor.is_floating_point() != ("F" in entry.dtype):
            raise StudioError(
                say(
                    "{name} in {what} holds numbers of the kind {dtype}, which do not fit it.",
                    name=name,
                    what=what,
                    dtype=entry.dtype,
                ),
                _PAIR,
            )


def check_size(network: nn.Module, what: str) -> None:
    """Raise a StudioError where the network's numbers would take more than 2 GiB."""
    size = sum(tensor.numel() * tensor.element_size() for tensor in network.state_dict().values())
    if size > MOST_BYTES:
        raise too_big(what, size)


def _not_a_header(start: bytes, length: int, what: str) -> StudioError:
    for magic, fault, hint in _STARTS:
        if start.startswith(magic):
            return StudioError(say("{what} {fault}.", what=what, fault=fault), hint)
    if length <= MOST_HEADER_BYTES:
        return StudioError(say("{what} is cut short: it ends inside its header.", what=what), _BROKEN)
    return StudioError(
        say("{what} is not a safetensors file: its header claims {length:,} bytes.", what=what, length=length), _BROKEN
    )


def _entry(name: str, about: Any, what: str) -> Entry:
    """One row of the header, checked: kind, shape, and as many bytes as these need."""
    fault = StudioError(
        say("{what} has a header that makes no sense at {name}.", what=what, name=_short(name)), _BROKEN
    )
    kind = about.get("dtype") if isinstance(about, dict) else None
    if isinstance(kind, str) and _OTHER_KIND.fullmatch(kind):
        raise StudioError(
            say(
                "{what} holds numbers of the kind {kind}, which are not read here, in {name}.",
                what=what,
                kind=kind,
                name=_short(name),
            ),
            "Ask its author for a file with numbers of 16 or 32 bits.",
        )
    if not isinstance(kind, str) or kind not in _ITEM_BYTES:
        raise fault
    shape, offsets = about.get("shape"), about.get("data_offsets")
    if not _whole_numbers(shape, most=8) or not _whole_numbers(offsets, most=2) or len(offsets) != 2:
        raise fault
    if offsets[1] - offsets[0] != math.prod(shape) * _ITEM_BYTES[about["dtype"]]:
        raise fault
    return Entry(about["dtype"], tuple(shape))


def _whole_numbers(values: Any, most: int) -> bool:
    return isinstance(values, list) and len(values) <= most and all(type(v) is int and 0 <= v < 2**62 for v in values)


def _check_offsets(offsets: list[list[int]], size: int, what: str) -> None:
    """The tensors must lie one behind the other and fill the file: no gap, no overlap, nothing missing."""
    end = 0
    for first, last in sorted(offsets):
        if first != end:
            raise StudioError(say("{what} has a header whose tensors overlap or leave gaps.", what=what), _BROKEN)
        end = last
    if end > size:
        raise StudioError(
            say("{what} is cut short: it holds {size:,} of {end:,} bytes.", what=what, size=size, end=end), _BROKEN
        )
    if end < size:
        raise StudioError(
            say("{what} holds {size:,} bytes more than its header speaks of.", what=what, size=size - end), _BROKEN
        )


def _names(names: list[str]) -> str:
    first = _short(names[0])
    return say("{names} and {count:,} more", names=first, count=len(names) - 1) if len(names) > 1 else first


def _short(name: str) -> str:
    return repr(name) if len(name) <= 60 else repr(name[:57] + "...")


def _shape(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape)) or say("of a single number")
