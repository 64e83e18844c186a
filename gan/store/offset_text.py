"""The text in which a latent that was found for a picture stands in recipes, links and PNG files.

It holds how far w lies from the centre of its class, for all layers or for each, in float16: less than a grey level
comes of what is rounded. `offsets` makes it from a tensor and back; here it is only read and checked.
"""

import base64
import binascii
import functools
import re

import numpy as np

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import say

MOST_VALUES = 18 * 512  # of a StyleGAN2 of 1024 pixels, a w for each layer: 25,000 letters of a link
FARTHEST = 1000.0
_TEXT = re.compile(rf"[0-9A-Za-z_-]{{2,{MOST_VALUES * 8 // 3 + 4}}}")


def check_offset(text: str) -> None:
    """Raise StudioError for what is no such text."""
    values_of(text)


def values_of(text: str) -> np.ndarray:
    """All its values in a row, float32 from -1000 to 1000. Raises StudioError for what is no such text."""
    try:
        if not _TEXT.fullmatch(text):
            raise ValueError("text")
        return _decoded(text)
    except (ValueError, binascii.Error) as error:
        raise StudioError(say("{text} is no latent.", text=show(text)), "Copy the whole link again.") from error


@functools.lru_cache(maxsize=64)
def _decoded(text: str) -> np.ndarray:
    values = np.frombuffer(
        base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True), "<f2"
    ).astype(np.float32)
    if not len(values) or not (np.abs(values) <= FARTHEST).all():
        raise ValueError("values")
    return values
