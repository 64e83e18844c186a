"""PNG files with recipes: what is written reads back, and no PNG can do harm."""

import contextlib
import io
import random
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from test_recipes import random_recipe

from gan.errors import StudioError
from gan.store.png_text import MOST_BYTES, SIGNATURE, read_text
from gan.studio.png_recipes import png_bytes, read_recipe
from gan.studio.recipes import Recipe

PICTURE = np.random.RandomState(0).randint(0, 256, (24, 32, 3), np.uint8)


@pytest.mark.parametrize("seed", range(20))
def test_recipes_round_trip_through_png(seed, tmp_path):
    recipe = random_recipe(seed)
    png = png_bytes(PICTURE, recipe)
    (tmp_path / "a.png").write_bytes(png)
    assert read_recipe(png) == read_recipe(tmp_path / "a.png") == read_recipe(str(tmp_path / "a.png"))
    assert read_recipe(png) == recipe
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), PICTURE)


def test_the_largest_recipe_fits():
    largest = Recipe("faces", overrides=tuple((i, random.Random(i).uniform(-4, 4)) for i in range(4096)))
    assert read_recipe(png_bytes(PICTURE, largest)) == largest


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
END = chunk(b"IEND", b"")
TEXT = b'{"model":"faces","seed":3}'


@pytest.mark.parametrize(
    "texts",
    [
        chunk(b"tEXt", b"gan-studio\0" + TEXT),
        chunk(b"zTXt", b"gan-studio\0\0" + zlib.compress(TEXT)),
        chunk(b"iTXt", b"gan-studio\0\0\0en\0\0" + TEXT),
        chunk(b"iTXt", b"gan-studio\0\1\0\0key\0" + zlib.compress(TEXT)),
        chunk(b"tEXt", b"gan-studio-2\0no") + chunk(b"zTXt", b"x\0\0no") + chunk(b"tEXt", b"gan-studio\0" + TEXT),
        chunk(b"IDAT", b"not pixels at all") + chunk(b"tEXt", b"gan-studio\0" + TEXT),
    ],
)
def test_every_kind_of_text_is_read(texts):
    assert read_recipe(SIGNATURE + HEADER + texts + END) == Recipe("faces", seed=3)


def test_text_that_another_program_saved():
    info = PngImagePlugin.PngInfo()
    info.add_itxt("gan-studio", Recipe("faces", seed=3).to_text(), zip=True)
    file = io.BytesIO()
    Image.fromarray(PICTURE).save(file, "PNG", pnginfo=info)
    assert read_recipe(file.getvalue()) == Recipe("faces", seed=3)


def header(width, height):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


BOMB = zlib.compress(b"0" * 50_000_000, 9)
JPEG = io.BytesIO()
Image.fromarray(PICTURE).save(JPEG, "JPEG")


@pytest.mark.parametrize(
    "png, word",
    [
        (b"", "not a PNG"),
        (b"hello", "not a PNG"),
        (JPEG.getvalue(), "not a PNG"),
        (SIGNATURE, "cut off"),
        (SIGNATURE + HEADER[:20], "cut off"),
        (SIGNATURE + HEADER, "cut off"),
        (SIGNATURE + END, "no size"),
        (SIGNATURE + header(0, 5) + END, "no size"),
        (SIGNATURE + chunk(b"IHDR", b"123") + END, "no size"),
        (SIGNATURE + header(5001, 5000) + END, "too large"),
        (SIGNATURE + header(2**32 - 1, 2**32 - 1) + END, "too large"),
        (SIGNATURE + HEADER + END, "no recipe"),
        (b"\x89PNG\r\n\x1a\n" + bytes(MOST_BYTES), "too large"),
        (SIGNATURE + HEADER + struct.pack(">I", 2**31) + b"tEXt", "cut off"),
        (SIGNATURE + HEADER + chunk(b"abCd", b"") * 100_001 + END, "chunks"),
        (SIGNATURE + HEADER + chunk(b"zTXt", b"gan-studio\0\0" + BOMB) + END, "longer than"),
        (SIGNATURE + HEADER + chunk(b"iTXt", b"gan-studio\0\1\0\0\0" + BOMB) + END, "longer than"),
        (SIGNATURE + HEADER + chunk(b"tEXt", b"gan-studio\0" + b" " * 1_000_001) + END, "longer than"),
        (SIGNATURE + HEADER + chunk(b"zTXt", b"gan-studio\0\0nonsense") + END, "unpacked"),
        (SIGNATURE + HEADER + chunk(b"zTXt", b"gan-studio\0") + END, "JSON"),
        (SIGNATURE + HEADER + chunk(b"iTXt", b"gan-studio\0\0\0\0") + END, "no end"),
        (SIGNATURE + HEADER + chunk(b"iTXt", b"gan-studio\0") + END, "no end"),
        (SIGNATURE + HEADER + chunk(b"tEXt", b"gan-studio\0" + TEXT)[:-1] + b"?" + END, "checksum"),
        (SIGNATURE + HEADER + chunk(b"tEXt", b"gan-studio\0hello") + END, "JSON"),
        (SIGNATURE + HEADER + chunk(b"tEXt", b"gan-studio\0\xff\0\x80") + END, "JSON"),
        (SIGNATURE + HEADER + chunk(b"iTXt", b"gan-studio\0\0\0\0\0\xff\xfe") + END, "JSON"),
        (SIGNATURE + HEADER + chunk(b"tEXt", b'gan-studio\0{"model":"faces","seed":-1}') + END, "seed"),
    ],
    ids=range(27),
)
def test_hostile_png_is_one_sentence(png, word, tmp_path):
    (tmp_path / "a.png").write_bytes(png)
    for source in (png, tmp_path / "a.png"):
        with pytest.raises(StudioError, match=word) as caught:
            read_recipe(source)
        assert len(str(caught.value)) < 300


def test_a_bomb_is_not_unpacked():
    png = SIGNATURE + HEADER + chunk(b"zTXt", b"gan-studio\0\0" + BOMB) + END
    tracemalloc.start()
    with pytest.raises(StudioError):
        read_recipe(png)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("path", ["", "nowhere.png", "a\0b.png", "."])
def test_paths_that_hold_no_picture(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StudioError, match="cannot be read"):
        read_recipe(path)


def test_damaged_files_never_raise_anything_else():
    png, chance = png_bytes(PICTURE, random_recipe(3)), random.Random(0)
    for _ in range(2000):
        broken = bytearray(png)
        for _ in range(chance.randrange(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        with contextlib.suppress(StudioError):
            read_recipe(bytes(broken[: chance.randrange(len(broken) + 1)] if chance.random() < 0.3 else broken))


def test_other_texts_can_be_read_too():
    assert read_text(SIGNATURE + HEADER + chunk(b"tEXt", b"Author\0A. Person") + END, "Author") == "A. Person"
    assert read_text(SIGNATURE + HEADER + chunk(b"tEXt", b"Author\0A. Person") + END, "Title") is None
