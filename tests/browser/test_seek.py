"""A picture of one's own: dropped, found in the model, moved, undone, and sent in a link."""

import numpy as np
import pytest
from PIL import Image

from gan.latents import inversion as core
from gan.studio import inversion


@pytest.fixture(autouse=True)
def short(monkeypatch):
    for module, name, value in ((core, "TOGETHER", 3), (core, "ALONE", 5), (inversion, "_SAMPLES", 40)):
        monkeypatch.setattr(module, name, value)


def test_a_dropped_picture_is_found_and_moves_like_any_other(me, tmp_path):
    Image.fromarray(np.full((30, 20, 3), 90, np.uint8)).save(tmp_path / "photo.jpg")
    Image.fromarray(me.app.pictures({"model": "cats", "seed": 9})[0, ..., :3]).save(tmp_path / "plain.png")
    with me.expecting_errors("400"):  # it asks first whether the PNG was saved here
        me.drop(tmp_path / "plain.png", "#picture").until("studio.explore.recipe.w && !studio.explore.seek.going")
    me.rested()
    assert "apart; the nearest ready-made picture" in me.page.locator("#seek-words").inner_text()
    me.accessible()
    found = me.recipe["w"]
    assert f"&w={found}" in me.page.url
    assert "No other model here has one origin with this one" in me.page.locator("#relatives").inner_text()
    me.press("d0", "End").until_recipe(directions=[3], w=found)
    me.click("do-undo").until_recipe(directions=None, w=found)
    me.click("do-undo").until_recipe(seed=None, w=None)
    me.click("do-redo").until_recipe(w=found)
    me.click("do-next").until_recipe(w=None)  # another seed is another picture
    me.page.locator("#seek-stop").click()
    assert me.page.locator("#seek").is_hidden()
    me.page.set_input_files("#own-picture", tmp_path / "photo.jpg")
    me.until("studio.explore.recipe.w && !studio.explore.seek.going").rested()
    assert me.recipe["w"] != found
