"""Models' folders that are kept for a while: each is there whole or not at all, and those not used for longest make
room."""

import contextlib
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gan.store.files import cannot_write, make_folder
from gan.store.model_config import CONFIG
from gan.store.passing import passing_folder, remove_old

_PART = ".part-"
_LEFT_OVER = _NOTED = 3600  # seconds: until a part belongs to nobody; between two notes that a folder is in use


@dataclass(frozen=True)
class FolderCache:
    """The folders below `root` whose names `names` knows, at most so many and of so many bytes. Threads may share
    it."""

    root: Path
    names: re.Pattern[str]
    most: int
    most_bytes: int
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def find(self, name: str) -> Path | None:
        """The folder of that name, None where there is none, or where something has emptied it. Notes that it is in
        use."""
        if not isinstance(name, str) or not self.names.fullmatch(name):
            return None
        folder = self.root / name
        if not _is_whole(folder):
            return None
        with contextlib.suppress(OSError):  # a disk that cannot be written notes nothing, and makes no room either
            if time.time() - folder.stat().st_mtime > _NOTED:
                os.utime(folder)
        return folder

    def list(self) -> list[str]:
        """The names of all that is kept, those used last at the end."""
        try:
            used = {
                entry.name: entry.stat().st_mtime for entry in self.root.iterdir() if self.names.fullmatch(entry.name)
            }
        except OSError:
            return []
        return sorted(used, key=lambda name: used[name])

    @contextlib.contextmanager
    def part(self) -> Iterator[Path]:
        """An empty folder to fill, gone when the block ends unless it was kept. Raises StudioError where none can be
        made."""
        with passing_folder(make_folder(self.root), _PART) as folder:
            yield folder

    def keep(self, part: Path, name: str) -> Path:
        """Give a filled folder its name, unless there is one of that name already, and make room. Raises
        StudioError."""
        folder = self.root / name
        try:
            with self._lock:
                with contextlib.suppress(OSError):  # first, so that no other process takes it for the oldest
                    os.utime(folder)
                if not _is_whole(folder):
                    _move(part, folder)
                self._make_room(folder)
        except OSError as error:
            raise cannot_write(folder, error) from error
        return folder

    def remove(self, name: str) -> None:
        """Keep it no longer."""
        if self.names.fullmatch(name):
            shutil.rmtree(self.root / name, ignore_errors=True)

    def _make_room(self, newest: Path) -> None:
        """Remove what was used longest ago until the rest is within bounds, and what crashes have left."""
        others = [self.root / name for name in self.list() if name != newest.name]
        sizes = {entry: _bytes(entry) for entry in (*others, newest)}
        while others and (len(sizes) > self.most or sum(sizes.values()) > self.most_bytes):
            shutil.rmtree(oldest := others.pop(0), ignore_errors=True)
            del sizes[oldest]
        remove_old(self.root, f"{_PART}*", _LEFT_OVER)


def _is_whole(folder: Path) -> bool:
    """Programs that clean caches remove files and leave folders."""
    return os.path.isfile(folder / CONFIG)


def _move(part: Path, folder: Path) -> None:
    """Give `part` the name of `folder`, unless another process does so this moment."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        part.rename(folder)
    except OSError:
        if not _is_whole(folder):
            raise


def _bytes(folder: Path) -> int:
    """The size of a folder's files, 0 once another process has made room of it."""
    try:
        return sum(file.stat().st_size for file in folder.iterdir())
    except FileNotFoundError:
        return 0
