"""Who works on a run: the holder of the lock in its folder, which the system lets go of however its holder dies."""

import os
import time
from pathlib import Path

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import cannot_read, cannot_write, open_to_write, write_all

try:
    import fcntl
except ImportError:  # Windows: runs can be made by hand there, but not be supervised
    fcntl = None  # type: ignore[assignment]  # a module, or none

CAN_SUPERVISE = fcntl is not None
_LOCK = ".lock"


class RunLock:
    """A run's lock, held. At most one process in all has it, and it ends with that process."""

    def __init__(self, fd: int):
        self.fd = fd

    @classmethod
    def take(cls, path: Path, patience: float = 2.0) -> "RunLock":
        """Raises StudioError where another process works on this run for longer than `patience` seconds."""
        until = time.monotonic() + patience
        while (lock := cls.attempt(path)) is None:
            if time.monotonic() > until:
                raise StudioError(
                    say("Another process is working on the run {name}.", name=Path(path).name),
                    "Stop that one first, or choose another run.",
                )
            time.sleep(0.01)  # somebody may only be looking whether it is held
        return lock

    @classmethod
    def attempt(cls, path: Path) -> "RunLock | None":
        """The lock, or None where it is held at the moment."""
        fd = _open(path)
        if not _flock(fd, exclusive=True):
            os.close(fd)
            return None
        os.ftruncate(fd, 0)
        return cls(fd)

    def write_pid(self, pid: int) -> None:
        """Whose process id the lock shows. Raises StudioError where that cannot be written."""
        try:
            os.lseek(self.fd, 0, os.SEEK_SET)
            write_all(self.fd, f"{pid}\n".encode())
        except OSError as error:
            raise cannot_write(Path(_LOCK), error) from error

    def release(self) -> None:
        """Let go of it; a process that inherited it keeps it."""
        os.close(self.fd)


def is_alive(path: Path) -> bool:
    """Whether some process works on the run in this folder. Looking needs no right to write.

    Raises StudioError where that cannot be told.
    """
    try:
        fd = os.open(Path(path) / _LOCK, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise cannot_read(say("The run {name}", name=Path(path).name), error) from error
    try:
        return not _flock(fd, exclusive=False)
    finally:
        os.close(fd)


def worker_pid(path: Path) -> int | None:
    """The process id of the worker, or None where there is none."""
    if not is_alive(path):
        return None
    try:
        text = (Path(path) / _LOCK).read_bytes().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise cannot_read(say("The run {name}", name=Path(path).name), error) from error
    return int(text) if text.isdigit() and len(text) < 20 else None


def _open(path: Path) -> int:
    try:
        return open_to_write(Path(path) / _LOCK, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise cannot_write(Path(path) / _LOCK, error) from error


def _flock(fd: int, exclusive: bool) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(fd, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
