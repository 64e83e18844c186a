"""A run's data.npz: written picture by picture, and read without loading all of it.

It holds `images`, uint8 (n, side, side, channels), and where the pictures have classes `labels`, int16 (n, 1), with
`label_names`.
"""

import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from gan.errors import StudioError
from gan.messages import Message, say
from gan.store.archives import TORN
from gan.store.files import make_folder, whole_file
from gan.store.passing import scratch_file
from gan.studio.data.dataset_doctor import spread
from gan.studio.data.report_words import unsorted_words

DATA = "data.npz"
LABEL = "class"  # what the label of pictures sorted into folders is called
MOST_CLASSES = 100
MOST_PICTURES = 20_000
MOST_KEPT = 2**30  # bytes of pixels in data.npz
_AT_ONCE = 2**18  # pixels that are copied at once


class Writer:
    """data.npz, written picture by picture; the pixels wait in a file without a name, since their count comes first,
    and so does whether there is a colour among them."""

    def __init__(self, into: Path, side: int, channels: int):
        self._into, self._shape = make_folder(into), (side, side, channels)
        self.folders: list[str] = []

    @contextmanager
    def open(self) -> Iterator["Writer"]:
        """data.npz has its name once the block has ended well; what waits is gone however the block ends."""
        with whole_file(self._into / DATA) as self._part, scratch_file(self._into) as self._waiting:
            yield self

    def add(self, pixels: np.ndarray, folder: str = "") -> None:
        """uint8 (side, side, channels), and the folder that it came from."""
        self._waiting.write(pixels.tobytes())
        self.folders.append(folder)

    def finish(self, count: int, labels: Sequence[int] = (), classes: Sequence[str] = (), grey: bool = False) -> None:
        """Write the file; with `labels`, the number of each picture's class, and what the classes are called.

        grey: whether pictures that were added in three channels, none of which has a colour, are kept in one.
        """
        self._waiting.seek(0)
        *sides, given = self._shape
        shape = (count, *sides, 1 if grey else given)
        with zipfile.ZipFile(self._part, "w") as archive:
            with archive.open("images.npy", "w", force_zip64=True) as file:
                header = dict(descr="|u1", fortran_order=False, shape=shape)
                np.lib.format.write_array_header_1_0(file, header)
                while pixels := self._waiting.read(given * _AT_ONCE):
                    file.write(_made_grey(pixels) if grey else pixels)
            if labels:
                names = ",".join(re.sub("[,:]", " ", name) for name in classes)
                for name, array in (
                    ("labels", np.array(labels, np.int16)[:, None]),
                    ("label_names", [f"{LABEL}:{names}"]),
                ):
                    with archive.open(f"{name}.npy", "w") as file:
                        np.lib.format.write_array(file, np.asarray(array), allow_pickle=False)


def _made_grey(pixels: bytes) -> bytes:
    """One byte for each three, as Pillow weighs them."""
    return Image.frombytes("RGB", (len(pixels) // 3, 1), pixels).convert("L").tobytes()


def pictures_of(path: Path, count: int | None = None, rows: Iterable[int] | None = None) -> np.ndarray:
    """Some pictures of a data.npz that was written here, uint8 (k, side, side, channels), without loading all.

    `count` spread over all, or those with the numbers `rows`. Raises StudioError where it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open("images.npy") as file:
            np.lib.format.read_magic(file)
            shape, _, dtype = np.lib.format.read_array_header_1_0(file)
            if dtype != np.uint8 or len(shape) != 4:
                raise ValueError("not pictures")
            start, size = file.tell(), int(np.prod(shape[1:]))
            chosen = list(spread(shape[0], count or shape[0]) if rows is None else rows)
            images = np.empty((len(chosen), *shape[1:]), np.uint8)
            for i in np.argsort(chosen, kind="stable"):  # forwards: to go back would be to read anew
                file.seek(start + chosen[i] * size)
                images[i] = np.frombuffer(file.read(size), np.uint8).reshape(shape[1:])
            return images
    except TORN as error:
        raise StudioError(
            say("The training pictures in {name} cannot be read.", name=Path(path).name), "Give them again."
        ) from error


def classes_of(folders: Sequence[str]) -> tuple[tuple[str, ...], list[int]]:
    """The classes that pictures are sorted into by their folders, and each picture's number among them.

    ((), []) where they are not: in one folder or in none, in more than MOST_CLASSES, or with a folder of one picture
    only, which is no class to learn.
    """
    counts = Counter(folders)
    if "" in counts or not 2 <= len(counts) <= MOST_CLASSES or min(counts.values()) < 2:
        return (), []
    names = sorted(counts, key=_in_order)
    return tuple(names), [names.index(folder) for folder in folders]


def why_unsorted(folders: Sequence[str], names: Sequence[str]) -> Message | None:
    """Why `classes_of` the folders of files called `names` gives none; None where it gives some, or where nobody can
    have meant them for classes: fewer than two, or a file in each."""
    counts = Counter(folders)
    strays = [name for folder, name in zip(folders, names, strict=True) if not folder]
    sizes = {folder: size for folder, size in counts.items() if folder}
    if len(sizes) < 2 or max(sizes.values()) < 2 or classes_of(folders)[0]:
        return None
    singles = sorted((folder for folder, size in sizes.items() if size == 1), key=_in_order)
    return unsorted_words(len(sizes), strays, singles, MOST_CLASSES)


def _in_order(name: str) -> tuple[int, str]:
    """By what to sort names: whole numbers as numbers, before all others."""
    return (int(name) if name.isdecimal() else sys.maxsize), name
