"""`python -m gan generate`: grids, folders of PNGs that carry their recipes, and every way to ask for nonsense."""

import json
import os
import resource
import signal
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.cli.generate import _at_once
from gan.kinds.kind import Canvas
from gan.store.grids import grid
from gan.studio.engine import Engine
from gan.studio.library.loaded import Models
from gan.studio.picture_sizes import MOST_PIXELS
from gan.studio.png_recipes import png_bytes, read_recipe
from gan.studio.recipes import Recipe


def pixels(path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


# Pictures


def test_a_grid(gan, models):
    done = gan("generate --model cats --seeds 0-6 --out new/grid.png")
    assert (done.status, done.out, done.err) == (0, "7 pictures in new/grid.png\n", "")
    expected = Engine(models).render([Recipe("cats", seed=s, psi=0.7) for s in range(7)])
    assert np.array_equal(pixels("new/grid.png"), grid(expected))
    assert os.listdir("new") == ["grid.png"]


@pytest.mark.parametrize("name", ["a.webp", "a.jpg", "a.JPEG", "a.png"])
def test_columns_and_formats(gan, name):
    assert gan(f"generate --model cats --seeds 0-5 --columns 3 --size 24 --out {name}").status == 0
    assert pixels(name).shape == (48, 48, 3)
    gan(f"generate --model cats --seeds 0-1 --columns 1000000000 --out {name}")
    assert pixels(name).shape == (12, 16, 3)


@pytest.mark.parametrize(
    "shape, size, count",
    [
        ((3, 64, 64), None, 32),
        ((3, 1024, 1024), None, 32),
        ((1, 2048, 2048), None, 15),
        ((3, 64, 64), 2048, 15),
    ],
)
def test_as_many_at_once_as_the_engine_takes_of_that_size(shape, size, count):
    assert _at_once(Canvas(*shape), size) == count and count * (size or shape[-1]) ** 2 <= MOST_PIXELS


def test_a_zip_of_pictures_with_their_recipes(gan):
    done = gan("generate --model cats --seeds 0-2 --address https://a.example/ --out all.zip")
    assert (done.status, done.out) == (0, "3 pictures in all.zip\n")
    with zipfile.ZipFile("all.zip") as archive:
        rows = json.loads(archive.read("recipes.json"))
        assert [row["file"] for row in rows] == ["seed0000.png", "seed0001.png", "seed0002.png"]
        assert rows[2]["link"].startswith("https://a.example/?model=cats&") and "sheet.png" in archive.namelist()
        assert read_recipe(archive.read("seed0001.png")) == Recipe("cats", seed=1, psi=0.7)


def test_pixel_art_stays_exact_in_webp(gan):
    gan("generate --model digits --seeds 0-3 --out a.webp")
    gan("generate --model digits --seeds 0-3 --out a.png")
    assert np.array_equal(pixels("a.webp"), pixels("a.png"))


def test_a_folder_of_pictures_that_carry_their_recipes(gan, models):
    done = gan("generate --model cats --seeds 9-11,4294967295 --psi 0.5 --size 24 --out some/where")
    assert done.out == "4 pictures in some/where\n"
    assert sorted(os.listdir("some/where")) == ["seed0009.png", "seed0010.png", "seed0011.png", "seed4294967295.png"]
    recipe = read_recipe("some/where/seed0010.png")
    assert recipe == Recipe("cats", seed=10, psi=0.5)
    assert np.array_equal(pixels("some/where/seed0010.png"), Engine(models).render([recipe], 24)[0])


def test_a_name_that_ends_in_a_slash_or_is_a_folder_is_a_folder(gan):
    gan("generate --model cats --seeds 1 --out new.png/")
    gan("generate --model cats --seeds 2 --out new.png")
    assert sorted(os.listdir("new.png")) == ["seed0001.png", "seed0002.png"]


def test_every_knob(gan):
    done = gan(
        "generate --model cats --seeds 3 --psi -0.5 --noise random --noise-seed 8 --directions -1,0.5,0 "
        "--overrides 2:-1.5,0:3 --walk 5:0.2,9:1 --out a.png"
    )
    assert done.err == ""
    assert read_recipe("a.png") == Recipe(
        "cats",
        seed=3,
        psi=-0.5,
        noise="random",
        noise_seed=8,
        directions=(-1, 0.5),
        overrides=((2, -1.5), (0, 3)),
        walk=((5, 0.2), (9, 1)),
    )


def test_classes(gan):
    def labels(options: str) -> list[int | None]:
        gan(["generate", "--model", "digits", "--seeds", "3-6", "--out", "d/", *options.split("|")])
        return [read_recipe(f"d/seed000{seed}.png").label for seed in range(3, 7)]

    assert labels("--label|2") == [2] * 4
    assert labels("--class|zero") == [0] * 4
    assert labels("--class|two, or so") == [2] * 4
    assert labels("--label|one,none") == [1, None, 1, None]
    assert labels("--psi|1") == [0, 1, 2, 0]  # a default for each seed


def test_one_seed_in_several_classes(gan):
    gan("generate --model digits --seeds 5,5,5 --label 0,1,2 --out d")
    assert sorted(os.listdir("d")) == [f"seed0005-class{i}.png" for i in range(3)]


def test_the_recipe_of_a_saved_picture(gan):
    saved = Recipe("digits", seed=7, label=1, psi=0.25, directions=(1,))
    Path("saved.png").write_bytes(png_bytes(np.zeros((8, 8, 3), np.uint8), saved))
    gan("generate --recipe saved.png --out again.png")
    assert read_recipe("again.png") == saved
    gan("generate --recipe saved.png --seeds 1,2 --psi 1 --out some/")
    assert read_recipe("some/seed0002.png") == Recipe("digits", seed=2, label=1, psi=1, directions=(1,))
    gan("generate --recipe saved.png --model cats --label none --out cat.png")
    assert read_recipe("saved.png") == saved and not Path("cat.png").exists()  # cats have no classes


def test_many_pictures_one_by_one(gan):
    assert gan("generate --model cats --seeds 0-99 --out many/").out == "100 pictures in many\n"
    assert len(os.listdir("many")) == 100


# Models


def test_folders_need_no_dot_in_front(gan, weights):
    (gan.folder / "runs" / "first" / "snapshots").mkdir(parents=True)
    (weights / "digits").rename("runs/first/snapshots/0000500")
    (weights / "cats").rename("runs/first/snapshots/0001000")
    Path("runs/first/config.json").write_text('{"studio": 1, "kind": "run"}')
    for source in (
        "runs/first/snapshots/0001000/",
        "./runs/first/snapshots/0001000",
        "runs/first",
        str(gan.folder / "runs" / "first"),
    ):
        assert gan(["generate", "--model", source, "--out", "a.png"]).err == ""
        assert read_recipe("a.png").psi == 0.7
        again = gan("generate --recipe a.png --out b.png")
        assert again.err == "" and np.array_equal(pixels("a.png"), pixels("b.png"))


def test_a_bundled_model_goes_before_a_folder(gan, weights):
    (weights / "digits").rename("cats")
    gan("generate --model cats --out a.png")
    assert pixels("a.png").shape == (12, 8, 3)


def test_a_model_on_the_hub(gan, weights, hub_server, models):
    sha = hub_server.add_repo("ada/cats", weights / "cats")
    models.hub.endpoint = hub_server.url
    for source in (["ada/cats"], ["ada/cats@main"], ["ada/cats", "--revision", sha]):
        assert gan(["generate", "--seeds", "4", "--out", "a.png", "--model", *source]).err == ""
        assert read_recipe("a.png") == Recipe("ada/cats", sha, seed=4, psi=0.7)
    hub_server.go_offline()
    assert gan("generate --recipe a.png --out b.png").status == 0


def test_models_that_are_not_there(refused):
    assert refused("generate --model dogs --out a.png").startswith("There is no model called 'dogs'.")
    assert "There is no file or folder ./dogs." in refused("generate --model ./dogs --out a.png")
    assert "cannot be reached" in refused("generate --model ada/cats --out a.png")
    assert "has no revisions" in refused("generate --model cats --revision abc --out a.png")
    assert "does not make pictures" in refused("generate --model points --out a.png")
    assert refused("generate --out a.png").startswith("Which model?")


# Nonsense


@pytest.mark.parametrize(
    "options, words",
    [
        ("--seeds x", "'x' is not a seed."),
        ("--seeds", "expected one argument"),
        ("--seeds 3-1", "run backwards"),
        ("--seeds 0-1000000000", "more than 10000 seeds"),
        ("--seeds -1", "'-1' is not a seed"),
        ("--seeds 4294967296", "A seed cannot be 4294967296."),
        ("--size -64", "cannot be -64 pixels wide"),
        ("--size 0", "cannot be 0 pixels wide"),
        ("--size 1000000000", "pixels wide"),
        ("--size big", "invalid int value"),
        ("--seeds 0-99 --size 2048", "too large for one grid"),
        ("--columns 0", "0 columns"),
        ("--columns -3", "-3 columns"),
        ("--label 1", "cats has no classes."),
        ("--psi 5", "psi must lie between -1 and 2"),
        ("--psi nan", "psi must"),
        ("--noise loud", "noise cannot be 'loud'"),
        ("--noise-seed -1", "noise_seed must"),
        ("--directions 1,x", "directions must"),
        ("--directions 9", "directions must"),
        ("--overrides 3", "overrides holds"),
        ("--overrides 6:1", "no latent value 6"),
        ("--walk 1:7", "walk: a step must lie"),
        ("--recipe none.png", "none.png"),
    ],
)
def test_one_sentence_for_nonsense(refused, options, words):
    assert words in refused(f"generate --model cats --out a.png {options}")


@pytest.mark.parametrize(
    "options, words",
    [
        ("--label 3", "digits has no class '3'. Its classes are zero, One, two, or so."),
        ("--class cat", "no class 'cat'"),
        ("--label 0,1 --seeds 5", "These are 2 classes for 1 pictures."),
        ("--label=", "no class ''"),
        ("--label -1", "no class '-1'"),
        ("--label " + "9" * 5000, "no class '999"),
    ],
)
def test_classes_that_are_not_there(refused, options, words):
    assert words in refused(f"generate --model digits --out a.png {options}")


def test_places_that_cannot_be_written(refused, gan):
    assert "'.bmp'" in refused("generate --model cats --out a.bmp")
    assert "--out is empty" in refused(["generate", "--model", "cats", "--out", ""])
    assert "required: --out" in refused("generate --model cats")
    assert "cannot be written: " in refused("generate --model cats --out /proc/x/a.png")
    assert "cannot be written: " in refused("generate --model cats --out /dev/null/pictures")
    assert "File name too long" in refused(["generate", "--model", "cats", "--out", "x" * 300 + ".png"])
    Path("file").write_text("")
    assert "cannot be written: " in refused("generate --model cats --out file", leaves=["file"])
    assert "cannot be written: " in refused("generate --model cats --out file/a.png", leaves=["file"])


def test_a_grid_too_long_for_its_format(refused):
    assert "A WEBP file cannot be" in refused("generate --model cats --seeds 0-1999 --columns 1 --out a.webp")


def test_a_full_disk_leaves_nothing(refused):
    """The disk takes 100 bytes of each file, as a quota would have it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        for name in ("a.png", "a.webp", "a.jpg"):
            assert "cannot be written: File too large" in refused(f"generate --model cats --seeds 0-63 --out {name}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)


class Interrupted(Models):
    """Ctrl-C arrives when a model is asked for once more: once to open it, then for each batch of pictures."""

    def get(self, *asked):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGINT)
        return super().get(*asked)


@pytest.fixture
def ctrl_c():
    """Ctrl-C is heeded, also where the tests were started in the background, and so were told to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("batches", [1, 2, 3])
@pytest.mark.parametrize("out", ["many/", "grid.png"])
def test_ctrl_c_leaves_only_whole_files(gan, weights, models, out, batches, ctrl_c):
    interrupted = Interrupted((weights,), models.hub)
    interrupted.left = 1 + batches
    done = gan(f"generate --model cats --seeds 0-99 --out {out}", interrupted)
    assert (done.status, done.out, done.err) == (130, "", "Stopped.\n")
    made = [file for file in gan.folder.rglob("*") if file.is_file()]
    assert len(made) == ([0, 1, 33][batches - 1] if out == "many/" else 0)
    assert all(file.suffix == ".png" and pixels(file).shape == (12, 8, 3) for file in made)
