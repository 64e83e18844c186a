"""A run's sounds.npz: written in one piece, and read row by row.

It holds `sounds`, uint8 (n, side, side), and `labels` with `label_names` where the files lay sorted into folders, as
data.npz of pictures.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from gan.errors import StudioError
from gan.kinds.sounds import drawn
from gan.messages import say
from gan.networks.sounds import SIDES
from gan.store.files import make_folder, whole_file
from gan.store.grids import grid
from gan.studio.data.dataset_doctor import spread
from gan.studio.data.npz_arrays import Arrays
from gan.studio.data.training_file import LABEL

FILE = "sounds.npz"
ARRAY = "sounds"
MOST_SOUNDS = 10_000
_SHEET, _COLUMNS, _CELL = 36, 6, (96, 96)


def write_sounds(into: Path, sounds: np.ndarray, labels: Sequence[int], classes: Sequence[str]) -> None:
    """into/sounds.npz of uint8 (n, side, side), with the number of each sound's class where there are `labels`."""
    arrays = {ARRAY: sounds}
    if labels:
        names = ",".join(re.sub("[,:]", " ", name) for name in classes)
        arrays |= dict(labels=np.array(labels, np.int16)[:, None], label_names=np.array([f"{LABEL}:{names}"]))
    with whole_file(make_folder(into) / FILE) as part, part.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def sounds_of(arrays: Arrays, side: int | None) -> torch.Tensor:
    """The sounds of a file that was written here, uint8 (n, 1, side, side). Raises StudioError."""
    count, own = _written(arrays)
    if side and own != side:
        raise StudioError(
            say("{name} holds sounds of {side} columns, not {wanted}.", name=arrays.called, side=own, wanted=side),
            "Give the WAV files again.",
        )
    return torch.from_numpy(_rows(arrays, np.arange(count), own)).unsqueeze(1)


def sound_sheet(arrays: Arrays) -> np.ndarray:
    """Some of the sounds of such a file side by side, uint8 (height, width, 3). Raises StudioError."""
    count, own = _written(arrays)
    some = torch.from_numpy(_rows(arrays, np.array(spread(count, _SHEET)), own)).unsqueeze(1).float() / 127.5 - 1
    return grid(drawn(some, _CELL), min(_COLUMNS, len(some)), gap=2)


def _written(arrays: Arrays) -> tuple[int, int]:
    """How many sounds a file holds, and of how many columns. StudioError where they were not written here."""
    _, shape, dtype = arrays.found[ARRAY]
    count, own = shape[0] if shape else 0, shape[-1] if shape else 0
    if dtype != np.uint8 or shape != (count, own, own) or own not in SIDES or not 0 < count <= MOST_SOUNDS:
        raise StudioError(say("{name} holds no sounds that were read here.", name=arrays.called), "Give WAV files.")
    return count, own


def _rows(arrays: Arrays, wanted: np.ndarray, side: int) -> np.ndarray:
    """Those with these numbers, which rise, without loading all: uint8 (k, side, side)."""
    found, at = np.empty((len(wanted), side, side), np.uint8), 0
    for part in arrays.rows(ARRAY):
        here = (wanted >= at) & (wanted < at + len(part))
        found[here] = part[wanted[here] - at]
        at += len(part)
    return found
