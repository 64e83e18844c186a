"""Training pictures from anybody's uploads -> one clean data.npz and the dataset doctor's report.

    report = intake([Path("cats.zip"), Path("one more.jpg")], into=run / "data", side=64)

Whatever is sent, memory holds one picture's file and its pixels at a time, the disk holds the pixels that are kept, and
a file that cannot be read is named in the report while the others go on. Only pixels are written: EXIF, names and
everything else of the files is gone.
"""

import functools
import io
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from gan.errors import StudioError
from gan.messages import say
from gan.store.archives import clean
from gan.studio.data.dataset_doctor import Doctor, Report
from gan.studio.data.listing import Found, Listing, list_folder, one_file, open_zip
from gan.studio.data.npz_pictures import read_npz
from gan.studio.data.pictures import check_shape
from gan.studio.data.training_file import MOST_KEPT, MOST_PICTURES, Writer, classes_of, why_unsorted
from gan.studio.data.unpacking import Unpacker

MOST_READ = 8 * 2**30  # bytes of all pictures' files, unpacked from their archives
MOST_PIXELS = 40 * 10**9  # of all pictures as they are: an hour's work on one slow core, minutes if they are JPEGs
MOST_BROKEN = 1_000  # a file may cost as much work as a picture before it turns out to be broken

Progress = Callable[[int], None] | None


def intake(
    files: Iterable[Path | tuple[Path, str]], into: Path, side: int = 64, channels: int = 3, progress: Progress = None
) -> Report:
    """Read pictures, zips of pictures and folders, write into/data.npz, and say what they are.

    A file may come with what its owner calls it, where it is kept under another name. data.npz holds `images`, uint8
    (n, side, side, channels), and `labels` where the pictures lie sorted into folders (see `classes_of`). channels may
    be the doctor's AS_THEY_ARE: one where all pictures are grey, else three. `progress` is told how many pictures are
    done; an error that it raises stops the intake. Raises StudioError where no picture is left, or where nothing can be
    written.
    """
    check_shape(side, channels or None)
    doctor = Doctor(side, channels)
    budget = _Budget(side, doctor.channels)
    with Writer(into, side, doctor.channels).open() as writer, Unpacker() as unpacker:
        for found in _each(files, doctor):
            doctor.cut = budget.spent(len(doctor), doctor.trouble)
            if doctor.cut:
                break
            _take(found, doctor, budget, writer, unpacker)
            if progress is not None:
                progress(len(doctor))
        _check_any(doctor)
        doctor.classes, labels = classes_of(writer.folders)
        doctor.unsorted = why_unsorted(writer.folders, doctor.names)
        writer.finish(len(doctor), labels, doctor.classes, doctor.to_be_grey())
    return doctor.report()


def _each(files: Iterable[Path | tuple[Path, str]], doctor: Doctor) -> Iterator[Found]:
    """Every file that may be a picture; what is none is told to the doctor."""
    for path, called in map(_named, files):
        name = clean(called)
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            doctor.broken(name, say("{name} is not a file.", name=name))
        elif path.is_dir():
            yield from _listed(list_folder(path), doctor)
        elif called.lower().endswith(".npz"):
            try:
                yield from _rows(path, name, doctor)
            except StudioError as error:
                doctor.broken(name, error.said)
        elif _is_archive(path, called):
            try:
                with open_zip(path, called) as listing:
                    yield from _listed(listing, doctor)
            except StudioError as error:
                doctor.broken(name, error.said)
        elif not called.startswith("."):
            yield one_file(path, called)


def _rows(path: Path, name: str, doctor: Doctor) -> Iterator[Found]:
    """Every picture of an .npz as a file of its own; how they are read is told to the doctor. Raises StudioError."""
    found, classes = read_npz(path, name)
    if said := found.said():
        doctor.notes.append(said)
    numbers = itertools.count()
    for part in found.parts():
        for pixels in part:
            number = next(numbers)
            yield Found(classes[number], f"{name} {number}", functools.partial(_as_png, pixels))


def _as_png(pixels: np.ndarray) -> bytes:
    """uint8 (height, width, channels) as a file that loses nothing."""
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _named(file: Path | tuple[Path, str]) -> tuple[Path, str]:
    """Where it lies, and what it is called."""
    path, name = file if isinstance(file, tuple) else (file, None)
    return Path(path), name or Path(path).name


def _is_archive(path: Path, called: str) -> bool:
    """By its first bytes, or as its name claims: a picture with a zip behind it is a picture."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError:
        return False  # the reader will say why
    return start in (b"PK\3\4", b"PK\5\6") or called.lower().endswith(".zip")


def _listed(listing: Listing, doctor: Doctor) -> Iterator[Found]:
    for name, what in listing.others:
        doctor.other(name, what)
    yield from listing.pictures


def _take(found: Found, doctor: Doctor, budget: "_Budget", writer: Writer, unpacker: Unpacker) -> None:
    try:
        data = found.read()
        budget.bytes += len(data)
        pixels, seen = unpacker.decode_seen(data, found.name, doctor.side, doctor.channels)
    except StudioError as error:
        doctor.broken(found.name, error.said)
        return
    budget.pixels += seen.width * seen.height
    doctor.see(found.name, seen, pixels)
    writer.add(pixels, found.folder)


def _check_any(doctor: Doctor) -> None:
    if len(doctor):
        return
    if doctor.first_trouble:
        raise StudioError("None of the files is a picture that can be read.", doctor.first_trouble)
    raise StudioError("There are no pictures in what you gave.", "Choose PNG, JPEG or WebP files, or a zip of them.")


class _Budget:
    """How much work strangers may cause; past it, what was read so far is what one trains on."""

    def __init__(self, side: int, channels: int):
        self._most = min(MOST_PICTURES, MOST_KEPT // (side * side * channels))
        self.bytes = self.pixels = 0

    def spent(self, pictures: int, broken: int) -> str | None:
        """A sentence once there is no more to spend, before the next picture."""
        limits = (
            (pictures >= self._most, say("{most:,} pictures fit at this size", most=self._most)),
            (self.bytes > MOST_READ, say("{most_read} GB of files are read", most_read=MOST_READ // 2**30)),
            (
                self.pixels > MOST_PIXELS,
                say("{most_pixels} thousand megapixels are unpacked", most_pixels=MOST_PIXELS // 10**9),
            ),
            (broken >= MOST_BROKEN, say("{most_broken:,} broken files are borne with", most_broken=MOST_BROKEN)),
        )
        why = next((words for reached, words in limits if reached), None)
        return why and say(
            "Only the first {pictures:,} pictures were taken: at most {why}.", pictures=pictures, why=why
        )
