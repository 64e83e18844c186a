"""Weights on disk: safetensors only, looked at before anything is allocated, and fitted strictly.

A weights file may come from a stranger. Its header is read and compared with the network that config.json describes,
built on device "meta", so that a lying or a huge file costs nothing. Nothing is ever unpickled.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import UNREADABLE, cannot_read, cannot_write, whole_file
from gan.store.safetensors_header import BROKEN, BY_ITSELF, MOST_HEADER_BYTES, Entry, read_header, short_name

SIGNATURE = "gan-studio"  # in the metadata of weights that were written here, which are never guessed at
MOST_BYTES = 2 * 1024**3
_PICKLES = (".pkl", ".pickle", ".pt", ".pth", ".bin", ".ckpt", ".joblib")
_PAIR = say("The two files must come from the same model.")
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
        raise StudioError(say("{what} could not be read: {error}.", what=what, error=error), BROKEN) from error
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
    """Write a network's weights, whole or not at all. Raises StudioError where the disk does not take it."""
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
        say("{label} has no {wanted}, only {pickle}, a pickle.", label=label, wanted=wanted, pickle=short_name(pickle)),
        BY_ITSELF,
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


def _names(names: list[str]) -> str:
    first = short_name(names[0])
    return say("{names} and {count:,} more", names=first, count=len(names) - 1) if len(names) > 1 else first


def _shape(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape)) or say("of a single number")
