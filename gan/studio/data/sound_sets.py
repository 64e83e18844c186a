"""Training sounds from WAV files, folders and zips of them -> spectrograms and the doctor's report.

    report = take_sounds([(Path("hits.zip"), "hits.zip")], into=run / "data", side=64)

sounds.npz is described in sound_file.py. What a file holds beside its sound is gone.
"""

import hashlib
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from gan.errors import StudioError
from gan.messages import Message, say
from gan.networks.sounds import SIDES, USUAL_SIDE
from gan.networks.spectrograms import RATE, length_of, to_spectrogram
from gan.store.archives import clean
from gan.studio.data.intake import MOST_READ
from gan.studio.data.listing import PICTURES, SOUNDS, Found, list_folder, one_file, open_zip
from gan.studio.data.sound_cuts import cut, heard
from gan.studio.data.sound_file import MOST_SOUNDS, write_sounds
from gan.studio.data.sound_report import MOST_NAMED, SoundReport
from gan.studio.data.training_file import classes_of, why_unsorted
from gan.studio.data.wav_reader import Wave, read_wav

_MOST_LEFT_OUT = 1_000  # files may cost as much work as a sound before they turn out to be none
_FEWEST = 4  # columns, below which nothing can be drawn
_SHORTEST = 0.02  # seconds
_SILENT = 1e-3  # how far a sound must swing

Progress = Callable[[int], None] | None


def are_sounds(files: Sequence[tuple[Path, str]]) -> bool:
    """Whether files, each with what its owner calls it, are sounds: more WAV files than pictures, zips unpacked."""
    counts = [_counted(path, name) for path, name in files]
    return sum(sounds for sounds, _ in counts) > sum(pictures for _, pictures in counts)


def holds_sounds(path: Path) -> bool:
    """Likewise of a path: a WAV file, or a folder or a zip of such."""
    if not path.is_dir():
        return are_sounds([(path, path.name)])
    names = [one.name.lower() for one in path.rglob("*") if one.is_file()]
    sounds = sum(name.endswith(SOUNDS.suffixes) for name in names)
    return sounds > sum(name.endswith(PICTURES.suffixes) for name in names)


def take_sounds(
    files: Sequence[tuple[Path, str]], into: Path, side: int = USUAL_SIDE, progress: Progress = None
) -> SoundReport:
    """Read sounds, write into/sounds.npz, and say what they are. `progress` is told how many are done, and may raise.
    Raises StudioError where none is left."""
    taken = _take(_each(files), side if side in SIDES else USUAL_SIDE, progress)
    classes, labels = classes_of(taken.folders)
    write_sounds(into, taken.pictures(), labels, classes)
    return taken.report(classes, why_unsorted(taken.folders, taken.names))


def read_sounds(path: Path, side: int | None = None) -> tuple[torch.Tensor, list[str], SoundReport]:
    """The sounds at a path, uint8 (n, 1, side, side), the folder of each, and the report. Raises StudioError."""
    side = side or USUAL_SIDE
    if side < _FEWEST:
        raise StudioError(
            say("A sound has 16, 32, 64 or 128 columns of 8 milliseconds, not {side}.", side=side),
            "Choose one of these.",
        )
    taken = _take(_each([(path, path.name)]), side, None)
    return torch.from_numpy(taken.pictures()).unsqueeze(1), taken.folders, taken.report(())


class _Taken:
    """What is read so far, and the doctor's counts."""

    def __init__(self, side: int) -> None:
        self.side = side
        self.folders: list[str] = []
        self.names: list[str] = []
        self._parts: list[np.ndarray] = []
        self._waves: list[np.ndarray] = []
        self._counts: Counter[str] = Counter()
        self._noted: dict[str, list] = {}
        self._rates: Counter[int] = Counter()
        self._seconds: list[float] = []
        self._first: dict[bytes, str] = {}
        self.left = self.bytes = 0

    def __len__(self) -> int:
        return len(self.folders)

    def note(self, what: str, name: object) -> None:
        """Count a finding, and keep the first few names of it."""
        self._counts[what] += 1
        self._noted.setdefault(what, [])
        if len(self._noted[what]) < MOST_NAMED:
            self._noted[what].append(name)

    @property
    def is_spent(self) -> bool:
        """Whether strangers may cause no more work: what was read so far is what one trains on."""
        left_out = sum(self._counts[what] for what in ("broken", "silent", "short"))
        return len(self) >= MOST_SOUNDS or left_out >= _MOST_LEFT_OUT or self.bytes > MOST_READ

    def add(self, name: str, folder: str, wave: Wave) -> None:
        """A file that was read: it counts unless nothing of it can be heard."""
        if np.abs(wave.samples).max(initial=0) < _SILENT:
            return self.note("silent", name)
        first, last = heard(wave)
        if last - first < _SHORTEST * wave.rate:
            return self.note("short", name)
        self._seconds.append(wave.seconds)
        self._rates[wave.rate] += 1
        for what, so in (
            ("clipped", wave.clipped),
            ("low", wave.rate < RATE),
            ("several", wave.channels > 1),
            ("long", (last - first) / wave.rate > length_of(self.side) / RATE),
        ):
            if so:
                self.note(what, name)
        whole = cut(wave, self.side)
        digest = hashlib.blake2b((whole * 32767).round().astype("<i2").tobytes(), digest_size=16).digest()
        if digest in self._first:
            self.note("same", (self._first[digest], name))
        self._first.setdefault(digest, name)
        self.folders.append(folder)
        self.names.append(name)
        self._waves.append(whole)
        if len(self._waves) == 64:
            self._draw()

    def _draw(self) -> None:
        if self._waves:
            x = to_spectrogram(torch.from_numpy(np.stack(self._waves)), self.side)
            self._parts.append(((x[:, 0] + 1) * 127.5).round().to(torch.uint8).numpy())
            self._waves = []

    def pictures(self) -> np.ndarray:
        """All of them, uint8 (n, side, side)."""
        self._draw()
        return np.concatenate(self._parts)

    def report(self, classes: tuple[str, ...], unsorted: Message | None = None) -> SoundReport:
        counts, names = self._counts, {name: tuple(rows) for name, rows in self._noted.items()}
        return SoundReport(
            count=len(self),
            side=self.side,
            seconds=round(float(np.median(self._seconds)), 3),
            long=counts["long"],
            rates=tuple(self._rates.most_common()),
            low=counts["low"],
            several=counts["several"],
            same=counts["same"],
            same_pairs=names.get("same", ()),
            others=counts["others"],
            other_files=names.get("others", ()),
            left=self.left,
            classes=classes,
            clipped=counts["clipped"],
            clipped_files=names.get("clipped", ()),
            silent=counts["silent"],
            silent_files=names.get("silent", ()),
            short=counts["short"],
            short_files=names.get("short", ()),
            broken=counts["broken"],
            broken_files=names.get("broken", ()),
            unsorted=unsorted,
        )


def _take(found: Iterator[Found | tuple[str, str]], side: int, progress: Progress) -> _Taken:
    taken = _Taken(side)
    first = None
    for one in found:
        if isinstance(one, tuple):
            taken.note("others", one)
            continue
        if taken.is_spent:
            taken.left += 1
            break
        try:
            data = one.read()
            taken.bytes += len(data)
            taken.add(one.name, one.folder, read_wav(data, one.name))
        except StudioError as error:
            first = first or error.said
            taken.note("broken", (one.name, error.said))
        if progress is not None:
            progress(len(taken))
    if not len(taken):
        raise StudioError("There are no sounds that can be heard.", first or say("Give WAV files, or a zip of them."))
    return taken


def _each(files: Sequence[tuple[Path, str]]) -> Iterator[Found | tuple[str, str]]:
    """Every file that may be a sound, and (name, why not) of what is none."""
    for path, name in files:
        if path.is_dir():
            listing = list_folder(path, SOUNDS)
            yield from listing.others
            yield from listing.pictures
        elif name.lower().endswith(SOUNDS.suffixes):
            yield one_file(path, name)
        elif not _is_zip(path, name):
            yield clean(name), SOUNDS.not_one
        else:
            with open_zip(path, name, SOUNDS) as listing:
                yield from listing.others
                yield from listing.pictures


def _is_zip(path: Path, name: str) -> bool:
    return zipfile.is_zipfile(path) and not name.lower().endswith(".npz")


def _counted(path: Path, name: str) -> tuple[int, int]:
    """How many sounds and how many pictures a file holds, by what they are called."""
    if not _is_zip(path, name):
        return name.lower().endswith(SOUNDS.suffixes), name.lower().endswith(PICTURES.suffixes)
    try:
        with open_zip(path, clean(name), SOUNDS) as sounds:
            found = len(sounds.pictures)
        with open_zip(path, clean(name), PICTURES) as pictures:
            return found, len(pictures.pictures)
    except StudioError:  # whoever reads it says why
        return 0, 0
