"""Pictures in an .npz as people have it: under many names, channels first or last, in many kinds of numbers, with
classes as numbers or one-hot. What had to be guessed is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gan.errors import StudioError
from gan.messages import Message, also, listed, say
from gan.store.archives import clean
from gan.studio.data.levels import LEVELS, Ends, ends_of, to_levels
from gan.studio.data.npz_arrays import LABELS, PICTURES, Array, Arrays, other_parts
from gan.studio.data.pictures import MODES, MOST_PIXELS

_NAMES = "label_names"
_MOST_NAMES = 10_000  # of classes: a stranger's text of 64 MB could name more than memory holds
_WHOLE = {"uint16": ((0, 65535),), "int8": ((-128, 127),)}  # what whole numbers of a kind may stand for besides
_RANGES = say("They must lie between 0 and 255, between 0 and 1, or between -1 and 1.")


@dataclass
class NpzPictures:
    """The pictures of one file: `shape` is (count, height, width, channels), `notes` say how they were read."""

    arrays: Arrays
    array: Array
    shape: tuple[int, int, int, int]
    first: bool  # channels come before height and width
    ends: Ends | None  # what is black and what is white; None for uint8 as it is
    notes: list[Message] = field(default_factory=list)

    def parts(self) -> Iterator[np.ndarray]:
        """The pictures in order, a few at a time: uint8 (k, height, width, channels). Raises StudioError."""
        count, height, width, channels = self.shape
        for rows in self.arrays.rows(self.array.name):
            shape = (len(rows), channels, height, width) if self.first else (len(rows), height, width, channels)
            pixels = rows.reshape(shape).transpose(0, 2, 3, 1) if self.first else rows.reshape(shape)
            yield pixels.astype(np.uint8, copy=False) if self.ends is None else to_levels(pixels, self.ends)

    def said(self) -> Message | None:
        """How it was read, None where there was nothing to guess."""
        if not self.notes:
            return None
        return say("{file} was read like this: {notes}", file=self.arrays.called, notes=also(*self.notes))


def find_pictures(arrays: Arrays) -> NpzPictures:
    """The pictures of the file. Raises StudioError where there are none, or none that can be understood."""
    array = _array_of_pictures(arrays)
    shape, first = _arranged(array)
    if not all(shape):
        raise StudioError(
            "There are no pictures in it.", say("{array} has the shape {shape}.", array=array.name, shape=array.shape)
        )
    if shape[1] * shape[2] > MOST_PIXELS:
        raise StudioError(
            say(
                "The pictures in {name} have {width} x {height} pixels.",
                name=arrays.called,
                width=shape[2],
                height=shape[1],
            ),
            say("Make it smaller first: {most} million pixels fit.", most=MOST_PIXELS // 10**6),
        )
    found = NpzPictures(arrays, array, shape, first, None)
    if array.name != PICTURES[0]:
        found.notes.append(say("The pictures are the array {array}.", array=array.name))
    if left := other_parts(list(arrays.found), array.name):
        found.notes.append(say("{names} was left out.", names=listed(left)))
    if first and len(array.shape) == 4:
        found.notes.append(say("Channels come first in it."))
    if len(array.shape) == 2:
        found.notes.append(
            say(
                "Its rows of {count} numbers were taken for {height} x {width} grey pixels.",
                count=array.shape[1],
                height=shape[1],
                width=shape[2],
            )
        )
    found.ends = _ends(arrays, array)
    if found.ends not in (None, LEVELS):
        low, high = found.ends
        found.notes.append(
            say(
                "Its numbers lie between {low:g} and {high:g}: {low:g} was taken for black, {high:g} for white.",
                low=low,
                high=high,
            )
        )
    return found


def find_labels(arrays: Arrays, pictures: Array | None, notes: list[Message]) -> np.ndarray | None:
    """The classes beside the pictures, whole numbers (count,) or columns of them (count, k), as far as they are that;
    None where there are none. How they were read is added to `notes`."""
    names = LABELS if pictures is None or pictures.name == "arr_0" else LABELS[:-1]
    array = arrays.named(names)
    if array is None or (pictures is not None and array.name == pictures.name):
        return None
    labels = arrays.whole(array.name)
    if array.name != LABELS[0] and labels.size:
        notes.append(say("The classes are the array {array}.", array=array.name))
    if labels.dtype.kind == "f" and np.isfinite(labels).all() and (labels == np.round(labels)).all():
        labels = labels.astype(np.int64)
    if _NAMES not in arrays.found and _is_one_hot(labels):
        notes.append(say("Its {count} columns were taken for one class each.", count=labels.shape[1]))
        return labels.argmax(axis=1)
    return labels


def label_names(arrays: Arrays) -> np.ndarray:
    """What the file says that its labels are called, a text for each; empty where it says nothing that is text."""
    array = arrays.found.get(_NAMES)
    if array is None or array.dtype.kind not in "US":
        return np.zeros(0, str)
    names = arrays.whole(_NAMES).ravel()
    return np.char.decode(names, "utf-8", "replace") if names.dtype.kind == "S" else names


def label_column(given: np.ndarray, label: str | None, columns: int) -> tuple[int, list[str]]:
    """Which of so many columns of labels is called `label`, the first for None, and its classes' names, from
    `label_names` such as "fur:red,grey,black", or of a single column the names of its classes alone. Raises
    StudioError."""
    if columns == 1 < given.size and label is None and not any(":" in name for name in given):
        return 0, [str(name) for name in given]
    if given.size not in (0, columns):
        raise StudioError(
            say("There are {columns} labels and {count} names for them.", columns=columns, count=given.size),
            "Each needs one in `label_names`.",
        )
    names = [str(n) for n in given] or [str(i) for i in range(columns)]
    heads = [name.split(":")[0] for name in names]
    if label is not None and label not in heads:
        raise StudioError(
            say("There is no label called {label!r}.", label=label),
            say("The labels are {names}.", names=listed(heads)),
        )
    at = heads.index(label) if label is not None else 0
    return at, names[at].split(":", 1)[1].split(",", _MOST_NAMES) if ":" in names[at] else []


def read_npz(path: Path, called: str) -> tuple[NpzPictures, list[str]]:
    """The pictures of a file and the class of each in words, by its name or else its number, "" where they have none.
    Raises StudioError."""
    arrays = Arrays(path, called)
    found = find_pictures(arrays)
    labels = find_labels(arrays, found.array, found.notes)
    count = found.shape[0]
    if labels is None or labels.dtype.kind not in "biu" or labels.size != count:  # several columns: nobody says which
        return found, [""] * count
    _, given = label_column(label_names(arrays), None, 1)
    names = _apart([clean(name) for name in given])
    return found, [names.get(int(label)) or str(label) for label in labels.reshape(-1).tolist()]


def _apart(names: Sequence[str]) -> dict[int, str]:
    """A name for each number; of those that are called alike all but the first have theirs behind the name."""
    return {number: f"{name} {number}" if name in names[:number] else name for number, name in enumerate(names) if name}


def _array_of_pictures(arrays: Arrays) -> Array:
    """By its name, else by being the only one of its shape. Raises StudioError."""
    array = arrays.named(PICTURES)
    if array is None:
        like = [a for a in arrays.found.values() if len(a.shape) in (3, 4) and a.dtype.kind in "buif"]
        array = like[0] if len(like) == 1 else None
    if array is not None and array.dtype.kind in "buif" and (len(array.shape) in (3, 4) or _is_flat(array)):
        return array
    there = listed(f"{a.name} {a.dtype} {a.shape}" for a in arrays.found.values())
    raise StudioError(
        say("{name} has no pictures.", name=arrays.called),
        say("It must hold `images` of shape (count, height, width, channels), and has {arrays}.", arrays=there),
    )


def _is_flat(array: Array) -> bool:
    """Rows that are square pictures, written out: as scikit-learn hands out its digits."""
    return len(array.shape) == 2 and array.shape[1] >= 16 and _root(array.shape[1]) ** 2 == array.shape[1]


def _root(number: int) -> int:
    return int(round(number**0.5))


def _arranged(array: Array) -> tuple[tuple[int, int, int, int], bool]:
    """(count, height, width, channels), and whether channels come first. Raises StudioError."""
    shape = array.shape
    if len(shape) == 2:
        return (shape[0], _root(shape[1]), _root(shape[1]), 1), False
    if len(shape) == 3:
        return (*shape, 1), False
    if shape[3] in MODES:
        return (shape[0], shape[1], shape[2], shape[3]), False
    if shape[1] in MODES:
        return (shape[0], shape[2], shape[3], shape[1]), True
    raise StudioError(
        say("The pictures have {shape} channels.", shape=shape[3]),
        "They must have 1, 3 or 4, in the last or the second place of the array's shape.",
    )


def _is_one_hot(labels: np.ndarray) -> bool:
    """Columns, of which exactly one is 1 in every row and the others are 0."""
    if labels.ndim != 2 or labels.shape[1] < 2 or not len(labels) or labels.dtype.kind not in "biu":
        return False
    return bool(((labels == 0) | (labels == 1)).all() and (labels.sum(axis=1) == 1).all())


def _ends(arrays: Arrays, array: Array) -> Ends | None:
    """Which numbers are black and white, None where they are levels of 0 to 255 as they are. Raises StudioError."""
    if array.dtype == np.bool_:
        return 0, 1
    if array.dtype == np.uint8:
        return (0, 1) if _brightest(arrays, array, 2) == 1 else None
    low, high = _range(arrays, array)
    if ends := ends_of(low, high, _WHOLE.get(array.dtype.name, ())):
        return ends
    raise StudioError(
        say(
            "The numbers in {array} of {name} lie between {low:.4g} and {high:.4g}.",
            array=array.name,
            name=arrays.called,
            low=low,
            high=high,
        ),
        _RANGES,
    )


def _range(arrays: Arrays, array: Array) -> tuple[float, float]:
    """The smallest and the largest number. Raises StudioError where some are none."""
    low, high = np.inf, -np.inf
    for rows in arrays.rows(array.name):
        if not np.isfinite(rows).all():  # asked of every part: min(low, nan) is low
            raise StudioError(
                say("{array} of {name} holds numbers that are none.", array=array.name, name=arrays.called),
                "Leave those pictures out.",
            )
        low, high = min(low, float(rows.min())), max(high, float(rows.max()))
    return low, high


def _brightest(arrays: Arrays, array: Array, enough: int) -> int:
    """The largest number, or the first that is large enough."""
    most = 0
    for rows in arrays.rows(array.name):
        most = max(most, int(rows.max(initial=0)))
        if most >= enough:
            break
    return most
