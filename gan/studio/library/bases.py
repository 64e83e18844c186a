"""The models that others were trained on from, found on this computer."""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gan.errors import StudioError
from gan.store.model_folder import read_config
from gan.store.origins import base_of
from gan.studio.library.locations import ModelLocation, ModelLocations

if TYPE_CHECKING:
    from gan.studio.library.model import Model

_STEP = re.compile(r" at step (\d+)$")  # as a branch names what it started from


@dataclass(frozen=True)
class Base:
    """A model that another one was trained on from: its id and revision here, its title and folder. `load` gives the
    Model, or raises StudioError."""

    id: str
    revision: str | None
    title: str
    folder: Path
    load: "Callable[[], Model]"


def name_of(source: str) -> str:
    """What a model is called, whichever moment of it is meant and wherever it lies."""
    name = _STEP.sub("", source).partition("@")[0]
    return Path(name).name if name.startswith((".", "~", "/")) else name


def find_base(places: ModelLocations, folder: Path) -> ModelLocation | None:
    """Where the model lies that the one in a folder was trained on from, at the step that is named; None where no name
    is known, or nothing of that name lies here and is read as it is."""
    source = base_of(folder)
    step = _STEP.search(source)
    with contextlib.suppress(StudioError):
        place = places.find(name_of(source), step and step[1])
        return None if place.foreign else place
    return None


def title_of_base(places: ModelLocations, folder: Path) -> str:
    """What that model is called, "" where no name is known: by its own title where it lies here."""
    name = name_of(base_of(folder))
    with contextlib.suppress(StudioError):
        place = places.find(name, None)
        return read_config(place.folder, name).title or name if place.folder and not place.foreign else name
    return name
