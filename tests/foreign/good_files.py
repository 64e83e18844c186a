"""Files as others write them, small: with PyTorch's own torch.save, with pickle, and with a stand-in for StyleGAN's
classes."""

import collections
import contextlib
import io
import pickle
import sys
import types

import numpy as np
import torch
from safetensors.torch import save
from torch import nn

from gan.foreign.found import Inert, Stored


class Block(nn.Module):
    """A network with what generators have: layers within layers, buffers, one of which is not saved, numbers of many
    kinds."""

    def __init__(self, wide=4):
        super().__init__()
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(3, wide, 4), nn.BatchNorm2d(wide), nn.ReLU(), nn.Conv2d(wide, 3, 1, bias=False)
        )
        self.register_buffer("filter", torch.tensor([1.0, 3.0, 3.0, 1.0]))
        self.register_buffer("passing", torch.ones(2), persistent=False)
        self.gains = nn.Parameter(torch.linspace(-1, 1, 6).half().reshape(2, 3))


def module(seed=0) -> Block:
    torch.manual_seed(seed)
    return Block()


def values() -> dict:
    """Everything a checkpoint may hold that torch.load with weights_only=True also takes."""
    base = torch.arange(24.0).reshape(4, 6)
    return {
        "state": module().state_dict(),
        "nested": {"list": [1, 2.5, None, True, "words", "é", (1, (2, 3))], 3: "three"},
        "parameter": nn.Parameter(torch.ones(2, 2)),
        "half": torch.ones(3).half(),
        "bfloat": torch.ones(3).bfloat16(),
        "double": torch.rand(2, 2, dtype=torch.float64),
        "long": torch.arange(5),
        "int": torch.arange(5, dtype=torch.int32),
        "short": torch.arange(5, dtype=torch.int16),
        "byte": torch.arange(5, dtype=torch.uint8),
        "char": torch.arange(-2, 3, dtype=torch.int8),
        "bool": torch.tensor([True, False, True]),
        "base": base,
        "shared": base,
        "row": base[2],
        "turned": base.t(),
        "part": base[1:3, ::2],
        "number": torch.tensor(7.0),
        "empty": torch.empty(0, 3),
        "size": torch.Size([2, 3]),
        "ordered": collections.OrderedDict(a=torch.zeros(2)),
    }


def torch_bytes(value, zipped=True, **options) -> bytes:
    file = io.BytesIO()
    torch.save(value, file, _use_new_zipfile_serialization=zipped, **options)
    return file.getvalue()


class EasyDict(dict):
    """dnnlib.util.EasyDict: a dict by attributes."""


def _reconstruct_persistent_obj(meta):
    raise AssertionError("foreign code was run")


EasyDict.__module__, EasyDict.__qualname__ = "dnnlib.util", "EasyDict"
_reconstruct_persistent_obj.__module__ = "torch_utils.persistence"


class Persistent(nn.Module):
    """A module that carries its own source, as torch_utils.persistence makes them."""

    def __init__(self, *args, **kwargs):
        super().__init__()
        self._init_args, self._init_kwargs = args, EasyDict(kwargs)

    def __reduce__(self):
        meta = EasyDict(
            type="class",
            version=6,
            module_src="raise AssertionError('foreign source was run')\n" * 50,
            class_name=type(self).__name__,
            state=self.__dict__,
        )
        return _reconstruct_persistent_obj, (meta,), None


class Layer(Persistent):
    def __init__(self, width: int):
        super().__init__(width, activation="lrelu")
        self.weight = nn.Parameter(torch.randn(width, width, 3, 3))
        self.register_buffer("noise_const", torch.randn(4, 4))


class Generator(Persistent):
    def __init__(self, layers: int, width: int):
        super().__init__(z_dim=width, img_resolution=2 ** (layers + 1))
        self.z_dim = width
        for i in range(layers):
            setattr(self, f"b{4 * 2**i}", Layer(width))


@contextlib.contextmanager
def _stand_ins():
    """dnnlib and torch_utils, only while something is written."""
    made = {
        name: types.ModuleType(name) for name in ("dnnlib", "dnnlib.util", "torch_utils", "torch_utils.persistence")
    }
    made["dnnlib.util"].EasyDict = EasyDict
    made["torch_utils.persistence"]._reconstruct_persistent_obj = _reconstruct_persistent_obj
    sys.modules.update(made)
    try:
        yield
    finally:
        for name in made:
            del sys.modules[name]


def stylegan_pickle(file, layers=2, width=4, protocol=3) -> dict[str, torch.Tensor]:
    """Write a file like those of StyleGAN2-ADA, and give the weights of its G_ema."""
    torch.manual_seed(0)
    nets = {name: Generator(layers, width).eval() for name in ("G", "D", "G_ema")}
    with _stand_ins():
        pickle.dump(
            {
                **nets,
                "training_set_kwargs": EasyDict(class_name="training.dataset.ImageFolderDataset", resolution=8),
                "augment_pipe": None,
            },
            file,
            protocol=protocol,
        )
    return nets["G_ema"].state_dict()


def stylegan_bytes(protocol=3) -> bytes:
    file = io.BytesIO()
    stylegan_pickle(file, protocol=protocol)
    return file.getvalue()


def arrays() -> dict:
    """What StyleGAN's older files keep: numpy's arrays and numbers."""
    grid = np.arange(12, dtype=np.float32).reshape(3, 4)
    return {
        "grid": grid,
        "turned": np.asfortranarray(grid),
        "double": grid.astype(np.float64),
        "big": grid.astype(">f4"),
        "ints": np.arange(5),
        "flags": grid > 3,
        "none": np.zeros((0, 2), np.float32),
        "number": np.array(2.5),
        "scalar": np.float32(1.5),
        "count": np.int64(7),
        "words": np.array(["a", "b"]),
    }


def safetensors_bytes() -> bytes:
    return save({name: tensor.contiguous() for name, tensor in module().state_dict().items()})


# name -> its bytes: one for every way in which a file is written
GOOD = {
    "zip": lambda: torch_bytes(values()),
    "older": lambda: torch_bytes(values(), zipped=False),
    "zip-module": lambda: torch_bytes(module()),
    "stylegan": stylegan_bytes,
    "stylegan-protocol-5": lambda: stylegan_bytes(5),
    "numpy-protocol-2": lambda: pickle.dumps(arrays(), 2),
    "protocol-0": lambda: pickle.dumps({"net": module(), "more": [1, "ä", {2}, b"bytes", 10**20]}, 0),
    "protocol-4": lambda: pickle.dumps({"net": module(), "more": [1, "ä", {2}, b"bytes", 10**20]}, 4),
    "safetensors": safetensors_bytes,
}


def all_stored(tree) -> list[Stored]:
    """Every tensor in a tree, each once, whatever lies in what."""
    seen, waiting, found = {}, [tree], []
    while waiting:
        at = waiting.pop()
        if id(at) in seen or isinstance(at, (str, int, float, memoryview, bytes, type(None))):
            continue
        seen[id(at)] = at
        if isinstance(at, Stored):
            found.append(at)
        elif isinstance(at, Inert):
            waiting += [at.args, at.state]
        else:
            waiting += at.values() if isinstance(at, dict) else at
    return found
