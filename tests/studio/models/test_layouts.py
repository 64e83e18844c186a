"""Layouts of a list of layers: tried without a lasting effect, kept as a model of its own, refused in a sentence."""

import numpy as np
import pytest
import torch
from tiny_model import sentence

from gan.studio.engine import Engine
from gan.studio.foreign.stack_rows import rows_of, with_rows
from gan.studio.models.folder import ModelConfig, read_config, write_model
from gan.studio.models.layouts import Layouts
from gan.studio.models.library import Library
from gan.studio.models.models import Models
from gan.studio.models.uploads import Uploads
from gan.studio.recipes import Recipe

LAYERS = ["linear 8->64", "reshape 4x4x4", "batch_norm 4", "relu", "conv_transpose 4->4 kernel=4 stride=2 padding=1",
          "leaky_relu slope=0.2", "conv_transpose 4->3 kernel=4 stride=2 padding=1", "tanh"]
VALUES = {"z_dim": 8, "layers": LAYERS}
CRITIC = {"image_shape": [3, 16, 16], "width": 4, "width_max": 8}


@pytest.fixture
def library(tmp_path):
    torch.manual_seed(0)
    config = ModelConfig("stack", VALUES, CRITIC, title="Stack", guessed=("It ends in tanh.",))
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


def test_rows_hold_what_the_weights_leave_open():
    rows = {row["key"]: {field["name"]: field["value"] for field in row["fields"]} for row in rows_of(VALUES)}
    assert rows == {"": {"latent": "normal", "output": "-1..1"}, "2": {"eps": 1e-5}, "3": {"activation": "relu", "slope": 0.2},
                    "4": {"stride": 2, "padding": 1, "output_padding": 0}, "5": {"activation": "leaky_relu", "slope": 0.2},
                    "6": {"stride": 2, "padding": 1, "output_padding": 0}, "7": {"activation": "tanh", "slope": 0.2}}
    assert "4x8x8 → 3x16x16" in next(row["title"] for row in rows_of(VALUES) if row["key"] == "6")
    assert all(field["help"].endswith(".") for row in rows_of(VALUES) for field in row["fields"])


def test_changes_become_another_config():
    made = with_rows(VALUES, {"3": {"activation": "leaky_relu"}, "5": {"activation": "none"}, "6": {"padding": "2"},
                              "": {"output": "0..1"}})
    assert made["output"] == "0..1" and made["z_dim"] == 8 and VALUES["layers"] == LAYERS
    assert made["layers"][3:7:2] == ["leaky_relu slope=0.2", "none"] and "padding=2" in made["layers"][6]
    assert with_rows(VALUES, {})["layers"] == LAYERS


@pytest.mark.parametrize("changes, words", [
    ([], "a table of layers"), ({"3": 1}, "a table of layers"), ({"9": {"eps": 1}}, "no layer '9'"), ({"x": {}}, "no layer 'x'"),
    ({"4": {"kernel": 3}}, "no setting called 'kernel'"), ({"4": {"activation": "tanh"}}, "no setting called 'activation'"),
    ({"3": {"activation": "linear"}}, "no setting called 'linear'"), ({"": {"z_dim": 9}}, "no setting called 'z_dim'"),
    ({"4": {"stride": 99}}, "stride must lie between"), ({"2": {"eps": "much"}}, "eps must be a number")])
def test_changes_that_cannot_be(changes, words):
    assert words in sentence(with_rows, VALUES, changes)


def test_a_trial_paints_what_the_kept_version_paints_and_changes_nothing(library, layouts, tmp_path):
    before = Engine(library).render([Recipe("stack", seed=seed) for seed in (1, 2)])
    assert np.array_equal(layouts.preview("stack", None, {}, [1, 2]), before)
    values = {"3": {"activation": "leaky_relu"}, "7": {"activation": "sigmoid"}, "": {"output": "0..1"}}
    trial = layouts.preview("stack", None, values, [1, 2])
    assert trial.shape == before.shape and np.abs(trial.astype(int) - before).mean() > 1
    assert np.array_equal(Engine(library).render([Recipe("stack", seed=seed) for seed in (1, 2)]), before)
    kept = layouts.keep("stack", None, values)
    assert kept.id.startswith("upload-") and kept.id in library.names()
    assert (kept.config.title, kept.config.guessed) == ("Stack", ())
    assert np.array_equal(Engine(library).render([Recipe(kept.id, seed=seed) for seed in (1, 2)]), trial)
    assert kept.has_discriminator and kept.discriminator() and library.get("stack").config.guessed == ("It ends in tanh.",)
    assert read_config(tmp_path / "weights" / "stack").generator == VALUES


def test_a_version_of_another_size_goes_without_its_discriminator(layouts):
    values = {"6": {"stride": 1}}
    assert layouts.preview("stack", None, values, [1]).shape == (1, 9, 9, 3)
    assert not layouts.keep("stack", None, values).has_discriminator


def test_what_cannot_be_tried(layouts):
    assert "nothing to set" in str(pytest.raises(Exception, layouts.rows, "tiny", None).value)
    assert "is not open" in sentence(layouts.rows, "ada/none", None)
    for seeds in ([], [1] * 17, None, "1"):
        assert "1 to 16 pictures" in sentence(layouts.preview, "stack", None, {}, seeds)
    assert "." in sentence(layouts.preview, "stack", None, {"4": {"padding": 16}}, [1])
