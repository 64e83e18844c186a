"""Training pictures for whoever has none at hand: drawn here, or a sample that lies in the box.

    find_example("faces").pictures(64)       # (picture, class) one after the other

A new example is one entry of EXAMPLES.
"""

import functools
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import listed, say
from gan.store.grids import grid
from gan.store.shipped import shipped_weights
from gan.studio.data.drawn.digits import DIGITS
from gan.studio.data.drawn.drawers import drawer
from gan.studio.data.pictures import fit

_COUNT = 4_000  # pictures that are drawn: enough that none is learnt by heart
_SEED = 0
_ANEW = ("scratch:dcgan",)
Pictures = Iterator[tuple[np.ndarray, str]]


@dataclass(frozen=True)
class Example:
    """title and about: for people. pictures: for a side in pixels, uint8 (height, width, 1 or 3), each with its class,
    "" where there are none. starts: what to begin a training with, the best first: a model, or "scratch:" and a family
    of networks."""

    title: str
    about: str
    pictures: Callable[[int], Pictures]
    starts: tuple[str, ...]


def _drawn(kind: str) -> Callable[[int], Pictures]:
    def pictures(side: int) -> Pictures:
        chosen = drawer(kind)
        for batch in chosen.batches(chosen.sample(_SEED, _COUNT), side):
            yield from ((picture, "") for picture in batch)

    return pictures


def _digits(side: int) -> Pictures:
    """Grey, each with its digit."""
    values = DIGITS.sample(_SEED, _COUNT)
    names = (str(round(digit)) for digit in values[:, 0])
    for batch in DIGITS.batches(values, side):
        yield from zip(batch[..., :1], names, strict=False)  # a batch at a time


def _letters(side: int) -> Pictures:
    """Capitals of 240 typefaces, each with its letter; those of a typeface stand together."""
    with np.load(shipped_weights() / "pictures" / "letters.npz", allow_pickle=False) as file:
        images, labels = file["images"], file["labels"][:, 0]
        names = str(file["label_names"][0]).split(":")[1].split(",")
    yield from ((image[..., None], names[label]) for image, label in zip(images, labels, strict=True))


EXAMPLES: dict[str, Example] = {
    "letters": Example(
        "Letters",
        "6,240 capitals of 240 typefaces (SIL Open Font License 1.1, Apache License 2.0)",
        _letters,
        _ANEW,
    ),
    "faces": Example(
        say("Cartoon faces"),
        say("cartoon faces, drawn by GAN Studio (CC0)"),
        _drawn("faces"),
        ("people", "cats", *_ANEW),
    ),
    "digits": Example(
        say("Digits"), say("handwritten digits, drawn by GAN Studio (CC0)"), _digits, ("letters", *_ANEW)
    ),
    "flowers": Example(
        say("Flowers"), say("flowers, drawn by GAN Studio (CC0)"), _drawn("flowers"), ("faces", "cats", *_ANEW)
    ),
}


def find_example(name: str) -> Example:
    """The example of that name. Raises StudioError where there is none."""
    if name not in EXAMPLES:
        raise StudioError(
            say("There is no example called {name}.", name=show(name)),
            say("The examples are {names}.", names=listed(EXAMPLES)),
        )
    return EXAMPLES[name]


@functools.cache
def sample_of(name: str, count: int = 4, side: int = 96) -> np.ndarray:
    """A few of its pictures side by side, uint8 (side, count * side, 3), to be looked at. Raises StudioError."""
    some = [picture for picture, _ in itertools.islice(find_example(name).pictures(side), count)]
    colour = [picture if picture.shape[-1] == 3 else picture.repeat(3, axis=2) for picture in some]
    return grid(np.stack([fit(Image.fromarray(picture), side, 3) for picture in colour]), count)
