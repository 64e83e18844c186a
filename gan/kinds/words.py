"""Samples that are words: x (n, symbols, places), how probable each symbol is in each place.

A word is drawn in black on white with the font that Pillow brings, each letter as dark as it is probable: between two
words one sees letters fade and others come. What stands behind the last letter is the blank.
"""

import functools
import string
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from gan.kinds.kind import Canvas, Kind
from gan.messages import say
from gan.networks.contract import Generator
from gan.networks.words import BLANK, WordGenerator, spelled

DRAWABLE = frozenset(string.ascii_letters + string.digits + "'-.&")
"""Characters that the font has a shape for, and that words are made of."""

_PLACE, _HEIGHT = 48, 128  # pixels, for letters that are sharp on a screen
_LETTER = 0.72  # of the height: the font's size
_MARGIN = 0.04  # of the width, on either side
_FAINTEST = 0.2  # how dark the least probable letter is
_PAPER, _INK = 255, 16  # grey levels


def _canvas(generator: Generator) -> Canvas:
    places = generator.image_shape[1]
    return Canvas(3, _HEIGHT, _PLACE * max(places, 4))


def _draw(generator: Generator, x: Tensor, size: tuple[int, int]) -> np.ndarray:
    return drawn(_read(generator, x), x.amax(dim=1).tolist(), size)


def drawn(words: Sequence[str], sure: Sequence[Sequence[float]], size: tuple[int, int]) -> np.ndarray:
    """Words as pictures of that (width, height), uint8 (n, height, width, 3). sure: how probable each letter is."""
    made = [_word(word, certain, size) for word, certain in zip(words, sure, strict=True)]
    return np.stack([np.repeat(one[..., None], 3, axis=2) for one in made])


def _word(text: str, sure: Sequence[float], size: tuple[int, int]) -> np.ndarray:
    """One word in the middle of its paper, uint8 (height, width). sure: how probable each letter is, 0 to 1."""
    width, height = size
    font = _fitting(text, size)
    picture = Image.new("L", size, _PAPER)
    pen, left = ImageDraw.Draw(picture), (width - font.getlength(text)) / 2
    for at, letter in enumerate(text):
        if letter != BLANK:
            dark = _FAINTEST + (1 - _FAINTEST) * sure[at]
            ink = round(_PAPER + dark * (_INK - _PAPER))
            pen.text((left + font.getlength(text[:at]), height * 0.72), letter, fill=ink, font=font, anchor="ls")
    return np.asarray(picture)


def _fitting(text: str, size: tuple[int, int]) -> ImageFont.FreeTypeFont:
    """The font as large as the height lets it be, or smaller where the word is long."""
    width, height = size
    font = _font(max(1.0, _LETTER * height))
    room, needed = width * (1 - 2 * _MARGIN), font.getlength(text)
    return font if needed <= room else _font(max(1.0, _LETTER * height * room / needed))


@functools.lru_cache(64)
def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow has been built without FreeType"
    return font


def _read(generator: Generator, x: Tensor) -> list[str]:
    assert isinstance(generator, WordGenerator)
    return spelled(x, generator.symbols)


TEXT = Kind("text", say("words"), lambda n: say("{n:,} words", n=n), _canvas, _draw, _read)
