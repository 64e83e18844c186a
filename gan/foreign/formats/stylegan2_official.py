"""StyleGAN2 of NVlabs/stylegan2-ada-pytorch and NVlabs/stylegan3: pickled networks, and tables of weights with their
names.

The names are ours as well; what is to be found out is how large the networks are.
"""

import math
import re
from typing import TypeGuard

from gan.errors import StudioError
from gan.foreign.formats.named import Named, named, size
from gan.foreign.formats.stylegan2_parts import (
    ABOUT,
    CLAMP_UNKNOWN,
    FAMILY,
    Weights,
    maps_settings,
    whole_discriminator,
    whole_generator,
)
from gan.foreign.found import Conversion, Found, Stored
from gan.messages import say

_KIND = say("a StyleGAN2 of the official PyTorch code")
_GENERATOR, _CRITIC = "synthesis.b4.const", "b4.out.weight"
_GROUP = 4  # of the minibatch standard deviation, where the file does not say
_LARGEST_GROUP = 64  # for networks that compare the whole batch
_MAPPING_LR = 0.01
_REFUSED = {  # part of a tensor's name: what has it
    "synthesis.input.transform": say("an alias-free generator (StyleGAN3 or StyleGAN-XL)"),
    "synthesis.init.init.": say("a generator of Projected GAN in the layout of FastGAN"),
    "superresolution.": say("a generator of EG3D, which renders in three dimensions"),
    ".epi1.": say("a generator of the first StyleGAN"),
    "progression.0.conv1.": say("a generator of the first StyleGAN"),
    ".style_mod.": say("a generator of the first StyleGAN"),
}


def read(found: Found) -> Conversion | None:
    """The pair, G_ema before G. None for other layouts; StudioError for its relatives that no family here can be."""
    return conversion(named(found))


def conversion(names: Named) -> Conversion | None:
    """The same of tensors under these names, wherever they come from."""
    _refuse_relatives(names)
    roots = names.roots(_GENERATOR)
    if not roots:
        return None
    weights = names.under(roots[0])
    clamp, guessed = _clamp(names, roots[0], "synthesis.b4.conv1")
    settings = {**_generator(weights, names.file), "conv_clamp": clamp}
    _check_mapping(names, roots[0])
    whole = whole_generator(settings, weights, names.file)
    discriminator, discriminator_weights, missing = _discriminator(names, settings)
    return Conversion(
        FAMILY, settings, whole, _KIND, discriminator, discriminator_weights, ABOUT, guessed=(*guessed, *missing)
    )


def _refuse_relatives(names: Named) -> None:
    for part, what in _REFUSED.items():
        if any(part in f".{name}" for name in names.tensors):
            raise StudioError(
                say("{file} holds {what}, which cannot be used here.", file=names.file, what=what),
                "StyleGAN2 generators can; ask whether its author has one.",
            )


def _generator(weights: dict[str, Stored], file: str) -> dict:
    """The settings that follow from the shapes of its weights."""
    sides = _sides(weights, r"synthesis\.b(\d+)\.conv1\.weight")
    maps = {side: size(weights, f"synthesis.b{side}.conv1.weight", 0, file) for side in sides}
    settings = maps_settings(maps, file)
    classes = size(weights, "mapping.embed.weight", 1, file) if "mapping.embed.weight" in weights else 0
    embedded = size(weights, "mapping.embed.weight", 0, file) if classes else 0
    settings |= {
        "channels": size(weights, f"synthesis.b{settings['side']}.torgb.weight", 0, file),
        "num_classes": classes,
        "z_dim": size(weights, "mapping.fc0.weight", 1, file) - embedded,
        "w_dim": size(weights, "synthesis.b4.conv1.affine.weight", 1, file),
        "mapping_layers": _layers(weights),
    }
    if "synthesis.b4.torgb.weight" not in weights:
        settings["blocks"] = "resnet" if "synthesis.b8.skip.weight" in weights else "orig"
    return settings


def _discriminator(names: Named, generator: dict) -> tuple[dict | None, Weights | None, tuple[str, ...]]:
    """Settings and weights of the discriminator where it fits, and a sentence where it does not."""
    roots = [root for root in names.roots(_CRITIC) if "b4.conv.weight" in names.under(root)]
    if not roots:
        return None, None, ()
    weights = names.under(roots[0])
    clamp, _ = _clamp(names, roots[0], "b4.conv")
    try:
        settings = _critic_settings(weights, names.file) | {"group": _group(names, roots[0]), "conv_clamp": clamp}
        whole = whole_discriminator(settings, weights, generator, names.file)
    except StudioError as error:
        return (
            None,
            None,
            (say("What its discriminator is built like, so it was left out: {message}", message=error.message),),
        )
    if whole is None:
        return None, None, (say("What its discriminator is built like, so it was left out."),)
    return settings, whole, ()


def _critic_settings(weights: dict[str, Stored], file: str) -> dict:
    maps = {side: size(weights, f"b{side}.conv0.weight", 0, file) for side in _sides(weights, r"b(\d+)\.conv0\.weight")}
    last = size(weights, "b4.conv.weight", 0, file)
    settings = maps_settings(maps | {4: last}, file)
    classes = size(weights, "mapping.embed.weight", 1, file) if "mapping.embed.weight" in weights else 0
    settings |= {"channels": size(weights, f"b{settings['side']}.fromrgb.weight", 1, file), "num_classes": classes}
    if classes:
        settings["mapping_layers"] = _layers(weights)
    return settings | _architecture(weights, size(weights, "b4.conv.weight", 1, file) - last)


def _architecture(weights: dict[str, Stored], std_maps: int) -> dict:
    """What departs from the usual discriminator (Karras et al. 2020, figure 7)."""
    settings: dict[str, int | str] = {} if std_maps == 1 else {"std_maps": std_maps}
    if "b8.skip.weight" not in weights:
        settings["architecture"] = "skip" if "b4.fromrgb.weight" in weights else "orig"
    return settings


def _group(names: Named, root: str) -> int:
    if root not in names.modules:
        return _GROUP
    group = names.attribute(root, "b4.mbstd", "group_size")
    return group if type(group) is int else _LARGEST_GROUP


def _clamp(names: Named, root: str, layer: str) -> tuple[int | None, tuple[str, ...]]:
    """The bound of a layer's outputs, and a sentence where the file does not say."""
    if root not in names.modules:
        return None, (CLAMP_UNKNOWN,)
    clamp = names.attribute(root, layer, "conv_clamp")
    return (int(clamp) if _is_number(clamp) and math.isfinite(clamp) else None), ()


def _is_number(value: object) -> TypeGuard[float]:
    return type(value) in (int, float)


def _check_mapping(names: Named, root: str) -> None:
    lr = names.attribute(root, "mapping.fc0", "bias_gain")
    if _is_number(lr) and abs(lr - _MAPPING_LR) > 1e-6:
        raise StudioError(
            say(
                "The mapping network of {file} learns at {lr:g} times the rate, where {mapping_lr:g} is usual.",
                file=names.file,
                lr=lr,
                mapping_lr=_MAPPING_LR,
            ),
            "Networks of other multipliers cannot be used here.",
        )


def _sides(weights: dict[str, Stored], pattern: str) -> list[int]:
    return sorted(int(match[1]) for match in map(re.compile(pattern).fullmatch, weights) if match and len(match[1]) < 5)


def _layers(weights: dict[str, Stored]) -> int:
    return sum(re.fullmatch(r"mapping\.fc\d+\.weight", key) is not None for key in weights)
