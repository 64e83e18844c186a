"""Recipes and paths: every way of writing one down reads back the same, and nothing hostile gets through."""

import dataclasses
import json
import random

import pytest

from gan.errors import StudioError
from gan.studio.recipes import QUERY_KEYS, PathRecipe, Recipe

LAST = 2**32 - 1


def random_recipe(seed: int) -> Recipe:
    """Any recipe at all, with every field left out about half of the time."""
    r = random.Random(seed)
    fields = {
        "revision": r.choice(["main", "a" * 40, "v 1.0&x=ü"]),
        "seed": r.choice([0, 7, LAST, r.randrange(LAST)]),
        "label": r.randrange(10),
        "psi": r.choice([-1.0, 0.0, 2.0, r.uniform(-1, 2)]),
        "noise": r.choice(["const", "none", "random"]),
        "noise_seed": r.randrange(LAST),
        "directions": tuple(r.choice([0.0, r.uniform(-3, 3)]) for _ in range(r.randrange(9))),
        "blend": r.choice([(), (1.0, 1.0, 1.0), (0.0, -0.5, 1.5), tuple(r.uniform(-0.5, 1.5) for _ in range(3))]),
        "overrides": tuple((i, r.uniform(-4, 4)) for i in r.sample(range(4096), r.randrange(30))),
        "walk": tuple((r.randrange(LAST), r.random()) for _ in range(r.randrange(10))),
    }
    chosen = {name: value for name, value in fields.items() if r.random() < 0.5}
    return Recipe(r.choice(["faces", "someone/sea-life", "a b?&=%#+ü,:"]), **chosen)


@pytest.mark.parametrize("seed", range(60))
def test_round_trips(seed):
    recipe = random_recipe(seed)
    assert Recipe.from_query(recipe.to_query()) == recipe
    assert Recipe.from_query("?" + recipe.to_query()) == recipe
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe
    assert Recipe.from_json(recipe.to_text()) == recipe
    assert recipe.to_text().isascii()
    assert hash(Recipe.from_json(recipe.to_text().encode())) == hash(recipe)


@pytest.mark.parametrize("seed", range(20))
def test_paths_round_trip(seed):
    r = random.Random(seed)
    keyframes = [dataclasses.replace(random_recipe(seed + i), model="faces", revision=None) for i in range(2, 5)]
    path = PathRecipe(tuple(keyframes), r.randint(2, 240), r.choice(["linear", "spherical", "smooth"]),
                      r.choice(["none", "ease"]), r.random() < 0.5)
    assert PathRecipe.from_json(json.loads(json.dumps(path.to_json()))) == path


def test_only_what_differs_is_written():
    assert Recipe("faces").to_json() == {"studio": 1, "model": "faces"}
    assert Recipe("faces", seed=7, psi=0.5).to_query() == "model=faces&seed=7&psi=0.5"
    assert Recipe("faces", directions=(0.5, 0, -1), overrides=((17, 0.4), (3, -1))).to_query() == (
        "model=faces&d=0.5,0,-1&z=3:-1,17:0.4")
    assert Recipe("faces", blend=(0, 0.25, 1)).to_query() == "model=faces&blend=0,0.25,1"


def test_every_field_can_be_in_a_link():
    assert set(QUERY_KEYS.values()) == {f.name for f in dataclasses.fields(Recipe)}


def test_equal_pictures_are_equal_recipes():
    assert Recipe("faces", directions=(1, 0, 0)) == Recipe("faces", directions=[1.0])
    assert Recipe("faces", overrides=((5, 1), (2, 0))) == Recipe("faces", overrides="2:0,5:1")
    assert Recipe("faces", psi=1) == Recipe("faces")
    assert Recipe("faces", blend=(1, 1, 1)) == Recipe("faces") and Recipe("faces", blend=[0, 1, 1]).blend == (0.0, 1.0, 1.0)
    assert dataclasses.replace(Recipe("faces", seed=4), seed=0) == Recipe("faces")


def test_a_link_may_leave_out_the_model_and_carry_what_the_host_adds():
    assert Recipe.from_query("seed=3&__theme=dark", model="faces") == Recipe("faces", seed=3)
    assert Recipe.from_query({"seed": "3", "model": "sea"}, model="faces") == Recipe("sea", seed=3)


@pytest.mark.parametrize("query, word", [
    ("seed=nan", "seed"), ("seed=-1", "seed"), (f"seed={2**32}", "seed"), ("seed=1.5", "seed"), ("seed=", "seed"),
    ("seed=" + "9" * 10_000, "seed"), ("seed=1e3", "seed"), ("seed=0x10", "seed"),
    ("psi=nan", "psi"), ("psi=inf", "psi"), ("psi=-inf", "psi"), ("psi=1e999", "psi"), ("psi=a", "psi"),
    ("psi=None", "psi"), ("psi=2.01", "psi"),
    ("class=-1", "label"), ("class=99999999999", "label"), ("class=cat", "label"),
    ("noise=loud", "noise"), ("noise=", "noise"), ("nseed=-5", "noise_seed"),
    ("d=0,nan", "directions"), ("d=1e999", "directions"), ("d=4", "directions"), ("d=1:2", "directions"),
    ("d=" + "1," * 100_000, "directions"),
    ("blend=1", "blend"), ("blend=0,0", "blend"), ("blend=0,0,0,0", "blend"), ("blend=0,0,1.6", "blend"),
    ("blend=nan,0,0", "blend"), ("blend=0,0,x", "blend"), ("blend=-0.6,0,0", "blend"), ("blend=" + "1," * 5000, "blend"),
    ("z=5", "overrides"), ("z=5:nan", "overrides"), ("z=5:1e999", "overrides"), ("z=4096:1", "overrides"),
    ("z=-1:1", "overrides"), ("z=5:4.5", "overrides"), ("z=5:1:2", "overrides"), ("z=a:b", "overrides"),
    ("z=5:1,5:2", "overrides"), ("z=" + "1:1," * 5000, "overrides"), ("z=" + "9" * 10_000 + ":1", "overrides"),
    ("walk=5:-0.1", "walk"), ("walk=5:1.1", "walk"), (f"walk={2**32}:0.5", "walk"), ("walk=" + "1:1," * 65, "walk"),
    ("model=", "model"), ("model=" + "a" * 501, "model"), ("model=a%00b", "model"), ("model=a%0Ab", "model"),
    ("rev=" + "a" * 501, "revision"), ("rev=%1b[31m", "revision"),
    ("model=faces&model=sea", "twice"), ("colour=red", "colour"), ("__init__x=1&seed", "seed"),
    ("&".join(f"k{i}=1" for i in range(100)), "64"), ("<script>=1", "script"), ("seed=1;psi=2", "seed"),
])
def test_hostile_links_are_one_sentence(query, word):
    with pytest.raises(StudioError) as caught:
        Recipe.from_query(query, model="faces")
    assert word in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("text", [
    "", "null", "[]", "7", '"faces"', "{", "{}", "\x00", '{"studio": 1}', "[" * 100_000, b"\xff\xfe\x00",
    '{"model": 5}', '{"model": null}', '{"model": ["faces"]}', '{"model": "faces", "studio": 2}',
    '{"model": "faces", "studio": true}', '{"model": "faces", "studio": "1"}', '{"model": "faces", "nonsense": 1}',
    '{"model": "faces", "seed": NaN}', '{"model": "faces", "seed": true}', '{"model": "faces", "seed": 1.0}',
    '{"model": "faces", "seed": ' + "9" * 10_000 + "}", '{"model": "faces", "seed": ' + "9" * 4_000 + "}",
    '{"model": "faces", "psi": Infinity}', '{"model": "faces", "psi": 1e999}', '{"model": "faces", "psi": [1]}',
    '{"model": "faces", "psi": ' + "9" * 4_000 + "}", '{"model": "faces", "psi": null}',
    '{"model": "faces", "directions": 1}', '{"model": "faces", "directions": {"0": 1}}',
    '{"model": "faces", "directions": [[1]]}', '{"model": "faces", "directions": [null]}',
    '{"model": "faces", "overrides": [[1]]}', '{"model": "faces", "overrides": [[1, 2, 3]]}',
    '{"model": "faces", "overrides": {"5": 1}}', '{"model": "faces", "overrides": [[1, NaN]]}',
    '{"model": "faces", "overrides": [[1.5, 1]]}', '{"model": "faces", "overrides": [[true, 1]]}',
    '{"model": "faces", "overrides": [[1, ' + "9" * 4_000 + "]]}", '{"model": "faces", "overrides": [["1", []]]}',
    '{"model": "faces", "overrides": null}', '{"model": "faces", "walk": [5, 0.1]}', '{"model": "faces", "walk": "5"}',
    '{"model": "faces", "revision": {}}', " " * 8_000_001,
])
def test_hostile_json_is_one_sentence(text):
    with pytest.raises(StudioError) as caught:
        Recipe.from_json(text)
    assert 20 < len(str(caught.value)) < 400


def test_a_dict_that_no_json_could_hold():
    with pytest.raises(StudioError):
        Recipe.from_json({"model": "faces", "overrides": [[10**5000, 0.0]]})
    with pytest.raises(StudioError):
        Recipe.from_json({"model": "faces", "seed": object()})
    with pytest.raises(StudioError):
        Recipe.from_json({"model": "faces", 5: 1})
    with pytest.raises(StudioError):
        Recipe.from_json(None)


def test_reading_leaves_the_given_dict_alone():
    given = {"studio": 1, "model": "faces"}
    Recipe.from_json(given)
    assert given == {"studio": 1, "model": "faces"}


def test_paths_count_their_frames():
    keyframes = tuple(Recipe("faces", seed=i) for i in range(4))
    assert PathRecipe(keyframes, steps=10).frame_count == 31
    assert PathRecipe(keyframes, steps=10, loop=True).frame_count == 40


def test_the_keyframes_of_a_path_share_the_noise_of_the_first():
    path = PathRecipe((Recipe("faces", noise="none"), Recipe("faces", seed=1, noise="random", noise_seed=4)), steps=5)
    assert path.keyframe_recipes() == {0: Recipe("faces", noise="none"), 5: Recipe("faces", seed=1, noise="none")}


def test_the_keyframes_of_a_path_share_the_blend_of_the_first():
    path = PathRecipe((Recipe("faces"), Recipe("faces", seed=1, blend=(0, 0, 0))), steps=5)
    assert path.keyframe_recipes()[5] == Recipe("faces", seed=1)


@pytest.mark.parametrize("change", [
    {"keyframes": [{"model": "faces"}]}, {"keyframes": []}, {"keyframes": {"model": "faces"}}, {"keyframes": None},
    {"keyframes": [{"model": "faces"}] * 65}, {"keyframes": [{"model": "faces"}, {"model": "sea"}]},
    {"keyframes": [{"model": "faces"}, {"model": "faces", "revision": "v2"}]}, {"keyframes": [1, 2]},
    {"keyframes": [{"model": "faces", "seed": -1}] * 2}, {"steps": 1}, {"steps": 241}, {"steps": 2.5}, {"steps": None},
    {"path": "scenic"}, {"easing": "bouncy"}, {"loop": 2}, {"studio": 7}, {"speed": 3},
    {"keyframes": [{"model": "faces"}] * 64, "steps": 100},
])
def test_hostile_paths_are_one_sentence(change):
    sound = {"studio": 1, "keyframes": [{"model": "faces"}, {"model": "faces", "seed": 1}], "steps": 12}
    PathRecipe.from_json(sound)
    with pytest.raises(StudioError) as caught:
        PathRecipe.from_json(sound | change)
    assert 20 < len(str(caught.value)) < 400
