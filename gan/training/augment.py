"""Differentiable augmentation (Zhao et al. 2020): change real and fake pictures alike before the discriminator judges.

A table of pure functions of (x, rng) with x (batch, channels, height, width) in [-1, 1]. A new one is one entry.
"""

import math
from collections.abc import Callable, Sequence
from itertools import groupby

import torch
from torch import Tensor

from gan.training.random_source import RandomSource
from gan.training.warps import WARPS, sample


def brightness(x: Tensor, rng: RandomSource) -> Tensor:
    """Add up to half of the range from black to grey: U(-0.5, 0.5)."""
    return x + (_uniform(x, rng) - 0.5)


def saturation(x: Tensor, rng: RandomSource) -> Tensor:
    """Scale the distance from grey by U(0, 2)."""
    grey = x.mean(dim=1, keepdim=True)
    return torch.lerp(grey.expand_as(x), x, _uniform(x, rng) * 2)


def contrast(x: Tensor, rng: RandomSource) -> Tensor:
    """Scale the distance from the picture's mean by U(0.5, 1.5)."""
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    return torch.lerp(mean.expand_as(x), x, _uniform(x, rng) + 0.5)


def flip(x: Tensor, rng: RandomSource) -> Tensor:
    """Mirror left to right, half of the time."""
    return torch.where(_uniform(x, rng) < 0.5, x.flip(3), x)


def translation(x: Tensor, rng: RandomSource, most: float = 0.125) -> Tensor:
    """Shift by up to 1/8 of the side along both axes; what comes in is the picture's own edge."""
    n, _, h, w = x.shape
    rows = _shifted(n, h, most, rng)[:, None, :, None].expand(n, x.shape[1], h, w)
    cols = _shifted(n, w, most, rng)[:, None, None, :].expand(n, x.shape[1], h, w)
    return x.gather(2, rows).gather(3, cols)


def cutout(x: Tensor, rng: RandomSource, share: float = 0.5) -> Tensor:
    """Blank a square of half the side, its centre anywhere."""
    _, _, h, w = x.shape
    rows = _inside(h, share, _uniform(x, rng), x.device)[..., :, None]
    cols = _inside(w, share, _uniform(x, rng), x.device)[..., None, :]
    return x * ~(rows & cols)


def quarter_turns(x: Tensor, rng: RandomSource) -> Tensor:
    """Turn by 0, 90, 180 or 270 degrees; by 0 or 180 where a picture is not square."""
    turns = rng.randint(0, 4, len(x), 1, 1, 1)
    for k in (1, 2, 3) if x.shape[2] == x.shape[3] else (2,):
        x = torch.where(turns == k, x.rot90(k, (2, 3)), x)
    return x


def luma_flip(x: Tensor, rng: RandomSource) -> Tensor:
    """Dark for light, half of the time; hues and saturations stay."""
    colours = x[:, :3]
    flipped = torch.cat([colours - 2 * colours.mean(dim=1, keepdim=True), x[:, 3:]], dim=1)
    return torch.where(_uniform(x, rng) < 0.5, flipped, x)


def hue(x: Tensor, rng: RandomSource) -> Tensor:
    """Turn the colours by any angle around grey (Rodrigues' formula); grey pictures stay as they are."""
    angle, colours = _uniform(x, rng) * (2 * math.pi), x[:, :3]
    if x.shape[1] < 3:
        return x
    grey = colours.mean(dim=1, keepdim=True)
    across = (colours.roll(1, dims=1) - colours.roll(-1, dims=1)) / math.sqrt(3)
    turned = grey + (colours - grey) * angle.cos() + across * angle.sin()
    return torch.cat([turned, x[:, 3:]], dim=1)


def _warped(x: Tensor, names: Sequence[str], p: float, rng: RandomSource) -> Tensor:
    """Several geometric changes, each of a share p of the pictures, by one sampling. Unchanged pictures stay so to the
    bit."""
    still = torch.eye(3, dtype=x.dtype, device=x.device)
    whole = still.expand(len(x), 3, 3)
    for name in names:
        matrices = WARPS[name](x, rng)
        if p < 1:
            matrices = torch.where(_uniform(x, rng)[:, 0] < p, matrices, still)
        whole = whole @ matrices
    moved = (whole != still).any(dim=2).any(dim=1)
    return torch.where(moved[:, None, None, None], sample(x, whole), x)


def _warp(name: str) -> Callable[[Tensor, RandomSource], Tensor]:
    return lambda x, rng: _warped(x, (name,), 1.0, rng)


AUGMENTATIONS = {
    "brightness": brightness,
    "saturation": saturation,
    "contrast": contrast,
    "flip": flip,
    "translation": translation,
    "cutout": cutout,
    "quarter_turns": quarter_turns,
    **{name: _warp(name) for name in WARPS},
    "luma_flip": luma_flip,
    "hue": hue,
}


def augment(x: Tensor, names: Sequence[str], p: float, rng: RandomSource) -> Tensor:
    """Apply each named change, in order, to each picture with probability p, from 0 to 1 -> the same shape.

    x (batch, channels, height, width) in [-1, 1]; what comes out may lie beyond. What is no picture is left alone.
    """
    if x.dim() != 4:
        return x
    for geometric, some in groupby(names, key=WARPS.__contains__):
        x = (_warped if geometric else _changed)(x, tuple(some), p, rng)
    return x


def _changed(x: Tensor, names: Sequence[str], p: float, rng: RandomSource) -> Tensor:
    for name in names:
        changed = AUGMENTATIONS[name](x, rng)
        x = changed if p >= 1 else torch.where(_uniform(x, rng) < p, changed, x)
    return x


def _uniform(x: Tensor, rng: RandomSource) -> Tensor:
    """One number in [0, 1) per picture: (batch, 1, 1, 1)."""
    return rng.rand(len(x), 1, 1, 1).to(x.dtype)


def _shifted(n: int, side: int, most: float, rng: RandomSource) -> Tensor:
    """Source indices (n, side) of a shift drawn per picture, held at the edge."""
    reach = int(side * most + 0.5)
    shift = rng.randint(-reach, reach + 1, n, 1)
    return (torch.arange(side, device=shift.device) + shift).clamp(0, side - 1)


def _inside(side: int, share: float, place: Tensor, device: torch.device) -> Tensor:
    """Which indices lie within a stretch of `share` of the side around `place` in 0..1: (batch, 1, side)."""
    at = torch.arange(side, device=device) + 0.5
    return (at - place.flatten()[:, None] * side).abs()[:, None, :] < side * share / 2
