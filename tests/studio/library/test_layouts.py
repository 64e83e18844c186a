"""Layouts of a list of layers: tried without a lasting effect, kept as a model of its own, refused in a sentence."""

import numpy as np
import pytest
import torch
from tiny_model import sentence

from gan.errors import StudioError
from gan.store.model_config import ModelConfig
from gan.store.model_folder import read_config, write_model
from gan.studio.engine import Engine
from gan.studio.library.layout_form import filled, form
from gan.studio.library.layouts import Layouts
from gan.studio.library.library import Library
from gan.studio.library.loaded import Models
from gan.studio.library.uploads import Uploads
from gan.studio.recipes import Recipe

LAYERS = [
    "linear 8->64",
    "reshape 4x4x4",
    "batch_norm 4",
    "relu",
    "conv_transpose 4->4 kernel=4 stride=2 padding=1",
    "leaky_relu slope=0.2",
    "conv_transpose 4->3 kernel=4 stride=2 padding=1",
    "tanh",
]
VALUES = {"z_dim": 8, "layers": LAYERS}
DISCRIMINATOR = {"image_shape": [3, 16, 16], "width": 4, "width_max": 8}


@pytest.fixture
def library(tmp_path):
    torch.manual_seed(0)
    config = ModelConfig("stack", VALUES, DISCRIMINATOR, title="Stack", guessed=("It ends in tanh.",))
    generator = config.build_generator()
    for weight in generator.parameters():
        weight.data.mul_(2)
    write_model(tmp_path / "weights" / "stack", config, generator, config.build_discriminator(), "# Stack")
    tiny = ModelConfig("mlp", {"image_shape": [1, 8, 8], "hidden": [8], "z_dim": 4})
    write_model(tmp_path / "weights" / "tiny", tiny, tiny.build_generator())
    return Library(Models((tmp_path / "weights",), local=False, uploads=tmp_path / "uploads"))


@pytest.fixture
def layouts(library, tmp_path):
    return Layouts(library, Uploads(tmp_path / "uploads"))


def test_the_form_holds_what_the_weights_leave_open():
    parts = form(VALUES)
    rows = {part["key"]: {field["name"]: field["value"] for field in part["fields"]} for part in parts}
    conv = {"stride": 2, "padding": 1, "output_padding": 0, "before": "none"}
    assert rows["4"] == rows["6"] == conv and rows["2"] == {"eps": 1e-5, "before": "none"}
    assert rows["3"] == {"kind": "relu", "slope": 0.2} and rows["5"] == {"kind": "leaky_relu", "slope": 0.2}
    assert rows["whole"]["latent"] == "normal" and rows["whole"]["output"] == "-1..1"
    assert "4x8x8 → 3x16x16" in next(part["title"] for part in parts if part["key"] == "6")
    assert all(field["help"].endswith(".") for part in parts for field in part["fields"])


def test_changes_become_another_config():
    made = filled(
        VALUES,
        {
            "3": {"kind": "leaky_relu"},
            "5": {"kind": "none"},
            "6": {"padding": "2", "before": "tanh"},
            "7": {"slope": 0.5},
            "whole": {"output": "0..1"},
        },
    )
    assert made["output"] == "0..1" and made["z_dim"] == 8 and VALUES["layers"] == LAYERS
    assert made["layers"][3] == "leaky_relu slope=0.2" and made["layers"][5:7] == ["none", "tanh"]
    assert "padding=2" in made["layers"][7] and made["layers"][8:] == ["tanh"]
    assert filled(VALUES, {"5": {"slope": 0.1}})["layers"][5] == "leaky_relu slope=0.1"
    assert list(filled(VALUES, {})["layers"]) == LAYERS


@pytest.mark.parametrize(
    "changes, words",
    [
        ([], "tables of names and values"),
        ({"3": 1}, "tables of names and values"),
        ({"9": {"eps": 1}}, "no layer '9'"),
        ({"4": {"kernel": 3}}, "'kernel' cannot be changed"),
        ({"4": {"kind": "tanh"}}, "cannot stand here"),
        ({"3": {"kind": "linear"}}, "cannot stand here"),
        ({"whole": {"z_dim": 9}}, "'z_dim' cannot be changed"),
        ({"4": {"stride": 99}}, "stride must lie between"),
        ({"2": {"eps": "much"}}, "eps must be a number"),
        ({"3": {"kind": ["relu"]}}, "cannot stand here"),
    ],
)
def test_changes_that_cannot_be(changes, words):
    assert words in sentence(filled, VALUES, changes)


def test_a_trial_paints_what_the_kept_version_paints_and_changes_nothing(library, layouts, tmp_path):
    before = Engine(library).render([Recipe("stack", seed=seed) for seed in (1, 2)])
    assert np.array_equal(layouts.preview("stack", None, {}, [1, 2]), before)
    values = {"3": {"kind": "leaky_relu"}, "7": {"kind": "sigmoid"}, "whole": {"output": "0..1"}}
    trial = layouts.preview("stack", None, values, [1, 2])
    assert trial.shape == before.shape and np.abs(trial.astype(int) - before).mean() > 1
    assert np.array_equal(Engine(library).render([Recipe("stack", seed=seed) for seed in (1, 2)]), before)
    kept = layouts.keep("stack", None, values)
    assert kept.id.startswith("upload-") and kept.id in library.names()
    assert (kept.config.title, kept.config.guessed) == ("Stack", ())
    assert np.array_equal(Engine(library).render([Recipe(kept.id, seed=seed) for seed in (1, 2)]), trial)
    assert (
        kept.has_discriminator and kept.discriminator() and library.get("stack").config.guessed == ("It ends in tanh.",)
    )
    assert read_config(tmp_path / "weights" / "stack").generator == VALUES


def test_a_version_of_another_size_goes_without_its_discriminator(layouts):
    values = {"6": {"stride": 1}}
    assert layouts.preview("stack", None, values, [1]).shape == (1, 9, 9, 3)
    assert not layouts.keep("stack", None, values).has_discriminator


def test_what_cannot_be_tried(layouts):
    assert "nothing to set" in str(pytest.raises(StudioError, layouts.rows, "tiny", None).value)
    assert "is not open" in sentence(layouts.rows, "ada/none", None)
    for seeds in ([], [1] * 17, None, "1"):
        assert "1 to 16 pictures" in sentence(layouts.preview, "stack", None, {}, seeds)
    assert "." in sentence(layouts.preview, "stack", None, {"4": {"padding": 16}}, [1])
