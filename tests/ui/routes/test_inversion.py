import io
import json

import numpy as np
import pytest
from overtaken import check_overtaken
from PIL import Image

from gan.latents import inversion as core
from gan.studio import inversion
from gan.studio.recipes import Recipe

WHO = {"x-visitor": "a" * 32}


@pytest.fixture(autouse=True)
def short(monkeypatch):
    for module, name, value in ((core, "TOGETHER", 3), (core, "ALONE", 5), (inversion, "_SAMPLES", 40)):
        monkeypatch.setattr(module, name, value)


def file_of(pixels, kind="PNG"):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def lines(app, query, data, who=WHO):
    status, body, _ = app.ask(f"studio/invert?{query}", data, who)
    return status, [json.loads(line) for line in body.decode().splitlines()]


def test_a_picture_is_told_as_it_gets_closer_and_is_a_recipe_like_any_other(app):
    picture = app.pictures({"model": "cats", "seed": 77})[0, ..., :3]
    status, told = lines(app, "id=cats", file_of(picture))
    assert status == 200 and told[-1]["found"]["words"].endswith(".")
    shown = [line["recipe"] for line in told if "recipe" in line]
    assert len(shown) > 3 and all(line["words"].endswith("apart by now.") for line in told if "recipe" in line)
    found = told[-1]["found"]
    recipe = Recipe.from_json(found["recipe"])
    assert recipe.w and Recipe.from_query(recipe.to_query()) == recipe
    made = app.pictures(found["recipe"])[0, ..., :3].astype(float)
    assert np.sqrt(((made - picture) ** 2).mean()) / 255 == pytest.approx(found["apart"], abs=0.01)
    moved = [found["recipe"] | one for one in ({"directions": [2]}, {"psi": 0.5}, {"walk": [[3, 0.3]]})]
    moved += [found["recipe"] | {"overrides": [[1, 3]]}, {"model": "cats", "style": {"w": recipe.w}, "mix": [1, 1]}]
    pictures = app.pictures(found["recipe"], *moved).astype(float)
    assert all(np.abs(one - pictures[0]).mean() > 0.2 for one in pictures[1:-1])
    assert np.abs(pictures[-1] - pictures[0]).max() <= 2


def test_the_class_is_found_and_light_and_dark_are_swapped_where_that_is_nearer(app):
    picture = app.pictures({"model": "digits", "seed": 5, "label": 2})[0, ..., 0]
    (found,) = (line["found"] for line in lines(app, "id=digits", file_of(255 - picture))[1] if "found" in line)
    assert found["negative"] is True and found["recipe"]["label"] in (0, 1, 2)
    (found,) = (line["found"] for line in lines(app, "id=digits&class=1", file_of(picture))[1] if "found" in line)
    assert found["negative"] is False and found["recipe"]["label"] == 1


def test_what_cannot_be_looked_for_is_said(app):
    white = file_of(np.full((20, 30, 3), 255, np.uint8), "JPEG")
    for query, data in (("id=cats", b"no picture"), ("id=nobody", white), ("id=digits&class=9", white)):
        status, told = lines(app, query, data)
        assert status == 200 and told[-1]["error"].endswith("."), told
    assert lines(app, "id=cats&class=x", white)[0] == lines(app, "id=cats", white, {})[0] == 400
    assert "Not close" in lines(app, "id=cats", white)[1][-1]["found"]["words"]


def test_a_newer_search_of_a_visitor_ends_the_one_before(app):
    picture = file_of(np.zeros((16, 16, 3), np.uint8))
    check_overtaken(app, "studio/invert?id=cats", picture, WHO, (inversion, "seek"), "next in line", "found")
