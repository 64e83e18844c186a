"""Training sounds from WAV files, folders and zips of them -> spectrograms and the doctor's report.

    report = take_sounds([(Path("hits.zip"), "hits.zip")], into=run / "data", side=64)

sounds.npz holds `sounds`, uint8 (n, side, side), and `labels` with `label_names` where the files lie sorted into
folders, as data.npz of pictures. What a file holds beside its sound is gone.
"""

import hashlib
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from gan.errors import StudioError
from gan.kinds.sounds import drawn
from gan.messages import say
from gan.networks.sounds import SIDES, USUAL_SIDE
from gan.networks.spectrograms import RATE, length_of, to_spectrogram
from gan.store.archives import clean
from gan.store.files import make_folder, whole_file
from gan.store.grids import grid
from gan.studio.data.dataset_doctor import spread
from gan.studio.data.intake import MOST_READ
from gan.studio.data.listing import PICTURES, SOUNDS, Found, list_folder, one_file, open_zip
from gan.studio.data.npz_arrays import Arrays
from gan.studio.data.sound_report import MOST_NAMED, SoundReport
from gan.studio.data.training_file import LABEL, classes_of
from gan.studio.data.wav_reader import Wave, at_rate, read_wav

FILE = "sounds.npz"
ARRAY = "sounds"
MOST_SOUNDS = 10_000
_MOST_LEFT_OUT = 1_000  # files may cost as much work as a sound before they turn out to be none
_FEWEST = 4  # columns, below which nothing can be drawn
_SHORTEST = 0.02  # seconds
_SILENT = 1e-3  # how far a sound must swing
_HEARD = 0.02  # of how far it swings: where it begins
_LEAD = 64  # samples that are kept before that
_FADE = 160  # samples in which what is cut off ends
_SHEET, _COLUMNS, _CELL = 36, 6, (96, 96)

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
    arrays = {ARRAY: taken.pictures()}
    if labels:
        names = ",".join(re.sub("[,:]", " ", name) for name in classes)
        arrays |= dict(labels=np.array(labels, np.int16)[:, None], label_names=np.array([f"{LABEL}:{names}"]))
    with whole_file(make_folder(into) / FILE) as part, part.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    return taken.report(classes)


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


def sounds_of(arrays: Arrays, side: int | None) -> torch.Tensor:
    """The sounds of a file that was written here, uint8 (n, 1, side, side). Raises StudioError."""
    count, own = _written(arrays)
    if side and own != side:
        raise StudioError(
            say("{name} holds sounds of {side} columns, not {wanted}.", name=arrays.called, side=own, wanted=side),
            "Give the WAV files again.",
        )
    return torch.from_numpy(_rows(arrays, np.arange(count), own)).unsqueeze(1)


def sound_sheet(arrays: Arrays) -> np.ndarray:
    """Some of the sounds of such a file side by side, uint8 (height, width, 3). Raises StudioError."""
    count, own = _written(arrays)
    some = torch.from_numpy(_rows(arrays, np.array(spread(count, _SHEET)), own)).unsqueeze(1).float() / 127.5 - 1
    return grid(drawn(some, _CELL), min(_COLUMNS, len(some)), gap=2)


def cut(wave: Wave, side: int) -> np.ndarray:
    """What networks of that side hear of a sound that is not silent: float32 (side * 128,) from where it begins to be
    heard, as loud as can be."""
    length = length_of(side)
    return _fitted(_from(wave, _heard(wave)[0], length), length)


def _written(arrays: Arrays) -> tuple[int, int]:
    """How many sounds a file holds, and of how many columns. StudioError where they were not written here."""
    _, shape, dtype = arrays.found[ARRAY]
    count, own = shape[0] if shape else 0, shape[-1] if shape else 0
    if dtype != np.uint8 or shape != (count, own, own) or own not in SIDES or not 0 < count <= MOST_SOUNDS:
        raise StudioError(say("{name} holds no sounds that were read here.", name=arrays.called), "Give WAV files.")
    return count, own


def _rows(arrays: Arrays, wanted: np.ndarray, side: int) -> np.ndarray:
    """Those with these numbers, which rise, without loading all: uint8 (k, side, side)."""
    found, at = np.empty((len(wanted), side, side), np.uint8), 0
    for part in arrays.rows(ARRAY):
        here = (wanted >= at) & (wanted < at + len(part))
        found[here] = part[wanted[here] - at]
        at += len(part)
    return found


class _Taken:
    """What is read so far, and the doctor's counts."""

    def __init__(self, side: int) -> None:
        self.side = side
        self.folders: list[str] = []
        self._parts: list[np.ndarray] = []
        self._waves: list[np.ndarray] = []
        self._counts: Counter[str] = Counter()
        self._names: dict[str, list] = {}
        self._rates: Counter[int] = Counter()
        self._seconds: list[float] = []
        self._first: dict[bytes, str] = {}
        self.left = self.bytes = 0

    def __len__(self) -> int:
        return len(self.folders)

    def note(self, what: str, name: object) -> None:
        """Count a finding, and keep the first few names of it."""
        self._counts[what] += 1
        self._names.setdefault(what, [])
        if len(self._names[what]) < MOST_NAMED:
            self._names[what].append(name)

    @property
    def is_spent(self) -> bool:
        """Whether strangers may cause no more work: what was read so far is what one trains on."""
        left_out = sum(self._counts[what] for what in ("broken", "silent", "short"))
        return len(self) >= MOST_SOUNDS or left_out >= _MOST_LEFT_OUT or self.bytes > MOST_READ

    def add(self, name: str, folder: str, wave: Wave) -> None:
        """A file that was read: it counts unless nothing of it can be heard."""
        if np.abs(wave.samples).max(initial=0) < _SILENT:
            return self.note("silent", name)
        first, last = _heard(wave)
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

    def report(self, classes: tuple[str, ...]) -> SoundReport:
        counts, names = self._counts, {name: tuple(rows) for name, rows in self._names.items()}
        kept = ("clipped", "silent", "short", "broken")
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
            **{name: counts[name] for name in kept},
            **{f"{name}_files": names.get(name, ()) for name in kept},
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
            yield from (*listing.others, *listing.pictures)
        elif name.lower().endswith(SOUNDS.suffixes):
            yield one_file(path, name)
        elif not _is_zip(path, name):
            yield clean(name), SOUNDS.not_one
        else:
            with open_zip(path, name, SOUNDS) as listing:
                yield from (*listing.others, *listing.pictures)


def _heard(wave: Wave) -> tuple[int, int]:
    """The first and the last of its samples that are heard."""
    level = np.abs(wave.samples)
    heard = np.flatnonzero(level > _HEARD * level.max())
    return int(heard[0]), int(heard[-1])


def _from(wave: Wave, first: int, length: int) -> np.ndarray:
    """From 4 ms before a sample on, silence where there is nothing, at the networks' rate, as loud as can be; `length`
    samples, and a few more where it goes on."""
    lead = round(_LEAD * wave.rate / RATE)
    before = np.zeros(max(0, lead - first), np.float32)
    after = first + round(length * wave.rate / RATE) + wave.rate // 50  # where a tone is cut off its end is not right
    samples = at_rate(np.concatenate([before, wave.samples[max(0, first - lead) : after]]), wave.rate)
    return samples / max(float(np.abs(samples).max()), 1e-9)


def _fitted(samples: np.ndarray, length: int) -> np.ndarray:
    """So many samples: what is longer fades at its end, what is shorter is followed by silence."""
    if len(samples) <= length:
        return np.pad(samples, (0, length - len(samples))).astype(np.float32)
    cut = samples[:length].astype(np.float32)
    fade = min(_FADE, length)
    cut[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return cut


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
