"""Training pictures from a folder, a zip or an .npz, made square and of one size.

Nothing is unpickled, nothing is unpacked to disk, and no name inside an archive is ever used as a path.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import numpy as np
import torch
from PIL import Image, ImageOps

from gan.errors import StudioError
from gan.training.data import Samples

_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
_MOST_PICTURES = 200_000
_MOST_BYTES = 30 * 2**20       # of one picture's file
_MOST_PIXELS = 50_000_000      # of one picture
_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


class Dataset:
    """Samples with the names of their classes; `samples.x` is uint8 (n, channels, side, side) or float points (n, k)."""

    def __init__(self, samples: Samples, classes: tuple[str, ...] = ()):
        self.samples, self.classes = samples, classes


def read_dataset(path: Path, side: int | None = None, channels: int | None = None, label: str | None = None) -> Dataset:
    """Read `path`: a folder or a zip of pictures, or an .npz with `images` (n, h, w[, c]) and optionally `labels`.

    Pictures are cropped to their middle square and resized to `side` pixels (an .npz keeps its own side unless told).
    `label` names the column of `labels` that gives the class, or is "folder" (each picture's folder is its class) or
    "none"; by default a single column is used, and several are not. Raises StudioError for what cannot be read.
    """
    path = Path(path)
    if not path.exists():
        raise StudioError(f"There is nothing at {path}.", "Give a folder or a zip of pictures, or an .npz file.")
    if path.suffix.lower() == ".npz":
        return _read_npz(path, side, channels, label)
    if path.is_dir():
        return _read_pictures(_folder_files(path), path, side, channels, label)
    if zipfile.is_zipfile(path):
        return _read_pictures(_zip_files(path), path, side, channels, label)
    raise StudioError(f"{path.name} is neither a folder, a zip nor an .npz file.", "Put the pictures in a folder or a zip.")


def _read_npz(path: Path, side: int | None, channels: int | None, label: str | None) -> Dataset:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {k: file[k] for k in ("images", "points", "labels", "label_names") if k in file.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise StudioError(f"{path.name} cannot be read as an .npz file.", "It must hold plain arrays.") from error
    labels, classes = _npz_labels(arrays, label)
    if "points" in arrays:
        x = torch.from_numpy(arrays["points"].astype(np.float32))
    elif "images" in arrays and arrays["images"].dtype == np.uint8 and arrays["images"].ndim in (3, 4):
        x = _npz_images(arrays["images"], side, channels)
    else:
        raise StudioError(f"{path.name} has no pictures.", "It must hold `images`, uint8 of shape (count, height, width, channels).")
    return Dataset(Samples(x, labels, len(classes)), classes)


def _npz_images(images: np.ndarray, side: int | None, channels: int | None) -> torch.Tensor:
    images = images[..., None] if images.ndim == 3 else images
    if images.shape[-1] not in _MODES:
        raise StudioError(f"The pictures have {images.shape[-1]} channels.", "They must have 1, 3 or 4.")
    wanted = (side or images.shape[1], side or images.shape[1], channels or images.shape[-1])
    if images.shape[1:] != wanted:
        images = np.stack([_fit(Image.fromarray(i.squeeze(-1) if i.shape[-1] == 1 else i), wanted[0], wanted[2]) for i in images])
    return torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2)))


def _npz_labels(arrays: dict, label: str | None) -> tuple[torch.Tensor | None, tuple[str, ...]]:
    labels = arrays.get("labels")
    if labels is None or label == "none" or labels.size == 0:
        return None, ()
    labels = labels[:, None] if labels.ndim == 1 else labels
    names = [str(n) for n in arrays.get("label_names", [])] or [str(i) for i in range(labels.shape[1])]
    if label is None and labels.shape[1] > 1:
        return None, ()
    heads = [name.split(":")[0] for name in names]
    if label is not None and label not in heads:
        raise StudioError(f"There is no label called {label!r}.", f"The labels are {', '.join(heads)}.")
    at = heads.index(label) if label is not None else 0
    column = labels[:, at].astype(np.int64)
    if column.min() < 0 or column.max() >= 10_000:
        raise StudioError("Class numbers must lie between 0 and 9999.", "Check the labels of the .npz file.")
    given = names[at].split(":", 1)[1].split(",") if ":" in names[at] else []
    count = max(int(column.max()) + 1, len(given))
    return torch.from_numpy(column), tuple(given) or tuple(str(i) for i in range(count))


def _read_pictures(files: Iterator[tuple[str, str, bytes]], path: Path, side: int | None, channels: int | None,
                   label: str | None) -> Dataset:
    side, channels = side or 64, channels or 3
    pictures, folders = [], []
    for folder, name, data in files:
        pictures.append(decode(data, name, side, channels))
        folders.append(folder)
    if not pictures:
        raise StudioError(f"There are no pictures in {path.name}.", f"It needs files that end in {', '.join(_SUFFIXES[:4])} ...")
    x = torch.from_numpy(np.stack(pictures).transpose(0, 3, 1, 2).copy())
    classes = tuple(sorted(set(folders))) if label == "folder" else ()
    labels = torch.tensor([classes.index(f) for f in folders]) if classes else None
    return Dataset(Samples(x, labels, len(classes)), classes)


def decode(data: bytes, name: str, side: int, channels: int) -> np.ndarray:
    """One picture's file -> uint8 (side, side, channels), upright, its middle square. Raises StudioError naming the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    raise StudioError(f"{name} has {picture.width} x {picture.height} pixels.", "Make it smaller first.")
                return _fit(ImageOps.exif_transpose(picture), side, channels)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise StudioError(f"{name} is not a picture that can be read.", "Remove it or save it anew as PNG.") from error


def _fit(picture: Image.Image, side: int, channels: int) -> np.ndarray:
    """The middle square, resized, in the wanted channels; transparency is laid on white unless channels is 4."""
    if channels != 4 and (picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info):
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        ground.alpha_composite(picture)
        picture = ground
    picture = picture.convert(_MODES[channels])
    if picture.size != (side, side):
        picture = ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
    return np.asarray(picture).reshape(side, side, channels)


def _folder_files(path: Path) -> Iterator[tuple[str, str, bytes]]:
    """(folder, name, bytes) of each picture below a folder, in the order of their paths; links are not followed."""
    found = sorted(p for p in path.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file() and not p.is_symlink())
    _check_count(len(found))
    for p in found:
        if p.stat().st_size > _MOST_BYTES:
            raise StudioError(f"{p.name} is larger than {_MOST_BYTES // 2**20} MB.", "Make it smaller first.")
        yield p.parent.name, p.name, p.read_bytes()


def _zip_files(path: Path) -> Iterator[tuple[str, str, bytes]]:
    """The same of a zip: each entry is read in memory up to a bound, whatever size it claims."""
    with zipfile.ZipFile(path) as archive:
        entries = [e for e in archive.infolist() if not e.is_dir() and e.filename.lower().endswith(_SUFFIXES)]
        _check_count(len(entries))
        for entry in sorted(entries, key=lambda e: e.filename):
            inside = PurePosixPath(entry.filename)
            try:
                with archive.open(entry) as file:
                    data = file.read(_MOST_BYTES + 1)
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
                raise StudioError(f"{inside.name} in {path.name} cannot be unpacked.", "Make the zip anew.") from error
            if len(data) > _MOST_BYTES:
                raise StudioError(f"{inside.name} is larger than {_MOST_BYTES // 2**20} MB.", "Make it smaller first.")
            yield inside.parent.name, inside.name, data


def _check_count(count: int) -> None:
    if count > _MOST_PICTURES:
        raise StudioError(f"There are {count} pictures; at most {_MOST_PICTURES} fit.", "Choose some of them.")
