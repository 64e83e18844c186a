"""Nested training states in one safetensors file: tensors beside a JSON skeleton, nothing pickled."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from gan.errors import StudioError
from gan.messages import say
from gan.store.weights import write_tensors


def save_state(state: dict[str, Any], path: Path) -> None:
    """Write nested dicts, lists, numbers and tensors. The file appears whole or not at all."""
    tensors: dict[str, torch.Tensor] = {}
    skeleton = json.dumps(_strip(state, "", tensors))
    write_tensors(tensors, path, {"skeleton": skeleton})


def load_state(path: Path) -> dict[str, Any]:
    """The inverse of `save_state`. Raises StudioError where the file is missing or broken."""
    try:
        with safe_open(path, framework="pt") as file:
            return _fill(json.loads(file.metadata()["skeleton"]), file)
    except (OSError, SafetensorError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise StudioError(
            say("{name} of this run is missing or broken.", name=path.name),
            "Start a new run, from a snapshot if there is one.",
        ) from error


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


def _fill(node: dict[str, Any], file: Any) -> Any:
    ((kind, value),) = node.items()
    if kind == "tensor":
        return file.get_tensor(value)
    if kind == "dict":
        return {key: _fill(v, file) for key, v in value}
    return [_fill(v, file) for v in value] if kind == "list" else value
