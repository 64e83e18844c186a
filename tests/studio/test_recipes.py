"""Recipes and paths: every way of writing one down reads back the same, and nothing hostile gets through."""

import dataclasses
import json
import random

import pytest
import torch

from gan.errors import StudioError
from gan.locales import find_locale
from gan.store.offsets import offset_text
from gan.studio.path_recipes import PathRecipe
from gan.studio.recipes import Recipe

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
        "cutoff": r.choice([0, 6, 64]),
        "layer_psi": tuple((i, r.uniform(-1, 2)) for i in r.sample(range(64), r.randrange(18))),
        "layer_noise": tuple((i, r.choice([0.0, 1.0, r.uniform(0, 2)])) for i in r.sample(range(64), r.randrange(17))),
    }
    chosen = {name: value for name, value in fields.items() if r.random() < 0.5}
    if r.random() < 0.5:
        return Recipe(r.choice(["faces", "someone/sea-life", "a b?&=%#+ü,:"]), **chosen)
    style = {name: value for name, value in fields.items() if name in Recipe.style_names() and r.random() < 0.5}
    mix = r.choice([(0.0, 1.0), (1.0, 0.0), (r.random(), r.random())])
    return Recipe(r.choice(["faces", "a b?&=%#+ü,:"]), **chosen, style=style, mix=mix)


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
    path = PathRecipe(
        tuple(keyframes),
        r.randint(2, 240),
        r.choice(["linear", "spherical", "smooth"]),
        r.choice(["none", "ease"]),
        r.random() < 0.5,
    )
    assert PathRecipe.from_json(json.loads(json.dumps(path.to_json()))) == path


def test_only_what_differs_is_written():
    assert Recipe("faces").to_json() == {"studio": 1, "model": "faces"}
    assert Recipe("faces", seed=7, psi=0.5).to_query() == "model=faces&seed=7&psi=0.5"
    assert Recipe("faces", "v2", seed=0).to_query() == "model=faces&rev=v2&seed=0"  # alone it would open as it opens
    assert Recipe("faces", directions=(0.5, 0, -1), overrides=((17, 0.4), (3, -1))).to_query() == (
        "model=faces&d=0.5,0,-1&z=3:-1,17:0.4"
    )
    assert Recipe("faces", blend=(0, 0.25, 1)).to_query() == "model=faces&blend=0,0.25,1"


def test_a_mix_in_a_link_and_in_json():
    mix = Recipe("faces", "v2", seed=7, style={"seed": 9, "psi": 0.5, "directions": (0, 1)}, mix=(0, 1))
    assert mix.to_json() == {
        "studio": 1,
        "model": "faces",
        "revision": "v2",
        "seed": 7,
        "mix": [0, 1],
        "style": {"seed": 9, "psi": 0.5, "directions": [0, 1]},
    }
    assert mix.to_query() == "model=faces&rev=v2&seed=7&style=seed%3D9%26psi%3D0.5%26d%3D0,1&mix=0,1"
    assert Recipe("faces", style=Recipe("faces"), mix=(1, 0)).to_query() == "model=faces&style=&mix=1,0"
    assert Recipe.from_query("model=faces&style=&mix=1,0") == Recipe("faces", style={}, mix=(1, 0))
    assert Recipe("faces", cutoff=8, layer_psi=((2, 0.5),), layer_noise=((0, 0),)).to_query() == (
        "model=faces&cutoff=8&lpsi=2:0.5&lnoise=0:0"
    )


def test_the_second_picture_is_what_makes_its_w_of_the_same_model():
    other = Recipe(
        "sea", "v9", seed=3, noise="none", noise_seed=5, blend=(0, 0, 0), layer_noise=((1, 0),), walk=((4, 0.5),)
    )
    assert Recipe("faces", "v2", style=other, mix=(0, 1)).style == Recipe("faces", "v2", seed=3, walk=((4, 0.5),))
    moved = dataclasses.replace(Recipe("faces", style=other, mix=(0, 1)), model="cats", revision="v3")
    assert (moved.style.model, moved.style.revision) == ("cats", "v3")
    assert moved.uses_directions is False and Recipe("faces", style={"directions": [1]}, mix=(0, 1)).uses_directions


def test_a_w_for_each_layer_of_1024_pixels_stands_in_a_link():
    """Beside that of a second picture, too: servers take lines of 64 KB."""
    recipe = Recipe("faces", w=offset_text(torch.full((18, 512), 999.5)))
    link = dataclasses.replace(recipe, style=recipe, mix=(1, 0)).to_query()
    assert len(link) < 50_000 and Recipe.from_query(link).style == recipe
    with pytest.raises(StudioError, match="is no latent"):
        Recipe("faces", w=offset_text(torch.zeros(19, 512)))


def test_every_field_can_be_in_a_link():
    assert set(Recipe.query_keys().values()) == {f.name for f in dataclasses.fields(Recipe)}


def test_equal_pictures_are_equal_recipes():
    assert Recipe("faces", directions=(1, 0, 0)) == Recipe("faces", directions=[1.0])
    assert Recipe("faces", overrides=((5, 1), (2, 0))) == Recipe("faces", overrides="2:0,5:1")
    assert Recipe("faces", psi=1) == Recipe("faces")
    assert Recipe("faces", blend=(1, 1, 1)) == Recipe("faces") and Recipe("faces", blend=[0, 1, 1]).blend == (
        0.0,
        1.0,
        1.0,
    )
    assert dataclasses.replace(Recipe("faces", seed=4), seed=0) == Recipe("faces")
    assert (
        Recipe("faces", style={"seed": 3}, mix=(0, 0))
        == Recipe("faces", style={"seed": 3})
        == Recipe("faces", mix=(0, 0))
    )
    assert (
        Recipe("faces", layer_noise=((4, 1), (2, 0), (1, 1))) == Recipe("faces", layer_noise="2:0") != Recipe("faces")
    )
    assert Recipe("faces", layer_psi=((4, 1), (2, 0))) == Recipe("faces", layer_psi="2:0,4:1")


def test_a_link_may_leave_out_the_model_and_carry_what_the_host_adds():
    assert Recipe.from_query("seed=3&__theme=dark", model="faces") == Recipe("faces", seed=3)
    assert Recipe.from_query({"seed": "3", "model": "sea"}, model="faces") == Recipe("sea", seed=3)


@pytest.mark.parametrize(
    "query, word",
    [
        ("seed=nan", "seed"),
        ("seed=-1", "seed"),
        (f"seed={2**32}", "seed"),
        ("seed=1.5", "seed"),
        ("seed=", "seed"),
        ("seed=" + "9" * 10_000, "seed"),
        ("seed=1e3", "seed"),
        ("seed=0x10", "seed"),
        ("psi=nan", "psi"),
        ("psi=inf", "psi"),
        ("psi=-inf", "psi"),
        ("psi=1e999", "psi"),
        ("psi=a", "psi"),
        ("psi=None", "psi"),
        ("psi=2.01", "psi"),
        ("class=-1", "label"),
        ("class=99999999999", "label"),
        ("class=cat", "label"),
        ("noise=loud", "noise"),
        ("noise=", "noise"),
        ("nseed=-5", "noise_seed"),
        ("d=0,nan", "directions"),
        ("d=1e999", "directions"),
        ("d=4", "directions"),
        ("d=1:2", "directions"),
        ("d=" + "1," * 100_000, "directions"),
        ("blend=1", "blend"),
        ("blend=0,0", "blend"),
        ("blend=0,0,0,0", "blend"),
        ("blend=0,0,1.6", "blend"),
        ("blend=nan,0,0", "blend"),
        ("blend=0,0,x", "blend"),
        ("blend=-0.6,0,0", "blend"),
        ("blend=" + "1," * 5000, "blend"),
        ("cutoff=-1", "cutoff"),
        ("cutoff=65", "cutoff"),
        ("cutoff=1.5", "cutoff"),
        ("cutoff=all", "cutoff"),
        ("lpsi=3", "layer_psi"),
        ("lpsi=3:2.1", "layer_psi"),
        ("lpsi=64:1", "layer_psi"),
        ("lpsi=3:1,3:0", "layer_psi"),
        ("lpsi=3:nan", "layer_psi"),
        ("lnoise=3:-0.1", "layer_noise"),
        ("lnoise=3:2.1", "layer_noise"),
        ("lnoise=-1:1", "layer_noise"),
        ("lnoise=" + "1:0," * 65, "layer_noise"),
        ("mix=0,1", "second picture"),
        ("mix=1&style=seed%3D3", "mix"),
        ("mix=0,1,0&style=", "mix"),
        ("mix=0,1.1&style=", "mix"),
        ("mix=nan,0&style=", "mix"),
        ("mix=0,x&style=", "mix"),
        ("style=3&mix=0,1", "'3'"),
        ("style=seed%3D-1&mix=0,1", "seed"),
        ("style=seed%3D-1", "seed"),
        ("style=model%3Dsea&mix=0,1", "model"),
        ("style=noise%3Dnone&mix=0,1", "noise"),
        ("style=blend%3D0,0,0&mix=0,1", "blend"),
        ("style=style%3D%26mix%3D0,1&mix=0,1", "style"),
        ("style=seed%3D1%26seed%3D2&mix=0,1", "twice"),
        ("style=" + "&style=".join("ab"), "twice"),
        ("z=5", "overrides"),
        ("z=5:nan", "overrides"),
        ("z=5:1e999", "overrides"),
        ("z=4096:1", "overrides"),
        ("z=-1:1", "overrides"),
        ("z=5:4.5", "overrides"),
        ("z=5:1:2", "overrides"),
        ("z=a:b", "overrides"),
        ("z=5:1,5:2", "overrides"),
        ("z=" + "1:1," * 5000, "overrides"),
        ("z=" + "9" * 10_000 + ":1", "overrides"),
        ("walk=5:-0.1", "walk"),
        ("walk=5:1.1", "walk"),
        (f"walk={2**32}:0.5", "walk"),
        ("walk=" + "1:1," * 65, "walk"),
        ("model=", "model"),
        ("model=" + "a" * 501, "model"),
        ("model=a%00b", "model"),
        ("model=a%0Ab", "model"),
        ("rev=" + "a" * 501, "revision"),
        ("rev=%1b[31m", "revision"),
        ("model=faces&model=sea", "twice"),
        ("colour=red", "colour"),
        ("__init__x=1&seed", "seed"),
        ("&".join(f"k{i}=1" for i in range(100)), "64"),
        ("<script>=1", "script"),
        ("seed=1;psi=2", "seed"),
    ],
)
def test_hostile_links_are_one_sentence(query, word):
    with pytest.raises(StudioError) as caught:
        Recipe.from_query(query, model="faces")
    assert word in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "7",
        '"faces"',
        "{",
        "{}",
        "\x00",
        '{"studio": 1}',
        "[" * 100_000,
        b"\xff\xfe\x00",
        '{"model": 5}',
        '{"model": null}',
        '{"model": ["faces"]}',
        '{"model": "faces", "studio": 2}',
        '{"model": "faces", "studio": true}',
        '{"model": "faces", "studio": "1"}',
        '{"model": "faces", "nonsense": 1}',
        '{"model": "faces", "seed": NaN}',
        '{"model": "faces", "seed": true}',
        '{"model": "faces", "seed": 1.0}',
        '{"model": "faces", "seed": ' + "9" * 10_000 + "}",
        '{"model": "faces", "seed": ' + "9" * 4_000 + "}",
        '{"model": "faces", "psi": Infinity}',
        '{"model": "faces", "psi": 1e999}',
        '{"model": "faces", "psi": [1]}',
        '{"model": "faces", "psi": ' + "9" * 4_000 + "}",
        '{"model": "faces", "psi": null}',
        '{"model": "faces", "directions": 1}',
        '{"model": "faces", "directions": {"0": 1}}',
        '{"model": "faces", "directions": [[1]]}',
        '{"model": "faces", "directions": [null]}',
        '{"model": "faces", "overrides": [[1]]}',
        '{"model": "faces", "overrides": [[1, 2, 3]]}',
        '{"model": "faces", "overrides": {"5": 1}}',
        '{"model": "faces", "overrides": [[1, NaN]]}',
        '{"model": "faces", "overrides": [[1.5, 1]]}',
        '{"model": "faces", "overrides": [[true, 1]]}',
        '{"model": "faces", "overrides": [[1, ' + "9" * 4_000 + "]]}",
        '{"model": "faces", "overrides": [["1", []]]}',
        '{"model": "faces", "overrides": null}',
        '{"model": "faces", "walk": [5, 0.1]}',
        '{"model": "faces", "walk": "5"}',
        '{"model": "faces", "style": 5, "mix": [0, 1]}',
        '{"model": "faces", "style": [], "mix": [0, 1]}',
        '{"model": "faces", "style": {"model": "sea"}, "mix": [0, 1]}',
        '{"model": "faces", "style": {"studio": 1}, "mix": [0, 1]}',
        '{"model": "faces", "style": {"style": {}, "mix": [0, 1]}, "mix": [0, 1]}',
        '{"model": "faces", "mix": [0, 1]}',
        '{"model": "faces", "style": {"seed": -1}}',
        '{"model": "faces", "style": ' + '{"style": ' * 5000 + "1" + "}" * 5001,
        '{"model": "faces", "cutoff": "6 layers"}',
        '{"model": "faces", "layer_psi": {"3": 1}}',
        '{"model": "faces", "layer_noise": [[3, null]]}',
        '{"model": "faces", "revision": {}}',
        " " * 8_000_001,
    ],
)
def test_hostile_json_is_one_sentence(text):
    with pytest.raises(StudioError) as caught:
        Recipe.from_json(text)
    assert 20 < len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "query, said",
    [
        ("walk=-1:0.2", "种子应在 0 到"),
        ("walk=1:2", "步幅应在 0 到 1"),
        ("lpsi=64:1", "层应在 0 到 63"),
        ("lpsi=1:3", "截断应在 -1 到 2"),
        ("lnoise=1:3", "强度应在 0 到 2"),
        ("lnoise=1:0,1:0", "同一个层"),
        ("z=1:9", "潜在值应在 -4 到 4"),
    ],
)
def test_what_is_wrong_in_a_pair_is_named_in_the_reader_s_language(query, said):
    with pytest.raises(StudioError) as caught:
        Recipe.from_query("model=faces&" + query)
    assert said in find_locale(["zh-CN"]).translated(caught.value.said)


def test_a_mix_of_mixes_is_refused():
    mix = Recipe("faces", style={"seed": 1}, mix=(0, 1))
    with pytest.raises(StudioError, match="cannot be a mix itself"):
        Recipe("faces", style=mix, mix=(0, 1))


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
