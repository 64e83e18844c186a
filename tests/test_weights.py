"""The models that ship: each loads strictly, says what it is, is small enough and makes pictures that differ."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from torch.nn.functional import avg_pool2d

from gan.evaluation.gathering import paint
from gan.evaluation.moments import Moments, frechet
from gan.evaluation.report import Report
from gan.evaluation.words import FEATURES as RUNS_OF_LETTERS
from gan.latents.sampling import one_hot
from gan.locales import languages
from gan.store.model_config import CONFIG, DISCRIMINATOR, WEIGHTS
from gan.studio.engine import Engine
from gan.studio.library.library import about
from gan.studio.library.loaded import BUNDLED, Models
from gan.studio.recipes import Recipe
from gan.studio.scores.feature_networks import SHIPPED, own_features

MOST_BYTES = 10_000_000
CARD = "README.md"
ROOT = Path(__file__).parents[1]
NAMES = sorted({"cats", "digits"} | {path.parent.name for path in BUNDLED.glob(f"*/{CONFIG}")})
_LINK = re.compile(r"\]\(([^)#?]+)\)")
_NAMED_FILE = re.compile(r"`([\w./-]+\.(?:json|safetensors|toml|sh|py|npz|zip))`")


@pytest.fixture(scope="module")
def models() -> Models:
    return Models()


@pytest.fixture(params=NAMES)
def model(request, models):
    return models.get(request.param)


def test_each_is_listed(models):
    assert set(models.cards()) == set(NAMES)  # a broken one would be left out


def test_licence_and_card(model):
    config = model.config
    assert config.licence and config.title and config.summary and config.data
    card = (model.path / CARD).read_text(encoding="utf-8")
    assert len(card) > 200 and "licence" in card.lower()
    assert "python -m gan train" in card or _NAMED_FILE.search(card)  # how it was made


def test_files_that_the_card_names_are_there(model):
    card = (model.path / CARD).read_text(encoding="utf-8")
    named = {link for link in _LINK.findall(card) if "://" not in link} | set(_NAMED_FILE.findall(card))
    missing = {name for name in named if not (model.path / name).exists() and not (ROOT / name).exists()}
    assert missing == set()


def test_size(model):
    assert sum(file.stat().st_size for file in model.path.rglob("*") if file.is_file()) <= MOST_BYTES


def test_weights_are_readable_by_everybody(model):
    for name in (CONFIG, WEIGHTS, DISCRIMINATOR, CARD):
        assert (model.path / name).stat().st_mode & 0o444 == 0o444, name


def test_the_discriminator_is_there(model):
    discriminator = model.discriminator()
    assert discriminator.image_shape == model.generator.image_shape


def test_samples_differ_and_are_pictures(model, models):
    classes = model.generator.num_classes
    recipes = [Recipe(model.id, seed=seed, label=seed % classes if classes else None) for seed in range(24)]
    pictures = Engine(models).render(recipes).astype(float)
    assert pictures.std(axis=(1, 2, 3)).min() > 10  # none is flat
    apart = [np.abs(a - b).mean() for i, a in enumerate(pictures) for b in pictures[:i]]
    assert min(apart) > 1 and np.median(apart) > 10


def test_the_class_shows(model, models):
    if not model.generator.num_classes:
        return
    classes = range(model.generator.num_classes)
    pictures = Engine(models).render([Recipe(model.id, seed=3, label=label) for label in classes])
    assert len(np.unique(pictures.reshape(len(pictures), -1), axis=0)) == len(pictures)


def test_directions_move_the_picture(model, models):
    found = len(model.directions())
    moved = [Recipe(model.id, directions=(0,) * i + (2,)) for i in range(found)]
    pictures = Engine(models).render([Recipe(model.id), *moved]).astype(float)
    assert found >= 4 and np.abs(pictures[1:] - pictures[0]).mean(axis=(1, 2, 3)).min() > 0.5


def test_only_pixel_art_is_enlarged_with_hard_edges(models):
    assert [name for name in NAMES if models.get(name).config.pixel_art] == ["nouns"]


def test_the_readme_mentions_it(model):
    assert f"weights/{model.id}/" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_feature_network_is_there_and_small():
    assert SHIPPED.stat().st_size <= 5_000_000
    assert own_features() is own_features() and not own_features().training


def test_features_tell_better_pictures_from_worse(models):
    """Of the same cats, the more they are blurred the farther they are; and cats are nearer to cats than digits are."""
    cats = paint(models.get("cats").generator, list(range(200)))
    others = paint(models.get("cats").generator, list(range(200, 400)))
    digits = paint(models.get("digits").generator, list(range(200)), c=one_hot([i % 10 for i in range(200)], 10))
    seen = [cats, others, avg_pool2d(others, 2), avg_pool2d(others, 4), digits]
    first, *rest = (Moments.of(own_features()(x)) for x in seen)
    distances = [frechet(first, other) for other in rest]
    assert distances == sorted(distances) and distances[1] > 2 * distances[0]
    assert distances[-1] > 10 * distances[0]


@pytest.mark.parametrize("name", NAMES)
def test_scores_stand_with_each_model(name, models):
    model = models.get(name)
    report, text = Report.from_values(model.config.scores), model.generator.kind == "text"
    assert report.features == (RUNS_OF_LETTERS if text else own_features().name)
    assert report.samples >= 300 and report.psi == 1
    card = (model.path / CARD).read_text(encoding="utf-8")
    for score, digits in (("letters3", 3), ("plausible", 3)) if text else (("frechet", 2), ("recall", 2)):
        assert f"{report.scores[score].value:.{digits}f}" in card


def test_the_classes_of_the_box_are_translated_and_those_of_others_are_not(models, tmp_path):
    chinese = languages()["zh-CN"]
    assert chinese.translated(about(models.get("nouns"))["classes"])[:2] == ["猫", "狐狸"]
    shutil.copytree(models.get("nouns").path, tmp_path / "mine")
    assert chinese.translated(about(Models((tmp_path,)).get("mine"))["classes"])[:2] == ["cat", "fox"]
