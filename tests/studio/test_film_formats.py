"""Films: what is written reads back, and long ones need little memory."""

import io
import stat
import subprocess
import sys
import tracemalloc
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan.errors import StudioError
from gan.studio import film_formats
from gan.studio.png_recipes import read_recipe
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
def test_film_formats_read_back(kind, tmp_path):
    frames = list(film())
    film_formats.FILMS[kind](tmp_path / "a", iter(frames), fps=20)
    read, times = read_film(tmp_path / "a")
    assert len(read) == 5 and times == [50] * 5
    for frame, again in zip(frames, read, strict=True):
        assert again.shape == (24, 32, 4) and (again[..., 3] == 255).all()
        assert difference(frame, again[..., :3]) < 5


def test_lossless_webp_is_exact(tmp_path):
    frames = list(film(channels=4))
    film_formats.save_webp(tmp_path / "a", frames, lossless=True)
    for frame, again in zip(frames, read_film(tmp_path / "a")[0], strict=True):
        assert np.array_equal(frame[:-4], again[:-4]) and (again[-4:, :, 3] == 0).all()


def test_lossy_webp_keeps_transparency(tmp_path):
    film_formats.save_webp(tmp_path / "a", film(channels=4))
    for again in read_film(tmp_path / "a")[0]:
        assert (again[-4:, :, 3] == 0).all() and (again[:-4, :, 3] == 255).all()


def test_gifs_put_transparent_frames_on_white(tmp_path):
    film_formats.save_gif(tmp_path / "a", film(channels=4))
    assert all((again[-4:] == 255).all() for again in read_film(tmp_path / "a")[0])


def test_frame_times_do_not_drift(tmp_path):
    for kind, tick in (("webp", 1), ("gif", 10)):
        film_formats.FILMS[kind](tmp_path / "a", film(count=24, height=8, width=60), fps=24)
        assert abs(sum(read_film(tmp_path / "a")[1]) - 1000) <= tick


def test_a_gif_has_one_palette_and_pays_only_for_what_changes(tmp_path):
    noise = np.random.RandomState(0).randint(0, 256, (64, 64, 3)).astype(np.uint8)
    sizes = []
    for count in (1, 21):
        frames = np.stack([noise] * count)
        frames[np.arange(count), 0, np.arange(count)] = 0
        film_formats.save_gif(tmp_path / "a", frames)
        sizes.append((tmp_path / "a").stat().st_size)
    assert sizes[1] - sizes[0] < 20 * 150  # a palette alone has 768 bytes


def test_a_gif_palette_covers_the_whole_film(tmp_path):
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]], np.uint8)
    film_formats.save_gif(tmp_path / "a", (np.full((8, 8, 3), colour, np.uint8) for colour in colours))
    for colour, again in zip(colours, read_film(tmp_path / "a")[0], strict=True):
        assert (again[..., :3] == colour).all()


def test_zips_hold_frames_and_recipes(tmp_path):
    frames, recipe = list(film()), Recipe("faces", seed=9, psi=0.5)
    film_formats.save_frames_zip(tmp_path / "a.zip", frames, fps=12, recipes={2: recipe})
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == [f"{i:05}.png" for i in range(5)] and b"12" in archive.comment
        for i, name in enumerate(archive.namelist()):
            assert np.array_equal(np.asarray(Image.open(io.BytesIO(archive.read(name)))), frames[i])
        assert read_recipe(archive.read("00002.png")) == recipe
        with pytest.raises(StudioError, match="no recipe"):
            read_recipe(archive.read("00001.png"))


@pytest.mark.parametrize("kind", SMALL)
def test_frames_may_come_in_batches_and_progress_counts_them(kind, tmp_path):
    frames, seen = np.stack(list(film(7))), []
    film_formats.FILMS[kind](tmp_path / "a", iter([frames[:3], frames[3:6], frames[6]]), fps=10, progress=seen.append)
    film_formats.FILMS[kind](tmp_path / "b", iter(frames), fps=10)
    assert seen == list(range(1, 8))
    assert len((tmp_path / "a").read_bytes()) == len((tmp_path / "b").read_bytes())


@pytest.mark.parametrize("kind", SMALL)
def test_the_same_film_is_the_same_file(kind, tmp_path):
    for name in "ab":
        film_formats.FILMS[kind](tmp_path / name, film())
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("kind", SMALL)
def test_long_films_need_no_more_memory_than_short_ones(kind, tmp_path):
    size = 256 * 256 * 3

    def peak(count):
        tracemalloc.start()
        frames = (np.full((256, 256, 3), i % 200, np.uint8) for i in range(count))
        film_formats.FILMS[kind](tmp_path / "a", frames)
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
        film_formats.FILMS[kind](tmp_path / "a", film(), progress=stop)
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
        film_formats.FILMS[kind](tmp_path / "a", frames)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("fps", [0, -1, 61, 2.5, "24", None, True])
def test_absurd_speeds(fps, tmp_path):
    with pytest.raises(StudioError, match="frames per second"):
        film_formats.save_webp(tmp_path / "a", film(), fps=fps)


def test_a_film_that_is_too_long_for_a_gif(tmp_path, monkeypatch):
    monkeypatch.setattr(film_formats, "MOST_GIF_PIXELS", 3 * 24 * 32)
    with pytest.raises(StudioError, match="too long"):
        film_formats.save_gif(tmp_path / "a", film(4))
    film_formats.save_gif(tmp_path / "a", film(3))


def test_a_place_that_cannot_be_written(tmp_path):
    with pytest.raises(StudioError, match="cannot be written"):
        film_formats.save_webp(tmp_path / "missing" / "a.webp", film())


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
    film_formats.save_mp4(tmp_path / "-a b;c.mp4", iter(frames), fps=12, progress=seen.append)
    command, _, piped = (tmp_path / "-a b;c.mp4").read_bytes().partition(b"|")
    assert seen == [1, 2, 3] and "mp4" in film_formats.film_formats()
    assert b"'-video_size', '10x8', '-framerate', '12'" in command and b"yuv420p" in command
    read = np.frombuffer(piped, np.uint8).reshape(3, 8, 10, 3)
    assert np.array_equal(read[:, :7, :9], np.stack(frames)) and np.array_equal(read[:, 7, :9], read[:, 6, :9])


def test_mp4_that_fails_says_why_and_leaves_nothing(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, read=10, code=1)
    with pytest.raises(StudioError, match="the disk is full"):
        film_formats.save_mp4(tmp_path / "a.mp4", film(count=200, height=64, width=64))
    assert [p.name for p in tmp_path.iterdir()] == ["bin"]


def test_mp4_that_is_stopped_ends_ffmpeg(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch)
    with pytest.raises(ZeroDivisionError):
        film_formats.save_mp4(tmp_path / "a.mp4", film(), progress=lambda done: 1 / 0)
    assert [p.name for p in tmp_path.iterdir()] == ["bin"]


def test_mp4_without_ffmpeg(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(film_formats, "imageio_ffmpeg", None)
    assert not film_formats.has_mp4() and film_formats.film_formats() == ["webp", "gif", "zip"]
    with pytest.raises(StudioError, match="ffmpeg"):
        film_formats.save_mp4(tmp_path / "a.mp4", film())


@pytest.mark.parametrize("height, width", [(63, 65), (64, 64), (1, 1), (2, 31)])
def test_mp4_with_what_the_requirements_bring(tmp_path, monkeypatch, height, width):
    monkeypatch.setenv("PATH", str(tmp_path))  # without the computer's own
    film_formats.save_mp4(tmp_path / "a.mp4", film(count=30, height=height, width=width), fps=30)
    assert (tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"
    command = [film_formats._program(), "-loglevel", "error", "-i", str(tmp_path / "a.mp4"), "-f", "rawvideo"]
    shown = subprocess.run([*command, "-pix_fmt", "rgb24", "pipe:1"], capture_output=True, check=True).stdout
    assert len(shown) == 30 * (height + height % 2) * (width + width % 2) * 3
