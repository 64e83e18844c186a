"""`python -m gan evaluate` and `python -m gan features`, as a person has them."""

import json
import shutil
from pathlib import Path
from unicodedata import east_asian_width

import numpy as np
import pytest
from PIL import Image

from gan.evaluation.report import Report
from gan.studio.engine import Engine
from gan.studio.recipes import Recipe


@pytest.fixture
def pictures(gan):
    """40 pictures of the size that `cats` makes, and 40 digits of three classes, in the current folder."""
    rng = np.random.default_rng(0)
    np.savez("cats.npz", images=rng.integers(0, 256, (40, 8, 8, 3), np.uint8))
    np.savez(
        "digits.npz",
        images=rng.integers(0, 256, (40, 8, 8, 1), np.uint8),
        labels=np.arange(40) % 3,
        label_names=["digit"],
    )


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """Where the first test puts a feature network for the others."""
    return tmp_path_factory.mktemp("features") / "own.safetensors"


@pytest.fixture
def features(gan, pictures, learned):
    """A feature network of two steps' learning."""
    if not learned.exists():
        done = gan(f"features --data cats.npz digits.npz --steps 2 --batch-size 8 --out {learned}")
        assert done.status == 0, done.err
        assert done.out.startswith("step 2  loss ") and " digits " in done.out.splitlines()[-1]
    shutil.copy(learned, "own.safetensors")
    return "--features own.safetensors"


def test_a_table_that_says_what_it_is(gan, features):
    done = gan(f"evaluate --model cats --data cats.npz --samples 30 {features} --out scores.json")
    assert done.status == 0, done.err
    head, *rows = done.out.splitlines()
    assert head.split() == ["samples", "real", "pictures"]
    assert [row[:18].rstrip() for row in rows[:2]] == ["Fréchet distance", "Kernel distance"] and "±" in rows[0]
    assert (
        "30 samples (seeds from 0, truncation 1) against 40 pictures; copies looked for in the pictures themselves"
        in done.out
    )
    assert "not to be compared with published FID" in rows[-1] and "Right class" not in done.out
    report = Report.from_values(json.loads(Path("scores.json").read_text()))
    assert report.samples == 30 and report.scores["frechet"].value > 0 and len(report.nearest) == 6


def test_the_same_again(gan, features):
    once, again = (gan(f"evaluate --model cats --data cats.npz {features}").out for _ in range(2))
    assert once == again and "20 samples" in once  # half as many as there are pictures


def test_classes_are_asked_for(gan, features, monkeypatch):
    """In a table that another language has in its own words, each column in its place: a Chinese sign takes two."""
    words = f"evaluate --model digits --data digits.npz --training digits.npz --samples 24 {features}"
    done = gan(words)
    assert done.status == 0, done.err
    assert "Right class" in done.out and "The training pictures themselves are" in done.out
    english = done.out.splitlines()
    assert english[0].split() == ["samples", "real", "pictures", "training", "pictures"]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    chinese = gan(words).out.splitlines()
    assert chinese[0].split() == ["样本", "真实图片", "训练图片"] and chinese[1].startswith("弗雷歇距离 ")
    for here, there in zip(english[:3], chinese[:3], strict=True):
        assert len(here) == sum(1 + (east_asian_width(sign) in "WF") for sign in there)
    assert english[1].split("±")[1:] == chinese[1].split("±")[1:]


def test_classes_are_those_of_the_same_name(gan, features, weights):
    """Whatever their numbers are there; where the model has none called so, none are asked for, which is said."""

    def scored(labels, names: str, training: str = "") -> tuple[dict, str]:
        np.savez("set.npz", images=np.load("digits.npz")["images"], labels=labels, label_names=[names])
        done = gan(f"evaluate --model digits --data set.npz --samples 12 --out it.json {features} {training}")
        assert done.status == 0, done.err
        return json.loads(Path("it.json").read_text()), done.err

    labels = np.arange(40) % 2
    here, said = scored(labels, "digit:One,zero")
    assert here == scored(1 - labels, "digit")[0] and not said and "classes" in here["scores"]  # mere numbers
    here, said = scored(labels, "digit:cat,zero", "--training set.npz")
    assert "The model has no class called cat: the pictures are compared without classes." in said
    assert "The model has no class called cat: the training pictures are compared without classes." in said
    assert here["unknown"] == ["cat"] and "classes" not in here["scores"]
    config = weights / "digits" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "classes": []}))
    here, said = scored(np.arange(40) % 3, "animal:ant,bee,cow")  # a model whose classes have no names: in their order
    assert "classes" in here["scores"] and not said


def test_scores_are_kept_with_the_model(gan, features, models):
    assert gan(f"evaluate --model cats --data cats.npz --keep {features}").status == 0
    kept = models.get("cats").config.scores
    assert kept["samples"] == 20 and set(kept["scores"]) == set(kept["real"])


def test_programs_hear_how_far_it_is(gan, features):
    done = gan(f"evaluate --model cats --data cats.npz --progress --out scores.json {features}")
    shares = [json.loads(line)["done"] for line in done.out.splitlines()]
    assert shares == sorted(shares) and 0 < shares[0] < shares[-1] == 1 and done.err == ""
    assert json.loads(Path("scores.json").read_text())["samples"] == 20


@pytest.mark.parametrize("model", ["cats", "digits"])
def test_the_samples_most_like_a_training_picture(gan, features, models, model):
    """Painted as the sample of that seed and class, above the very picture."""
    assert (
        gan(f"evaluate --model {model} --data {model}.npz --nearest near.png --out scores.json {features}").status == 0
    )
    nearest = json.loads(Path("scores.json").read_text())["nearest"]
    (_, height, width), cell = models.get(model).generator.image_shape, np.asarray(Image.open("near.png"))
    assert cell.shape == (2 * height, 6 * width, 3)
    images = np.load(f"{model}.npz")["images"]
    engine = Engine(models)
    for at, (seed, place, _) in enumerate(nearest):
        sample, picture = (cell[row * height : (row + 1) * height, at * width : (at + 1) * width] for row in (0, 1))
        if height == width:
            assert np.array_equal(picture, np.broadcast_to(images[place], picture.shape))
        labels = range(3) if model == "digits" else [None]
        painted = engine.render([Recipe(model, seed=seed, psi=1.0, label=label) for label in labels])
        assert min(np.abs(sample.astype(int) - one[..., :3]).max() for one in painted) <= 1


@pytest.mark.parametrize(
    "words, sentence",
    [
        ("--model cats --data nowhere.npz", "There is nothing at nowhere.npz"),
        ("--model nobody --data cats.npz", "nobody"),
        ("--model points --data cats.npz", "makes points, not pictures"),
        ("--model cats --data cats.npz --samples 0", "--samples cannot be 0"),
        ("--model cats --data cats.npz --samples 5", "Scores cannot be taken from 5 samples"),
        ("--model cats --data cats.npz --psi 9", "--psi cannot be 9"),
        ("--model cats --data cats.npz --threads 0", "--threads cannot be 0"),
        ("--model cats --data cats.npz --features cats.npz", "cats.npz"),
    ],
)
def test_mistakes_are_told_in_a_sentence(gan, features, words, sentence):
    done = gan(f"evaluate {features} {words}")
    assert done.status == 2 and sentence in done.err and len(done.err.splitlines()) == 1, done.err


@pytest.mark.parametrize(
    "words, sentence",
    [
        ("--data cats.npz --out own.safetensors --steps 0", "--steps cannot be 0"),
        ("--data nowhere.npz --out own.safetensors", "There is nothing at nowhere.npz"),
        ("--data cats.npz --out no/where/own.safetensors", "There is no folder no/where"),
    ],
)
def test_features_from_nothing(gan, pictures, words, sentence):
    done = gan(f"features {words}")
    assert done.status == 2 and sentence in done.err and not list(Path().rglob("own.*"))
