"""A short loop of each model, for its card: eight pictures that wander from seed to seed and come back.

loops = Loops(models)
loops.of("letters", None, paint)      # a WebP file: a row for each moment, the eight pictures beside one another
"""

import io
import math
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from gan.errors import StudioError
from gan.kinds.table import canvas_of
from gan.latents.seeds import LAST_SEED
from gan.messages import say
from gan.store.grids import grid
from gan.store.model_config import WEIGHTS
from gan.studio.library.single_flight import SingleFlight
from gan.studio.recipes import Recipe

PICTURES = 8  # side by side
STOPS = 3  # seeds that each of them passes
STEPS = 8  # from one to the next
LARGEST = 128  # pixels a side of pictures of which so many are painted for a card
_SIDE = 64  # pixels of what is shown
_QUALITY = 88
_EXACT = 32  # pixels a side up to which nothing may blur
_KEPT = 32  # models
_AT_ONCE = 64

Paint = Callable[[list[Recipe], int | None], np.ndarray]
"""(recipes, side or None for the model's own) -> uint8 (n, height, width, 3 or 4), in their turn among what others ask
for."""


class Loops:
    """Those of models, made when they are first asked for."""

    def __init__(self, models):
        """models: has get(source, revision) -> Model."""
        self._models, self._made = models, SingleFlight(_KEPT)

    def of(self, source: str, revision: str | None, paint: Paint) -> bytes:
        """STOPS * STEPS rows of PICTURES pictures, as a WebP file. Raises StudioError, also for a model whose pictures
        are larger than 128 pixels."""
        model = self._models.get(source, revision)
        if _side(model) > LARGEST:
            raise StudioError(
                say("The pictures of this model are larger than {largest} pixels.", largest=LARGEST),
                "Look at single ones.",
            )
        weights = (model.path / WEIGHTS).stat()  # a model that is made anew has the same name
        key = model.id, model.revision, model.config.seed, model.config.psi, weights.st_size, weights.st_mtime_ns
        return self._made.get(key, lambda: _drawn(model, paint))


def recipes(model) -> Iterator[Recipe]:
    """Of all moments, one after the other. Where there are classes and all is grey, they go through the same seeds: an
    alphabet changes its typeface. In colour each has seeds of its own, since eight cats of one coat look like one."""
    classes, together = model.generator.num_classes, canvas_of(model.generator).channels == 1
    for moment in range(STOPS * STEPS):
        stop, step = divmod(moment, STEPS)
        far = (1 - math.cos(math.pi * step / STEPS)) / 2  # it slows down at each stop
        for i in range(PICTURES):
            own = i // classes if classes and together else i
            here, there = (
                (model.config.seed + own + PICTURES * (k % STOPS)) % (LAST_SEED + 1) for k in (stop, stop + 1)
            )
            label = i % classes if classes else None
            walk = ((there, far),) if step else ()
            yield Recipe(model.id, model.revision, seed=here, label=label, psi=model.config.psi, walk=walk)


def _side(model) -> int:
    canvas = canvas_of(model.generator)
    return max(canvas.height, canvas.width)


def _drawn(model, paint: Paint) -> bytes:
    wanted = list(recipes(model))
    own = _side(model)
    side, exact = _SIDE if own > _SIDE else None, own <= _EXACT or model.config.pixel_art
    parts = [paint(wanted[at : at + _AT_ONCE], side) for at in range(0, len(wanted), _AT_ONCE)]
    file = io.BytesIO()
    Image.fromarray(grid(np.concatenate(parts), PICTURES)).save(file, "WEBP", quality=_QUALITY, lossless=exact)
    return file.getvalue()
