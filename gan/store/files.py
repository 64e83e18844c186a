"""The one way to write a file, whole or not at all, and the one way to read JSON, with a sentence that names the file.

Whatever reads many files shows one that cannot be read beside the others, which go on: it catches the StudioError,
whose `code` is UNREADABLE where a file is there and damaged, out of reach or from a newer version, and MISSING where
there is none. Only what is known to be old or half-written by a dead process is ever removed.
"""

import contextlib
import errno
import json
import os
import shutil
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from gan.errors import StudioError
from gan.messages import Message, say

MISSING, UNREADABLE = "missing", "unreadable"
"""Codes of a StudioError about a file that is read."""
MOST_JSON = 64 * 2**20  # bytes of a file of our own: a table of the file sizes in a data set of 200,000 has 20 MB
_MEND = say("Mend it in an editor, or put a copy of it there.")
_NEWER = say("It may come from a newer GAN Studio: update this one, or mend the file.")


# Writing


@contextlib.contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """The name to write a file under. It gets its own name when the block ends, and goes away when the block fails.

    The file may be read by whoever the umask lets read new files, also where its writer (safetensors) is stricter.
    Raises StudioError, before the block runs where that is possible, if it cannot be written.
    """
    path = Path(path).absolute()
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        os.close(open_to_write(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
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


def write_bytes(path: str | Path, data: bytes) -> None:
    """A file of these bytes, whole or not at all. Raises StudioError."""
    with whole_file(path) as part:
        part.write_bytes(data)


def write_text(path: str | Path, text: str) -> None:
    """A file of this text in UTF-8, whole or not at all; half letters that somebody sent become question marks. Raises
    StudioError."""
    write_bytes(path, text.encode("utf-8", "replace"))


def write_json(path: str | Path, values: Any, indent: int | None = 2) -> None:
    """A file of plain values, whole or not at all. Raises StudioError."""
    write_text(path, json_text(values, indent))


def json_text(values: Any, indent: int | None = 2) -> str:
    """Plain values as the text of a file."""
    return json.dumps(values, indent=indent, ensure_ascii=False) + "\n"


def append_line(path: str | Path, line: str) -> None:
    """Put a line at the end of a file, all of it or nothing. Raises StudioError.

    A last line that a crash has torn is ended first, so that it costs itself only and not the next one too.
    """
    path, data = Path(path), line.encode("utf-8") + b"\n"
    try:
        fd = open_to_write(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        try:
            end = os.fstat(fd).st_size
            try:
                os.lseek(fd, max(end - 1, 0), os.SEEK_SET)
                write_all(fd, data if os.read(fd, 1) in (b"", b"\n") else b"\n" + data)
            except OSError:
                os.ftruncate(fd, end)
                raise
        finally:
            os.close(fd)
    except OSError as error:
        raise cannot_write(path, error) from error


@contextlib.contextmanager
def log_file(path: str | Path) -> Iterator[BinaryIO]:
    """A file whose end another process writes to, as long as it likes. Raises StudioError where it cannot be
    written."""
    try:
        file = os.fdopen(open_to_write(Path(path), os.O_WRONLY | os.O_CREAT | os.O_APPEND), "ab")
    except OSError as error:
        raise cannot_write(Path(path), error) from error
    with file:
        yield file


@contextlib.contextmanager
def new_file(path: str | Path) -> Iterator[BinaryIO]:
    """A file to fill with what arrives piece by piece, in a folder that nobody reads before it is whole.

    It goes away when the block fails, however that is. Raises StudioError where it cannot be written.
    """
    path, whole = Path(path), False
    try:
        with os.fdopen(open_to_write(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as file:
            yield file
            file.flush()
        whole = True
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if not whole:
            with contextlib.suppress(OSError):
                path.unlink()


def touch(path: str | Path) -> None:
    """An empty file whose name says all, or its date made new. Raises StudioError where it cannot be written."""
    try:
        fd = open_to_write(Path(path), os.O_WRONLY | os.O_CREAT)
        try:
            os.utime(path)
        finally:
            os.close(fd)
    except OSError as error:
        raise cannot_write(Path(path), error) from error


def make_folder(path: str | Path, parents: bool = True) -> Path:
    """The folder, made where it is missing, with those above it unless told otherwise. Raises StudioError where it
    cannot be."""
    try:
        Path(path).mkdir(parents=parents, exist_ok=True)
    except OSError as error:
        raise cannot_write(Path(path), error) from error
    return Path(path)


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
            with whole_file(path) as part:
                shutil.copyfile(source, part)
    except OSError as error:
        raise cannot_write(path, error) from error
    return path


def cannot_write(path: Path, error: Exception) -> StudioError:
    """The sentence for an OSError, or for what a library makes of one. Names that begin with a dot are our own
    affair: then the folder is named that people know."""
    shown = next((part for part in (path.name, *(p.name for p in path.parents)) if part and part[0] != "."), path.name)
    return StudioError(
        say("{name} cannot be written: {value}.", name=shown, value=_why(error)),
        "Choose another place, or make room there.",
    )


def open_to_write(path: Path, flags: int, mode: int = 0o666) -> int:
    """Every file that is written begins here; the descriptor, which is the caller's to close. Raises OSError."""
    return os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0), mode)


def write_all(fd: int, data: bytes) -> None:
    """All of it, to a descriptor. Raises OSError."""
    while data:
        written = os.write(fd, data)  # may be less than all of it where the disk fills up
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        data = data[written:]


# Reading


def read_json(path: str | Path, called: str = "", most: int = MOST_JSON) -> Any:
    """The plain values in a JSON file of at most so many bytes.

    `called` names the file in sentences; without it that is its name and its folder's. Raises StudioError with the code
    MISSING or UNREADABLE.
    """
    path = Path(path)
    called = called or file_in(path)
    try:
        with path.open("rb") as file:
            text = file.read(most + 1)
    except FileNotFoundError as error:
        raise StudioError(say("{file} is missing.", file=called), "Put a copy of it there.", MISSING) from error
    except OSError as error:
        raise cannot_read(called, error) from error
    if len(text) > most:
        raise unreadable(called, say("it has more than {most:,} bytes", most=most))
    try:
        return parse_json(text)
    except (ValueError, RecursionError):
        raise unreadable(called, say("it is not JSON") if text.strip() else say("it is empty")) from None


def parse_json(text: bytes | str) -> Any:
    """The values in a text. Raises ValueError, also for half letters, which could not be shown anywhere."""
    values = json.loads(text, parse_int=_number)
    halved = b"\\ud" in text.lower() if isinstance(text, bytes) else "\\ud" in text.lower()
    if halved:
        json.dumps(values, ensure_ascii=False).encode()  # raises UnicodeEncodeError
    return values


def read_table(path: str | Path, called: str = "", most: int = MOST_JSON) -> dict[str, Any]:
    """Likewise, where the file must hold a table of names and values. Raises StudioError."""
    values = read_json(path, called, most)
    if not isinstance(values, dict):
        raise unreadable(called or file_in(Path(path)), say("it holds no table of names and values"))
    return values


def file_in(path: Path) -> Message:
    """How a file is named in a sentence: by its name and that of its folder, never by the way there."""
    return say("{file} of {folder}", file=path.name, folder=path.absolute().parent.name)


def unreadable(called: str, why: str, newer: bool = False) -> StudioError:
    """The sentence for a file that is there and cannot be understood. newer: whether a newer version may have
    written it."""
    return StudioError(
        say("{file} cannot be read: {why}.", file=called, why=why), _NEWER if newer else _MEND, UNREADABLE
    )


def cannot_read(called: str, error: OSError) -> StudioError:
    """The sentence for a file that the system does not give."""
    return StudioError(
        say("{file} cannot be read: {why}.", file=called, why=_why(error)),
        "See who may read it, and whether the disk is sound.",
        UNREADABLE,
    )


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _number(text: str) -> int | float:
    """A whole number of JSON; one beyond 64 bits becomes a float, since Python's own have no end and cost as much."""
    return int(text) if len(text) < 19 else float(text)
