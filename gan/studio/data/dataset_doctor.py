"""The dataset doctor: what a person should know of the training pictures before training, in plain words.

    doctor = Doctor(side=64, channels=3)
    doctor.see("a.png", seen, pixels)        # for each picture, as gan.studio.data.pictures.decode_seen gives them
    doctor.report().sentences

Only a small fingerprint of each picture is kept, so that 20,000 pictures need about 20 MB whatever their size.
"""

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from gan.errors import StudioError
from gan.messages import Message
from gan.networks.pixels import to_pixels
from gan.store.grids import grid
from gan.studio.data.near_duplicates import Print, fingerprint, near_duplicate_pairs
from gan.studio.data.pictures import Seen
from gan.studio.data.report_words import broken_words, other_words, sentences
from gan.training.augment import augment as apply_augment
from gan.training.random_source import RandomSource

AS_THEY_ARE = 0  # channels: one where all pictures are grey, else three
MOST_NAMED = 20  # files and pairs that a report names; the counts are of all
_NEWER = ("classes", "notes", "unsorted")  # what reports of earlier versions lack
BLANK = 2.0  # levels of standard deviation below which a picture shows nothing


@dataclass(frozen=True)
class Report:
    """What the doctor found. Plain values only: see `to_json`. A pair is (number, number, name, name)."""

    count: int
    side: int
    channels: int
    broken: int  # could not be read
    broken_files: tuple[tuple[str, str], ...]  # (name, sentence)
    others: int  # were not pictures
    other_files: tuple[tuple[str, str], ...]  # (name, what it is)
    cut: str | None  # why not all were taken
    width: tuple[int, int, int]  # smallest, median, largest; of the files, in pixels
    height: tuple[int, int, int]
    aspect: float  # median of longer by shorter edge
    cropped: int  # lose more than a tenth of themselves
    small: int  # have fewer pixels than the networks see
    colour: int
    transparent: int
    films: int
    turned: int
    deep: int
    blank: int
    same: int  # are the same as an earlier one to the last pixel
    same_pairs: tuple[tuple[int, int, str, str], ...]
    alike: int  # are nearly the same as an earlier one
    alike_pairs: tuple[tuple[int, int, str, str], ...]
    source: str = ""  # where pictures come from that were not files
    classes: tuple[str, ...] = ()  # the folders that the pictures are sorted into
    notes: tuple[str, ...] = ()  # how files were read that could be read in several ways
    unsorted: str | None = None  # why folders are no classes

    @property
    def sentences(self) -> tuple[str, ...]:
        """The findings in plain words, what to expect first."""
        return sentences(self)

    def to_json(self) -> dict:
        """Plain values and messages, with the sentences."""
        return _thawed(dataclasses.asdict(self) | {"sentences": self.sentences})

    @classmethod
    def from_json(cls, values: dict) -> "Report":
        """What `to_json` gave. Raises StudioError for anything else."""
        try:
            return cls(
                **{
                    f.name: _frozen(values[f.name])
                    for f in dataclasses.fields(cls)
                    if f.name in values or f.name not in _NEWER
                }
            )
        except (KeyError, TypeError) as error:
            raise StudioError("This is no report on training pictures.", "Give them again.") from error


class Doctor:
    """Looks at one picture after the other, then reports on all.

    channels: what the pictures come in, three where they may be AS_THEY_ARE: then `to_be_grey` tells how to keep them.
    """

    def __init__(self, side: int, channels: int, source: str = ""):
        self.side, self.channels, self.source = side, channels or 3, source
        self._may_be_grey = channels == AS_THEY_ARE
        self.cut: str | None = None
        self.classes: tuple[str, ...] = ()
        self.notes: list[Message] = []
        self.unsorted: Message | None = None
        self.names: list[str] = []
        self._seen: list[Seen] = []
        self._prints: list[Print] = []
        self._digests: list[bytes] = []
        self._blank = 0
        self._broken, self._others = _Named(), _Named()

    def __len__(self) -> int:
        return len(self.names)

    def see(self, name: str, seen: Seen, pixels: np.ndarray) -> None:
        """A picture: what its file was, and what the networks will see, uint8 (side, side, channels)."""
        self.names.append(name)
        self._seen.append(seen)
        self._prints.append(fingerprint(pixels))
        self._digests.append(hashlib.blake2b(pixels.tobytes(), digest_size=16).digest())
        self._blank += float(pixels.std(axis=(0, 1)).max()) < BLANK

    def to_be_grey(self) -> bool:
        """Whether the pictures, all of them seen, are to be kept in one channel, of which the report is then."""
        if self._may_be_grey and not any(seen.colour for seen in self._seen):
            self.channels = 1
            return True
        return False

    def broken(self, name: str, why: str) -> None:
        """A file that could not be read, and the sentence that says why."""
        self._broken.add(name, why)

    def other(self, name: str, what: str) -> None:
        """A file that is left out since it is not a picture."""
        self._others.add(name, what)

    def left_out(self) -> tuple[Message, ...]:
        """The sentences on files that are left out, where all others were not looked at."""
        said = (
            broken_words(self._broken.count, self._broken.first),
            other_words(self._others.count, self._others.first),
        )
        return tuple(text for text in said if text)

    @property
    def trouble(self) -> int:
        """How many files could not be read so far."""
        return self._broken.count

    @property
    def first_trouble(self) -> str | None:
        """The sentence on the first file that could not be read."""
        return self._broken.first[0][1] if self._broken.count else None

    def report(self) -> Report:
        """On all pictures so far. Raises StudioError where there are none."""
        if not self.names:
            raise StudioError("There are no pictures.", self.first_trouble or "Choose PNG or JPEG files, or a zip.")
        sizes = np.array([(s.width, s.height) for s in self._seen])
        ratios = sizes.max(axis=1) / sizes.min(axis=1)
        same, alike = self._pairs()
        return Report(
            len(self),
            self.side,
            self.channels,
            self._broken.count,
            tuple(self._broken.first),
            self._others.count,
            tuple(self._others.first),
            self.cut,
            _spread(sizes[:, 0]),
            _spread(sizes[:, 1]),
            round(float(np.median(ratios)), 2),
            int((ratios > 1 / 0.9).sum()),
            int((sizes.min(axis=1) < self.side).sum()),
            self._how_many("colour"),
            self._how_many("transparent"),
            self._how_many("frames"),
            self._how_many("turned"),
            self._how_many("deep"),
            self._blank,
            len(same),
            self._shown(same),
            len(alike),
            self._shown(alike),
            self.source,
            self.classes,
            tuple(self.notes),
            self.unsorted,
        )

    def _how_many(self, name: str) -> int:
        return sum(getattr(seen, name) for seen in self._seen)

    def _pairs(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """(earlier, later) of pictures that are the same, and of those that are nearly so, the most alike first."""
        first: dict[bytes, int] = {}
        same = [(first[digest], i) for i, digest in enumerate(self._digests) if first.setdefault(digest, i) != i]
        rows = sorted(first.values())
        return same, [(rows[a], rows[b]) for a, b in near_duplicate_pairs([self._prints[row] for row in rows])]

    def _shown(self, pairs: list[tuple[int, int]]) -> tuple[tuple[int, int, str, str], ...]:
        return tuple((a, b, self.names[a], self.names[b]) for a, b in pairs[:MOST_NAMED])


class _Named:
    """A count of all and the first few of them."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[tuple[str, str]] = []

    def add(self, name: str, why: str) -> None:
        self.count += 1
        if len(self.first) < MOST_NAMED:
            self.first.append((name, why))


def contact_sheet(
    images: np.ndarray,
    augment: Sequence[str] = (),
    p: float = 1.0,
    count: int = 36,
    seed: int = 0,
    mirror: bool = False,
) -> np.ndarray:
    """Exactly what the networks see: uint8 pictures (n, side, side, channels) -> one picture (height, width, 3 or 4).

    `count` pictures spread over all. With `augment` (names of gan.training.augment) as the discriminator gets them,
    each change made to a share `p` of them; `mirror` turns half of them around, as training from mirror images does.
    """
    some = np.ascontiguousarray(images[spread(len(images), count)])
    x = torch.from_numpy(some).permute(0, 3, 1, 2).float() / 127.5 - 1
    chance = RandomSource(torch.Generator().manual_seed(seed))
    x = apply_augment(x, ("flip",), 1.0, chance) if mirror else x
    pixels = to_pixels(apply_augment(x, augment, p, chance)).numpy()
    return grid(pixels.repeat(3, axis=3) if pixels.shape[3] == 1 else pixels, gap=1)


def spread(n: int, count: int) -> np.ndarray:
    """`count` of the numbers 0 to n - 1, evenly spread, or all of them where they are no more."""
    return np.unique(np.linspace(0, n - 1, min(n, count)).round().astype(int))


def _spread(values: np.ndarray) -> tuple[int, int, int]:
    return int(values.min()), int(np.median(values)), int(values.max())


def _thawed(value):
    """With lists for tuples, as JSON gives them back."""
    if isinstance(value, dict):
        return {name: _thawed(one) for name, one in value.items()}
    return [_thawed(one) for one in value] if isinstance(value, (list, tuple)) else value


def _frozen(value):
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value
