"""Training pictures from a folder, a zip or an .npz, made square and of one size; words from a text file; sounds from
WAV files.

Nothing is unpickled, nothing is unpacked to disk, and no name inside an archive is ever used as a path.
"""

import zipfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from gan.errors import StudioError
from gan.messages import Message, also, listed, say
from gan.studio.data.dataset_doctor import Doctor, Report
from gan.studio.data.listing import Listing, list_folder, open_zip
from gan.studio.data.npz_arrays import Arrays
from gan.studio.data.npz_pictures import NpzPictures, find_labels, find_pictures, label_column, label_names
from gan.studio.data.pictures import MOST_SIDE, SUFFIXES, check_shape, decode_seen, fit
from gan.studio.data.sound_file import ARRAY, sounds_of
from gan.studio.data.sound_report import SoundReport
from gan.studio.data.sound_sets import holds_sounds, read_sounds
from gan.studio.data.word_lists import SUFFIX, WordReport, read_words
from gan.training.data import Samples

_MOST_PICTURES = 200_000
_MOST_LOOKED_AT = 20_000  # pictures that the doctor looks at: to find twins takes the square of their number
_MOST_BAD = 0.1  # of a set: where more of its pictures cannot be read, something is wrong with all of it


class Dataset:
    """Samples and the names of their classes; `samples.x` is uint8 (n, channels, side, side), float points
    (n, k) or one-hot words, bool (n, symbols, places); spectrograms of sounds are as pictures.

    notes say how they were read and what was left out; `report` is what the doctor says of pictures' files.
    """

    def __init__(
        self,
        samples: Samples,
        classes: tuple[str, ...] = (),
        notes: tuple[Message, ...] = (),
        report: Report | WordReport | SoundReport | None = None,
    ):
        self.samples, self.classes, self.notes, self.report = samples, classes, notes, report

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that there is to say to whoever is going to train on them, but none of the words of a list: a run's log
        keeps it, and what a run ended with is shown to everybody."""
        if isinstance(self.report, WordReport):
            return self.report.nameless
        return self.report.sentences if self.report else self.notes


def read_dataset(path: Path, side: int | None = None, channels: int | None = None, label: str | None = None) -> Dataset:
    """Read `path`: a folder or a zip of pictures, an .npz with `images` (n, h, w[, c]) and optionally `labels`,
    a .txt of words, one a line, or WAV files: one, a folder or a zip of them.

    An .npz may call them otherwise: see npz_pictures. What cannot be read is left out and named, unless it is more than
    a tenth of all. Pictures are cropped to their middle square and resized to `side` pixels (an .npz keeps its own side
    unless told).
    `label` names the column of `labels` that gives the class, or is "folder" (each picture's folder is its class) or
    "none"; by default a single column is used, and several are not. Raises StudioError for what cannot be read.
    """
    path = Path(path)
    check_shape(side, channels)
    if not path.exists():
        raise StudioError(
            say("There is nothing at {path}.", path=path), "Give a folder or a zip of pictures, or an .npz file."
        )
    if path.suffix.lower() == ".npz":
        return _read_npz(path, side, channels, label)
    if path.suffix.lower() == SUFFIX and path.is_file():
        return words_dataset(path)
    if holds_sounds(path):
        return _read_wavs(path, side, label)
    if path.is_dir():
        return _read_pictures(list_folder(path), path, side, channels, label)
    if zipfile.is_zipfile(path):
        with open_zip(path) as listing:
            return _read_pictures(listing, path, side, channels, label)
    raise StudioError(
        say("{name} is neither a folder, a zip, an .npz, a .txt nor a .wav file.", name=path.name),
        "Put the pictures in a folder or a zip, or words in a text file.",
    )


def check_are_pictures(samples: Samples, name: str, hint: str) -> None:
    """Raise StudioError with that hint where they are no pictures."""
    if samples.symbols:
        raise StudioError(say("{name} holds words, not pictures.", name=name), hint)
    if samples.sounds:
        raise StudioError(say("{name} holds sounds, not pictures.", name=name), hint)
    if samples.x.dim() != 4:
        raise StudioError(say("{name} holds points, not pictures.", name=name), hint)


def words_dataset(path: Path, symbols: str = "", places: int = 0) -> Dataset:
    """The words in a text file, for a model of those symbols and places, or for a new one. Raises StudioError."""
    found = read_words(path, symbols, places)
    return Dataset(found.samples(symbols, places), report=found.report)


def _read_npz(path: Path, side: int | None, channels: int | None, label: str | None) -> Dataset:
    arrays = Arrays(path, path.name)
    if ARRAY in arrays.found:
        return _read_sounds_npz(arrays, side, label)
    if "points" in arrays.found:
        notes: list[Message] = []
        x = _npz_points(arrays.whole("points"))
        labels = find_labels(arrays, None, notes)
    else:
        found = find_pictures(arrays)
        labels = find_labels(arrays, found.array, found.notes)
        notes = found.notes
        x = _npz_images(found, side, channels)
    names = label_names(arrays)
    column, classes = _npz_labels(labels, names, label, len(x))
    told = say("{file} was read like this: {notes}", file=path.name, notes=also(*notes)) if notes else None
    return Dataset(Samples(x, column, len(classes)), classes, (told,) if told else ())


def _read_sounds_npz(arrays: Arrays, side: int | None, label: str | None) -> Dataset:
    """Sounds that were read before: see sound_file."""
    x = sounds_of(arrays, side)
    names = label_names(arrays)
    column, classes = _npz_labels(find_labels(arrays, None, []), names, label, len(x))
    return Dataset(Samples(x, column, len(classes), sounds=True), classes)


def _read_wavs(path: Path, side: int | None, label: str | None) -> Dataset:
    """WAV files; with the label "folder" that of each is its class."""
    _check_folder_label(label)
    x, folders, report = read_sounds(path, side)
    classes = tuple(sorted(set(folders))) if label == "folder" else ()
    labels = torch.tensor([classes.index(folder) for folder in folders]) if classes else None
    return Dataset(Samples(x, labels, len(classes), sounds=True), classes, report=report)


def read_with_labels(path: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """The pictures at `path`, uint8 (n, channels, side, side), and every label that an .npz has of each, whole numbers
    (n, k).

    Raises StudioError as `read_dataset` does, and for points.
    """
    labels = None
    if path.suffix.lower() != ".npz" or not path.exists():
        samples = read_dataset(path, label="none").samples
        check_are_pictures(samples, path.name, "Give sets of pictures.")
        x = samples.x
    else:
        arrays = Arrays(path, path.name)
        if "points" in arrays.found:
            raise StudioError(say("{name} holds points, not pictures.", name=path.name), "Give sets of pictures.")
        found = find_pictures(arrays)
        x, labels = _npz_images(found, None, None), find_labels(arrays, found.array, found.notes)
    return x, torch.zeros(len(x), 0, dtype=torch.long) if labels is None else _npz_columns(labels, len(x))


def _npz_points(points: np.ndarray) -> torch.Tensor:
    if points.ndim != 2 or points.dtype.kind not in "fiu" or not np.isfinite(points).all():
        raise StudioError(
            say("The points are {dtype} of shape {shape}.", dtype=points.dtype, shape=points.shape),
            "They must be finite numbers (count, 2).",
        )
    return torch.from_numpy(points.astype(np.float32))


def _npz_images(found: NpzPictures, side: int | None, channels: int | None) -> torch.Tensor:
    """uint8 (count, channels, side, side), in the file's own size and channels unless told."""
    count, height, width, own = found.shape
    side, channels = side or min(height, width), channels or own
    if side > MOST_SIDE:
        raise StudioError(
            say("The pictures have {side} pixels to a side, at most {most_side} fit.", side=side, most_side=MOST_SIDE),
            "Add --side with a smaller one.",
        )
    x, done = np.empty((count, side, side, channels), np.uint8), 0
    for part in found.parts():
        if part.shape[1:] != x.shape[1:]:
            part = np.stack([fit(Image.fromarray(one[..., 0] if own == 1 else one), side, channels) for one in part])
        x[done : done + len(part)] = part
        done += len(part)
    return torch.from_numpy(np.ascontiguousarray(x.transpose(0, 3, 1, 2)))


def _npz_labels(
    labels: np.ndarray | None, names: np.ndarray, label: str | None, count: int
) -> tuple[torch.Tensor | None, tuple[str, ...]]:
    """The class of each of `count` samples and the classes' names; (None, ()) where there are none, or several."""
    if label == "none" or (label is None and (labels is None or not labels.size)):
        return None, ()
    if labels is None or not labels.size:
        raise StudioError(say("There is no label called {label!r}.", label=label), "The file has no `labels` at all.")
    columns = _npz_columns(labels, count)
    if label is None and columns.shape[1] > 1:
        return None, ()
    at, given = label_column(names, label, columns.shape[1])
    column = columns[:, at]
    unnamed = range(len(given), int(column.max()) + 1)
    return column, (*given, *(str(i) for i in unnamed))


def _npz_columns(labels: np.ndarray, count: int) -> torch.Tensor:
    """All labels of each of `count` samples, as whole numbers (count, k)."""
    labels = labels[:, None] if labels.ndim == 1 else labels
    if labels.ndim != 2 or len(labels) != count or labels.dtype.kind not in "biu":
        raise StudioError(
            say(
                "The labels are {dtype} of shape {shape} for {count} samples.",
                dtype=labels.dtype,
                shape=labels.shape,
                count=count,
            ),
            "They must be whole numbers, one for each sample.",
        )
    if labels.size and (labels.min() < 0 or labels.max() >= 10_000):
        raise StudioError("Class numbers must lie between 0 and 9999.", "Check the labels of the .npz file.")
    return torch.from_numpy(labels.astype(np.int64))


def _read_pictures(listing: Listing, path: Path, side: int | None, channels: int | None, label: str | None) -> Dataset:
    side, channels, files = side or 64, channels or 3, listing.pictures
    _check_folder_label(label)
    if len(files) > _MOST_PICTURES:
        raise StudioError(
            say(
                "There are {count} pictures; at most {most_pictures} fit.",
                count=len(files),
                most_pictures=_MOST_PICTURES,
            ),
            "Choose some of them.",
        )
    doctor, pictures, folders = Doctor(side, channels), [], []
    for name, what in listing.others:
        doctor.other(name, what)
    for file in files:
        try:
            pixels, seen = decode_seen(file.read(), file.name, side, channels)
        except StudioError as error:
            doctor.broken(file.name, error.said)
            continue
        if len(files) <= _MOST_LOOKED_AT:
            doctor.see(file.name, seen, pixels)
        pictures.append(pixels)
        folders.append(file.folder)
    _check_read(doctor, len(files), path)
    x = torch.from_numpy(np.stack(pictures).transpose(0, 3, 1, 2).copy())
    doctor.classes = classes = tuple(sorted(set(folders))) if label == "folder" else ()
    labels = torch.tensor([classes.index(f) for f in folders]) if classes else None
    report = doctor.report() if len(doctor) else None
    return Dataset(Samples(x, labels, len(classes)), classes, doctor.left_out(), report)


def _check_folder_label(label: str | None) -> None:
    """Raise StudioError for a label that files of pictures and sounds do not have."""
    if label not in (None, "folder", "none"):
        raise StudioError(
            say("There is no label called {label!r}.", label=label),
            "Pictures and sounds have one label: 'folder', the folder that each lies in.",
        )


def _check_read(doctor: Doctor, count: int, path: Path) -> None:
    """Raise StudioError where no picture is left of `count`, or where many could not be read."""
    if not count:
        raise StudioError(
            say("There are no pictures in {name}.", name=path.name),
            say("It needs files that end in {names} ...", names=listed(SUFFIXES[:4])),
        )
    if doctor.trouble > _MOST_BAD * count:
        raise StudioError(
            say(
                "{bad} of {count} pictures cannot be read, which is more than a tenth. The first: {why}",
                bad=doctor.trouble,
                count=count,
                why=doctor.first_trouble,
            ),
            "Mend or remove them.",
        )
