"""Sliders that people made of pictures of their own choice, as text: in recipes, in links, and in small files.

    read_sliders(write_sliders([OwnSlider("Hat", move)], "cats"))

A move is all that the slider does: how far one unit of it goes, and a direction in whole numbers from -127 to 127, in
base64. `slider_moves` makes it from a vector and back.
"""

import base64
import binascii
import functools
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import say

MOST = 16  # of one model
MOST_BYTES = 200_000  # of a file
LONGEST_NAME = 40  # characters
MOST_DIMENSIONS = 4096
_MOVE = re.compile(rf"[0-9A-Za-z_-]{{4,{(MOST_DIMENSIONS + 2) * 4 // 3 + 4}}}")
_TAKEN = re.compile(r"[~,\s]+")  # what parts the values of a link from each other
_VERSION = 1


@dataclass(frozen=True)
class OwnSlider:
    """name: what a person calls it, without ~ and commas; move: what it does. Raises StudioError for anything else."""

    name: str
    move: str

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.isprintable() or not 0 < len(self.name) <= LONGEST_NAME:
            raise StudioError(
                say("A slider cannot be called {name}.", name=show(self.name)),
                say("Use a name of up to {longest} characters.", longest=LONGEST_NAME),
            )
        if _TAKEN.sub(" ", self.name).strip() != self.name:
            raise StudioError(
                say("A slider cannot be called {name}.", name=show(self.name)), "Leave ~ and commas out of its name."
            )
        decoded(self.move)


def plain_name(text: str) -> str:
    """What a person typed, as a slider may be called; "" where nothing is left of it."""
    return "".join(c for c in _TAKEN.sub(" ", text) if c.isprintable()).strip()[:LONGEST_NAME].strip()


def write_sliders(sliders: Sequence[OwnSlider], model: str) -> bytes:
    """A small file of them, in JSON."""
    values = {"gan_studio_sliders": _VERSION, "model": model, "sliders": [asdict(one) for one in sliders]}
    return json.dumps(values, ensure_ascii=False, indent=1).encode("utf-8")


def read_sliders(data: bytes) -> list[OwnSlider]:
    """The sliders in such a file. Raises StudioError for anything else."""
    wrong = StudioError(
        "This file holds no sliders of GAN Studio.", "Choose one that was saved under Your own sliders."
    )
    if len(data) > MOST_BYTES:
        raise wrong
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(values, dict) or values.get("gan_studio_sliders") != _VERSION:
        raise wrong
    return sliders_of(values.get("sliders"))


def sliders_of(rows: Any) -> list[OwnSlider]:
    """Sliders from what JSON holds: a list of tables of a name and a move. Raises StudioError for anything else."""
    if not isinstance(rows, list) or len(rows) > MOST:
        raise StudioError(say("A model has at most {most} sliders of your own.", most=MOST), "Delete one first.")
    if not all(isinstance(row, dict) and set(row) == {"name", "move"} for row in rows):
        raise StudioError("A slider is a name and a move.", "Save the file once more.")
    return [OwnSlider(**row) for row in rows]


def decoded(move: str) -> tuple[np.ndarray, float]:
    """What a move says: a unit vector (d,), float32, and its scale. Raises StudioError for what is no move."""
    try:
        if not isinstance(move, str) or not _MOVE.fullmatch(move):
            raise ValueError("move")
        return _decode(move)
    except (ValueError, binascii.Error) as error:
        raise StudioError(
            say("{move} is no slider.", move=show(move)), "Copy the link or save the file once more."
        ) from error


@functools.lru_cache(maxsize=256)
def _decode(move: str) -> tuple[np.ndarray, float]:
    data = base64.b64decode(move + "=" * (-len(move) % 4), altchars=b"-_", validate=True)
    scale = float(np.frombuffer(data[:2], "<f2")[0])
    vector = np.frombuffer(data[2:], np.int8).astype(np.float32)
    length = float(np.linalg.norm(vector))
    if not (0 < scale < 1e4) or not length:
        raise ValueError("move")
    return vector / length, scale
