"""StyleGAN2 of rosinality/stylegan2-pytorch: the same network under other names, and the average of w beside it.

Also what others built on it (pSp, e4e, StyleGAN-NADA), whose files have the generator within a larger table.
"""

import math
import re
from collections.abc import Callable

from torch import Tensor

from gan.errors import StudioError
from gan.foreign.formats.named import Named, named, size, value
from gan.foreign.formats.stylegan2_parts import (
    ABOUT,
    FAMILY,
    Weights,
    check_filters,
    maps_settings,
    whole_discriminator,
    whole_generator,
)
from gan.foreign.found import Conversion, Found, Stored
from gan.messages import say

_KIND = say("a StyleGAN2 of rosinality's PyTorch code")
_MARK, _CRITIC_MARK = "conv1.conv.modulation.weight", "final_linear.1.weight"
_AVERAGES = "latent_avg", "mean_latent"
_AVERAGE_GUESSED = say("The average of w, which truncation pulls towards; it was computed from 10,000 samples.")

_LAYER = {
    "conv.weight": "weight",
    "conv.modulation.weight": "affine.weight",
    "conv.modulation.bias": "affine.bias",
    "noise.weight": "noise_strength",
    "activate.bias": "bias",
}
_RGB = {
    "conv.weight": "weight",
    "conv.modulation.weight": "affine.weight",
    "conv.modulation.bias": "affine.bias",
    "bias": "bias",
}


def read(found: Found) -> Conversion | None:
    """The pair, g_ema before g. None for other layouts, StudioError for one that is incomplete or of unusual widths."""
    names = named(found)
    roots = [root for root in names.roots(_MARK) if f"{root}input.input" in names.tensors]
    if not roots:
        return None
    weights = names.under(roots[0])
    settings = _generator(weights, found.name)
    ours = _renamed(weights, _generator_names(settings), found.name)
    average = _average(names, settings["w_dim"])
    if average is not None:
        ours["mapping.w_avg"] = average
    discriminator, discriminator_weights, missing = _discriminator(names, settings)
    guessed = () if average is not None else (_AVERAGE_GUESSED,)
    return Conversion(
        FAMILY,
        settings,
        whole_generator(settings, ours, found.name),
        _KIND,
        discriminator,
        discriminator_weights,
        ABOUT,
        guessed=(*guessed, *missing),
    )


def _generator(weights: dict[str, Stored], file: str) -> dict:
    """The settings that follow from the shapes of its weights."""
    blocks = _count(weights, r"convs\.(\d+)\.conv\.weight")
    if blocks % 2:
        raise StudioError(
            say(
                "{file} has {blocks} layers after the first, where an even number is needed.", file=file, blocks=blocks
            ),
            "It is incomplete.",
        )
    maps = {4: size(weights, "input.input", 1, file)}
    maps |= {8 * 2**i: size(weights, f"convs.{2 * i + 1}.conv.weight", 1, file) for i in range(blocks // 2)}
    return {
        **maps_settings(maps, file),
        "channels": size(weights, "to_rgb1.conv.weight", 1, file),
        "num_classes": 0,
        "z_dim": size(weights, "style.1.weight", 1, file),
        "w_dim": size(weights, _MARK, 1, file),
        "mapping_layers": _count(weights, r"style\.(\d+)\.weight"),
    }


def _generator_names(settings: dict) -> dict[str, str]:
    """Theirs -> ours."""
    names = {"input.input": "synthesis.b4.const", "noises.noise_0": "synthesis.b4.conv1.noise_const"}
    for i in range(settings["mapping_layers"]):
        names |= {f"style.{i + 1}.{part}": f"mapping.fc{i}.{part}" for part in ("weight", "bias")}
    names |= _all("conv1", "synthesis.b4.conv1", _LAYER) | _all("to_rgb1", "synthesis.b4.torgb", _RGB)
    side, i = 8, 0
    while side <= settings["side"]:
        for k in range(2):
            names |= _all(f"convs.{2 * i + k}", f"synthesis.b{side}.conv{k}", _LAYER)
            names[f"noises.noise_{2 * i + k + 1}"] = f"synthesis.b{side}.conv{k}.noise_const"
        names |= _all(f"to_rgbs.{i}", f"synthesis.b{side}.torgb", _RGB)
        side, i = 2 * side, i + 1
    return names


def _critic_names(side: int) -> dict[str, str]:
    names = {
        "convs.0.0.weight": f"b{side}.fromrgb.weight",
        "convs.0.1.bias": f"b{side}.fromrgb.bias",
        "final_conv.0.weight": "b4.conv.weight",
        "final_conv.1.bias": "b4.conv.bias",
    }
    for k, ours in enumerate(("fc", "out")):
        names |= {f"final_linear.{k}.{part}": f"b4.{ours}.{part}" for part in ("weight", "bias")}
    block = {
        "conv1.0.weight": "conv0.weight",
        "conv1.1.bias": "conv0.bias",
        "conv2.1.weight": "conv1.weight",
        "conv2.2.bias": "conv1.bias",
        "skip.1.weight": "skip.weight",
    }
    for k in range(1, side.bit_length() - 2):
        names |= _all(f"convs.{k}", f"b{side >> (k - 1)}", block)
    return names


def _all(theirs: str, ours: str, parts: dict[str, str]) -> dict[str, str]:
    return {f"{theirs}.{part}": f"{ours}.{ending}" for part, ending in parts.items()}


_Shape = tuple[int, ...]
_SHAPES: dict[
    str, Callable[[_Shape], _Shape]
] = {  # by the ends of our names: their tensors have further axes of length 1
    ".const": lambda shape: shape[1:],
    ".noise_const": lambda shape: shape[-2:],
    ".noise_strength": lambda shape: (),
    ".torgb.bias": lambda shape: shape[1:2],
}


def _renamed(weights: dict[str, Stored], names: dict[str, str], file: str) -> dict[str, Stored | Tensor]:
    """Under our names, in our shapes. Raises StudioError where one is missing; noise that is not stored may be."""
    check_filters(weights, ".kernel", file)
    made: dict[str, Stored | Tensor] = {}
    for theirs, ours in names.items():
        if theirs not in weights and theirs.startswith("noises."):
            continue
        size(weights, theirs, 0, file)
        made[ours] = _shaped(weights[theirs], ours, theirs, file)
    return made


def _shaped(weight: Stored, ours: str, theirs: str, file: str) -> Stored:
    """In our shape, which has fewer axes. Raises StudioError where one that is left out is longer than 1."""
    change = next((change for end, change in _SHAPES.items() if ours.endswith(end)), None)
    modulated = len(weight.shape) == 5  # (1, outputs, inputs, height, width)
    if modulated:
        shape = weight.shape[1:]
    elif change is None:
        return weight
    else:
        shape = change(weight.shape)
    if math.prod(shape) != math.prod(weight.shape):
        raise StudioError(
            say("{theirs} of {file} has the unusual shape {shape}.", theirs=theirs, file=file, shape=weight.shape),
            "It is damaged or of another kind.",
        )
    return Stored(shape, weight.dtype, lambda: weight.read().reshape(shape).contiguous())


def _average(names: Named, w_dim: int) -> Tensor | None:
    """The average of w where it is stored: once, or once for every layer."""
    for word in _AVERAGES:
        for root in names.roots(word):
            stored = names.tensors[root + word]
            if math.prod(stored.shape) and stored.shape[-1:] == (w_dim,):
                return value(stored).reshape(-1, w_dim).mean(dim=0)
    return None


def _discriminator(names: Named, generator: dict) -> tuple[dict | None, Weights | None, tuple[str, ...]]:
    """Settings and weights of the discriminator where it fits, and a sentence where it does not."""
    roots = [root for root in names.roots(_CRITIC_MARK) if f"{root}final_conv.0.weight" in names.tensors]
    if not roots:
        return None, None, ()
    weights = names.under(roots[0])
    try:
        settings = _critic_settings(weights, names.file)
        discriminator_weights = whole_discriminator(
            settings, _renamed(weights, _critic_names(settings["side"]), names.file), generator, names.file
        )
    except StudioError as error:
        return (
            None,
            None,
            (say("What its discriminator is built like, so it was left out: {message}", message=error.message),),
        )
    if discriminator_weights is None:
        return None, None, (say("What its discriminator is built like, so it was left out."),)
    return settings, discriminator_weights, ()


def _critic_settings(weights: dict[str, Stored], file: str) -> dict:
    blocks = _count(weights, r"convs\.(\d+)\.conv1\.0\.weight")
    side = 4 * 2**blocks
    maps = {side >> k: size(weights, f"convs.{k + 1}.conv1.0.weight", 0, file) for k in range(blocks)}
    maps[4] = size(weights, "final_conv.0.weight", 0, file)
    return {
        **maps_settings(maps, file),
        "channels": size(weights, "convs.0.0.weight", 1, file),
        "num_classes": 0,
        "group": 4,
    }


def _count(weights: dict[str, Stored], pattern: str) -> int:
    """How many names are of that pattern, at most 99."""
    return min(99, sum(re.fullmatch(pattern, key) is not None for key in weights))
