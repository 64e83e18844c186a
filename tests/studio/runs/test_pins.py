"""Recipes of the base as the first pictures of a grid: the very pictures that the engine renders of them."""

import json

import pytest
import torch
from small_models import SmallModels, grey_digits, styled

from gan.errors import StudioError
from gan.networks.pixels import to_pixels
from gan.studio.engine import Engine
from gan.studio.recipes import Recipe
from gan.studio.runs.pins import fixed_latents, keep_fixed, kept_fixed, read_pins

RECIPES = [
    dict(seed=3),
    dict(seed=3, psi=0.4),
    dict(seed=3, walk=[[9, 0.3], [4, 0.2]]),
    dict(seed=3, overrides=[[1, 2.5], [7, -3]]),
    dict(seed=3, directions=[1.5, 0, -2]),
    dict(seed=3, psi=0.2, cutoff=1),
    dict(seed=3, layer_psi=[[0, -1]]),
    dict(seed=8, psi=0.7, directions=[0, 3], walk=[[1, 0.5]], overrides=[[0, 4]]),
]


@pytest.mark.parametrize("make, classes", [(styled, 0), (lambda: styled(num_classes=3), 3), (grey_digits, 3)])
def test_they_are_painted_as_the_engine_paints_them(make, classes, tmp_path):
    model = make()
    recipes = [
        Recipe("cats", **values, label=(i % 3 if classes and i != 3 else None)) for i, values in enumerate(RECIPES)
    ]
    if model.generator.num_ws > 1:
        recipes.append(
            Recipe(
                "cats", seed=3, label=recipes[0].label, style={"seed": 4, "psi": 0.5, "directions": [2]}, mix=(0.4, 1)
            )
        )
    keep_fixed(tmp_path, fixed_latents(model, recipes))
    with torch.no_grad():
        pixels = to_pixels(kept_fixed(tmp_path).paint(model.generator)).numpy().astype(int)
    want = Engine(SmallModels(cats=model)).render(recipes).astype(int)
    assert abs(pixels - want).max() <= 1
    assert min(abs(a - b).max() for i, a in enumerate(want) for b in want[:i]) > 1  # and each part of a recipe counts


def test_where_nothing_moves_nothing_is_kept_of_it(tmp_path):
    fixed = fixed_latents(styled(), [Recipe("cats", seed=1), Recipe("cats", seed=2)])
    assert fixed.move is None and fixed.c is None and len(fixed) == 2
    keep_fixed(tmp_path, fixed)
    again = kept_fixed(tmp_path)
    assert torch.equal(again.z, fixed.z) and torch.equal(again.psi, fixed.psi) and again.move is None


def test_a_folder_without_and_with_a_broken_file(tmp_path):
    assert kept_fixed(tmp_path) is None
    (tmp_path / "fixed.safetensors").write_bytes(b"junk")
    with pytest.raises(StudioError, match="fixed.safetensors of .* is broken"):
        kept_fixed(tmp_path)


def test_recipes_of_other_models_are_left_out(tmp_path):
    path = tmp_path / "pins.json"
    recipes = [Recipe("cats", seed=1), Recipe("digits", label=2), Recipe("cats", seed=5, revision="a" * 40)]
    path.write_text(json.dumps([recipe.to_json() for recipe in recipes]))
    assert read_pins(path, {"cats", None}) == [recipes[0], recipes[2]] and read_pins(path, {"faces"}) == []


@pytest.mark.parametrize(
    "content, sentence",
    [
        (None, "cannot be read as a list"),
        (b"", "cannot be read as a list"),
        (b"[", "cannot be read as a list"),
        (b"\xff\xfe", "cannot be read as a list"),
        (b"[" * 100_000, "cannot be read as a list"),
        (b"{}", "holds no list of recipes, but {}"),
        (b"[3]", "a recipe|A recipe"),
        (b'[{"seed": 3}]', "does not say which model"),
        (b'[{"model": "cats", "seed": -1}]', "seed"),
    ],
)
def test_files_that_hold_no_recipes(tmp_path, content, sentence):
    if content is not None:
        (tmp_path / "pins.json").write_bytes(content)
    with pytest.raises(StudioError, match=sentence):
        read_pins(tmp_path / "pins.json", {"cats"})


def test_what_the_model_cannot_do_is_said(tmp_path):
    for values, sentence in ((dict(label=1), "has no classes"), (dict(overrides=[[99, 1]]), "no latent value 99")):
        with pytest.raises(StudioError, match=sentence):
            fixed_latents(styled(), [Recipe("cats", **values)])
    with pytest.raises(StudioError, match="has no class 7"):
        fixed_latents(grey_digits(), [Recipe("cats", label=7)])
