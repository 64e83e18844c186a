"""The arrays of an .npz, found by the names that people give them and read a few rows at a time.

Nothing is unpickled, and no more of an array is in memory than is asked for.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from gan.errors import StudioError
from gan.messages import say
from gan.store.archives import TORN

MOST_BYTES = 4 * 2**30  # of one .npz, unpacked
MOST_OF_LABELS = 64 * 2**20  # bytes of an array that is read whole
_AT_ONCE = 16 * 2**20  # bytes of rows
# What the pictures and their classes are called: by GAN Studio first, then as Keras, MedMNIST, scikit-learn and
# numpy.savez have it.
PICTURES = ("images", "x_train", "train_images", "train_x", "images_train", "x", "pictures", "imgs", "data", "arr_0")
LABELS = ("labels", "y_train", "train_labels", "train_y", "labels_train", "y", "label", "targets", "target", "arr_1")


class Array(NamedTuple):
    """An array in a file: its name and what its header says."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype


class Arrays:
    """All arrays of one .npz. Methods raise StudioError, which calls the file `called`."""

    def __init__(self, path: Path, called: str):
        self.path, self.called = path, called
        try:
            with zipfile.ZipFile(path) as archive:
                entries = archive.infolist()
                size = sum(entry.file_size for entry in entries)
                if size > MOST_BYTES:
                    raise StudioError(
                        say(
                            "{name} holds {size:,} bytes, more than the {most:,} that fit.",
                            name=called,
                            size=size,
                            most=MOST_BYTES,
                        ),
                        "Choose some of its pictures, or make them smaller.",
                    )
                self.found = {
                    array.name: array
                    for entry in entries
                    if entry.filename.endswith(".npy")
                    for array in [self._about(archive, entry.filename)]
                }
        except TORN as error:
            raise self._torn() from error

    def named(self, names: tuple[str, ...]) -> Array | None:
        """The first that is called one of these, capitals or not."""
        known = {name.lower(): array for name, array in self.found.items()}
        return next((known[name] for name in names if name in known), None)

    def whole(self, name: str) -> np.ndarray:
        """All of it."""
        array = self.found[name]
        if int(np.prod(array.shape, dtype=object)) * array.dtype.itemsize > MOST_OF_LABELS:
            raise StudioError(
                say("{name} of {file} is too large.", name=name, file=self.called), "Choose some of its pictures."
            )
        return np.concatenate(list(self.rows(name))) if array.shape else next(self.rows(name))

    def rows(self, name: str) -> Iterator[np.ndarray]:
        """A few rows after the other, as they lie in the file; at least one part, which may be empty."""
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(f"{name}.npy") as file:
                shape, by_columns, dtype = _header(file)
                if by_columns and len(shape) > 1:  # as numpy.savez keeps a transposed table: no row lies in one piece
                    if int(np.prod(shape, dtype=object)) * dtype.itemsize > MOST_OF_LABELS:
                        raise ValueError("stored by columns")
                    yield _read(file, shape[::-1], dtype).T
                    return
                first, rest = (shape[0], shape[1:]) if shape else (1, ())
                one = max(1, int(np.prod(rest, dtype=object)) * dtype.itemsize)
                step = max(1, _AT_ONCE // one)
                for at in range(0, max(first, 1), step):
                    part = (min(step, first - at), *rest) if shape else ()
                    yield _read(file, part, dtype)
        except TORN as error:
            raise self._torn() from error

    def _about(self, archive: zipfile.ZipFile, entry: str) -> Array:
        name = entry.removesuffix(".npy")
        with archive.open(entry) as file:
            try:
                shape, _, dtype = _header(file)
            except ValueError as error:
                if "pickle" in str(error):
                    raise
                raise StudioError(
                    say("{name} of {file} is not an array.", name=name, file=self.called),
                    "Write the file anew with numpy.savez.",
                ) from error
        return Array(name, shape, dtype)

    def _torn(self) -> StudioError:
        return StudioError(
            say("{name} cannot be read as an .npz file.", name=self.called), "It must hold plain arrays."
        )


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, whether columns come first, and kind of the array that begins here. ValueError for what is none, or
    holds objects."""
    version = np.lib.format.read_magic(file)
    reader = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(version)
    if reader is None:
        raise ValueError("an unknown version")
    shape, by_columns, dtype = reader(file)
    if dtype.hasobject:
        raise ValueError("it would need pickle")
    return shape, by_columns, dtype


def _read(file: IO[bytes], shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """The next numbers of the file; ValueError where it has fewer, before any room is made for them."""
    size = int(np.prod(shape, dtype=object)) * dtype.itemsize
    data = file.read(size)
    if len(data) != size:
        raise ValueError("cut short")
    return np.frombuffer(data, dtype).reshape(shape)


def other_parts(names: list[str], taken: str) -> list[str]:
    """Names of arrays that look like another part of the same set: x_test beside x_train."""
    if not re.search("train", taken, re.IGNORECASE):
        return []
    other = {re.sub("train", part, taken, flags=re.IGNORECASE).lower() for part in ("test", "val", "valid")}
    return [name for name in names if name.lower() in other]
