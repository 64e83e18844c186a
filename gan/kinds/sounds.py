"""Samples that are sounds: x (n, 1, bands, columns), spectrograms in [-1, 1] that one hears.

A sound is drawn as its spectrogram: time goes to the right, high tones are on top, and the louder the brighter.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from gan.kinds.kind import Canvas, Kind
from gan.messages import say
from gan.networks.contract import Generator
from gan.networks.spectrograms import to_sound

_SIDE = 128  # pixels of the picture, which can be drawn in any size
_COLOURS = ((0, 0, 4), (66, 10, 104), (147, 38, 103), (221, 81, 58), (252, 165, 10), (252, 255, 164))  # faint to loud


def _canvas(generator: Generator) -> Canvas:
    return Canvas(3, _SIDE, _SIDE)


def _draw(generator: Generator, x: Tensor, size: tuple[int, int]) -> np.ndarray:
    return drawn(x, size)


def drawn(x: Tensor, size: tuple[int, int]) -> np.ndarray:
    """Spectrograms (n, 1, bands, columns) as pictures of that (width, height), uint8 (n, height, width, 3)."""
    width, height = size
    shown = interpolate(x.clamp(-1, 1), (height, width), mode="bilinear", align_corners=False)[:, 0]
    return _coloured((shown + 1) / 2).to(torch.uint8).cpu().numpy()


def _coloured(share: Tensor) -> Tensor:
    """Numbers in 0..1 (...) as colours (..., 3) in 0..255."""
    table = torch.tensor(_COLOURS, dtype=torch.float32, device=share.device)
    at = share * (len(_COLOURS) - 1)
    low = at.floor().clamp(0, len(_COLOURS) - 2)
    rows = low.long()
    return torch.lerp(table[rows], table[rows + 1], (at - low).unsqueeze(-1))


def _hear(generator: Generator, x: Tensor) -> Tensor:
    return to_sound(x)


SOUND = Kind("sound", say("sounds"), lambda n: say("{n:,} sounds", n=n), _canvas, _draw, hear=_hear)
