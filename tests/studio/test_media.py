"""Files: what is written reads back, long films need little memory, and no PNG can do harm."""

import contextlib
import io
import random
import stat
import struct
import sys
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from test_recipes import random_recipe

from gan.errors import StudioError
from gan.store.png_text import MOST_BYTES, SIGNATURE, read_text
from gan.studio import media
from gan.studio.recipes import Recipe

SMALL = ["webp", "gif", "zip"]


def film(count=5, height=24, width=32, channels=3):
    """A bright square that wanders over a fading ground."""
    for i in range(count):
        frame = np.zeros((height, width, channels), np.uint8)
        frame[..., 0], frame[..., 1] = np.linspace(0, 200, width), 10 * i % 250
        frame[4:12, 2 * i : 2 * i + 8] = 255
        if channels == 4:
            frame[..., 3] = 255
            frame[-4:, :, 3] = 0
        yield frame


def read_film(path):
    """(frames as RGBA, milliseconds of each)"""
    frames, times = [], []
    with Image.open(path) as picture:
        for i in range(picture.n_frames):
            picture.seek(i)
            frames.append(np.asarray(picture.convert("RGBA")))
            times.append(picture.info["duration"])
        assert picture.info["loop"] == 0
    return frames, times


def difference(a, b) -> float:
    return np.abs(a.astype(float) - b.astype(float)).mean()


# Grids

# Films


@pytest.mark.parametrize("kind", ["webp", "gif"])
def test_films_read_back(kind, tmp_path):
    frames = list(film())
    media.FILMS[kind](tmp_path / "a", iter(frames), fps=20)
    read, times = read_film(tmp_path / "a")
    assert len(read) == 5 and times == [50] * 5
    for frame, again in zip(frames, read, strict=True):
        assert again.shape == (24, 32, 4) and (again[..., 3] == 255).all()
        assert difference(frame, again[..., :3]) < 5


def test_lossless_webp_is_exact(tmp_path):
    frames = list(film(channels=4))
    media.save_webp(tmp_path / "a", frames, lossless=True)
    for frame, again in zip(frames, read_film(tmp_path / "a")[0], strict=True):
        assert np.array_equal(frame[:-4], again[:-4]) and (again[-4:, :, 3] == 0).all()


def test_lossy_webp_keeps_transparency(tmp_path):
    media.save_webp(tmp_path / "a", film(channels=4))
    for again in read_film(tmp_path / "a")[0]:
        assert (again[-4:, :, 3] == 0).all() and (again[:-4, :, 3] == 255).all()


def test_gifs_put_transparent_frames_on_white(tmp_path):
    media.save_gif(tmp_path / "a", film(channels=4))
    assert all((again[-4:] == 255).all() for again in read_film(tmp_path / "a")[0])


def test_frame_times_do_not_drift(tmp_path):
    for kind, tick in (("webp", 1), ("gif", 10)):
        media.FILMS[kind](tmp_path / "a", film(count=24, height=8, width=60), fps=24)
        assert abs(sum(read_film(tmp_path / "a")[1]) - 1000) <= tick


def test_a_gif_has_one_palette_and_pays_only_for_what_changes(tmp_path):
    noise = np.random.RandomState(0).randint(0, 256, (64, 64, 3)).astype(np.uint8)
    sizes = []
    for count in (1, 21):
        frames = np.stack([noise] * count)
        frames[np.arange(count), 0, np.arange(count)] = 0
        media.save_gif(tmp_path / "a", frames)
        sizes.append((tmp_path / "a").stat().st_size)
    assert sizes[1] - sizes[0] < 20 * 150  # a palette alone has 768 bytes


def test_a_gif_palette_covers_the_whole_film(tmp_path):
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]], np.uint8)
    media.save_gif(tmp_path / "a", (np.full((8, 8, 3), colour, np.uint8) for colour in colours))
    for colour, again in zip(colours, read_film(tmp_path / "a")[0], strict=True):
        assert (again[..., :3] == colour).all()


def test_zips_hold_frames_and_recipes(tmp_path):
    frames, recipe = list(film()), Recipe("faces", seed=9, psi=0.5)
    media.save_frames_zip(tmp_path / "a.zip", frames, fps=12, recipes={2: recipe})
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == [f"{i:05}.png" for i in range(5)] and b"12" in archive.comment
        for i, name in enumerate(archive.namelist()):
            assert np.array_equal(np.asarray(Image.open(io.BytesIO(archive.read(name)))), frames[i])
        assert media.read_recipe(archive.read("00002.png")) == recipe
        with pytest.raises(StudioError, match="no recipe"):
            media.read_recipe(archive.read("00001.png"))


@pytest.mark.parametrize("kind", SMALL)
def test_frames_may_come_in_batches_and_progress_counts_them(kind, tmp_path):
    frames, seen = np.stack(list(film(7))), []
    media.FILMS[kind](tmp_path / "a", iter([frames[:3], frames[3:6], frames[6]]), fps=10, progress=seen.append)
    media.FILMS[kind](tmp_path / "b", iter(frames), fps=10)
    assert seen == list(range(1, 8))
    assert len((tmp_path / "a").read_bytes()) == len((tmp_path / "b").read_bytes())


@pytest.mark.parametrize("kind", SMALL)
def test_the_same_film_is_the_same_file(kind, tmp_path):
    for name in "ab":
        media.FILMS[kind](tmp_path / name, film())
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("kind", SMALL)
def test_long_films_need_no_more_memory_than_short_ones(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(media, "SPOOLED_BYTES", 100_000)
    size = 256 * 256 * 3

    def peak(count):
        tracemalloc.start()
        frames = (np.full((256, 256, 3), i % 200, np.uint8) for i in range(count))
        media.FILMS[kind](tmp_path / "a", frames)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(70) < peak(10) + 20 * size  # room for the pixels that the palette is chosen from, not for 60 frames


@pytest.mark.parametrize("kind", SMALL)
def test_a_film_that_is_stopped_leaves_nothing(kind, tmp_path):
    class Stop(Exception):
        pass

    def stop(done):
        if done == 3:
            raise Stop

    (tmp_path / "a").write_bytes(b"the old film")
    with pytest.raises(Stop):
        media.FILMS[kind](tmp_path / "a", film(), progress=stop)
    assert [p.name for p in tmp_path.iterdir()] == ["a"] and (tmp_path / "a").read_bytes() == b"the old film"


@pytest.mark.parametrize("kind", SMALL)
@pytest.mark.parametrize(
    "frames, word",
    [
        ([], "no frames"),
        ([np.zeros((4, 4, 3))], "uint8"),
        ([np.zeros((4, 4, 2), np.uint8)], "uint8"),
        ([np.zeros((4, 4), np.uint8)], "uint8"),
        ([np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5, 3), np.uint8)], "Frame 1"),
    ],
)
def test_frames_that_make_no_film(kind, frames, word, tmp_path):
    with pytest.raises(StudioError, match=word):
        media.FILMS[kind](tmp_path / "a", frames)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("fps", [0, -1, 61, 2.5, "24", None, True])
def test_absurd_speeds(fps, tmp_path):
    with pytest.raises(StudioError, match="frames per second"):
        media.save_webp(tmp_path / "a", film(), fps=fps)


def test_a_film_that_is_too_long_for_a_gif(tmp_path, monkeypatch):
    monkeypatch.setattr(media, "MOST_GIF_PIXELS", 3 * 24 * 32)
    with pytest.raises(StudioError, match="too long"):
        media.save_gif(tmp_path / "a", film(4))
    media.save_gif(tmp_path / "a", film(3))


def test_a_place_that_cannot_be_written(tmp_path):
    with pytest.raises(StudioError, match="cannot be written"):
        media.save_webp(tmp_path / "missing" / "a.webp", film())


# MP4: with a stand-in for ffmpeg, since the real one is not everywhere, and with what is really there

STAND_IN = """#!{python}
import pathlib, sys
frames = sys.stdin.buffer.read({read})
print("first line\\nthe disk is full", file=sys.stderr)
pathlib.Path(sys.argv[-1]).write_bytes(repr(sys.argv[1:]).encode() + b"|" + frames)
sys.exit({code})
"""


def install(folder, monkeypatch, read=-1, code=0):
    script = folder / "bin" / "ffmpeg"
    script.parent.mkdir()
    script.write_text(STAND_IN.format(python=sys.executable, read=read, code=code))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(script.parent))


def test_mp4_is_piped_to_ffmpeg_in_even_sizes(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch)
    frames, seen = list(film(count=3, height=7, width=9)), []
    media.save_mp4(tmp_path / "-a b;c.mp4", iter(frames), fps=12, progress=seen.append)
    command, _, piped = (tmp_path / "-a b;c.mp4").read_bytes().partition(b"|")
    assert seen == [1, 2, 3] and "mp4" in media.film_formats()
    assert b"'-video_size', '10x8', '-framerate', '12'" in command and b"yuv420p" in command
    read = np.frombuffer(piped, np.uint8).reshape(3, 8, 10, 3)
    assert np.array_equal(read[:, :7, :9], np.stack(frames)) and np.array_equal(read[:, 7, :9], read[:, 6, :9])


def test_mp4_that_fails_says_why_and_leaves_nothing(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, read=10, code=1)
    with pytest.raises(StudioError, match="the disk is full"):
        media.save_mp4(tmp_path / "a.mp4", film(count=200, height=64, width=64))
    assert [p.name for p in tmp_path.iterdir()] == ["bin"]


def test_mp4_that_is_stopped_ends_ffmpeg(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch)
    with pytest.raises(ZeroDivisionError):
        media.save_mp4(tmp_path / "a.mp4", film(), progress=lambda done: 1 / 0)
    assert [p.name for p in tmp_path.iterdir()] == ["bin"]


def test_mp4_without_ffmpeg(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not media.has_mp4() and media.film_formats() == ["webp", "gif", "zip"]
    with pytest.raises(StudioError, match="ffmpeg"):
        media.save_mp4(tmp_path / "a.mp4", film())


def test_mp4_with_what_this_machine_has(tmp_path):
    if media.has_mp4():
        media.save_mp4(tmp_path / "a.mp4", film(count=30, height=63, width=65), fps=30)
        assert (tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"
    else:
        with pytest.raises(StudioError, match="ffmpeg"):
            media.save_mp4(tmp_path / "a.mp4", film())


# Recipes in PNG files

PICTURE = next(film())


@pytest.mark.parametrize("seed", range(20))
def test_recipes_round_trip_through_png(seed, tmp_path):
    recipe = random_recipe(seed)
    png = media.png_bytes(PICTURE, recipe)
    (tmp_path / "a.png").write_bytes(png)
    assert media.read_recipe(png) == media.read_recipe(tmp_path / "a.png") == media.read_recipe(str(tmp_path / "a.png"))
    assert media.read_recipe(png) == recipe
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), PICTURE)


def test_the_largest_recipe_fits():
    largest = Recipe("faces", overrides=tuple((i, random.Random(i).uniform(-4, 4)) for i in range(4096)))
    assert media.read_recipe(media.png_bytes(PICTURE, largest)) == largest


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
    assert media.read_recipe(SIGNATURE + HEADER + texts + END) == Recipe("faces", seed=3)


def test_text_that_another_program_saved():
    info = PngImagePlugin.PngInfo()
    info.add_itxt("gan-studio", Recipe("faces", seed=3).to_text(), zip=True)
    file = io.BytesIO()
    Image.fromarray(PICTURE).save(file, "PNG", pnginfo=info)
    assert media.read_recipe(file.getvalue()) == Recipe("faces", seed=3)


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
            media.read_recipe(source)
        assert len(str(caught.value)) < 300


def test_a_bomb_is_not_unpacked():
    png = SIGNATURE + HEADER + chunk(b"zTXt", b"gan-studio\0\0" + BOMB) + END
    tracemalloc.start()
    with pytest.raises(StudioError):
        media.read_recipe(png)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("path", ["", "nowhere.png", "a\0b.png", "."])
def test_paths_that_hold_no_picture(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StudioError, match="cannot be read"):
        media.read_recipe(path)


def test_damaged_files_never_raise_anything_else():
    png, chance = media.png_bytes(PICTURE, random_recipe(3)), random.Random(0)
    for _ in range(2000):
        broken = bytearray(png)
        for _ in range(chance.randrange(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        with contextlib.suppress(StudioError):
            media.read_recipe(bytes(broken[: chance.randrange(len(broken) + 1)] if chance.random() < 0.3 else broken))


def test_other_texts_can_be_read_too():
    assert read_text(SIGNATURE + HEADER + chunk(b"tEXt", b"Author\0A. Person") + END, "Author") == "A. Person"
    assert read_text(SIGNATURE + HEADER + chunk(b"tEXt", b"Author\0A. Person") + END, "Title") is None
