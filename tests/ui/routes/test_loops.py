import io
import json

import numpy as np
import pytest
from PIL import Image

from gan.errors import StudioError
from gan.studio.library.loaded import Models
from gan.studio.loops import PICTURES, STEPS, STOPS, Loops, recipes


def loop(app, query):
    status, answer, _ = app.ask(f"studio/library/loop.webp{query}")
    return status, answer


def test_each_moment_is_a_row_of_the_pictures_of_its_recipes(app):
    status, answer = loop(app, "?id=cats")
    pictures = np.asarray(Image.open(io.BytesIO(answer)).convert("RGB")).astype(int)
    wanted = list(recipes(app.studio.library.get("cats", None)))
    assert status == 200 and len(wanted) == PICTURES * STEPS * STOPS
    painted = np.concatenate([app.studio.engine.render(wanted[at : at + 64]) for at in range(0, len(wanted), 64)])
    height, width = painted.shape[1:3]
    assert pictures.shape == (STEPS * STOPS * height, PICTURES * width, 3)
    rows = pictures.reshape(STEPS * STOPS, height, PICTURES, width, 3).swapaxes(1, 2).reshape(painted.shape)
    assert np.abs(rows - painted).max() <= 1  # batches of other sizes round differently


def test_it_comes_back_and_all_classes_go_through_the_same_seeds(app):
    model = app.studio.library.get("digits", None)
    by_moment = np.array(list(recipes(model)), object).reshape(STOPS * STEPS, PICTURES)
    last, classes = by_moment[-1], model.generator.num_classes
    assert [one.walk[0][0] for one in last] == [one.seed for one in by_moment[0]]
    assert [one.label for one in last] == [i % classes for i in range(PICTURES)]
    assert {one.seed for one in by_moment[0][:classes]} == {model.config.seed}


def test_in_colour_each_class_has_seeds_of_its_own():
    """The shipped faces have six looks: of one seed all eight pictures would be the same person."""
    model = Models().get("faces", None)
    first = list(recipes(model))[:PICTURES]
    assert [one.label for one in first] == [i % 6 for i in range(PICTURES)]
    assert [one.seed - model.config.seed for one in first] == list(range(PICTURES))


def test_a_model_that_is_not_here_is_said(app):
    status, answer = loop(app, "?id=nobody")
    assert status == 400 and json.loads(answer)["error"].endswith(".")


def test_large_pictures_such_as_those_of_words_do_not_move():
    with pytest.raises(StudioError, match="larger than 128 pixels"):
        Loops(Models()).of("words", None, None)
