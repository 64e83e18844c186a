"""Files that appear whole or not at all."""

import contextlib
import os
import shutil
import stat
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from gan.errors import StudioError
from gan.messages import say


@contextlib.contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """The name to write a file under. It gets its own name when the block ends, and goes away when the block fails.

    The file may be read by whoever the umask lets read new files, also where its writer (safetensors) is stricter.
    Raises StudioError, before the block runs where that is possible, if it cannot be written.
    """
    path = Path(path).absolute()
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        part.touch()
        mode = part.stat().st_mode
        yield part
        if part.stat().st_mode != mode:
            part.chmod(stat.S_IMODE(mode))
        part.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with contextlib.suppress(OSError):  # in a folder that cannot be written there is nothing to remove
            part.unlink()


def make_folder(path: str | Path) -> Path:
    """The folder, made where it is missing. Raises StudioError where it cannot be."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(Path(path), error) from error
    return Path(path)


def remove_old(home: Path, pattern: str, seconds: float) -> None:
    """Remove the folders in `home` of such names that nothing has touched for so long: what crashes have left, and what
    nobody fetched. Other threads and processes may do the same."""
    for folder in home.glob(pattern):
        with contextlib.suppress(FileNotFoundError):  # another is done with it
            if folder.stat().st_mtime < time.time() - seconds:
                shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def passing_folder(home: str | Path, prefix: str) -> Iterator[Path]:
    """An empty folder inside one of its own in `home`, to be filled and moved; both are gone when the block ends.

    Raises StudioError, before the block runs, where none can be made.
    """
    with contextlib.ExitStack() as stack:
        try:
            made = stack.enter_context(tempfile.TemporaryDirectory(prefix=prefix, dir=home, ignore_cleanup_errors=True))
            folder = Path(made) / "model"  # others may read it, other than what is temporary
            folder.mkdir()
        except OSError as error:
            raise cannot_write(Path(home), error) from error
        yield folder


def link_or_copy(source: str | Path, path: str | Path) -> Path:
    """`path`, which becomes the same file as `source` where the disk allows that, else a copy.

    Links are followed first, so that it is a file of its own name. Raises StudioError where it cannot be written.
    """
    source, path = os.path.realpath(source), Path(path)
    try:
        path.unlink(missing_ok=True)
        try:
            os.link(source, path)
        except OSError:
            shutil.copyfile(source, path)
    except OSError as error:
        raise cannot_write(path, error) from error
    return path


def cannot_write(path: Path, error: Exception) -> StudioError:
    """The sentence for an OSError, or for what a library makes of one."""
    return StudioError(
        say("{name} cannot be written: {value}.", name=path.name, value=getattr(error, "strerror", None) or error),
        "Choose another place, or make room there.",
    )
