"""What the page's scripts ask for, over real HTTP: round trips, and what is sent by mistake or in malice."""

import asyncio
import io
import json
import threading
import zipfile
from concurrent.futures import Future, ThreadPoolExecutor
from urllib.parse import quote

import numpy as np
import pytest
import torch
from any_request import NO_TABLES
from PIL import Image

from gan.latents.sampling import seed_to_z
from gan.store.grids import grid
from gan.studio.batcher import Batcher
from gan.studio.engine import Engine
from gan.studio.library.library import Library
from gan.studio.library.loaded import Models
from gan.studio.path_recipes import PathRecipe
from gan.studio.png_recipes import png_bytes, read_recipe
from gan.studio.recipes import Recipe
from gan.ui.routes.pictures import _Pictures, _while_heard

MOVED = {
    "model": "cats",
    "seed": 5,
    "psi": 0.7,
    "noise": "random",
    "noise_seed": 3,
    "directions": [0.5, 0, -1],
    "overrides": [[3, -1.5]],
    "walk": [[9, 0.25]],
    "cutoff": 4,
    "layer_psi": [[1, 0.2]],
    "layer_noise": [[2, 1.5]],
    "style": {"seed": 8, "directions": [0, 2]},
    "mix": [0.25, 1],
}


@pytest.fixture
def refused(app):
    return app.refused


# Round trips


def test_render_gives_the_pixels_of_the_engine(app):
    recipes = [MOVED, {"model": "cats", "seed": 6}]
    whole = app.pictures(*recipes)
    assert (whole[..., 3] == 255).all()
    assert_same(whole[..., :3], app.studio.engine.render([Recipe.from_json(recipe) for recipe in recipes]))


def test_render_in_another_size(app):
    status, body, headers = app.ask("studio/render", {"recipes": [{"model": "digits", "label": 1}], "size": 48})
    assert (status, headers["x-width"], headers["x-height"], headers["x-count"]) == (200, "48", "48", "1")
    assert len(body) == 48 * 48 * 4 and headers["cache-control"] == "no-store"


def test_grey_pictures_are_grey(app):
    pixels = app.pictures({"model": "digits", "label": 2})
    assert (pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all()


def test_latents_are_those_of_the_seed_and_its_walk(app):
    z = app.table("studio/latents", {"recipe": {"model": "cats", "seed": 8, "overrides": [[0, 3]]}})["z"]
    assert torch.allclose(torch.tensor(z), seed_to_z(8, 24)[0])
    walked = app.table("studio/latents", {"recipe": {"model": "cats", "seed": 8, "walk": [[1, 1]]}})["z"]
    assert torch.allclose(torch.tensor(walked), seed_to_z(1, 24)[0], atol=1e-5)


def test_film_sends_every_frame(app):
    keyframes = [{"model": "cats", "seed": seed} for seed in (1, 2)]
    path = {"keyframes": keyframes, "steps": 4, "loop": True, "path": "smooth"}
    status, body, headers = app.ask("studio/film", path)
    assert (status, headers["x-count"]) == (200, "8")
    frames = np.frombuffer(body, np.uint8).reshape(8, 16, 16, 4)
    assert_same(frames[..., :3], np.concatenate(list(app.studio.engine.frames(PathRecipe.from_json(path)))))


def test_a_sheet_as_one_picture_and_as_a_zip(app, refused):
    recipes = [{"model": "cats", "seed": seed} for seed in (1, 2)]
    status, png, headers = app.ask("studio/sheet.png", {"recipes": recipes})
    assert (status, headers["content-type"]) == (200, "image/png")
    pictures = app.studio.engine.render([Recipe.from_json(recipe) for recipe in recipes])
    assert_same(np.asarray(Image.open(io.BytesIO(png)))[None], grid(pictures)[None])
    status, data, headers = app.ask("studio/sheet.zip", {"recipes": recipes, "address": "https://a.example/"})
    assert (status, headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert [row["link"] for row in json.loads(archive.read("recipes.json"))] == [
            f"https://a.example/?model=cats&seed={seed}" for seed in (1, 2)
        ]
    assert "a png or a zip" in refused("studio/sheet.gif", {"recipes": recipes})
    assert "1 to 64 pictures" in refused("studio/sheet.zip", {"recipes": recipes * 33})


def test_where_the_middle_of_a_way_lies(app, refused):
    keyframes = [{"model": "digits", "seed": seed, "label": 1} for seed in (1, 2)]
    told = app.table("studio/midpoint", {"keyframes": keyframes})
    assert told["of"] == "z" and told["linear"] < told["spherical"] <= max(told["ends"])
    assert "2 to 64 keyframes" in refused("studio/midpoint", {"keyframes": keyframes[:1]})


def test_a_saved_picture_opens_again(app):
    recipe = Recipe.from_json(MOVED)
    status, png, headers = app.ask(f"studio/picture.png?{recipe.to_query()}")
    assert (status, headers["content-type"]) == (200, "image/png")
    assert "cats-seed5.png" in headers["content-disposition"] and read_recipe(png) == recipe
    assert Recipe.from_json(app.table("studio/open", png)) == recipe


def test_a_saved_picture_holds_the_pixels(app, tmp_path):
    (tmp_path / "a.png").write_bytes(app.ask("studio/picture.png?model=cats&seed=3")[1])
    assert_same(np.asarray(Image.open(tmp_path / "a.png"))[None], app.studio.engine.render([Recipe("cats", seed=3)]))
    _, large, _ = app.ask("studio/picture.png?model=cats&seed=3&size=64")
    (tmp_path / "b.png").write_bytes(large)
    assert Image.open(tmp_path / "b.png").size == (64, 64)


def test_a_link_is_read(app):
    recipe = Recipe.from_json(MOVED)
    assert Recipe.from_json(app.table(f"studio/recipe?{recipe.to_query()}")) == recipe
    assert app.table("studio/recipe?seed=4") == {"model": "cats", "seed": 4}


def test_models(app):
    assert app.table("studio/models") == {"names": ["cats", "digits"]}
    assert app.table("studio/model")["id"] == "cats"
    assert app.table("studio/model?id=digits")["classes"] == ["zero", "one", "two"]


def test_order_names_every_latent_value_once(app):
    assert sorted(app.table("studio/order?id=cats")["order"]) == list(range(24))


def test_words_and_scripts_are_served(app):
    assert app.table("studio/words.json?lang=zh-CN")["seed"] == "种子"
    for name, kind in (("studio.js", "javascript"), ("shared/recipe.js", "javascript"), ("studio.css", "css")):
        status, _, headers = app.ask(f"studio/static/{name}")
        assert status == 200 and kind in headers["content-type"]


# What is wrong


@pytest.mark.parametrize(
    "recipe, words",
    [
        ({"model": "dogs"}, "'dogs' is not open here"),
        ({"model": "user/repo"}, "'user/repo' is not open here"),
        ({"model": "user/repo", "revision": "0" * 40}, "is not open here"),
        ({"model": "cats", "revision": "main"}, "is not open here"),
        ({"model": "/etc/passwd"}, "is not open here"),
        ({"model": "../cats"}, "is not open here"),
        ({"model": "./cats"}, "is not open here"),
        ({"model": "~"}, "is not open here"),
        ({"model": "\ud800"}, "model cannot be"),
        ({"model": "x" * 10_000}, "model cannot be"),
        ({"model": ""}, "model cannot be"),
        ({"model": 3}, "model must be a word"),
        ({"model": {"a": []}}, "model must be a word"),
        ({"seed": 1}, "does not say which model"),
        ({"model": "cats", "seed": -1}, "seed must lie between"),
        ({"model": "cats", "seed": 2**32}, "seed must lie between"),
        ({"model": "cats", "seed": 10**400}, "seed must lie between"),
        ({"model": "cats", "seed": 1.5}, "seed must be a whole number"),
        ({"model": "cats", "psi": float("nan")}, "psi must lie between"),
        ({"model": "cats", "psi": float("inf")}, "psi must lie between"),
        ({"model": "cats", "psi": True}, "psi must be a number"),
        ({"model": "cats", "directions": [float("nan")]}, "directions must lie between"),
        ({"model": "cats", "directions": [0.1] * 9}, "at most 8"),
        ({"model": "cats", "overrides": [[0, float("nan")]]}, "latent value"),
        ({"model": "cats", "overrides": [[24, 1]]}, "24"),
        ({"model": "cats", "overrides": [[0, 1]] * 5000}, "overrides"),
        ({"model": "cats", "overrides": {"0": 1}}, "overrides"),
        ({"model": "cats", "walk": [[1, 2]]}, "step"),
        ({"model": "cats", "noise": "loud"}, "noise cannot be 'loud'"),
        ({"model": "cats", "label": 0}, "has no classes"),
        ({"model": "digits", "label": 3}, "no class 3"),
        ({"model": "cats", "colour": "red"}, "no setting called 'colour'"),
        ({"model": "cats", "studio": 2}, "version"),
        ([], "table of names and values"),
        (None, "table of names and values"),
    ],
)
def test_recipes_that_are_wrong(refused, recipe, words):
    assert words in refused("studio/render", {"recipes": [recipe]})
    if not (isinstance(recipe, dict) and {"label", "overrides"} & set(recipe)):  # latents are those without these
        assert words in refused("studio/latents", {"recipe": recipe})


@pytest.mark.parametrize(
    "body, words",
    [
        *NO_TABLES,
        (b"{}", "1 to 64 pictures"),
        (b'{"recipes": []}', "1 to 64 pictures"),
        (b'{"recipes": {"0": 1}}', "1 to 64 pictures"),
        (b'{"recipes": [' + b'{"model":"cats"},' * 10**5 + b'{"model":"cats"}]}', "1 to 64 pictures"),
    ],
)
def test_bodies_that_are_wrong(refused, body, words):
    assert words in refused("studio/render", body)


@pytest.mark.parametrize("size", [0, 7, -5, 10**9, 10**400, 1.5, True, "64", [64], {}, float("nan")])
def test_sizes_that_are_wrong(refused, size):
    assert "pixels wide" in refused("studio/render", {"recipes": [{"model": "cats"}], "size": size})


@pytest.mark.parametrize(("side", "size"), [(64, 64), (16, None)])
def test_too_many_pixels_at_once(app, refused, monkeypatch, side, size):
    """Also of pictures in the size that their model makes, and of those that can be done without."""
    monkeypatch.setattr("gan.ui.routes.pictures._MOST_PIXELS", 4 * side**2)
    for more in ({}, {"spare": True}):
        asked = {"recipes": [{"model": "cats"}] * 5, "size": size, **more}
        words = f"5 pictures of {side} x {side} pixels are too much for one request."
        assert refused("studio/render", asked).startswith(words)
        assert app.ask("studio/render", {**asked, "recipes": [{"model": "cats"}] * 4})[0] == 200
    assert "pixels wide" in refused("studio/render", {**asked, "size": 10**400})
    assert app.ask("studio/render", {"recipes": [{"model": "cats"}], "size": 4 * side})[0] == 200  # as any one picture


@pytest.mark.parametrize(
    "path, words",
    [
        ({}, "list of 2 to 64 keyframes"),
        ({"keyframes": [{"model": "cats"}]}, "2 to 64 keyframes"),
        ({"keyframes": [{"model": "cats"}] * 65}, "2 to 64 keyframes"),
        ({"keyframes": [{"model": "cats"}, {"model": "digits"}]}, "one model"),
        ({"keyframes": [{"model": "dogs"}] * 2}, "is not open here"),
        ({"keyframes": [{"model": "cats"}] * 2, "steps": 10**9}, "steps must lie between"),
        ({"keyframes": [{"model": "cats"}] * 2, "steps": float("nan")}, "steps must be a whole number"),
        ({"keyframes": [{"model": "cats"}] * 64, "steps": 240}, "more than 2000"),
        ({"keyframes": [{"model": "cats"}] * 2, "path": "crooked"}, "path cannot be"),
        ({"keyframes": [{"model": "cats", "label": 1}] * 2}, "has no classes"),
    ],
)
def test_films_that_are_wrong(refused, path, words):
    assert words in refused("studio/film", path)


@pytest.mark.parametrize(
    ("query", "kept", "wrong"),
    [
        ("seed=x&psi=0.5", {"psi": 0.5}, ["seed must be"]),
        ("psi=nan&seed=4&d=1,2", {"seed": 4, "directions": [1, 2]}, ["psi must lie"]),
        ("z=1:2:3&psi=9&seed=4", {"seed": 4}, ["overrides", "psi must lie"]),
        ("seed=4&mix=2,2&style=seed%3D9", {"seed": 4}, ["mix must lie"]),
        ("seed=4&mix=1,0&style=colour%3D9", {"seed": 4}, ["cannot set 'colour'"]),
    ],
)
def test_what_is_wrong_in_a_link_is_named_and_the_rest_holds(app, query, kept, wrong):
    told = app.table(f"studio/recipe?{query}")
    said = told.pop("left_out")
    assert told == {"model": "cats"} | kept
    assert len(said) == len(wrong) and all(words in one for words, one in zip(wrong, said, strict=True))


def test_more_models_than_stay_in_memory(refused):
    """The painter would load them again one after the other."""
    some, more = ([{"model": "cats", "revision": str(step)} for step in range(count)] for count in (8, 9))
    assert "8 models or steps at most" in refused("studio/render", {"recipes": more})
    assert "is not open" in refused("studio/render", {"recipes": some})


@pytest.mark.parametrize(
    "path, words",
    [
        ("recipe?model=", "model cannot be"),
        ("recipe?colour=red", "cannot set 'colour'"),
        (f"recipe?model={'x' * 5000}", "model cannot be"),
        (f"model?id={quote('ada/faces')}", "is not open"),
        ("model?id=../weights", "is not open"),
        ("model?id=/etc", "is not open"),
        ("model?id=cats&rev=main", "is not open"),
        ("order", "is not open"),
        ("order?id=~", "is not open"),
        ("picture.png?seed=1", "which model"),
        ("picture.png?model=cats&size=1000000000", "pixels wide"),
        ("picture.png?model=cats&size=99999", "pixels wide"),
        ("picture.png?model=cats&size=-1", "pixels wide"),
        ("picture.png?model=cats&size=%D9%A3", "pixels wide"),
        ("picture.png?model=..%2Fcats", "is not open"),
    ],
)
def test_links_that_are_wrong(refused, path, words):
    assert words in refused(f"studio/{path}")


@pytest.mark.parametrize(
    "data, words",
    [
        (b"x", "PNG"),
        (b"GIF89a" + bytes(100), "PNG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (png_bytes(np.zeros((4, 4, 3), np.uint8)), "holds no recipe"),
        (bytes(30_000_000), "larger than 20 MB"),
    ],
)
def test_files_that_are_no_saved_pictures(refused, data, words):
    assert words in refused("studio/open", data)


def test_what_is_not_there(app):
    for path in (
        "studio/nothing",
        "studio/static/nothing.js",
        "studio/static/../routes.py",
        "studio/static/%2e%2e/routes.py",
        "studio/static/..%2froutes.py",
    ):
        assert app.ask(path)[0] == 404, path
    assert app.ask("studio/render")[0] == 405


def test_an_app_of_one_model_goes_on_after_all_this(app):
    assert app.pictures({"model": "cats"}).shape == (1, 16, 16, 4)


# Many at once


def test_many_at_once_get_each_their_own(app):
    recipes = [{"model": "digits", "seed": i, "label": i % 3} for i in range(48)]
    recipes += [{"model": "cats", "seed": i} for i in range(48)]
    one_by_one = [app.studio.engine.render([Recipe.from_json(recipe)]) for recipe in recipes]
    with ThreadPoolExecutor(24) as pool:
        together = list(pool.map(lambda recipe: app.pictures(recipe)[..., :3], recipes))
    for alone, shared in zip(one_by_one, together, strict=True):
        assert_same(alone, shared)


def test_wrong_requests_do_not_spoil_those_beside_them(app):
    start, wrong = threading.Barrier(16), {"model": "digits", "label": 9}

    def ask(i: int) -> int:
        start.wait()
        return app.ask("studio/render", {"recipes": [wrong if i % 2 else {"model": "digits", "label": 1}]})[0]

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, range(16))) == [200, 400] * 8


def assert_same(a: np.ndarray, b: np.ndarray) -> None:
    """Equal to the one grey level that batches may differ in."""
    assert a.shape == b.shape and np.abs(a.astype(int) - b).max() <= 1


def test_pictures_that_can_be_done_without_are_refused_where_others_wait(app, monkeypatch):
    wanted = {"recipes": [{"model": "cats", "seed": 3}], "spare": True}
    status, body, _ = app.ask("studio/render", wanted)
    assert status == 200 and body == app.pictures({"model": "cats", "seed": 3}).tobytes()
    monkeypatch.setattr(type(app.studio.batcher), "waiting", 9)
    status, body, _ = app.ask("studio/render", wanted)
    assert status == 400 and json.loads(body)["code"] == "busy"


def test_the_painter_loads_no_model_also_where_it_made_room_for_another(weights, monkeypatch):
    loads, load = [], Models._load

    def noted(models, *args):
        loads.append(threading.current_thread().name)
        return load(models, *args)

    monkeypatch.setattr(Models, "_load", noted)
    library = Library(Models((weights,), local=False, keep=1, room=0))
    engine = Engine(library)

    async def paint(batcher):
        pictures = _Pictures(library, engine, batcher)
        for name in ("cats", "cats", "digits", "cats"):
            assert len(await pictures._paint([Recipe(name, directions=(1.0,))], None)) == 1

    with Batcher(engine) as batcher:
        asyncio.run(paint(batcher))
    assert len(loads) == 3 and "batcher" not in loads


def test_what_nobody_listens_to_any_more_is_given_up():
    asked = Future()

    class Left:
        async def receive(self):
            return {"type": "http.disconnect"}

    assert asyncio.run(_while_heard(Left(), asked)) is None and asked.cancelled()


def test_words_are_read_a_piece_a_turn_until_nobody_listens():
    made, pieces = [], ([str(number)] for number in range(5))

    class Listens:
        def __init__(self, times):
            self.times = times

        async def receive(self):
            while len(made) < self.times:
                await asyncio.sleep(0)
            return {"type": "http.disconnect"}

    class Turns(Batcher):
        def do(self, work, pictures):
            made.append(pictures)
            return super().do(work, pictures)

    with Turns(None) as batcher:
        read = _Pictures(None, None, batcher)._read
        assert asyncio.run(read(Listens(2), pieces, 8)) is None and made == [8, 8]
        assert asyncio.run(read(Listens(99), pieces, 8)) == ["2", "3", "4"]
