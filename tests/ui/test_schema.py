"""What the page's scripts are told of the knobs."""

import dataclasses
import json

import pytest
import torch

from gan.field_metadata import table
from gan.studio.path_recipes import PathRecipe
from gan.studio.recipes import Recipe
from gan.studio.runs import half_precision
from gan.studio.runs.jobs import RunSpec
from gan.training.config import TrainConfig
from gan.ui.schema import rows, schema


def test_the_page_is_told_all_tables(app):
    status, body, _ = app.ask("studio/schema.json")
    assert status == 200 and json.loads(body) == json.loads(json.dumps(schema()))


@pytest.mark.parametrize("name, cls", [("path", PathRecipe), ("run", RunSpec), ("train", TrainConfig)])
def test_a_table_has_every_knob(name, cls):
    told = {row["name"]: row for row in schema()[name]}
    assert list(told) == list(table(cls))
    for key, row in table(cls).items():
        assert (told[key]["low"], told[key]["high"], told[key]["live"]) == (row.low, row.high, row.live)


def test_a_recipe_is_told_with_its_short_names_and_what_says_nothing():
    told = {row["name"]: row for row in schema()["recipe"]}
    assert list(told) == [f.name for f in dataclasses.fields(Recipe)]
    assert {row["link"]: name for name, row in told.items()} == Recipe.query_keys()
    assert tuple(name for name, row in told.items() if row["of_w"]) == Recipe.style_names()
    assert (told["directions"]["trailing"], told["blend"]["neutral"], told["layer_noise"]["neutral"]) == (0, 1, 1)
    assert (told["overrides"]["kind"], told["overrides"]["low"], told["overrides"]["most"]) == ("pairs", -4, 4096)
    assert told["style"]["kind"] == "recipe" and told["seed"]["high"] == 2**32 - 1 and told["directions"]["most"] == 8


@pytest.mark.parametrize("gain, offered", [(0.05, ("float32",)), (2.5, ("float32", "bfloat16"))])
def test_only_a_precision_that_pays_is_offered(monkeypatch, gain, offered):
    monkeypatch.setattr(half_precision, "devices", lambda: ["cpu"])
    monkeypatch.setattr(half_precision, "_seconds", lambda dtype: 1.0 if dtype == torch.float32 else 1 / gain)
    half_precision.processor_gain.cache_clear()
    try:
        (precision,) = (row for row in schema()["train"] if row["name"] == "precision")
        assert precision["choices"] == offered and half_precision.processor_gain() == pytest.approx(gain)
    finally:
        half_precision.processor_gain.cache_clear()


def test_what_changes_a_budget_and_what_may_change_in_a_run():
    told = {row["name"]: row for row in rows(TrainConfig)}
    assert told["batch_size"]["costly"] and not told["g_lr"]["costly"] and not told["seed"]["costly"]
    assert told["g_lr"]["live"] and not told["seed"]["live"] and not told["warmup_steps"]["live"]
