"""What other people's repositories on the Hub hold, small: a maker of files for each format that is read.

REPOSITORIES["official"].make(folder)     # {"network-snapshot-000200.pkl": b"...", ...}; `file` is the one that is read
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from foreign import fastgan, lightweight_gan, rosinality
from foreign.keras_files import keras_file
from foreign.official_pickle import write_pickle
from foreign.onnx_files import model, node
from foreign.stacks_of_the_world import cryptopunks, dcgan, randomised
from safetensors.torch import save as safetensors
from torch import nn

from gan.networks.registry import build_discriminator, build_generator

_OFFICIAL = {"side": 16, "channel_base": 64, "channel_max": 8}


@dataclass(frozen=True)
class Repository:
    """make: its files by their names, given an empty folder. file: which of them is read. kind: words on what it is."""

    make: Callable[[Path], dict[str, bytes]]
    file: str
    kind: str


def saved(content) -> bytes:
    """What torch.save writes."""
    file = io.BytesIO()
    torch.save(content, file)
    return file.getvalue()


def _official(folder: Path) -> dict[str, bytes]:
    torch.manual_seed(0)
    g = build_generator("stylegan2", {**_OFFICIAL, "z_dim": 5, "w_dim": 6, "mapping_layers": 2})
    path = folder / "snapshot.pkl"
    write_pickle(path, g.state_dict(), build_discriminator("stylegan2", _OFFICIAL).state_dict(), trap=folder / "trap")
    return {
        "network-snapshot-000100.pkl": b"x" * 90,
        "network-snapshot-000200.pkl": path.read_bytes(),
        "train.py": b"1",
    }


def _rosinality(folder: Path) -> dict[str, bytes]:
    """A checkpoint with an optimiser's beside it."""
    torch.manual_seed(0)
    table = rosinality.Generator([8, 8, 6], z_dim=5, layers=3, channels=3).state_dict()
    return {
        "550000.pt": saved({"g_ema": table, "latent_avg": torch.zeros(5)}),
        "optimizer.pt": b"x" * 5000,
        "README.md": b"# Faces",
    }


def _lightweight(folder: Path) -> dict[str, bytes]:
    torch.manual_seed(0)
    g = lightweight_gan.trained(lightweight_gan.Generator("2022", 6, (6, 5, 4)))
    table = {f"GE.{name}": tensor for name, tensor in g.state_dict().items()}
    return {
        "config.json": json.dumps({"image_size": 32, "latent_dim": 6}).encode(),
        "model.pt": saved({"GAN": table, "version": "1.1.1"}),
    }


def _fastgan(folder: Path) -> dict[str, bytes]:
    torch.manual_seed(0)
    g = fastgan.trained(fastgan.Generator(width=4))
    return {"config.json": b'{"nz": 6}', "pytorch_model.bin": saved(fastgan.port_names(g.state_dict()))}


def _mixin(folder: Path) -> dict[str, bytes]:
    """As PyTorchModelHubMixin pushes a model: what its constructor was given, and safetensors."""
    table = {name: tensor.contiguous() for name, tensor in randomised(dcgan(nz=10, ngf=4)).state_dict().items()}
    config = {"nz": 10, "ngf": 4, "nc": 3}
    return {
        "config.json": json.dumps(config).encode(),
        "model.safetensors": safetensors(table),
        "README.md": b"# DCGAN",
    }


def _punks(folder: Path) -> dict[str, bytes]:
    """Four channels, and a pickled file beside its discriminator's."""
    return {"generator.pth": saved(randomised(cryptopunks()).state_dict()), "discriminator.pth": b"x" * 9000}


def _onnx(folder: Path) -> dict[str, bytes]:
    torch.manual_seed(0)
    network = nn.Sequential(nn.ConvTranspose2d(5, 6, 4), nn.ReLU(), nn.ConvTranspose2d(6, 3, 4, 2, 1), nn.Tanh())
    first = dict(kernel_shape=[4, 4], strides=[1, 1], pads=[0, 0, 0, 0])
    nodes = [
        node("ConvTranspose", "z 0.weight 0.bias", "a", **first),
        node("Relu", "a", "b"),
        node("ConvTranspose", "b 2.weight 2.bias", "c", **first | dict(strides=[2, 2], pads=[1, 1, 1, 1])),
        node("Tanh", "c", "x"),
    ]
    return {"generator.onnx": model(nodes, network.state_dict(), {"z": ["batch", 5, 1, 1]}, ["x"])}


REPOSITORIES = {
    "official": Repository(_official, "network-snapshot-000200.pkl", "a StyleGAN2 of the official PyTorch code"),
    "rosinality": Repository(_rosinality, "550000.pt", "StyleGAN2"),
    "lightweight": Repository(_lightweight, "model.pt", "LightweightGAN"),
    "fastgan": Repository(_fastgan, "pytorch_model.bin", "FastGAN"),
    "mixin": Repository(_mixin, "model.safetensors", "DCGAN"),
    "punks": Repository(_punks, "generator.pth", "CryptoPunks"),
    "keras": Repository(
        lambda folder: {"generator.keras": keras_file("k2_plain.keras"), "README.md": b"#"}, "generator.keras", "Keras"
    ),
    "onnx": Repository(_onnx, "generator.onnx", "ONNX"),
}
