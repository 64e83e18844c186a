"""Training pictures from anybody's uploads -> one clean data.npz and the dataset doctor's report.

    report = intake([Path("cats.zip"), Path("one more.jpg")], into=run / "data", side=64)

Whatever is sent, memory holds one picture's file and its pixels at a time, the disk holds the pixels that are kept, and
a file that cannot be read is named in the report while the others go on. Only pixels are written: EXIF, names and
everything else of the files is gone.
"""

import functools
import io
import itertools
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from gan.errors import StudioError
from gan.messages import say
from gan.store.archives import TORN, clean
from gan.store.files import make_folder, whole_file
from gan.store.passing import scratch_file
from gan.studio.data.dataset_doctor import Doctor, Report, spread
from gan.studio.data.listing import Found, Listing, list_folder, one_file, open_zip
from gan.studio.data.npz_pictures import read_npz
from gan.studio.data.pictures import Seen, check_shape, decode_seen, fit
from gan.studio.recipes import Recipe

DATA = "data.npz"
LABEL = "class"  # what the label of pictures sorted into folders is called
MOST_CLASSES = 100
MOST_PICTURES = 20_000
MOST_KEPT = 2**30  # bytes of pixels in data.npz
MOST_READ = 8 * 2**30  # bytes of all pictures' files, unpacked from their archives
MOST_PIXELS = 40 * 10**9  # of all pictures as they are: an hour's work on one slow core, minutes if they are JPEGs
MOST_BROKEN = 1_000  # a file may cost as much work as a picture before it turns out to be broken
BATCH = 32  # pictures drawn at once from a model

Progress = Callable[[int], None] | None


def intake(
    files: Iterable[Path | tuple[Path, str]], into: Path, side: int = 64, channels: int = 3, progress: Progress = None
) -> Report:
    """Read pictures, zips of pictures and folders, write into/data.npz, and say what they are.

    A file may come with what its owner calls it, where it is kept under another name. data.npz holds `images`, uint8
    (n, side, side, channels), and `labels` where the pictures lie sorted into folders (see `classes_of`). `progress`
    is told how many pictures are done; an error that it raises stops the intake. Raises StudioError where no picture
    is left, or where nothing can be written.
    """
    check_shape(side, channels)
    doctor, budget = Doctor(side, channels), _Budget(side, channels)
    with _Writer(into, side, channels).open() as writer:
        for found in _each(files, doctor):
            doctor.cut = budget.spent(len(doctor), doctor.trouble)
            if doctor.cut:
                break
            _take(found, doctor, budget, writer)
            if progress is not None:
                progress(len(doctor))
        _check_any(doctor)
        doctor.classes, labels = classes_of(writer.folders)
        writer.finish(len(doctor), labels, doctor.classes)
    return doctor.report()


def classes_of(folders: Sequence[str]) -> tuple[tuple[str, ...], list[int]]:
    """The classes that pictures are sorted into by their folders, and each picture's number among them.

    ((), []) where they are not: in one folder or in none, in more than MOST_CLASSES, or with a folder of one picture
    only, which is no class to learn.
    """
    counts = Counter(folders)
    if "" in counts or not 2 <= len(counts) <= MOST_CLASSES or min(counts.values()) < 2:
        return (), []
    names = sorted(counts)
    return tuple(names), [names.index(folder) for folder in folders]


def example(
    pictures: Iterable[tuple[np.ndarray, str]],
    into: Path,
    side: int = 64,
    channels: int = 3,
    progress: Progress = None,
) -> Report:
    """The same with pictures of an example set: uint8 (height, width, 1 or 3), each with its class or ""."""
    check_shape(side, channels)
    doctor = Doctor(side, channels)
    with _Writer(into, side, channels).open() as writer:
        for number, (picture, folder) in enumerate(pictures):
            made = Image.fromarray(picture.squeeze(-1) if picture.shape[-1] == 1 else picture)
            pixels = fit(made, side, channels)
            doctor.see(
                say("picture {number}", number=number),
                Seen(*made.size, colour=picture.shape[-1] == 3, transparent=False),
                pixels,
            )
            writer.add(pixels, folder)
            if progress is not None and number % BATCH == 0:
                progress(len(doctor))
        doctor.classes, labels = classes_of(writer.folders)
        writer.finish(len(doctor), labels, doctor.classes)
    return doctor.report()


def sample_from(
    engine, model, count: int, seed: int, into: Path, side: int = 64, channels: int = 3, progress: Progress = None
) -> Report:
    """The same with pictures that an open model makes: `count` seeds from `seed` on, its classes by turns."""
    check_shape(side, channels)
    most = min(MOST_PICTURES, MOST_KEPT // (side * side * channels))
    if type(count) is not int or not 1 <= count <= most:
        raise StudioError(
            say("A model can be asked for 1 to {most:,} training pictures, not {count}.", most=most, count=count),
            "Choose fewer.",
        )
    classes, doctor = model.generator.num_classes, Doctor(side, channels, source=say("the model {id}", id=model.id))
    recipes = (
        Recipe(
            model.id,
            model.revision,
            seed=(seed + i) % 2**32,
            psi=model.config.psi,
            label=i % classes if classes else None,
        )
        for i in range(count)
    )
    with _Writer(into, side, channels).open() as writer:
        while some := list(itertools.islice(recipes, BATCH)):
            for recipe, picture in zip(some, engine.render(some), strict=True):
                drawn = Image.fromarray(picture)
                pixels = fit(drawn, side, channels)
                colour = bool((np.ptp(picture[..., :3].astype(int), axis=2) > 8).any())
                doctor.see(
                    say("seed {seed}", seed=recipe.seed), Seen(*drawn.size, colour, picture.shape[2] == 4), pixels
                )
                writer.add(pixels)
            if progress is not None:
                progress(len(doctor))
        writer.finish(len(doctor))
    return doctor.report()


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


def _take(found: Found, doctor: Doctor, budget: "_Budget", writer: "_Writer") -> None:
    try:
        data = found.read()
        budget.bytes += len(data)
        pixels, seen = decode_seen(data, found.name, doctor.side, doctor.channels)
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


class _Writer:
    """data.npz, written picture by picture; the pixels wait in a file without a name, since their count comes first."""

    def __init__(self, into: Path, side: int, channels: int):
        self._into, self._shape = make_folder(into), (side, side, channels)
        self.folders: list[str] = []

    @contextmanager
    def open(self) -> Iterator["_Writer"]:
        """data.npz has its name once the block has ended well; what waits is gone however the block ends."""
        with whole_file(self._into / DATA) as self._part, scratch_file(self._into) as self._waiting:
            yield self

    def add(self, pixels: np.ndarray, folder: str = "") -> None:
        """uint8 (side, side, channels), and the folder that it came from."""
        self._waiting.write(pixels.tobytes())
        self.folders.append(folder)

    def finish(self, count: int, labels: Sequence[int] = (), classes: Sequence[str] = ()) -> None:
        """Write the file; with `labels`, the number of each picture's class, and what the classes are called."""
        self._waiting.seek(0)
        with zipfile.ZipFile(self._part, "w") as archive:
            with archive.open("images.npy", "w", force_zip64=True) as file:
                header = dict(descr="|u1", fortran_order=False, shape=(count, *self._shape))
                np.lib.format.write_array_header_1_0(file, header)
                shutil.copyfileobj(self._waiting, file, 2**20)
            if labels:
                names = ",".join(re.sub("[,:]", " ", name) for name in classes)
                for name, array in (
                    ("labels", np.array(labels, np.int16)[:, None]),
                    ("label_names", [f"{LABEL}:{names}"]),
                ):
                    with archive.open(f"{name}.npy", "w") as file:
                        np.lib.format.write_array(file, np.asarray(array), allow_pickle=False)
