import dataclasses
import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from small_models import SmallModels, grey_digits, points, styled

from gan.errors import StudioError
from gan.latents import dragging as core
from gan.latents.directions import find
from gan.studio.dragging import DraggedPicture, Drags, _Way
from gan.studio.engine import Engine
from gan.studio.recipes import Recipe

MOVED = [
    Recipe("faces", seed=3),
    Recipe("faces", seed=3, psi=0.5, cutoff=3, noise="random", noise_seed=4),
    Recipe("faces", seed=3, directions=(2, 0, -1), walk=((9, 0.4),), overrides=((0, 2.0),)),
    Recipe("faces", seed=3, psi=0.7, style={"seed": 2}, mix=(0.3, 0.6), layer_noise=((0, 0.0),)),
]


@pytest.fixture(scope="module")
def models():
    return SmallModels(faces=styled(), fixed=styled(), points=points(), digits=grey_digits())


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(core, "STEPS", 4)


@pytest.mark.parametrize("recipe", MOVED)
def test_what_was_set_before_goes_on_meaning_the_same(models, recipe):
    engine = Engine(models)
    before = engine.render([recipe])[0].astype(int)
    first, *_, last = [*Drags(models).drag(recipe, (4, 4), (11, 9))][: core.STEPS + 1]
    assert np.abs(engine.render([first.recipe])[0] - before).max() <= 1  # nothing was pulled yet
    assert dataclasses.replace(last.recipe, w=None) == recipe and last.recipe.w
    assert np.abs(engine.render([last.recipe])[0] - before).mean() > 0.5
    again = list(Drags(models).drag(last.recipe, (11, 9), (4, 4)))  # and on from there
    assert np.abs(engine.render([again[0].recipe])[0] - engine.render([last.recipe])[0].astype(int)).max() <= 1


def test_the_picture_that_is_sought_is_the_recipes_own(models):
    """The w that the drag paints with is the one that the engine paints the recipe with."""
    generator, recipe = models.get("faces").generator, MOVED[2]
    way = _Way(generator, recipe, find(generator))
    offset = core.deviation(generator) * 0.5
    *_, sought = way.paint(offset)
    found = way.picture(core.Dragged(offset, (0.0, 0.0), 1.0, 1, 1.0))
    painted = Engine(models).render([found.recipe])[0]
    assert np.abs(sought[0].permute(1, 2, 0).mul(127.5).add(128).clamp(0, 255).numpy() - painted).max() <= 2


def test_what_cannot_be_dragged_is_said(models):
    def refused(recipe, handle=(4, 4), target=(9, 9), radius=None):
        with pytest.raises(StudioError) as told:
            next(Drags(models).drag(recipe, handle, target, radius))
        return told.value.said

    assert "outside the picture" in refused(MOVED[0], (math.nan, 4))
    assert "truncation 0" in refused(dataclasses.replace(MOVED[0], psi=0))
    for claims in ("points", "digits"):  # whoever wrote its config
        assert "no feature maps" in refused(Recipe(claims, seed=3), (1, 1), (2, 2))
    models.get("fixed").config.can_drag = False
    assert "gan drag --model" in refused(Recipe("fixed", seed=3))


def test_it_says_honestly_how_far_it_came():
    there, short = (DraggedPicture(MOVED[0], (1, 1), far, 3, 1.0, far < 3) for far in (0.8, 6.2))
    assert there.verdict == "There: the handle is 0.8 pixels from its target."
    assert short.verdict.startswith("Not all the way: the handle is 6.2 pixels") and short.news == "6.2 pixels to go."


def test_a_drag_has_an_end_on_a_slow_machine(models, monkeypatch):
    from gan.studio import dragging

    monkeypatch.setattr(dragging, "SECONDS", 0.0)
    assert len(list(Drags(models).drag(MOVED[0], (4, 4), (11, 9)))) == 1
    assert not torch.is_inference_mode_enabled()


def test_what_stands_when_time_is_over_is_the_closest(models, monkeypatch):
    from gan.studio import dragging

    def found(paint, deviation, handle, target, radius):
        for step, far in enumerate((5.0, 2.0, 4.0, 1.0)):
            yield core.Dragged(deviation * step, handle, far, step, step / 8)

    monkeypatch.setattr(dragging, "drag", found)
    monkeypatch.setattr(dragging, "time", SimpleNamespace(monotonic=iter([0, 1, 2, dragging.SECONDS + 1]).__next__))
    rows = list(Drags(models).drag(MOVED[0], (4, 4), (11, 9)))
    assert [one.far for one in rows] == [5.0, 2.0, 4.0, 2.0]
    assert (rows[-1].recipe, rows[-1].steps, rows[-1].done) == (rows[1].recipe, 2, 1.0)
