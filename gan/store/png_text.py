"""Reading one text from a PNG file without decoding anything else of it.

A PNG is a row of chunks: length, kind, data, checksum (W3C, Portable Network Graphics, section 5). Text stands in the
kinds tEXt, zTXt (deflated) and iTXt (UTF-8, maybe deflated); programs that save a picture again may turn one into
another. Pixels, profiles and other texts are stepped over, so that no file can make the reader unpack them.
"""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from gan.errors import StudioError
from gan.messages import say

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_BYTES = 20_000_000
MOST_PIXELS = 25_000_000
MOST_CHUNKS = 100_000
MOST_TEXT = 1_000_000


def read_text(source: bytes | str | Path, key: str) -> str | None:
    """The text that a PNG, given as bytes or as a path, holds under `key`; None if it holds none.

    Raises StudioError for what is no PNG, is damaged, or is too large: more than 20 MB, 25 megapixels, 100,000 chunks
    or a million characters of text.
    """
    for kind, data, crc in _chunks(_read(source)):
        if kind in _TEXTS and data[: len(key) + 1] == key.encode("latin-1") + b"\0":
            if zlib.crc32(data, zlib.crc32(kind)) != crc:
                raise StudioError(
                    "The PNG file is damaged: the checksum of its text is wrong.", "Download the picture again."
                )
            return _TEXTS[kind](bytes(data[len(key) + 1 :]))
    return None


def _read(source: bytes | str | Path) -> bytes:
    try:
        size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
        if size > MOST_BYTES:
            raise StudioError(
                say("The file is too large: {size:,} bytes.", size=size),
                say("A picture may have {most_bytes:,} bytes.", most_bytes=MOST_BYTES),
            )
        return source if isinstance(source, bytes) else Path(source).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        raise StudioError(
            say("The picture cannot be read: {value}.", value=getattr(error, "strerror", None) or error)
        ) from None


def _chunks(png: bytes) -> Iterator[tuple[bytes, memoryview, int]]:
    """(kind, data, checksum) of each chunk, once the header has shown a picture of bearable size."""
    if not png.startswith(SIGNATURE):
        raise StudioError("The file is not a PNG picture.", "Choose a PNG that was downloaded from GAN Studio.")
    view, at = memoryview(png), len(SIGNATURE)
    for number in range(MOST_CHUNKS):
        if at + 12 > len(png):
            raise StudioError("The PNG file is cut off.", "Download the picture again.")
        length, kind = struct.unpack_from(">I4s", png, at)
        if at + 12 + length > len(png):
            raise StudioError("The PNG file is cut off.", "Download the picture again.")
        data = view[at + 8 : at + 8 + length]
        if number == 0:
            _check_header(kind, data)
        if kind == b"IEND":
            return
        yield kind, data, struct.unpack_from(">I", png, at + 8 + length)[0]
        at += 12 + length
    raise StudioError(
        say("The PNG file is made of more than {most_chunks:,} chunks.", most_chunks=MOST_CHUNKS),
        "Choose another picture.",
    )


def _check_header(kind: bytes, data: memoryview) -> None:
    width, height = struct.unpack_from(">II", data) if kind == b"IHDR" and len(data) == 13 else (0, 0)
    if not width or not height:
        raise StudioError("The PNG file is damaged: it has no size.", "Download the picture again.")
    if width * height > MOST_PIXELS:
        raise StudioError(
            say("The picture is too large: {width} x {height} pixels.", width=width, height=height),
            say("It may have {most_pixels} megapixels.", most_pixels=MOST_PIXELS // 1000000),
        )


def _plain(data: bytes) -> str:
    return _bounded(data).decode("latin-1")


def _deflated(data: bytes) -> str:
    """Compression method (1 byte, 0), then the deflated text."""
    return _inflate(data[1:]).decode("latin-1")


def _international(data: bytes) -> str:
    """Deflated or not (1 byte), method (1 byte), language, 0, translated key, 0, text."""
    fields = data[2:].split(b"\0", 2)
    if len(fields) < 3:
        raise StudioError("The PNG file is damaged: its text has no end.", "Download the picture again.")
    text = _inflate(fields[2]) if data[0] else _bounded(fields[2])
    return text.decode("utf-8", errors="replace")


_TEXTS = {b"tEXt": _plain, b"zTXt": _deflated, b"iTXt": _international}


def _inflate(data: bytes) -> bytes:
    try:
        return _bounded(zlib.decompressobj().decompress(data, MOST_TEXT + 1))
    except zlib.error:
        raise StudioError(
            "The PNG file is damaged: its text cannot be unpacked.", "Download the picture again."
        ) from None


def _bounded(text: bytes) -> bytes:
    if len(text) > MOST_TEXT:
        raise StudioError(
            say("The text in the PNG file is longer than {most_text:,} characters.", most_text=MOST_TEXT),
            "Choose another picture.",
        )
    return text
