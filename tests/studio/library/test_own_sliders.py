from dataclasses import replace

import numpy as np
import pytest

from gan.errors import StudioError
from gan.studio.engine import Engine
from gan.studio.library.loaded import Models
from gan.studio.library.own_sliders import OwnSliders, made_of
from gan.studio.recipes import Recipe


@pytest.fixture(scope="module")
def models(weights):
    return Models((weights,))


def bright(models, name, **about):
    """(recipes whose pictures are brightest, those whose are darkest) of some seeds, three each."""
    recipes = [Recipe(name, seed=seed, **about) for seed in range(40)]
    order = np.argsort(Engine(models).render(recipes).mean(axis=(1, 2, 3)))
    return [recipes[i] for i in order[-3:]], [recipes[i] for i in order[:3]]


@pytest.mark.parametrize(("name", "about"), [("cats", {}), ("digits", {"label": 1})])
def test_three_pictures_on_either_side_make_a_slider(models, name, about):
    slider = made_of(models.get(name), Engine(models), *bright(models, name, **about), " Bright, ~light ")
    assert slider.name == "Bright light"
    unseen = [Recipe(name, seed=seed, **about) for seed in range(100, 130)]
    at = [
        Engine(models).render([replace(one, own=(f"{slider.name}~{slider.move}~{amount}",)) for one in unseen])
        for amount in (-2, 2)
    ]
    assert (at[1].mean(axis=(1, 2, 3)) > at[0].mean(axis=(1, 2, 3))).mean() > 0.9


def test_too_few_or_the_same_pictures_are_refused(models):
    having, lacking = bright(models, "cats")
    cats, engine = models.get("cats"), Engine(models)
    for sides, name, said in (
        (([], lacking), "Hat", "not 0 and 3"),
        ((having, having), "Hat", "the same"),
        ((having, lacking), " ~", "needs a name"),
    ):
        with pytest.raises(StudioError, match=said):
            made_of(cats, engine, *sides, name)


def test_they_are_kept_with_their_model(tmp_path, models):
    kept = OwnSliders(tmp_path / "sliders")
    slider = made_of(models.get("cats"), Engine(models), *bright(models, "cats"), "Bright")
    kept.keep("user/repo", [slider])
    assert OwnSliders(tmp_path / "sliders").of("user/repo") == [slider] and kept.of("user/other") == []
    kept.keep("user/repo", [])
    assert kept.of("user/repo") == []
    (next((tmp_path / "sliders").iterdir())).write_bytes(b"broken")
    with pytest.raises(StudioError, match="no sliders"):
        kept.of("user/repo")
