"""Pickles as NVlabs' StyleGAN2 and StyleGAN3 write them, made from tables of weights with their names.

Every module is pickled through torch_utils.persistence: with the source text of its class, which unpickling would run.
Here that text would write a file.
"""

import pickle
import sys
import types
from collections import OrderedDict
from pathlib import Path

from torch import Tensor, nn

_BUFFERS = "resample_filter", "noise_const", "w_avg"
_CONVOLUTIONS = "conv", "conv0", "conv1", "torgb", "fromrgb"
_DENSE = "affine", "embed", "out"


def write_pickle(
    path: Path,
    generator: dict[str, Tensor],
    discriminator: dict[str, Tensor] | None = None,
    *,
    trap: Path,
    clamp: float | None = None,
    group: int | None = 4,
    name: str = "G_ema",
) -> None:
    """Write the pair as dict(G, D, G_ema, ...); `trap` is the file that its source text would write."""
    source = f"open({str(trap)!r}, 'w').write('run')\nraise SystemExit('source text was run')\n"
    persistence, dnnlib = _stand_ins()
    before = {word: sys.modules.get(word) for word in (*persistence, *dnnlib)}
    sys.modules.update({**persistence, **dnnlib})
    try:
        kwargs = dnnlib["dnnlib.util"].EasyDict(channel_base=64, channel_max=8)
        g = _network(generator, "Generator", source, clamp, group, dict(z_dim=5, synthesis_kwargs=kwargs))
        d = discriminator and _network(discriminator, "Discriminator", source, clamp, group, {})
        content = {"G": g, "D": d, "G_ema": g, "augment_pipe": None, "training_set_kwargs": kwargs}
        content = content if name == "G_ema" else {name: g}
        path.write_bytes(pickle.dumps(content, protocol=4))
    finally:
        for word, module in before.items():
            if module is None:
                del sys.modules[word]
            else:
                sys.modules[word] = module


def _stand_ins() -> tuple[dict, dict]:
    """torch_utils.persistence and dnnlib.util, as far as pickle names things in them."""
    persistence, util = types.ModuleType("torch_utils.persistence"), types.ModuleType("dnnlib.util")
    persistence._reconstruct_persistent_obj = _reconstruct_persistent_obj
    _reconstruct_persistent_obj.__module__ = "torch_utils.persistence"
    util.EasyDict = type("EasyDict", (dict,), {"__module__": "dnnlib.util"})
    return (
        {"torch_utils": types.ModuleType("torch_utils"), "torch_utils.persistence": persistence},
        {"dnnlib": types.ModuleType("dnnlib"), "dnnlib.util": util},
    )


def _reconstruct_persistent_obj(meta):
    raise AssertionError("a pickle was unpickled")


class _Persistent(nn.Module):
    """A module whose pickle consists of its source text and its attributes."""

    def __init__(self, class_name: str, source: str, kwargs: dict):
        super().__init__()
        self._init_args, self._init_kwargs = (), kwargs
        self.__dict__["_class_name"], self.__dict__["_source"] = class_name, source

    def __reduce__(self):
        state = {key: value for key, value in self.__dict__.items() if key not in ("_class_name", "_source")}
        meta = dict(type="class", version=6, module_src=self._source, class_name=self._class_name, state=state)
        return sys.modules["torch_utils.persistence"]._reconstruct_persistent_obj, (meta,), None


def _network(
    weights: dict[str, Tensor], class_name: str, source: str, clamp: float | None, group: int | None, kwargs: dict
):
    root = _Persistent(class_name, source, kwargs)
    for name, tensor in weights.items():
        *path, last = name.split(".")
        module = root
        for word in path:
            if word not in module._modules:
                module.add_module(word, _Persistent(_class_of(word), source, {}))
            module = module._modules[word]
        if last in _BUFFERS:
            module.register_buffer(last, tensor.clone())
        else:
            module.register_parameter(last, nn.Parameter(tensor.clone()))
    for name, module in root.named_modules():
        _attributes(module, name.rsplit(".", 1)[-1], name.startswith("mapping."), clamp)
    if class_name == "Discriminator":
        root.b4.mbstd = _Persistent("MinibatchStdLayer", source, {})
        root.b4.mbstd.group_size, root.b4.mbstd.num_channels = group, 1
    return root


def _class_of(word: str) -> str:
    known = {"mapping": "MappingNetwork", "synthesis": "SynthesisNetwork", "torgb": "ToRGBLayer"}
    return known.get(word, "FullyConnectedLayer" if word in _DENSE or word.startswith("fc") else "SynthesisLayer")


def _attributes(module: nn.Module, word: str, mapping: bool, clamp: float | None) -> None:
    if word in _CONVOLUTIONS:
        module.conv_clamp, module.activation = clamp, "lrelu"
    if word in _DENSE or word.startswith("fc"):
        module.weight_gain, module.bias_gain = 0.1, 0.01 if mapping and word.startswith("fc") else 1
    assert isinstance(module._parameters, (dict, OrderedDict)) and isinstance(module.training, bool)
