"""Properties of sounds that can be read from their spectrograms, so that what a slider is named for can be checked.

Of x (n, 1, bands, columns) in [-1, 1], the highest band on top; all are smooth in x.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from gan.networks.spectrograms import FLOOR

_HEARD = 0.0  # of -1 to 1: a column that is louder counts as heard, 40 decibels below the loudest
_SOFT = 8.0


def length(x: Tensor) -> Tensor:
    """The share of its columns in which a sound is heard, (n,)."""
    return torch.sigmoid(_SOFT * (x[:, 0].amax(dim=1) - _HEARD)).mean(dim=1)


def brightness(x: Tensor) -> Tensor:
    """Where its loudness lies from the lowest band, 0, to the highest, 1, (n,)."""
    swing = 10 ** ((x[:, 0] - 1) * (FLOOR / 40))
    height = torch.linspace(1, 0, x.shape[2], device=x.device)
    return (swing.sum(dim=2) * height).sum(dim=1) / swing.sum(dim=(1, 2))


def tone(x: Tensor) -> Tensor:
    """How far its loudest band stands out of the middle of all, in the half of its columns that are loudest, (n,):
    little where it is noise."""
    loud = x[:, 0].amax(dim=1)
    rows = loud.topk(x.shape[3] // 2, dim=1).indices
    some = x[:, 0].gather(2, rows.unsqueeze(1).expand(-1, x.shape[2], -1))
    return (some.amax(dim=1) - some.mean(dim=1)).mean(dim=1)


MEASURES: dict[str, Callable[[Tensor], Tensor]] = {"length": length, "brightness": brightness, "tone": tone}
