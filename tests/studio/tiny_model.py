"""A tiny model as a folder, and the ways in which a file of it can be made to lie."""

import json
import struct

import pytest
import torch

from gan.errors import StudioError
from gan.store.model_config import ModelConfig
from gan.store.model_folder import load_generator, read_config, write_model

NETWORK = {"image_shape": [1, 8, 8], "hidden": [16], "num_classes": 2}
CONFIG = ModelConfig(
    "mlp",
    {**NETWORK, "z_dim": 6},
    NETWORK,
    title="Tiny",
    summary="Dots.",
    licence="CC0",
    data="none",
    classes=("a", "b"),
    psi=0.8,
    pixel_art=True,
    trained={"kimg": 3, "note": [1, None, "x"]},
)


def write_tiny(path, checksums: bool = False):
    """A folder as older versions wrote it, or with the checksums that tell flipped bits."""
    torch.manual_seed(0)
    write_model(path, CONFIG, CONFIG.build_generator(), CONFIG.build_discriminator(), "# Tiny")
    if not checksums:
        forget_checksums(path)
    return path


def forget_checksums(folder) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({k: v for k, v in json.loads(path.read_text()).items() if k != "checksums"}))


def sentence(call, *args, **keywords) -> str:
    with pytest.raises(StudioError) as caught:
        call(*args, **keywords)
    assert caught.value.message.endswith(".") and len(str(caught.value)) < 500
    return caught.value.message


def change_config(folder, **values) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def change_header(folder, change) -> None:
    """Rewrite the header of model.safetensors through `change(table)`, keeping the numbers."""
    path = folder / "model.safetensors"
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    table = json.loads(raw[8 : 8 + length])
    change(table)
    text = json.dumps(table).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + raw[8 + length :])


def load(folder):
    return load_generator(folder, read_config(folder))


def entry(**changes):
    """A change of the header that gives out.bias other values."""
    return lambda table: table["out.bias"].update(changes)
