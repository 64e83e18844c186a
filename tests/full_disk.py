"""A disk that is full at one place of the app's code: made up where files are written, real where they are filled.

    with FullDisk() as disk:
        act()                                   # disk.seen: the places in gan/ at which it wrote
        with disk.full_at(place):
            act()                               # fails there, as on a disk without room

A file that is filled by name lies on /dev/full, so that whatever library writes it hears the system's own answer. The
exceptions cannot be made at all: those of safetensors, which fills another file first and is tested on a small disk,
and those without a name, which would be read again without an end.
"""

import ast
import contextlib
import errno
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from gan.store import files

GAN = Path(files.__file__).resolve().parents[1]
_PYTHON = {os.path.dirname(module.__file__) for module in (os, contextlib, tempfile)} | {os.path.dirname(__file__)}
_SEAMS = {str(GAN / "store" / name) for name in ("files.py", "passing.py")}

Place = tuple[str, int]
"""A module of gan/ and a line in it that asks for something to be written."""


def full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class FullDisk:
    """Use as a context. `seen`: the places that wrote; `fired`: how often the one that is full wanted to."""

    def __init__(self):
        self.seen: dict[Place, None] = {}
        self.fired, self._full, self._torn = 0, None, None
        self._lock = threading.Lock()
        self._real = dict(open=files.open_to_write, write=files.write_all, mkdir=os.mkdir, link=os.link)

    def __enter__(self) -> "FullDisk":
        self._everywhere("open_to_write", self._real["open"], self._open)
        self._everywhere("write_all", self._real["write"], self._write)
        os.mkdir, os.link = self._mkdir, self._link
        return self

    def __exit__(self, *_) -> None:
        self._everywhere("open_to_write", self._open, self._real["open"])
        self._everywhere("write_all", self._write, self._real["write"])
        os.mkdir, os.link = self._real["mkdir"], self._real["link"]

    @contextlib.contextmanager
    def full_at(self, place: Place) -> Iterator[None]:
        self._full, self.fired, self._torn = place, 0, None
        try:
            yield
        finally:
            self._full = None

    @staticmethod
    def _everywhere(name: str, old, new) -> None:
        """In each module that took it."""
        for module in [module for key, module in list(sys.modules.items()) if key.startswith("gan.")]:
            if getattr(module, name, None) == old:
                setattr(module, name, new)

    def _is_full(self, there: bool = False) -> bool:
        """Whether what is asked for now finds no room. there: it needs none, since it is there already."""
        place = _asked_by()
        if place is None:  # not the app
            return False
        with self._lock:
            self.seen[place] = None
            refuses = place == self._full and not there
            self.fired += refuses
        return refuses

    def _open(self, path: Path, flags: int, mode: int = 0o666) -> int:
        if not self._is_full():
            return self._real["open"](path, flags, mode)
        named = not flags & os.O_RDWR and not _asked_by()[0].endswith("weights.py")
        if flags & os.O_EXCL and named:  # to be filled by its name
            os.symlink("/dev/full", path)
            return os.open(path, flags & ~(os.O_EXCL | os.O_CREAT))
        if flags & os.O_TRUNC:
            return os.open("/dev/full", os.O_WRONLY)
        if flags & os.O_APPEND and flags & os.O_RDWR:  # a line: half of it still finds room
            self._torn = self._real["open"](path, flags, mode)
            return self._torn
        raise full()

    def _write(self, fd: int, data: bytes) -> None:
        if fd == self._torn or self._is_full():
            self._torn = None
            os.write(fd, data[: len(data) // 2])
            raise full()
        self._real["write"](fd, data)

    def _mkdir(self, path, *args, **keywords) -> None:
        if self._is_full(os.path.isdir(path)):
            raise full()
        self._real["mkdir"](path, *args, **keywords)

    @staticmethod
    def _link(*_, **__) -> None:
        """What would be a link is a copy, which needs room."""
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))


def _asked_by() -> Place | None:
    """Who in gan/ asked for what is being written; None where a library writes, or a test."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name not in _SEAMS and os.path.dirname(name) not in _PYTHON:
            return (str(Path(name).relative_to(GAN)), frame.f_lineno) if GAN in Path(name).parents else None
        frame = frame.f_back
    return None


def all_places() -> dict[Place, tuple[str, range]]:
    """Where the sources of gan/ ask for something to be written -> the name called, and its lines."""
    places = {}
    for path in sorted(GAN.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        writers = {
            name.asname or name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module in ("gan.store.files", "gan.store.passing")
            for name in node.names
            if name.name in WRITERS
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in writers:
                lines = range(node.lineno, node.end_lineno + 1)
                if str(path) not in _SEAMS:
                    places[str(path.relative_to(GAN)), node.lineno] = (node.func.id, lines)
    return places


WRITERS = {
    "append_line",
    "begun_folder",
    "link_or_copy",
    "log_file",
    "make_folder",
    "new_file",
    "open_to_write",
    "passing_folder",
    "scratch_file",
    "temporary_folder",
    "touch",
    "whole_file",
    "write_all",
    "write_bytes",
    "write_json",
    "write_text",
}
"""Of gan.store.files and gan.store.passing those that write."""
