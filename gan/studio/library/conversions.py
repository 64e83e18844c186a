"""Foreign files that have been converted, so that each is read once: folders of ours, found again by where they came
from."""

import hashlib
import json
import os
import re
from pathlib import Path

from gan.errors import StudioError
from gan.foreign.convert import Origin, convert
from gan.messages import say
from gan.store.folder_cache import FolderCache
from gan.store.model_config import CONFIG
from gan.studio.library.file_choice import CONFIGS, MOST_CONFIG, choose, listed, trouble

READERS = 1
"""To be raised when an adapter reads a file differently: what older ones made is then made anew."""
_NAMES = re.compile(r"[0-9a-f]{24}")
_MOST, _MOST_BYTES = 200, 5 * 10**9


class Conversions:
    """What was converted, in the folder `root`. Threads may share it."""

    def __init__(self, root: Path):
        self.kept = FolderCache(Path(root), _NAMES, _MOST, _MOST_BYTES)

    def find(self, *key: str) -> Path | None:
        """The folder of what was converted under that key."""
        return self.kept.find(_digest(key))

    def make(self, key: tuple[str, ...], path: Path, origin: Origin) -> Path:
        """The folder of the file at `path`, converted now. Raises StudioError."""
        with self.kept.part() as part:
            convert(path, part, origin)
            return self.kept.keep(part, _digest(key))

    def local(self, path: Path, label: str) -> Path:
        """The folder of a file of this computer, or of a folder with foreign files in it, as it is now. Raises
        StudioError."""
        file, origin = self.origin(path, label)
        about, settings = file.stat(), json.dumps(origin.config, sort_keys=True)
        key = "file", os.path.realpath(file), str(about.st_mtime_ns), str(about.st_size), settings
        return self.find(*key) or self.make(key, file, origin)

    @staticmethod
    def origin(path: Path, label: str, wanted: str | None = None) -> tuple[Path, Origin]:
        """The file that is read of a file or a folder on this computer, and what is known of it. Raises StudioError.

        wanted: which file of the folder, None for the likeliest.
        """
        if wanted is not None and path.is_file():
            raise StudioError(
                say(
                    "{label} is a file, not a folder from which {wanted!r} could be taken.", label=label, wanted=wanted
                ),
                "Leave --file out.",
            )
        file, folder = (path, path.parent) if path.is_file() else (_chosen(path, label, wanted), path)
        return file, Origin(file.name, title=file.stem, place=file.name, config=read_settings(folder))


def says_ours(settings: object) -> bool:
    """Whether a config.json is of our own layout."""
    return isinstance(settings, dict) and "studio" in settings


def read_settings(folder: Path) -> dict:
    """The table in the config.json of a foreign model, {} where there is none of at most 1 MiB: it only gives hints."""
    path = next((folder / name for name in CONFIGS if (folder / name).is_file()), None)
    if path is None:
        return {}
    with path.open("rb") as file:
        text = file.read(MOST_CONFIG + 1)
    try:
        settings = json.loads(text) if len(text) <= MOST_CONFIG else {}
    except (ValueError, RecursionError):
        return {}
    return settings if isinstance(settings, dict) else {}


def _chosen(folder: Path, label: str, wanted: str | None = None) -> Path:
    """The file with the generator's weights in a folder, or the one that is wanted of those that can be read.

    Raises StudioError where there is none, or where it is a link outwards.
    """
    sizes = {file.name: file.stat().st_size for file in folder.iterdir() if file.is_file()}
    if wanted is not None and not any(file.name == wanted and file.readable for file in listed(sizes)):
        raise StudioError(
            say("{label} has no file {wanted!r} that can be read.", label=label, wanted=wanted),
            "Give the name of a checkpoint in it.",
        )
    name = wanted or choose(sizes)
    if name is None:
        raise (
            StudioError(*trouble(label, sizes))
            if sizes
            else StudioError(say("{label} has no {config}.", label=label, config=CONFIG), "The folder is empty.")
        )
    if not Path(os.path.realpath(folder / name)).is_relative_to(os.path.realpath(folder)):
        raise StudioError(
            say("{name} of {label} is a link that leads out of its folder.", name=name, label=label),
            "Copy the file itself into the folder.",
        )
    return folder / name


def _digest(key: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps([READERS, *key]).encode()).hexdigest()[:24]
