"""LightweightGAN (lucidrains/lightweight-gan): its model_*.pt, and tables of the same names, as huggingnft has them on
the Hub."""

import re

from torch import Tensor

from gan.errors import StudioError
from gan.foreign.formats.named import checked, named, size, value
from gan.foreign.found import Conversion, Found, Stored
from gan.messages import say
from gan.networks.lightweight import LightweightGeneratorConfig, excited_sides
from gan.networks.ported import fixed_noise

FAMILY = "lightweight"
_KIND = say("a LightweightGAN")
_MARK = "initial_conv.0.weight"
_AVERAGED = "GE."
_VERSION_UNKNOWN = say("Which version of LightweightGAN made it; taken as one from 2021 on.")
_NOISE_GUESSED = say(
    "Its noise, which the original code draws anew for every picture; it was drawn once and is stored."
)
_UNUSED = r"num_batches_tracked$|^layers\.\d+\.0\.1\.f$"

_ATTENTION = {
    "norm.g": "gain",
    "norm.b": "shift",
    "fn.to_q.weight": "q.weight",
    "fn.to_kv.net.0.weight": "around.weight",
    "fn.to_kv.net.1.weight": "kv.weight",
    "fn.to_out.weight": "out.weight",
    "fn.to_out.bias": "out.bias",
}
_LOCAL = _ATTENTION | {
    "fn.to_lin_q.weight": "q.weight",
    "fn.to_lin_kv.net.0.weight": "around.weight",
    "fn.to_lin_kv.net.1.weight": "kv.weight",
    "fn.to_q.weight": "local_q.weight",
    "fn.to_kv.weight": "local_kv.weight",
}
_NOT_LOCAL = ("fn.to_kv.net.0.weight", "fn.to_kv.net.1.weight")
_NORM = ("weight", "bias", "running_mean", "running_var")


def read(found: Found) -> Conversion | None:
    """The generator, averaged weights (GE) first. None for other layouts; StudioError for versions that no family here
    can be."""
    names = named(found)
    roots = sorted(names.roots(_MARK), key=lambda root: not root.endswith(_AVERAGED))
    if not roots or f"{roots[0]}out_conv.weight" not in names.tensors:
        return None
    weights = {key: tensor for key, tensor in names.under(roots[0]).items() if not re.search(_UNUSED, key)}
    settings = _settings(weights, names.under(roots[0]), found.name)
    renamed = _names(settings, weights)
    _check_names(weights, renamed, found.name)
    ours: dict[str, Stored | Tensor] = {new: weights[old] for old, new in renamed.items()}
    ours |= _finished(settings, ours)
    guessed = (
        () if excited_sides(settings["side"]) else (_VERSION_UNKNOWN,),
        (_NOISE_GUESSED,) if settings["noise"] else (),
    )
    return Conversion(FAMILY, settings, ours, _KIND, guessed=sum(guessed, ()))


def _settings(weights: dict[str, Stored], whole: dict[str, Stored], file: str) -> dict:
    """The settings that follow from names and shapes. Raises StudioError where they make no generator."""
    count = 1 + max(
        (int(match[1]) for match in map(re.compile(r"layers\.(\d{1,2})\..*").fullmatch, weights) if match), default=0
    )
    convs = [
        f"layers.{i}.0.2.weight" if f"layers.{i}.0.2.weight" in weights else f"layers.{i}.0.2.1.weight"
        for i in range(count)
    ]
    local = any(key.endswith(".fn.to_lin_q.weight") for key in weights)
    settings = {
        "side": 4 * 2**count,
        "channels": size(weights, "out_conv.weight", 0, file),
        "z_dim": size(weights, _MARK, 0, file),
        "widths": [size(weights, conv, 0, file) // 2 for conv in convs],
        "kernel": size(weights, convs[0], 2, file),
        "attention": [4 * 2**i for i in range(count) if f"layers.{i}.2.norm.g" in weights],
        "local": local,
        "upsampling": _upsampling(weights, file),
        "blur": "layers.0.0.1.f" in whole,
        "noise": "layers.0.0.4.running_mean" in weights,
    }
    return checked(LightweightGeneratorConfig, settings, file)


def _upsampling(weights: dict[str, Stored], file: str) -> str:
    """What its first block with other widths behind than before does."""
    kind = "nearest"
    for i in range(8):
        key = f"layers.{i}.0.0.net.0.weight"
        if key in weights:
            outputs, inputs = size(weights, key, 0, file) // 4, size(weights, key, 1, file)
            kind = "narrow shuffle" if outputs != inputs else "shuffle" if kind == "nearest" else kind
    return kind


def _names(settings: dict, weights: dict[str, Stored]) -> dict[str, str]:
    """Theirs -> ours."""
    names = {f"initial_conv.0.{part}": f"start.{part}" for part in ("weight", "bias")}
    names |= {f"initial_conv.1.{part}": f"norm.{part}" for part in _NORM}
    names |= {f"out_conv.{part}": f"to_picture.{part}" for part in ("weight", "bias")}
    sources = excited_sides(settings["side"]).values()
    for i in range(len(settings["widths"])):
        parts = _block_names(settings, f"layers.{i}.0.2.1.weight" in weights)
        if 4 * 2**i in settings["attention"]:
            table = (
                {old: new for old, new in _LOCAL.items() if old not in _NOT_LOCAL} if settings["local"] else _ATTENTION
            )
            parts |= {f"2.{old}": f"attention.{new}" for old, new in table.items()}
        if 8 * 2**i in sources:
            parts |= {
                f"1.{old}.{part}": f"context.{new}.{part}"
                for part in ("weight", "bias")
                for old, new in (("to_k", "key"), ("net.0", "narrow"), ("net.2", "widen"))
            }
        names |= {f"layers.{i}.{old}": f"blocks.{i}.{new}" for old, new in parts.items()}
    return names


def _block_names(settings: dict, padded: bool) -> dict[str, str]:
    conv, norm = "0.2.1" if padded else "0.2", "0.4" if settings["noise"] else "0.3"
    parts = {f"{conv}.{part}": f"conv.{part}" for part in ("weight", "bias")} | {
        f"{norm}.{part}": f"norm.{part}" for part in _NORM
    }
    if settings["upsampling"] != "nearest":
        parts |= {f"0.0.net.0.{part}": f"shuffle.{part}" for part in ("weight", "bias")}
    if settings["noise"]:
        parts["0.3.weight"] = "noise.strength"
    return parts


def _check_names(weights: dict, renamed: dict[str, str], file: str) -> None:
    odd = sorted(weights.keys() ^ renamed.keys())
    if odd:
        what = say("has") if odd[0] in weights else say("lacks")
        raise StudioError(
            say(
                "{file} is a LightweightGAN of a version that is not known here: it {what} {odd}.",
                file=file,
                what=what,
                odd=odd[0],
            ),
            "Versions from 2021 on can be used, without frequency attention.",
        )


def _finished(settings: dict, ours: dict) -> dict[str, Tensor]:
    """What differs from what is stored: pictures in [-1, 1] instead of [0, 1], and noise that stays."""
    made = {
        "to_picture.weight": 2 * value(ours["to_picture.weight"]),
        "to_picture.bias": 2 * value(ours["to_picture.bias"]) - 1,
    }
    for i in range(len(settings["widths"]) if settings["noise"] else 0):
        made[f"blocks.{i}.noise.strength"] = value(ours[f"blocks.{i}.noise.strength"]).reshape(-1).mean()
        made[f"blocks.{i}.noise.const"] = fixed_noise(8 * 2**i, i)
    return made
