"""Pictures with classes, for what learns to tell them apart: of an example that is here, or a set of one's own."""

from pathlib import Path

import numpy as np
import torch

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import listed, say
from gan.store.shipped import shipped_weights
from gan.studio.data.datasets import check_are_pictures, read_dataset
from gan.studio.data.drawn.digits import DIGITS
from gan.training.more_data import LabelledPictures

EXAMPLES = ("letters", "digits")
_DIGITS, _SEED, _LETTERS = 6000, 1, 26
_LETTERS_FILE = Path("pictures") / "letters.npz"


def labelled_example(name: str, side: int) -> LabelledPictures:
    """Capitals of 240 typefaces, each typeface a group of its own, or digits that are drawn here; grey. Raises
    StudioError for another name."""
    if name == "letters":
        read = labelled_set(shipped_weights() / _LETTERS_FILE, side, None)
        return LabelledPictures(read.x, read.labels, read.classes, torch.arange(len(read.x)) // _LETTERS)
    if name == "digits":
        pixels, factors, _ = DIGITS.drawn_set(_DIGITS, side, _SEED)
        x = torch.from_numpy(np.ascontiguousarray(pixels[..., :1].transpose(0, 3, 1, 2)))
        return LabelledPictures(x, torch.from_numpy(np.rint(factors[:, 0]).astype(np.int64)), tuple("0123456789"))
    raise StudioError(
        say("There is no example with classes called {name}.", name=show(name)),
        say("The examples are {names}.", names=listed(EXAMPLES)),
    )


def labelled_set(path: Path, side: int, label: str | None) -> LabelledPictures:
    """A folder, a zip or an .npz as read_dataset takes it; of pictures' files the folder of each is its class. Raises
    StudioError where there are no classes."""
    if label is None and path.suffix.lower() != ".npz":
        label = "folder"
    dataset = read_dataset(path, side, None, label)
    samples = dataset.samples
    check_are_pictures(samples, path.name, "Give pictures with classes.")
    if samples.labels is None or samples.num_classes < 2:
        raise StudioError(
            say("The pictures of {name} have no classes.", name=path.name),
            "Sort them into folders, one for each class, or give an .npz with labels.",
        )
    return LabelledPictures(samples.x, samples.labels, dataset.classes)
