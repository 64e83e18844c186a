"""Zips of strangers: opened with a bearable table of contents, and their names as sentences may hold them."""

import contextlib
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from gan.errors import StudioError
from gan.messages import say

_SMALLEST_HEAD = 30  # bytes before the data of an entry
MOST_DIRECTORY = 16 * 2**20  # of a zip's table of contents: 46 bytes and a name for each entry
# What torn archives raise. RuntimeError: encrypted, or packed in a way that Python does not know.
TORN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    RuntimeError,
    MemoryError,
)


@contextlib.contextmanager
def open_archive(path: Path, name: str, fewer: str) -> Iterator[zipfile.ZipFile]:
    """A zip, called `name`, with a bearable table of contents. StudioError for others; `fewer` says what to do about
    too many."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(_ShortReads(path))
            archive = stack.enter_context(zipfile.ZipFile(file))
            _check_apart(archive, name)
        except TORN as error:
            much = isinstance(error, _TooMuch)
            raise StudioError(
                say("{name} has too many entries.", name=name)
                if much
                else say("{name} cannot be unpacked.", name=name),
                fewer if much else say("Make the zip anew."),
            ) from error
        yield archive


def _check_apart(archive: zipfile.ZipFile, name: str) -> None:
    """Raise StudioError where entries lie upon each other: a small zip would hold one picture a thousand times."""
    rows = sorted((entry.header_offset, entry.compress_size) for entry in archive.infolist())
    ends = [*(offset for offset, _ in rows), archive.start_dir][1:]
    if any(offset + _SMALLEST_HEAD + size > end for (offset, size), end in zip(rows, ends, strict=True)):
        raise StudioError(say("The entries of {name} lie upon each other.", name=name), "Make the zip anew.")


def clean(name: str) -> str:
    """A stranger's name as a sentence may hold it: one short line, no sign that turns or hides others."""
    shown = "".join(c if c.isprintable() else "?" for c in name[:200])
    return shown if len(shown) <= 60 else f"{shown[:40]}...{shown[-15:]}"


def torn(entry: zipfile.ZipInfo, name: str, zip_name: str) -> StudioError:
    """The sentence for an entry that cannot be read."""
    names = dict(name=name, zip_name=zip_name)
    if entry.flag_bits & 1:
        said = say("{name} in {zip_name} cannot be unpacked: it is locked with a password.", **names)
    else:
        said = say("{name} in {zip_name} cannot be unpacked.", **names)
    return StudioError(said, "Make the zip anew.")


class _TooMuch(OSError):
    """More than a zip's table of contents may have."""


class _ShortReads(io.BufferedReader):
    """A file that gives only so much at once: zipfile reads the table of contents in one go, however long it is."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))

    def read(self, size: int | None = -1) -> bytes:
        most = MOST_DIRECTORY + 1
        data = super().read(most if size is None or size < 0 else min(size, most))
        if len(data) == most:
            raise _TooMuch(say("too many entries"))
        return data
