import dataclasses
import json

import numpy as np
import pytest
import torch
from kept_runs import trained

from gan.errors import StudioError
from gan.store.model_config import CONFIG
from gan.store.model_folder import load_discriminator, load_generator, read_config, write_model
from gan.studio.engine import Engine
from gan.studio.library.loaded import Models
from gan.studio.recipes import Recipe
from gan.studio.relatives import check_related, lineage, moved, relatives
from gan.studio.runs.other_classes import base_for_classes


@pytest.fixture(scope="module")
def models(weights, tmp_path_factory):
    """Two runs that started from a run of the cats, and one from nothing."""
    runs = tmp_path_factory.mktemp("runs")
    for name, base in (("emoji", "cats"), ("old", "emoji at step 4"), ("fresh", None)):
        trained(runs / name, base=base)
    return Models((weights,), runs=runs)


def test_what_a_model_comes_from(models):
    assert lineage(models, "old", models.resolve("old")) == ["old", "emoji", "cats"]
    assert lineage(models, "fresh", models.resolve("fresh")) == ["fresh"]
    assert lineage(models, "./far/mine@main", models.resolve("cats")) == ["mine"]  # never where it lies


def test_relatives_have_one_origin_and_are_built_alike(models):
    names = ["cats", "digits", "emoji", "old", "fresh", "nobody"]
    assert relatives(models, "emoji", models.resolve("emoji"), names) == ["old"]  # the small cats are built otherwise
    assert relatives(models, "fresh", models.resolve("fresh"), names) == []
    with pytest.raises(StudioError, match="fresh and emoji are not known to have one origin"):
        check_related(models, models.get("emoji"), models.get("fresh"))


def test_a_model_in_the_box_says_what_it_comes_from(models, weights, tmp_path):
    for name in ("cats", "people"):
        (tmp_path / name).mkdir()
        for file in (weights / "cats").iterdir():
            (tmp_path / name / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / "people" / CONFIG).read_text())
    (tmp_path / "people" / CONFIG).write_text(json.dumps(config | {"trained": {"base": "cats"}}))
    box = Models((tmp_path,))
    assert relatives(box, "people", box.resolve("people"), ["cats"]) == ["cats"]
    assert relatives(box, "cats", box.resolve("cats"), ["people"]) == ["people"]


@pytest.mark.parametrize(
    "more", [{}, {"psi": 0.5, "directions": (1,)}, {"style": Recipe("emoji", seed=9), "mix": (0, 1)}]
)
def test_the_same_w_in_a_relative(models, more):
    engine, here, there = Engine(models), models.get("emoji"), models.get("old", "0")
    recipe = Recipe("emoji", here.revision, seed=3, **more)
    made = moved(engine, recipe, here, there)
    assert (made.model, made.revision, made.psi, made.directions) == ("old", there.revision, 1.0, ())
    assert torch.allclose(engine.latents([made]), engine.latents([recipe]), atol=2e-3)
    back = moved(engine, made, there, here)
    assert np.abs(engine.render([back]).astype(int) - engine.render([recipe])).max() <= 2
    assert np.abs(engine.render([made]).astype(int) - engine.render([recipe])).max() > 2  # in its own style


def test_models_that_are_built_differently(models):
    with pytest.raises(StudioError, match="built differently"):
        moved(Engine(models), Recipe("emoji", seed=1), models.get("emoji"), models.get("cats"))


def test_a_relative_of_other_classes(weights, tmp_path):
    """A class that both know stays, also where the two are blended; another is the one that it went on from."""
    old = read_config(weights / "digits")
    pair = load_generator(weights / "digits", old), load_discriminator(weights / "digits", old)
    config, pair = base_for_classes(old, pair, ("two", "other"), "digits")
    (tmp_path / "digits").symlink_to(weights / "digits")
    write_model(tmp_path / "mine", dataclasses.replace(config, trained={"base": "digits"}), *pair)
    box = Models((tmp_path,))
    engine, here, there = Engine(box), box.get("digits"), box.get("mine")
    assert [moved(engine, Recipe("digits", seed=6, label=i), here, there).label for i in (2, 0, 1)] == [0, 1, 0]
    assert moved(engine, Recipe("mine", seed=7, label=1), there, here).label == 0  # what it went on from
    assert moved(engine, Recipe("mine", seed=7), there, here).label is None  # the mixture stays one
    config, pair = base_for_classes(old, pair, (), "digits")
    write_model(tmp_path / "none", dataclasses.replace(config, trained={"base": "digits"}), *pair)
    assert [moved(engine, Recipe("none", seed=i), box.get("none"), here).label for i in (0, 1, 5)] == [0, 1, 2]
    before = engine.render([Recipe("mine", seed=6, label=0, blend=(0.0, 0.0, 0.0))])
    assert np.abs(before.astype(int) - engine.render([Recipe("digits", seed=6, label=2)])).max() <= 1


def test_as_many_classes_under_other_names_are_the_same_ones(weights, tmp_path):
    old = read_config(weights / "digits")
    pair = load_generator(weights / "digits", old), load_discriminator(weights / "digits", old)
    (tmp_path / "digits").symlink_to(weights / "digits")
    for name, classes in (("renamed", ("x", "y", "z")), ("turned", ("one", "two", "zero"))):
        config, networks = base_for_classes(old, pair, classes, "digits")
        write_model(tmp_path / name, dataclasses.replace(config, trained={"base": "digits"}), *networks)
    box = Models((tmp_path,))
    engine, digits = Engine(box), box.get("digits")
    for name, label in (("renamed", 2), ("turned", 1)):
        assert moved(engine, Recipe("digits", seed=3, label=2), digits, box.get(name)).label == label
        before = engine.render([Recipe(name, seed=3, label=label, blend=(0.0, 0.0, 0.0))])
        assert np.abs(before.astype(int) - engine.render([Recipe("digits", seed=3, label=2)])).max() <= 1
