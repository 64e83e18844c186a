"""What animated WebP and GIF files are made of, frame by frame.

Pillow writes both, but only from all frames at once; here a frame can be written and forgotten. The frames themselves
are still compressed by Pillow.
"""

import io
import struct
from typing import BinaryIO

import numpy as np
from PIL import GifImagePlugin, Image

GIF_COLOURS = 255  # and one more, the last, that means "as before"
SHORTEST_GIF_FRAME = 2  # hundredths of a second: browsers take less than this for 10


def ticks(number: int, fps: int, per_second: int) -> int:
    """How many ticks frame `number` lasts, so that rounding never adds up."""
    return round((number + 1) * per_second / fps) - round(number * per_second / fps)


# WebP: RIFF chunks (WebP container specification, "Extended file format" and "Animation")


def webp_start(width: int, height: int, transparent: bool) -> bytes:
    """The head of an animated WebP that loops for ever; its length is filled in by `webp_finish`."""
    flags = 0x02 | (0x10 if transparent else 0)  # animated, transparent
    canvas = bytes([flags, 0, 0, 0]) + _u24(width - 1) + _u24(height - 1)
    white, for_ever = b"\xff\xff\xff\xff", b"\0\0"
    return b"RIFF\0\0\0\0WEBP" + _chunk(b"VP8X", canvas) + _chunk(b"ANIM", white + for_ever)


def webp_frame(frame: np.ndarray, milliseconds: int, quality: int, lossless: bool) -> bytes:
    """One whole frame (height, width, 3 or 4), which replaces the one before."""
    still = io.BytesIO()
    Image.fromarray(frame).save(still, "WEBP", quality=quality, lossless=lossless)
    height, width = frame.shape[:2]
    place = _u24(0) + _u24(0) + _u24(width - 1) + _u24(height - 1) + _u24(milliseconds)
    no_blending = b"\x02"
    return _chunk(b"ANMF", place + no_blending + _picture_chunks(still.getvalue()))


def webp_finish(file: BinaryIO) -> None:
    """Write the length of the whole, without "RIFF" and itself, into the head."""
    length = file.tell() - 8
    file.seek(4)
    file.write(struct.pack("<I", length))


def _picture_chunks(webp: bytes) -> bytes:
    """The chunks of a still WebP that a frame consists of: pixels and transparency."""
    kept, at = b"", 12
    while at < len(webp):
        end = at + 8 + struct.unpack_from("<I", webp, at + 4)[0]
        end += end % 2  # chunks are padded to even lengths, and begin at even places
        if webp[at : at + 4] in (b"ALPH", b"VP8 ", b"VP8L"):
            kept += webp[at:end]
        at = end
    return kept


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _u24(value: int) -> bytes:
    return value.to_bytes(3, "little")


# GIF: header, palette, then a control block and an image per frame (GIF89a specification)


def gif_palette(sample: np.ndarray) -> Image.Image:
    """A palette of 255 colours for pixels (n, m, 3), as an image that others can be quantised with."""
    return Image.fromarray(sample).quantize(GIF_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def gif_start(width: int, height: int, palette: Image.Image) -> bytes:
    """The head of a GIF that loops for ever, with the one palette of all its frames."""
    colours = bytes(palette.getpalette("RGB") or []).ljust(3 * 256, b"\0")[: 3 * 256]
    whole_palette, background, square_pixels = b"\xf7", b"\0", b"\0"
    head = b"GIF89a" + struct.pack("<HH", width, height) + whole_palette + background + square_pixels
    return head + colours + b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"


def gif_frame(index: np.ndarray, before: np.ndarray | None, hundredths: int) -> bytes:
    """One frame of palette indices (height, width). What is as `before` is left out where that is shorter."""
    timing = dict(duration=10 * max(SHORTEST_GIF_FRAME, hundredths), disposal=1)
    whole = _gif_blocks(index, timing)
    if before is None:
        return whole
    changes = np.where(index == before, np.uint8(GIF_COLOURS), index)
    return min(whole, _gif_blocks(changes, timing | dict(transparency=GIF_COLOURS)), key=len)


def gif_end() -> bytes:
    """The byte that a GIF ends with."""
    return b";"


def _gif_blocks(index: np.ndarray, about: dict) -> bytes:
    return b"".join(GifImagePlugin.getdata(Image.fromarray(index, mode="P"), **about))
