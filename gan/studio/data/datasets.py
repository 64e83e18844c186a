"""Training pictures from a folder, a zip or an .npz, made square and of one size.

Nothing is unpickled, nothing is unpacked to disk, and no name inside an archive is ever used as a path.
"""

import zipfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from gan.errors import StudioError
from gan.messages import listed, say
from gan.store.archives import TORN
from gan.studio.data.listing import Found, list_folder, open_zip
from gan.studio.data.pictures import MODES, MOST_SIDE, SUFFIXES, check_shape, decode, fit
from gan.training.data import Samples

_ARRAYS = ("images", "points", "labels", "label_names")
_MOST_PICTURES = 200_000
_MOST_ARRAY_BYTES = 4 * 2**30  # of one .npz, unpacked


class Dataset:
    """Samples and the names of their classes; `samples.x` is uint8 (n, channels, side, side) or float points (n, k)."""

    def __init__(self, samples: Samples, classes: tuple[str, ...] = ()):
        self.samples, self.classes = samples, classes


def read_dataset(path: Path, side: int | None = None, channels: int | None = None, label: str | None = None) -> Dataset:
    """Read `path`: a folder or a zip of pictures, or an .npz with `images` (n, h, w[, c]) and optionally `labels`.

    Pictures are cropped to their middle square and resized to `side` pixels (an .npz keeps its own side unless told).
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
    if path.is_dir():
        return _read_pictures(list_folder(path).pictures, path, side, channels, label)
    if zipfile.is_zipfile(path):
        with open_zip(path) as listing:
            return _read_pictures(listing.pictures, path, side, channels, label)
    raise StudioError(
        say("{name} is neither a folder, a zip nor an .npz file.", name=path.name),
        "Put the pictures in a folder or a zip.",
    )


def _read_npz(path: Path, side: int | None, channels: int | None, label: str | None) -> Dataset:
    arrays = _read_arrays(path)
    x = _npz_samples(arrays, path, side, channels)
    labels, classes = _npz_labels(arrays, label, len(x))
    return Dataset(Samples(x, labels, len(classes)), classes)


def _npz_samples(arrays: dict, path: Path, side: int | None, channels: int | None) -> torch.Tensor:
    if "points" in arrays:
        return _npz_points(arrays["points"])
    elif "images" in arrays and arrays["images"].dtype == np.uint8 and arrays["images"].ndim in (3, 4):
        return _npz_images(arrays["images"], side, channels)
    raise StudioError(
        say("{name} has no pictures.", name=path.name),
        "It must hold `images`, uint8 of shape (count, height, width, channels).",
    )


def _read_arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays of an .npz that are known here, if they are no more than fit."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > _MOST_ARRAY_BYTES:
            raise StudioError(
                say(
                    "{name} holds {size:,} bytes, more than the {most_array_bytes:,} that fit.",
                    name=path.name,
                    size=size,
                    most_array_bytes=_MOST_ARRAY_BYTES,
                ),
                "Choose some of its pictures, or make them smaller.",
            )
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in _ARRAYS if name in file.files}
    except TORN as error:
        raise StudioError(
            say("{name} cannot be read as an .npz file.", name=path.name), "It must hold plain arrays."
        ) from error
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):  # numpy hands out an entry of another kind as bytes
            raise StudioError(
                say("{name} of {name2} is not an array.", name=name, name2=path.name),
                "Write the file anew with numpy.savez.",
            )
    return arrays


def read_with_labels(path: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """The pictures at `path`, uint8 (n, channels, side, side), and every label that an .npz has of each, whole numbers
    (n, k).

    Raises StudioError as `read_dataset` does, and for points.
    """
    if path.suffix.lower() != ".npz" or not path.exists():
        x, labels = read_dataset(path, label="none").samples.x, None
    else:
        arrays = _read_arrays(path)
        x, labels = _npz_samples(arrays, path, None, None), arrays.get("labels")
    if x.dim() != 4:
        raise StudioError(say("{name} holds points, not pictures.", name=path.name), "Give sets of pictures.")
    return x, torch.zeros(len(x), 0, dtype=torch.long) if labels is None else _npz_columns(labels, len(x))


def _npz_points(points: np.ndarray) -> torch.Tensor:
    if points.ndim != 2 or points.dtype.kind not in "fiu" or not np.isfinite(points).all():
        raise StudioError(
            say("The points are {dtype} of shape {shape}.", dtype=points.dtype, shape=points.shape),
            "They must be finite numbers (count, 2).",
        )
    return torch.from_numpy(points.astype(np.float32))


def _npz_images(images: np.ndarray, side: int | None, channels: int | None) -> torch.Tensor:
    images = images[..., None] if images.ndim == 3 else images
    if images.shape[-1] not in MODES:
        raise StudioError(
            say("The pictures have {shape} channels.", shape=images.shape[-1]), "They must have 1, 3 or 4."
        )
    if not images.size:
        raise StudioError("There are no pictures in it.", say("`images` has the shape {shape}.", shape=images.shape))
    side, channels = side or min(images.shape[1:3]), channels or images.shape[-1]
    if side > MOST_SIDE:
        raise StudioError(
            say("The pictures have {side} pixels to a side, at most {most_side} fit.", side=side, most_side=MOST_SIDE),
            "Add --side with a smaller one.",
        )
    if images.shape[1:] != (side, side, channels):
        images = images.squeeze(-1) if images.shape[-1] == 1 else images
        images = np.stack([fit(Image.fromarray(picture), side, channels) for picture in images])
    return torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2)))


def _npz_labels(arrays: dict, label: str | None, count: int) -> tuple[torch.Tensor | None, tuple[str, ...]]:
    """The class of each of `count` samples and the classes' names; (None, ()) where there are none, or several."""
    labels = arrays.get("labels", np.zeros(0))
    if label == "none" or (label is None and not labels.size):
        return None, ()
    if not labels.size:
        raise StudioError(say("There is no label called {label!r}.", label=label), "The file has no `labels` at all.")
    labels = _npz_columns(labels, count)
    if label is None and labels.shape[1] > 1:
        return None, ()
    at, given = _label_column(arrays, label, labels.shape[1])
    column = labels[:, at]
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


def _label_column(arrays: dict, label: str | None, columns: int) -> tuple[int, list[str]]:
    """Which column of the labels, and its classes' names, from `label_names` such as "fur:red,grey,black"."""
    names = [str(n) for n in arrays.get("label_names", np.zeros(0)).ravel()] or [str(i) for i in range(columns)]
    if len(names) != columns:
        raise StudioError(
            say("There are {columns} labels and {count} names for them.", columns=columns, count=len(names)),
            "Each needs one in `label_names`.",
        )
    heads = [name.split(":")[0] for name in names]
    if label is not None and label not in heads:
        raise StudioError(
            say("There is no label called {label!r}.", label=label),
            say("The labels are {names}.", names=listed(heads)),
        )
    at = heads.index(label) if label is not None else 0
    return at, names[at].split(":", 1)[1].split(",") if ":" in names[at] else []


def _read_pictures(
    files: list[Found], path: Path, side: int | None, channels: int | None, label: str | None
) -> Dataset:
    side, channels = side or 64, channels or 3
    if label not in (None, "folder", "none"):
        raise StudioError(
            say("There is no label called {label!r}.", label=label),
            "Pictures have one label: 'folder', the folder that each lies in.",
        )
    if len(files) > _MOST_PICTURES:
        raise StudioError(
            say(
                "There are {count} pictures; at most {most_pictures} fit.",
                count=len(files),
                most_pictures=_MOST_PICTURES,
            ),
            "Choose some of them.",
        )
    pictures = [decode(file.read(), file.name, side, channels) for file in files]
    folders = [file.folder for file in files]
    if not pictures:
        raise StudioError(
            say("There are no pictures in {name}.", name=path.name),
            say("It needs files that end in {names} ...", names=listed(SUFFIXES[:4])),
        )
    x = torch.from_numpy(np.stack(pictures).transpose(0, 3, 1, 2).copy())
    classes = tuple(sorted(set(folders))) if label == "folder" else ()
    labels = torch.tensor([classes.index(f) for f in folders]) if classes else None
    return Dataset(Samples(x, labels, len(classes)), classes)
