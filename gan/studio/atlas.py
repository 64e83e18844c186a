"""A model's atlas: its first seeds on a map on which neighbours look alike, made once and kept.

atlas = Atlases(models, paint, folder).of("letters", None, label=3)
atlas.seeds                  # row by row
atlas.place(pictures)        # where another picture would be
"""

import hashlib
import io
import logging
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from gan.errors import StudioError
from gan.kinds.table import canvas_of
from gan.latents.atlas import arrange
from gan.store.files import make_folder, write_bytes
from gan.store.model_config import WEIGHTS
from gan.studio.library.single_flight import SingleFlight
from gan.studio.recipes import Recipe
from gan.studio.scores.feature_networks import own_features

_log = logging.getLogger(__name__)
MOST_SIDE = 16  # cells
_PIXELS = 2**22  # of all pictures: 256 of 128 x 128
_COARSE = 8  # pixels a side that count beside the features
_NEAR = 3  # cells that say where another picture would be
_AT_ONCE = 64

Paint = Callable[[list[Recipe]], np.ndarray]
"""Recipes -> uint8 (n, height, width, 3 or 4), in their turn among what others ask for."""


@dataclass(frozen=True, eq=False)
class Atlas:
    """seeds: side^2 of them, row by row; seen (side^2, d): what their pictures look like."""

    seeds: list[int]
    seen: np.ndarray

    @property
    def side(self) -> int:
        return round(len(self.seeds) ** 0.5)

    def place(self, pictures: np.ndarray) -> tuple[float, float]:
        """Where a picture (1, height, width, channels) would be: (x, y) in cells, among those most like it."""
        apart = np.square(self.seen - look(pictures)).sum(axis=1)
        near = np.argsort(apart, kind="stable")[:_NEAR]
        weights = 1 / (apart[near] + 1e-6) ** 2
        rows, columns = np.divmod(near, self.side)
        column, row = (float((at * weights).sum() / weights.sum() + 0.5) for at in (columns, rows))
        return column, row


class Atlases:
    """Those of models. folder: where they are kept, small files of numbers."""

    def __init__(self, models, folder: Path):
        """models: has get(source, revision) -> Model."""
        self._models, self._folder, self._made = models, Path(folder), SingleFlight(16)

    def of(self, source: str, revision: str | None, label: int | None, paint: Paint) -> Atlas:
        """The atlas of a model, in one class where it has any. Raises StudioError."""
        model = self._models.get(source, revision)
        weights = (model.path / WEIGHTS).stat()
        key = model.id, model.revision, label, model.config.psi, weights.st_size, weights.st_mtime_ns
        path = self._folder / f"{hashlib.sha256(repr(key).encode()).hexdigest()[:32]}.npz"
        return self._made.get(key, lambda: _read(path) or self._make(model, label, paint, path))

    def _make(self, model, label: int | None, paint: Paint, path: Path) -> Atlas:
        canvas = canvas_of(model.generator)
        side = max(4, min(MOST_SIDE, int((_PIXELS / (canvas.height * canvas.width)) ** 0.5)))
        recipes = [
            Recipe(model.id, model.revision, seed=seed, label=label, psi=model.config.psi) for seed in range(side**2)
        ]
        seen = np.concatenate([look(paint(recipes[at : at + _AT_ONCE])) for at in range(0, len(recipes), _AT_ONCE)])
        order = arrange(torch.from_numpy(seen))
        atlas = Atlas(order, seen[order])
        file = io.BytesIO()
        np.savez(file, seeds=np.array(order, "<i4"), seen=atlas.seen.astype("<f2"))
        try:
            make_folder(self._folder)
            write_bytes(path, file.getvalue())
        except StudioError as error:  # it is made anew the next time
            _log.warning("An atlas is not kept: %s", error)
        return atlas


@torch.no_grad()
def look(pictures: np.ndarray) -> np.ndarray:
    """What pictures (n, height, width, channels) look like, (n, d): our features, and a few pixels."""
    x = torch.from_numpy(pictures[..., :3].astype(np.float32) / 127.5 - 1).permute(0, 3, 1, 2)
    seen = own_features()(x) / 4
    return torch.cat([seen, F.adaptive_avg_pool2d(x, _COARSE).flatten(1) / 2], dim=1).numpy()


def _read(path: Path) -> Atlas | None:
    """The atlas that is kept in a file, None where there is none, or a broken one: it is made anew then."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            atlas = Atlas(kept["seeds"].astype(int).tolist(), kept["seen"].astype(np.float32))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    side = atlas.side
    fits = sorted(atlas.seeds) == list(range(side**2)) and atlas.seen.ndim == 2 and len(atlas.seen) == side**2
    return atlas if fits else None


def check_label(model, label: int | None) -> None:
    """Raise StudioError for a class that a model does not have."""
    if label is not None and not 0 <= label < model.generator.num_classes:
        raise StudioError("This model has no such class.", "Leave the class out.")
