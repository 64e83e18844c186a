"""A field that is added to Recipe, in Python alone, is in the page's links, undo, reset and files."""

import json
from dataclasses import dataclass

import pytest
from studio_app import running

from gan.field_metadata import knob
from gan.studio import png_recipes
from gan.studio.png_recipes import read_recipe
from gan.studio.recipes import Recipe
from gan.ui import schema
from gan.ui.routes import pictures


@dataclass(frozen=True)
class Glowing(Recipe):
    """A recipe with one more knob."""

    glow: float = knob(0.5, "How much it glows.", low=0, high=4)


@pytest.fixture(scope="module")
def app(weights):
    with pytest.MonkeyPatch.context() as patch:
        for module in (png_recipes, pictures):
            patch.setattr(module, "Recipe", Glowing)
        patch.setitem(schema._TABLES, "recipe", Glowing)
        with running(weights) as made:
            yield made


def test_a_new_field_is_everywhere_without_a_script(visitor, tmp_path):
    me = visitor().come("?model=cats&seed=3&glow=2")
    assert me.recipe == {"model": "cats", "seed": 3, "glow": 2}
    me.page.evaluate("studio.explore.edit({glow: 3})")
    assert "glow=3" in me.page.url
    me.click("do-undo").until_recipe(glow=2)
    assert "glow=2" in me.page.url
    with me.page.expect_download() as saved:
        me.click("do-save")
    saved.value.save_as(tmp_path / "glowing.png")
    assert read_recipe(tmp_path / "glowing.png") == Glowing("cats", seed=3, glow=2.0)
    me.click("do-reset").until_recipe(glow=None)
    assert "glow" not in me.page.url
    me.page.set_input_files("#png-file", tmp_path / "glowing.png")
    me.until_recipe(glow=2)
    me.click("do-pin").until("studio.pins.list.length === 1")
    [[model, [pin]]] = json.loads(me.page.evaluate("localStorage.getItem('gan-studio-pins')"))
    assert (model, pin["glow"]) == ("cats", 2)
