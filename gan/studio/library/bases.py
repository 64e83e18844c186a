"""The models that others were trained on from, found on this computer."""

import contextlib
import functools
import os
import re
from pathlib import Path

from gan.errors import StudioError
from gan.store.model_config import WEIGHTS
from gan.store.model_folder import read_config, weights_checksum
from gan.store.origins import Origin, origin_of
from gan.studio.library.locations import ModelLocation, ModelLocations

_STEP = re.compile(r" at step (\d+)$")  # as a branch names what it started from


def name_of(source: str) -> str:
    """What a model is called, whichever moment of it is meant and wherever it lies."""
    name = _STEP.sub("", source).partition("@")[0]
    return Path(name).name if _is_path(name) else name


def _is_path(source: str) -> bool:
    return source.startswith((".", "~", "/"))


def find_base(places: ModelLocations, folder: Path) -> ModelLocation | None:
    """Where the model lies that the one in a folder was trained on from, at the step that is named; None where no name
    is known, or nothing of that name lies here, is read as it is, and is that very model."""
    origin = origin_of(folder)
    step = _STEP.search(origin.base)
    with contextlib.suppress(StudioError):
        place = places.find(name_of(origin.base), step and step[1])
        if place.folder is not None and not place.foreign and _is_meant(places, folder, origin, place.folder):
            return place
    return None


def is_it(origin: Origin, folder: Path) -> bool:
    """Whether the model in a folder is the one whose checksum was noted. Raises StudioError where it is unreadable."""
    file = folder / WEIGHTS
    with contextlib.suppress(OSError):
        about = os.stat(file)
        return _checksum(folder, about.st_mtime_ns, about.st_size, about.st_ino) == origin.checksum
    return False


@functools.lru_cache(maxsize=64)
def _checksum(folder: Path, *_when: int) -> str:
    """Read once for all that name this model, until its file changes."""
    return weights_checksum(folder, read_config(folder))


def _is_meant(places: ModelLocations, folder: Path, origin: Origin, found: Path) -> bool:
    """Whether the model found under the name of a base is that base. Without a checksum a name says so only where it
    means the same as when it was given: in the box, or in a run of this computer."""
    if origin.checksum:
        return is_it(origin, found)
    boxed = any(folder.is_relative_to(root) for root in places.roots)
    return (origin.here or boxed) and not _is_path(origin.base)


def title_of_base(places: ModelLocations, folder: Path) -> str:
    """What that model is called, "" where no name is known: by its own title where it lies here."""
    name, place = name_of(origin_of(folder).base), find_base(places, folder)
    with contextlib.suppress(StudioError):
        return read_config(place.folder, name).title or name if place and place.folder else name
    return name
