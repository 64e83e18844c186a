"""Nested training states in one safetensors file: tensors beside a JSON skeleton, nothing pickled."""

import json
import zlib
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import MISSING, UNREADABLE, file_in
from gan.store.weights import write_tensors

_SUM = "crc32"
_ANEW = say("Put a copy of it there, or start a new run, from a snapshot if there is one.")


def save_state(state: dict[str, Any], path: Path) -> None:
    """Write nested dicts, lists, numbers and tensors. The file appears whole or not at all. Raises StudioError."""
    tensors: dict[str, torch.Tensor] = {}
    skeleton = json.dumps(_strip(state, "", tensors))
    write_tensors(tensors, path, {"skeleton": skeleton, _SUM: _sum(tensors)})


def load_state(path: Path) -> dict[str, Any]:
    """The inverse of `save_state`. Raises StudioError where the file is missing, broken or no longer what was saved."""
    if not path.exists():
        raise StudioError(say("{file} is missing.", file=file_in(path)), _ANEW, MISSING)
    try:
        with safe_open(path, framework="pt") as file:
            told = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no dict)
        whole = told.get(_SUM) in (None, _sum(tensors))  # none: an older version wrote it
        state = _fill(json.loads(told["skeleton"]), tensors)
    except (OSError, SafetensorError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise StudioError(say("{file} is broken.", file=file_in(path)), _ANEW, UNREADABLE) from error
    if not whole:
        raise StudioError(say("{file} is damaged: its checksum is wrong.", file=file_in(path)), _ANEW, UNREADABLE)
    return state


def check_state(path: Path) -> None:
    """Raise StudioError where `load_state` would, without having all of it in memory at once."""
    if not path.exists():
        raise StudioError(say("{file} is missing.", file=file_in(path)), _ANEW, MISSING)
    try:
        with safe_open(path, framework="pt") as file:
            total = 0
            for name in sorted(file.keys()):
                total = _added(total, file.get_tensor(name))
            told = file.metadata()
            json.loads(told["skeleton"])
    except (OSError, SafetensorError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise StudioError(say("{file} is broken.", file=file_in(path)), _ANEW, UNREADABLE) from error
    if told.get(_SUM) not in (None, f"{total:08x}"):
        raise StudioError(say("{file} is damaged: its checksum is wrong.", file=file_in(path)), _ANEW, UNREADABLE)


def _sum(tensors: dict[str, torch.Tensor]) -> str:
    """CRC-32 of all tensors' bytes in the order of their names: 3 GB a second, beside a disk that takes less."""
    total = 0
    for name in sorted(tensors):
        total = _added(total, tensors[name])
    return f"{total:08x}"


def _added(total: int, tensor: torch.Tensor) -> int:
    return zlib.crc32(tensor.flatten().view(torch.uint8).numpy().data, total) if tensor.numel() else total


def _strip(value: Any, name: str, tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
    """The value as JSON, with each tensor moved to `tensors` under its path."""
    if isinstance(value, torch.Tensor):
        tensors[name] = value.detach().cpu().contiguous()
        return {"tensor": name}
    if isinstance(value, dict):
        return {"dict": [[key, _strip(v, f"{name}/{key}", tensors)] for key, v in value.items()]}
    if isinstance(value, (list, tuple)):
        return {"list": [_strip(v, f"{name}/{i}", tensors) for i, v in enumerate(value)]}
    return {"value": value}


def _fill(node: dict[str, Any], tensors: dict[str, torch.Tensor]) -> Any:
    ((kind, value),) = node.items()
    if kind == "tensor":
        return tensors[value]
    if kind == "dict":
        return {key: _fill(v, tensors) for key, v in value}
    return [_fill(v, tensors) for v in value] if kind == "list" else value
