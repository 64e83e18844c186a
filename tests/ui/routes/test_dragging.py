import json

import numpy as np
import pytest
import torch
from overtaken import check_overtaken

from gan.latents import dragging as core
from gan.studio import dragging
from gan.studio.recipes import Recipe

WHO = {"x-visitor": "a" * 32}
START = {"model": "cats", "seed": 5, "directions": [1], "psi": 0.7}
ASKED = {"recipe": START, "handle": [4, 4], "target": [11, 9]}


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Few steps, of which each brings the handle nearer: in these networks nothing could be followed."""
    monkeypatch.setattr(core, "STEPS", 6)
    monkeypatch.setattr(core, "_tracked", lambda seen, known, now, scale: now + torch.tensor([1.0, 0.0]))


def lines(app, body, who=WHO):
    status, answer, _ = app.ask("studio/drag", body, who)
    return status, [json.loads(line) for line in answer.decode().splitlines()]


def test_a_drag_is_told_as_it_goes_and_is_a_recipe_like_any_other(app):
    status, told = lines(app, ASKED)
    assert status == 200
    shown = [line for line in told if "recipe" in line]
    assert len(shown) >= 3 and all(len(line["handle"]) == 2 and "pixels to go" in line["words"] for line in shown)
    last = told[-1]["dragged"]
    recipe = Recipe.from_json(last["recipe"])
    assert recipe.w and Recipe.from_query(recipe.to_query()) == recipe and recipe.directions == (1,)
    before, first, after = app.pictures(START, shown[0]["recipe"], shown[-1]["recipe"]).astype(float)
    assert np.abs(first - before).max() <= 1 and np.abs(after - before).max() > 5
    assert last["words"].endswith(".") and last["far"] >= 0 and last["reached"] == (last["far"] <= 3 * 16 / 64)


@pytest.mark.parametrize(
    "wrong, words",
    [
        (dict(handle=[-1, 4]), "The handle lies outside the picture."),
        (dict(target=[4, 16]), "The target lies outside the picture."),
        (dict(target=[10**400, 4]), "The target lies outside the picture."),
        (dict(handle=[float("nan"), 4]), "The handle lies outside the picture."),
        (dict(radius=-3), "has no such radius"),
        (dict(recipe={"model": "digits", "seed": 1}), "No points can be dragged"),
        (dict(recipe={**START, "psi": 0}), "Move truncation first."),
    ],
)
def test_what_cannot_be_dragged_is_one_sentence(app, wrong, words):
    status, told = lines(app, ASKED | wrong)
    assert status == 200 and words in told[-1]["error"]


def test_what_is_no_question_is_refused_at_once(app):
    for wrong in (dict(handle="4,4"), dict(handle=[1]), dict(target=[1, True]), dict(recipe=3), dict(radius="x")):
        status, told = lines(app, ASKED | wrong)
        assert status == 400 and told[0]["error"].endswith(".")
    assert lines(app, ASKED, {})[0] == 400


def test_a_newer_drag_of_a_visitor_ends_the_one_before(app):
    body, headers = json.dumps(ASKED).encode(), WHO | {"content-type": "application/json"}
    check_overtaken(app, "studio/drag", body, headers, (dragging, "drag"), "waits in line", "dragged")
