"""The table of what can be drawn: a new kind of picture is one file and one entry here."""

import numpy as np

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import listed, say
from gan.studio.data.drawn.digits import DIGITS
from gan.studio.data.drawn.drawer import Drawer
from gan.studio.data.drawn.faces import FACES
from gan.studio.data.drawn.flowers import FLOWERS

DRAWERS: dict[str, Drawer] = {"faces": FACES, "flowers": FLOWERS, "digits": DIGITS}


def drawer(name: str) -> Drawer:
    """The drawer of that name. Raises StudioError where there is none."""
    if name not in DRAWERS:
        raise StudioError(
            say("Nobody here can draw {name}.", name=show(name)),
            say("Choose one of {names}.", names=listed(DRAWERS)),
        )
    return DRAWERS[name]


def drawn_set(
    count: int, side: int, seed: int = 0, name: str = "faces"
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Pictures uint8 (count, side, side, 3), their factors float32 (count, factors), and the factors' names.

    The same seed gives the same pictures on every machine. Raises StudioError where one of these cannot be.
    """
    return drawer(name).drawn_set(count, side, seed)
