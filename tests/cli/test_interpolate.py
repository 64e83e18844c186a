"""`python -m gan interpolate`: films and frames, from seeds and from saved pictures."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.studio import film_formats
from gan.studio.engine import Engine
from gan.studio.path_recipes import PathRecipe
from gan.studio.png_recipes import png_bytes, read_recipe
from gan.studio.recipes import Recipe


def frames(path) -> list[np.ndarray]:
    with Image.open(path) as film:
        shown = []
        for number in range(film.n_frames):
            film.seek(number)
            shown.append(np.asarray(film.convert("RGB")))
        return shown


@pytest.fixture
def saved(gan):
    """Two saved pictures of cats and one of digits."""
    recipes = {
        "a.png": Recipe("cats", seed=1, psi=0.3),
        "b.png": Recipe("cats", seed=2, directions=(1,)),
        "c.png": Recipe("digits", seed=3, label=1),
    }
    for name, recipe in recipes.items():
        Path(name).write_bytes(png_bytes(np.zeros((8, 8, 3), np.uint8), recipe))
    return recipes


# Films


@pytest.mark.parametrize("name", ["walk.webp", "walk.gif", "new/walk.WebP"])
def test_film_formats(gan, name):
    done = gan(f"interpolate --model cats --seeds 1,5,9 --steps 4 --loop --fps 10 --size 24 --out {name}")
    assert (done.status, done.out, done.err) == (0, f"12 frames in {name}\n", "")
    assert len(frames(name)) == 12 and frames(name)[0].shape == (24, 16, 3)
    assert os.listdir(Path(name).parent) == [Path(name).name]


def test_frames_in_a_zip_and_in_a_folder(gan, models):
    options = "interpolate --model cats --seeds 1,5 --steps 3 --path linear --easing ease"
    gan(options + " --out walk.zip")
    assert gan(options + " --out walk").out == "4 frames in walk\n"
    path = PathRecipe([Recipe("cats", seed=s, psi=0.7) for s in (1, 5)], steps=3, path="linear", easing="ease")
    expected = np.concatenate(list(Engine(models).frames(path)))
    with zipfile.ZipFile("walk.zip") as archive:
        assert archive.namelist() == sorted(os.listdir("walk")) == [f"0000{i}.png" for i in range(4)]
        for number, name in enumerate(archive.namelist()):
            assert archive.read(name) == Path("walk", name).read_bytes()
            with Image.open(Path("walk", name)) as image:
                assert np.array_equal(np.asarray(image), expected[number])
    assert read_recipe("walk/00000.png") == path.keyframes[0] and read_recipe("walk/00003.png") == path.keyframes[1]


def test_mp4_by_the_wheel_of_the_requirements(gan):
    assert gan("interpolate --model cats --seeds 1,5 --steps 2 --out walk.mp4").status == 0
    assert Path("walk.mp4").read_bytes()[4:8] == b"ftyp"


def test_without_an_encoder(refused, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(film_formats, "imageio_ffmpeg", None)
    said = refused("interpolate --model cats --seeds 1,5 --out walk.mp4")
    assert "need the program ffmpeg, which is not installed" in said


def test_pixel_art_stays_exact_in_webp(gan):
    gan("interpolate --model digits --seeds 1,5 --steps 2 --out walk.webp")
    gan("interpolate --model digits --seeds 1,5 --steps 2 --out walk/")
    for number, frame in enumerate(frames("walk.webp")):
        with Image.open(f"walk/0000{number}.png") as image:
            assert np.array_equal(frame, np.asarray(image))


# Keyframes


def test_a_class_for_each_keyframe(gan):
    def labels(options: str) -> list[int | None]:
        gan(f"interpolate --model digits --seeds 4,5,6 --steps 2 --out d {options}")
        return [read_recipe(f"d/0000{number}.png").label for number in (0, 2, 4)]

    assert labels("--label 2,2,0") == [2, 2, 0]
    assert labels("--class one") == [1, 1, 1]
    assert labels("") == [1, 2, 0]


def test_saved_pictures_as_keyframes(gan, saved):
    gan("interpolate --keyframes a.png b.png a.png --steps 2 --out d")
    assert [read_recipe(f"d/0000{i}.png") for i in (0, 2, 4)] == [saved["a.png"], saved["b.png"], saved["a.png"]]
    gan("interpolate --keyframes a.png b.png --steps 2 --psi 0.9 --out e")
    assert [read_recipe(f"e/0000{i}.png").psi for i in (0, 2)] == [0.9, 0.9]
    gan("interpolate --keyframes a.png c.png --model digits --label 2 --steps 2 --out f")
    assert read_recipe("f/00000.png") == Recipe("digits", seed=1, psi=0.3, label=2)


def test_loop_in_words(gan):
    for words, count in (("--loop", 4), ("--loop on", 4), ("--loop off", 3), ("", 3)):
        assert gan(f"interpolate --model cats --seeds 1,5 --steps 2 --out d {words}").out == f"{count} frames in d\n"


# Nonsense


@pytest.mark.parametrize(
    "options, words",
    [
        ("", "either --seeds or --keyframes"),
        ("--seeds 1", "2 to 64 keyframes, not 1."),
        ("--seeds 0-64", "not 65."),
        ("--seeds 1,x", "'x' is not a seed"),
        ("--seeds 0-1000000000", "more than 10000 seeds"),
        ("--seeds 1,2 --steps 1", "steps must lie between"),
        ("--seeds 1,2 --steps x", "steps must be a whole number"),
        ("--seeds 0-63 --steps 240", "more than 2000"),
        ("--seeds 1,2 --path round", "path cannot be 'round'"),
        ("--seeds 1,2 --easing slow", "easing cannot be 'slow'"),
        ("--seeds 1,2 --loop maybe", "loop must be on or off"),
        ("--seeds 1,2 --fps 0", "0 frames per second"),
        ("--seeds 1,2 --fps 61", "61 frames per second"),
        ("--seeds 1,2 --size -1", "-1 pixels wide"),
        ("--seeds 1,2 --label 1", "cats has no classes"),
        ("--keyframes none.png", "none.png"),
        ("--seeds 1,2 --model points", "does not make pictures"),
        ("--seeds 1,2 --out a.mov", "'.mov'"),
        ("--seeds 1,2 --out /proc/x/a.gif", "cannot be written: "),
    ],
)
def test_one_sentence_for_nonsense(refused, options, words):
    assert words in refused(f"interpolate --model cats --out a.webp {options}")


def test_keyframes_that_do_not_fit(refused, saved):
    assert "must come from one model" in refused("interpolate --keyframes a.png c.png --out a.webp", leaves=saved)
    assert "2 to 64 keyframes" in refused("interpolate --keyframes a.png --out a.webp", leaves=saved)
    both = "interpolate --keyframes a.png b.png --seeds 1 --out a.webp"
    assert "either --seeds or --keyframes" in refused(both, leaves=saved)
    assert "These are 3 classes for 2 pictures." in refused(
        "interpolate --model digits --seeds 1,2 --label 1,1,1 --out a.webp", leaves=saved
    )
