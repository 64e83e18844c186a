"""What is gone again soon: folders and files that a block of work needs, and what a crash has left of them."""

import contextlib
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gan.store.files import cannot_write, open_to_write


def begun_folder(home: str | Path | None, prefix: str) -> Path:
    """A new, empty folder in `home`, with None where this computer keeps what is temporary; it is the caller's to
    remove. Raises StudioError where none can be made."""
    home = Path(tempfile.gettempdir() if home is None else home)
    try:
        return Path(tempfile.mkdtemp(prefix=prefix, dir=home))
    except OSError as error:
        raise cannot_write(home, error) from error


@contextlib.contextmanager
def temporary_folder(home: str | Path | None = None, prefix: str = "gan-studio-") -> Iterator[Path]:
    """Likewise, gone with all that is in it when the block ends."""
    folder = begun_folder(home, prefix)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def passing_folder(home: str | Path, prefix: str) -> Iterator[Path]:
    """An empty folder inside one of its own in `home`, to be filled and moved; both are gone when the block ends.

    Raises StudioError, before the block runs, where none can be made.
    """
    with temporary_folder(home, prefix) as made:
        folder = made / "model"  # others may read it, other than what is temporary
        try:
            folder.mkdir()
        except OSError as error:
            raise cannot_write(Path(home), error) from error
        yield folder


@contextlib.contextmanager
def scratch_file(home: str | Path | None = None) -> Iterator[BinaryIO]:
    """A file to write and to read again, which has no name and is gone when the block ends, however that is.

    Raises StudioError where none can be made.
    """
    home = Path(tempfile.gettempdir() if home is None else home)
    path = home / f".{uuid.uuid4().hex}.part"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_TEMPORARY", 0)  # which is how Windows removes it
    try:
        file = os.fdopen(open_to_write(path, flags, 0o600), "w+b")
        if os.name != "nt":
            path.unlink()
    except OSError as error:
        raise cannot_write(home, error) from error
    with file:
        yield file


def remove_old(home: Path, pattern: str, seconds: float) -> None:
    """Remove the folders in `home` of such names that nothing has touched for so long: what crashes have left, and what
    nobody fetched. Other threads and processes may do the same."""
    for folder in home.glob(pattern):
        with contextlib.suppress(FileNotFoundError):  # another is done with it
            if folder.stat().st_mtime < time.time() - seconds:
                shutil.rmtree(folder, ignore_errors=True)
