"""Pictures that are nearly the same: saved again, resized, a little brighter, or drawn twice.

Each picture becomes a fingerprint: which of 8 x 8 places is brighter than its left neighbour (the difference hash, 64
signs), and a thumbnail of 8 x 8 colours. Near duplicates agree in both; the hash alone takes all round yellow faces for
the same.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image

PLACES = 8
# A trial on faces, clothes and things (121, 400 and 400 pictures), with MOST_SHARE at 0.08: 86 to 98 % of those saved
# as JPEG of quality 60 and 98 to 100 % of those resized to a half were found. A shift by a pixel is mostly missed.
MOST_SIGNS = 8  # of 64 that may differ
MOST_LEVELS = 4.0  # root mean square difference of the thumbnails, of 255 ...
MOST_SHARE = 0.1  # ... and of the contrast within the later one: small things on a wide ground differ little
_LEAST_STEP = 3  # levels that count as brighter, so that a plain ground is no noise
_ROUNDING = 0.1  # of a squared difference, in float32
_BLOCK = 512  # pictures compared with all earlier ones at once: 512 x 20,000 numbers are 40 MB


class Print(NamedTuple):
    """signs: int8 (64,), -1, 0 or 1; colours: uint8 (192,)."""

    signs: np.ndarray
    colours: np.ndarray


def fingerprint(pixels: np.ndarray) -> Print:
    """uint8 (height, width, 1, 3 or 4) -> Print."""
    picture = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).convert("RGBA")
    ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    ground.alpha_composite(picture)
    picture = ground.convert("RGB")
    colours = np.asarray(picture.resize((PLACES, PLACES), Image.Resampling.BOX)).reshape(-1)
    grey = np.asarray(picture.convert("L").resize((PLACES + 1, PLACES), Image.Resampling.BOX)).astype(np.int16)
    steps = np.diff(grey, axis=1)
    signs = np.sign(steps) * (np.abs(steps) >= _LEAST_STEP)
    return Print(signs.reshape(-1).astype(np.int8), colours)


def near_duplicate_pairs(prints: list[Print]) -> list[tuple[int, int]]:
    """(earlier, later) for each picture that has a twin before it, the most alike first."""
    if len(prints) < 2:
        return []
    signs = np.stack([p.signs for p in prints]).astype(np.float32)
    colours = np.stack([p.colours for p in prints]).astype(np.float32)
    found = [row for start in range(0, len(prints), _BLOCK) for row in _pairs_in(signs, colours, start)]
    return [(a, b) for _, a, b in sorted(found)]


def _pairs_in(signs: np.ndarray, colours: np.ndarray, start: int) -> list[tuple[float, int, int]]:
    """(how unlike, earlier, later) of the pictures start to start + _BLOCK, each with its nearest earlier twin."""
    end = min(start + _BLOCK, len(signs))
    levels = _distances(colours[start:end], colours[:end]) / colours.shape[1]
    # Signs differ by 1 (plain or not) or 2 (the other way round): squared, a reversal counts like four.
    levels[_distances(signs[start:end], signs[:end]) > MOST_SIGNS] = np.inf
    levels[np.arange(end) >= np.arange(start, end)[:, None]] = np.inf  # only earlier ones
    nearest = levels.argmin(axis=1)
    unlike = levels[np.arange(end - start), nearest]
    most = np.minimum(MOST_LEVELS, MOST_SHARE * colours[start:end].std(axis=1)) ** 2 + _ROUNDING
    return [(float(unlike[i]), int(nearest[i]), start + int(i)) for i in np.flatnonzero(unlike <= most)]


def _distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Squared distances (n, m) of rows."""
    return (a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T
