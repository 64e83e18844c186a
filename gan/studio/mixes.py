"""Two pictures in one, as recipes: one mix, and the grid of all mixes of some pictures with others.

mixed(a, b, (0, 1))                # the shapes of a in the colours of b
mix_grid([a, b], [c, d, e])        # six recipes: each row's coarse layers with each column's fine ones
"""

import dataclasses
from collections.abc import Sequence

from gan.errors import StudioError
from gan.studio.recipes import Recipe

COLOURS = 0.0, 1.0  # coarse layers of the first picture, fine layers of the second


def mixed(first: Recipe, second: Recipe, mix: tuple[float, float] = COLOURS) -> Recipe:
    """The first picture with so much of the second one in its (coarse, fine) layers; what was mixed into it is gone.

    Raises StudioError for pictures of two models, and for a second one that is a mix itself.
    """
    if (first.model, first.revision) != (second.model, second.revision):
        raise StudioError("Only pictures of one model can be mixed.", "Choose two of the same model and version.")
    return dataclasses.replace(first, style=second, mix=mix)


def mix_grid(rows: Sequence[Recipe], columns: Sequence[Recipe], mix: tuple[float, float] = COLOURS) -> list[Recipe]:
    """Every row mixed with every column, row by row (Karras et al. 2019, figure 3). StudioError as `mixed`."""
    return [mixed(row, column, mix) for row in rows for column in columns]
