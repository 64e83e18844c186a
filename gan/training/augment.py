"""Differentiable augmentation (Zhao et al. 2020): change real and fake pictures alike before the discriminator judges.

A table of pure functions of (x, chance) with x (batch, channels, height, width) in [-1, 1]. A new one is one entry.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from gan.training.chance import Chance


def brightness(x: Tensor, chance: Chance) -> Tensor:
    """Add up to half of the range from black to grey: U(-0.5, 0.5)."""
    return x + (_uniform(x, chance) - 0.5)


def saturation(x: Tensor, chance: Chance) -> Tensor:
    """Scale the distance from grey by U(0, 2)."""
    grey = x.mean(dim=1, keepdim=True)
    return torch.lerp(grey.expand_as(x), x, _uniform(x, chance) * 2)


def contrast(x: Tensor, chance: Chance) -> Tensor:
    """Scale the distance from the picture's mean by U(0.5, 1.5)."""
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    return torch.lerp(mean.expand_as(x), x, _uniform(x, chance) + 0.5)


def flip(x: Tensor, chance: Chance) -> Tensor:
    """Mirror left to right, half of the time."""
    return torch.where(_uniform(x, chance) < 0.5, x.flip(3), x)


def translation(x: Tensor, chance: Chance, most: float = 0.125) -> Tensor:
    """Shift by up to 1/8 of the side along both axes; what comes in is the picture's own edge."""
    n, _, h, w = x.shape
    rows = _shifted(n, h, most, chance)[:, None, :, None].expand(n, x.shape[1], h, w)
    cols = _shifted(n, w, most, chance)[:, None, None, :].expand(n, x.shape[1], h, w)
    return x.gather(2, rows).gather(3, cols)


def cutout(x: Tensor, chance: Chance, share: float = 0.5) -> Tensor:
    """Blank a square of half the side, its centre anywhere."""
    _, _, h, w = x.shape
    rows = _inside(h, share, _uniform(x, chance), x.device)[..., :, None]
    cols = _inside(w, share, _uniform(x, chance), x.device)[..., None, :]
    return x * ~(rows & cols)


AUGMENTATIONS = {
    "brightness": brightness,
    "saturation": saturation,
    "contrast": contrast,
    "flip": flip,
    "translation": translation,
    "cutout": cutout,
}


def augment(x: Tensor, names: Sequence[str], p: float, chance: Chance) -> Tensor:
    """Apply each named change, in order, to each picture with probability p. Points (batch, n) are left alone."""
    if x.dim() != 4:
        return x
    for name in names:
        changed = AUGMENTATIONS[name](x, chance)
        x = changed if p >= 1 else torch.where(_uniform(x, chance) < p, changed, x)
    return x


def _uniform(x: Tensor, chance: Chance) -> Tensor:
    """One number in [0, 1) per picture: (batch, 1, 1, 1)."""
    return chance.rand(len(x), 1, 1, 1).to(x.dtype)


def _shifted(n: int, side: int, most: float, chance: Chance) -> Tensor:
    """Source indices (n, side) of a shift drawn per picture, held at the edge."""
    reach = int(side * most + 0.5)
    shift = chance.randint(-reach, reach + 1, n, 1)
    return (torch.arange(side, device=shift.device) + shift).clamp(0, side - 1)


def _inside(side: int, share: float, place: Tensor, device) -> Tensor:
    """Which indices lie within a stretch of `share` of the side around `place` in 0..1: (batch, 1, side)."""
    at = torch.arange(side, device=device) + 0.5
    return (at - place.flatten()[:, None] * side).abs()[:, None, :] < side * share / 2
