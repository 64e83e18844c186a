"""Samples that are sounds: x (n, 1, bands, columns), spectrograms in [-1, 1] that one hears.

A sound is drawn as its spectrogram, high tones on top and the louder the brighter, below a strip that is as high as it
is loud at each moment.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from gan.kinds.kind import Canvas, Kind
from gan.messages import say
from gan.networks.contract import Generator
from gan.networks.spectrograms import FLOOR, to_sound

_SIDE = 128  # pixels of the picture, which can be drawn in any size
_STRIP = 0.25  # of its height: the loudness over time
_COLOURS = ((0, 0, 4), (66, 10, 104), (147, 38, 103), (221, 81, 58), (252, 165, 10), (252, 255, 164))  # faint to loud
_PAPER, _INK = (0, 0, 4), (252, 165, 10)


def _canvas(generator: Generator) -> Canvas:
    return Canvas(3, _SIDE, _SIDE)


def _draw(generator: Generator, x: Tensor, size: tuple[int, int]) -> np.ndarray:
    return drawn(x, size)


def drawn(x: Tensor, size: tuple[int, int]) -> np.ndarray:
    """Spectrograms (n, 1, bands, columns) as pictures of that (width, height), uint8 (n, height, width, 3)."""
    width, height = size
    strip = max(1, round(height * _STRIP))
    below = max(1, height - strip)
    shown = interpolate(x.clamp(-1, 1), (below, width), mode="bilinear", align_corners=False)[:, 0]
    picture = torch.cat([_strip(loudness(x), (width, height - below)), _coloured((shown + 1) / 2)], dim=1)
    return picture[:, :height].to(torch.uint8).cpu().numpy()


def loudness(x: Tensor) -> Tensor:
    """How far a sound swings in each column beside where it swings most, (n, columns) in 0..1."""
    power = (10 ** ((x[:, 0].clamp(-1, 1) - 1) * (FLOOR / 20))).sum(dim=1)
    swing = power.sqrt()
    return swing / swing.amax(dim=1, keepdim=True).clamp_min(1e-9)


def _coloured(share: Tensor) -> Tensor:
    """Numbers in 0..1 (...) as colours (..., 3) in 0..255."""
    table = torch.tensor(_COLOURS, dtype=torch.float32, device=share.device)
    at = share * (len(_COLOURS) - 1)
    low = at.floor().clamp(0, len(_COLOURS) - 2)
    rows = low.long()
    return torch.lerp(table[rows], table[rows + 1], (at - low).unsqueeze(-1))


def _strip(swing: Tensor, size: tuple[int, int]) -> Tensor:
    """Loudness (n, columns) as far to either side of the middle as it is, (n, height, width, 3) in 0..255."""
    width, height = size
    wide = interpolate(swing.unsqueeze(1), width, mode="linear", align_corners=False)
    rows = (torch.arange(height, device=swing.device) + 0.5 - height / 2).abs() / (height / 2)
    inked = (rows[None, :, None] <= wide.clamp_min(1 / max(height, 1))).unsqueeze(-1)
    return torch.where(
        inked, torch.tensor(_INK, device=swing.device), torch.tensor(_PAPER, device=swing.device)
    ).float()


def _hear(generator: Generator, x: Tensor) -> Tensor:
    return to_sound(x)


SOUND = Kind("sound", say("sounds"), _canvas, _draw, hear=_hear)
