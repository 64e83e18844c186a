"""One picture's file from anybody -> pixels for training: upright, its middle square, in the wanted size and channels.

What comes out is new pixels only: no EXIF, no profile, no text of the file is kept. Files that are no pictures, or that
would need too much memory or time to unpack, end in a StudioError that names them.
"""

import contextlib
import functools
import io
import struct
import warnings
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import say
from gan.studio.data.levels import ends_of, to_levels

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".heic", ".heif", ".avif")
MODES = {1: "L", 3: "RGB", 4: "RGBA"}
MOST_SIDE = 1024
MOST_PIXELS = 25_000_000  # of one picture: 400 MB while it is unpacked and made small
MOST_JPEG_PIXELS = 50_000_000  # JPEGs can be unpacked small
MOST_SCANS = 500  # of one JPEG: a crafted one makes the decoder pass over all its pixels a million times
# Whatever a file is called: some others run programs. HEIF is what iPhones take.
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "HEIF", "AVIF")
_JPEGS = ("JPEG", "MPO")  # a JPEG with a second picture behind it, as phones write, is an MPO to Pillow
_ORIENTATION, _SIDEWAYS = 0x0112, (5, 6, 7, 8)  # EXIF
_COLOURS_OF_PIXEL_ART = 32  # at most, in one picture
_SIXTEEN_BITS = (0, 65535)
_FEW = 8  # levels between a grey pixel's channels that a JPEG may have put there
# What broken pictures raise: Pillow's readers are many, and each stumbles in its own way.
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    struct.error,
    zlib.error,
    MemoryError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
)

# Files that people send for pictures: (where, what stands there, what the file is, what to do).
_STRANGERS = (
    (
        0,
        b"version https://git-lfs",
        say("a Git LFS pointer and not the picture itself"),
        say("Fetch it with git lfs pull."),
    ),
    (4, b"ftyphei", say("a HEIC photo that cannot be read"), say("Save it as JPEG first.")),
    (4, b"ftypmif1", say("a HEIC photo that cannot be read"), say("Save it as JPEG first.")),
    (4, b"ftypavif", say("an AVIF picture that cannot be read"), say("Save it as PNG first.")),
    (4, b"ftyp", say("a film and not a picture"), say("Save some of its frames as PNG.")),
    (0, b"PK\3\4", say("an archive and not a picture"), say("Unpack it first.")),
    (0, b"Rar!", say("a RAR archive"), say("Pack the pictures as a zip.")),
    (0, b"7z\xbc\xaf", say("a 7z archive"), say("Pack the pictures as a zip.")),
    (0, b"\x1f\x8b", say("a gzip archive"), say("Pack the pictures as a zip.")),
    (257, b"ustar", say("a tar archive"), say("Pack the pictures as a zip.")),
    (0, b"%PDF", say("a PDF document"), say("Save its pictures as PNG.")),
    (0, b"<svg", say("a drawing (SVG) and not a picture of pixels"), say("Save it as PNG.")),
    (0, b"<!doctype html", say("a web page and not a picture"), say("Save the picture itself.")),
    (0, b"<html", say("a web page and not a picture"), say("Save the picture itself.")),
)


@dataclass(frozen=True)
class Seen:
    """What one picture's file was before it was made fit for training. Sizes are those of the upright picture."""

    width: int
    height: int
    colour: bool
    transparent: bool  # some of it shows what lies behind
    frames: bool = False  # a film, of which only the first picture is taken
    turned: bool = False  # by a note of the camera
    deep: bool = False  # more than 8 bits


def check_shape(side: int | None, channels: int | None) -> None:
    """Raise StudioError for a size of training pictures that cannot be; None is what the data has."""
    if side is not None and not 1 <= side <= MOST_SIDE:
        raise StudioError(
            say(
                "The pictures' side must lie between 1 and {most_side} pixels, not {side}.",
                most_side=MOST_SIDE,
                side=show(side),
            ),
            "Choose one in that range.",
        )
    if channels is not None and channels not in MODES:
        raise StudioError(
            say("A picture has 1, 3 or 4 channels, not {channels}.", channels=channels),
            "Choose 1 (grey), 3 (colour) or 4.",
        )


def decode(data: bytes, name: str, side: int, channels: int) -> np.ndarray:
    """One picture's file -> uint8 (side, side, channels). StudioErrors name it."""
    return decode_seen(data, name, side, channels)[0]


def decode_seen(data: bytes, name: str, side: int, channels: int) -> tuple[np.ndarray, Seen]:
    """The same, and what the file was."""
    _know_heif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                _check_effort(picture, data, name)
                return _unpack(picture, name, side, channels)
    except Image.DecompressionBombError as error:
        raise StudioError(say("{name} has far too many pixels.", name=name), "Make it smaller first.") from error
    except _BROKEN as error:
        raise _not_a_picture(data, name) from error


def pixels_of(data: bytes) -> int:
    """How many pixels a file says that it has, before any is unpacked; 0 where it says nothing, and `decode` why."""
    _know_heif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                return picture.width * picture.height
    except (Image.DecompressionBombError, *_BROKEN):
        return 0


@functools.cache
def _know_heif() -> None:
    """Let Pillow read the photos of iPhones, where the package for that is there: without it they are named."""
    with contextlib.suppress(ImportError):
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def fit(picture: Image.Image, side: int, channels: int) -> np.ndarray:
    """The middle square, resized, in the wanted channels; transparency is laid on white unless channels is 4."""
    return _lay(_square(_plain(picture), side), channels)


def _check_effort(picture: Image.Image, data: bytes, name: str) -> None:
    """Before a pixel is unpacked."""
    most = MOST_JPEG_PIXELS if picture.format in _JPEGS else MOST_PIXELS
    if picture.width * picture.height > most:
        raise StudioError(
            say("{name} has {width} x {height} pixels.", name=name, width=picture.width, height=picture.height),
            say("Make it smaller first: {most} million pixels fit.", most=most // 10**6),
        )
    if picture.format in _JPEGS and data.count(b"\xff\xda") > MOST_SCANS:
        raise StudioError(say("{name} is a JPEG made to take forever to open.", name=name), "Save it anew as PNG.")


def _unpack(picture: Image.Image, name: str, side: int, channels: int) -> tuple[np.ndarray, Seen]:
    (width, height), kind = picture.size, picture.mode
    frames = getattr(picture, "is_animated", False) and picture.format not in _JPEGS
    picture.draft(None, (2 * side, 2 * side))  # a JPEG can be unpacked at a half, a quarter or an eighth
    turn = picture.getexif().get(_ORIENTATION, 1)
    ImageOps.exif_transpose(picture, in_place=True)  # without a copy, which would double the memory
    if turn in _SIDEWAYS:
        width, height = height, width
    square = _square(_plain(_shallow(picture, name)), side)
    return _lay(square, channels), Seen(
        width,
        height,
        _has_colour(square),
        _is_transparent(square),
        bool(frames),
        turn in range(2, 9),
        kind.startswith(("I", "F")),
    )


def _shallow(picture: Image.Image, name: str) -> Image.Image:
    """With 8 bits for each level of grey, where there are 16 or 32, which Pillow would cut off at 255. Raises
    StudioError for numbers of which nobody knows what is white."""
    if picture.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(picture) // 256).astype(np.uint8))
    if picture.mode not in ("I", "F"):
        return picture
    numbers = np.asarray(picture)
    if not np.isfinite(numbers).all():
        raise StudioError(say("{name} holds numbers that are none.", name=name), "Save it anew as PNG.")
    low, high = float(numbers.min()), float(numbers.max())
    ends = ends_of(low, high, [_SIXTEEN_BITS])
    if ends is None:
        raise StudioError(
            say("The numbers in {name} lie between {low:.4g} and {high:.4g}.", name=name, low=low, high=high),
            "Save it anew as PNG, or with numbers between 0 and 1, 0 and 255, or 0 and 65535.",
        )
    return Image.fromarray(to_levels(numbers, ends))


def _plain(picture: Image.Image) -> Image.Image:
    """RGB, or RGBA where it has transparency, 8 bits each."""
    clear = picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info
    return picture.convert("RGBA" if clear else "RGB")


def _square(picture: Image.Image, side: int) -> Image.Image:
    if picture.size == (side, side):
        return picture
    way = Image.Resampling.NEAREST if _keeps_its_pixels(picture, side) else Image.Resampling.LANCZOS
    return ImageOps.fit(picture, (side, side), way)


def _keeps_its_pixels(picture: Image.Image, side: int) -> bool:
    """Whether pixel art becomes `side` pixels wide and high without a pixel being divided: larger by a whole number, or
    smaller where each of its pixels was drawn as a square of that many."""
    if picture.width != picture.height or picture.getcolors(_COLOURS_OF_PIXEL_ART) is None:
        return False
    if side % picture.width == 0:
        return True
    if picture.width % side:
        return False
    small = picture.resize((side, side), Image.Resampling.NEAREST)
    return np.array_equal(np.asarray(small.resize(picture.size, Image.Resampling.NEAREST)), np.asarray(picture))


def _lay(picture: Image.Image, channels: int) -> np.ndarray:
    if channels != 4 and picture.mode == "RGBA":
        ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        ground.alpha_composite(picture)
        picture = ground
    return np.asarray(picture.convert(MODES[channels])).reshape(picture.height, picture.width, channels)


def _has_colour(picture: Image.Image) -> bool:
    pixels = np.asarray(picture.convert("RGBA"))
    pixels = pixels[pixels[..., 3] > 0][:, :3]
    return bool(len(pixels)) and int((pixels.max(axis=1) - pixels.min(axis=1)).max()) > _FEW


def _is_transparent(picture: Image.Image) -> bool:
    return picture.mode == "RGBA" and any(picture.getchannel("A").histogram()[:255])


def _not_a_picture(data: bytes, name: str) -> StudioError:
    """Why, if the file's first bytes tell."""
    if not data:
        return StudioError(say("{name} is empty.", name=name), "Save it anew.")
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower() if data[:1] in b"<\xef \t\r\n" else data[:512]
    if start.startswith(b"<?xml") and b"<svg" in data[:4096].lower():
        start = b"<svg"
    for at, mark, what, hint in _STRANGERS:
        if start[at : at + len(mark)] == mark:
            return StudioError(say("{name} is {what}.", name=name, what=what), hint)
    return StudioError(say("{name} is not a picture that can be read.", name=name), "Remove it or save it anew as PNG.")
