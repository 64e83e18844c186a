"""FastGAN: checkpoints of odegeasslbc/FastGAN-pytorch, and the same network under other names in its ports on the Hub.

Names are first brought into one form: "8.1.weight_orig" is the second part of the block of side 8, whatever it lies in.
"""

import math
import re
from dataclasses import dataclass

from torch import Tensor

from gan.errors import StudioError
from gan.foreign.formats.named import checked, named, size, value
from gan.foreign.found import Conversion, Found, Stored
from gan.messages import say
from gan.networks.fastgan import DEEP, EXCITED, FastGANGeneratorConfig
from gan.networks.ported import fixed_noise

FAMILY = "fastgan"
_KIND = say("a FastGAN")
_MARKS = (
    "init.init.0.weight_orig",
    "_init._layers.0._conv.weight_orig",
    "init.init.0.weight",
    "_init._layers.0._conv.weight",
)
_SPECTRAL = (
    ("parametrizations.weight.original", "weight_orig"),
    ("parametrizations.weight.0._u", "weight_u"),
    ("parametrizations.weight.0._v", "weight_v"),
)
_FORMS = (  # what stands in names, one after the other: what it becomes
    *((rf"\.{re.escape(old)}$", f".{new}") for old, new in _SPECTRAL),
    (r"\._weight$", ".weight"),
    (r"\b_(?=[a-z])", ""),
    (r"\.(layers|main|conv)\b", ""),
    (r"^init\.init\b", "init"),
    (r"^(feat|upsample)_", ""),
    (r"^sle_", "se_"),
    (r"^out_128\.0\b", "to_128"),
    (r"^out_\d+\.0\b", "to_big"),
)
_UNUSED = r"num_batches_tracked$|^to_128\."
_STATISTICS = ("running_mean", "running_var", "num_batches_tracked", "weight_u", "weight_v")
_NORM = ("weight", "bias", "running_mean", "running_var")
_NOISE_GUESSED = say(
    "Its noise, which the original code draws anew for every picture; it was drawn once and is stored."
)
_SQUASH_GUESSED = say(
    "Whether its pictures go through a tanh; taken as in the original code, where only those of 1024 pixels do."
)


@dataclass(frozen=True)
class _Spectral:
    """A convolution's weight that is divided by its largest singular value, as u and v estimate it (Miyato et al.
    2018).

    outputs: the axis of its outputs, 1 in transposed convolutions.
    """

    weight: Stored
    u: Stored
    v: Stored
    outputs: int

    def fold(self) -> Tensor:
        weight, u, v = value(self.weight), value(self.u), value(self.v)
        return weight / (u @ weight.transpose(0, self.outputs).flatten(1) @ v)


def read(found: Found) -> Conversion | None:
    """The generator, with averaged weights where they are stored as a list. None for other layouts.

    Raises StudioError for what is one of FastGAN but incomplete or of another build.
    """
    names = named(found)
    mark = next((mark for mark in _MARKS if names.roots(mark)), None)
    if mark is None:
        return None
    root = names.roots(mark)[0]
    whole = names.under(root)
    if isinstance(found.tree, dict):
        whole = _averaged(whole, found.tree.get("g_ema"))
    formed = ((_form(key), tensor) for key, tensor in whole.items())
    weights = {name: tensor for name, tensor in formed if not re.search(_UNUSED, name)}
    ported = mark.startswith("_")
    settings = _settings(weights, ported, found.name)
    ours = _renamed(weights, settings, found.name)
    guessed = (_NOISE_GUESSED,) if ported else (_NOISE_GUESSED, _SQUASH_GUESSED)
    return Conversion(FAMILY, settings, ours, _KIND, guessed=guessed)


def _form(name: str) -> str:
    for old, new in _FORMS:
        name = re.sub(old, new, name)
    return name


def _averaged(whole: dict[str, Stored], average: object) -> dict[str, Stored]:
    """With averaged weights in place of the last ones: a list of them in the order of the parameters."""
    parameters = [key for key in whole if not key.endswith(_STATISTICS)]
    if not isinstance(average, list) or len(average) != len(parameters):
        return whole
    fits = all(
        isinstance(new, Stored) and new.shape == whole[key].shape for key, new in zip(parameters, average, strict=True)
    )
    return whole | dict(zip(parameters, average, strict=True)) if fits else whole


def _settings(weights: dict[str, Stored], ported: bool, file: str) -> dict:
    """The settings that follow from shapes. Raises StudioError where they make no generator."""
    start, norms = _weight(weights, "init.0"), {4: "init.1.weight"}
    for side in sorted(
        int(match[1]) for match in map(re.compile(r"(\d{1,4})\.1\.weight(?:_orig)?").fullmatch, weights) if match
    ):
        norms[side] = f"{side}.{3 if side in DEEP else 2}.weight"
    settings = {
        "side": max(norms),
        "channels": size(weights, _weight(weights, "to_big"), 0, file),
        "z_dim": size(weights, start, 0, file),
        "widths": [size(weights, key, 0, file) // 2 for key in norms.values()],
        "squash": ported or max(norms) == 1024,
    }
    return checked(FastGANGeneratorConfig, settings, file)


def _weight(weights: dict[str, Stored], layer: str) -> str:
    return f"{layer}.weight_orig" if f"{layer}.weight_orig" in weights else f"{layer}.weight"


def _layout(side: int) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Convolutions, norms and noise: their names -> ours."""
    convs, norms = {"init.0": "start", "to_big": "to_picture"}, {"init.1": "norm"}
    noises: dict[str, str] = {}
    parts: list[tuple[int, ...]]
    for i, at in enumerate(2**k for k in range(3, side.bit_length())):
        if at in DEEP:
            parts = [(1, 3, 2), (5, 7, 6)]  # where the convolution, the norm and the noise are
            noises |= {f"{at}.{part[2]}": f"blocks.{i}.layers.{k}.noise" for k, part in enumerate(parts)}
        else:
            parts = [(1, 2)]
        convs |= {f"{at}.{part[0]}": f"blocks.{i}.layers.{k}.conv" for k, part in enumerate(parts)}
        norms |= {f"{at}.{part[1]}": f"blocks.{i}.layers.{k}.norm" for k, part in enumerate(parts)}
        if at in EXCITED:
            convs |= {f"se_{at}.1": f"blocks.{i}.excitation.narrow", f"se_{at}.3": f"blocks.{i}.excitation.widen"}
    return convs, norms, noises


def _renamed(weights: dict[str, Stored], settings: dict, file: str) -> dict[str, Stored | Tensor]:
    """Under our names: spectral norms folded, and with noise that stays. Raises StudioError unless all of them have a
    place."""
    convs, norms, noises = _layout(settings["side"])
    _check_names(weights, convs, norms, noises, file)
    made: dict[str, Stored | Tensor] = {}
    for theirs, ours in convs.items():
        made[f"{ours}.weight"] = _conv(weights, theirs, file)
    for theirs, ours in norms.items():
        made |= {f"{ours}.{part}": weights[f"{theirs}.{part}"] for part in _NORM}
    for k, (theirs, ours) in enumerate(noises.items()):
        made[f"{ours}.strength"] = value(weights[f"{theirs}.weight"]).reshape(-1).mean()
        made[f"{ours}.const"] = fixed_noise(int(theirs.split(".")[0]), k)
    return made


def _check_names(weights: dict, convs: dict, norms: dict, noises: dict, file: str) -> None:
    wanted = {f"{norm}.{part}" for norm in norms for part in _NORM} | {f"{noise}.weight" for noise in noises}
    for conv in convs:
        spectral = f"{conv}.weight_orig" in weights
        wanted |= {f"{conv}.weight_{part}" for part in ("orig", "u", "v")} if spectral else {f"{conv}.weight"}
    odd = sorted(wanted ^ weights.keys())
    if odd:
        what = say("has") if odd[0] in weights else say("lacks")
        raise StudioError(
            say(
                "{file} is a FastGAN of a build that is not known here: it {what} {odd}.",
                file=file,
                what=what,
                odd=odd[0],
            ),
            "Generators of 256, 512 and 1024 pixels of the original code can be used.",
        )


def _conv(weights: dict[str, Stored], layer: str, file: str) -> Stored | Tensor:
    """Its weight; computed only where it has a spectral norm. Raises StudioError where u or v do not fit it."""
    if f"{layer}.weight_orig" not in weights:
        return weights[f"{layer}.weight"]
    weight, u, v = (weights[f"{layer}.weight_{part}"] for part in ("orig", "u", "v"))
    outputs = 1 if layer == "init.0" else 0
    size(weights, f"{layer}.weight_orig", 3, file)
    length = weight.shape[outputs]
    if u.shape != (length,) or v.shape != (math.prod(weight.shape) // max(length, 1),):
        raise StudioError(
            say("The spectral norm of {layer} in {file} does not fit its weights.", layer=layer, file=file),
            "It is damaged; choose another file.",
        )
    return _Spectral(weight, u, v, outputs).fold()
