"""The files of a folder or a zip, found first and read one by one, each up to a bound.

Nothing is unpacked to disk, no link is followed, and no name inside an archive is ever used as a path.
"""

import contextlib
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gan.errors import StudioError
from gan.messages import Message, say
from gan.store.archives import TORN, clean, open_archive, torn
from gan.studio.data.pictures import SUFFIXES

MOST_BYTES = 30 * 2**20  # of one picture's file
_PIECE = 4096  # packed bytes taken at once: bzip2 makes up to 80 MB of as many
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".npz")


@dataclass(frozen=True)
class Wanted:
    """Which files are looked for: what their names end in, what others are, and what to do about too many."""

    suffixes: tuple[str, ...]
    not_one: Message
    fewer: Message


PICTURES = Wanted(SUFFIXES, say("not a picture"), say("Choose some of its pictures."))
SOUNDS = Wanted((".wav", ".wave"), say("not a WAV file"), say("Choose some of its sounds."))


@dataclass(frozen=True)
class Found:
    """A file that is called like what is wanted. `read()` gives its bytes, or raises a StudioError that names it."""

    folder: str
    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Listing:
    """What is wanted in the order of its paths, and (name, why not) of what is not one. Hidden files are not told."""

    pictures: list[Found]
    others: list[tuple[str, str]]


def list_folder(path: Path, wanted: Wanted = PICTURES) -> Listing:
    """Of a folder and all folders below; links and what is no file are left out."""
    pictures, others = [], []
    for p in sorted(path.rglob("*")):
        why = _other(p.name, p.is_symlink(), p.is_file(), wanted)
        if why is None:
            pictures.append(Found(clean(p.parent.name), clean(p.name), _file_reader(p)))
        elif why and not p.is_dir():
            others.append((clean(p.name), why))
    return Listing(pictures, others)


def one_file(path: Path, name: str | None = None) -> Found:
    """One file, whatever it is called."""
    return Found("", clean(name or path.name), _file_reader(path))


@contextlib.contextmanager
def open_zip(path: Path, name: str | None = None, wanted: Wanted = PICTURES) -> Iterator[Listing]:
    """Of a zip, which stays open to be read within the block. StudioError for what is none, or is torn."""
    name = clean(name or path.name)
    with open_archive(path, name, wanted.fewer) as archive:
        yield _list_zip(archive, name, wanted)


def _list_zip(archive: zipfile.ZipFile, zip_name: str, wanted: Wanted) -> Listing:
    pictures, others = [], []
    for entry in sorted(archive.infolist(), key=lambda e: e.filename):
        inside = PurePosixPath(entry.filename)
        why = _other(inside.name, stat.S_ISLNK(entry.external_attr >> 16), not entry.is_dir(), wanted)
        if why is None:
            name = clean(inside.name)
            pictures.append(Found(clean(inside.parent.name), name, _entry_reader(archive, entry, name, zip_name)))
        elif why:
            others.append((clean(inside.name), why))
    return Listing(pictures, others)


def _other(name: str, link: bool, is_file: bool, wanted: Wanted) -> str | None:
    """None for what is wanted, why not for anything else, "" where nobody needs to be told (hidden files, folders)."""
    if name.startswith(".") or not name or not (is_file or link):
        return ""
    if link:
        return say("a link")
    if name.lower().endswith(_ARCHIVES):
        return say("an archive inside")
    return None if name.lower().endswith(wanted.suffixes) else wanted.not_one


def _file_reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise StudioError(
                say("{name} cannot be read: {strerror}.", name=clean(path.name), strerror=error.strerror),
                "Check the file, or remove it.",
            ) from error
        _check_bytes(clean(path.name), len(data))
        return data

    return read


def _entry_reader(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, zip_name: str) -> Callable[[], bytes]:
    def read() -> bytes:
        _check_bytes(name, entry.file_size)
        try:
            data = bytearray()
            with archive.open(entry) as file:
                while piece := file.read(_PIECE):  # whatever size it claims
                    data += piece
                    _check_bytes(name, len(data))
            return bytes(data)
        except TORN as error:
            raise torn(entry, name, zip_name) from error

    return read


def _check_bytes(name: str, size: int) -> None:
    if size > MOST_BYTES:
        raise StudioError(
            say("{name} is larger than {most_bytes} MB.", name=name, most_bytes=MOST_BYTES // 2**20),
            "Make it smaller first.",
        )
