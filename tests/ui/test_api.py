"""The endpoints for programs, over HTTP, as gradio_client calls them."""

import json
import re
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image

from gan.store.grids import grid
from gan.studio.png_recipes import read_recipe
from gan.studio.recipes import Recipe
from gan.studio.visitors import AT_HOME, address


@pytest.fixture(scope="module")
def client(app, tmp_path_factory):
    made = Client(app.url, verbose=False, download_files=tmp_path_factory.mktemp("downloads"))
    yield made
    made.close()


@pytest.fixture
def refused(client):
    """refused("/generate", seeds="x") -> the sentence that a wrong call gets."""

    def call(endpoint: str, **values) -> str:
        with pytest.raises(AppError) as caught:
            client.predict(api_name=endpoint, **values)
        words = str(caught.value)
        assert words.endswith(".") and len(words) < 500 and "Traceback" not in words
        return words

    return call


def test_six_endpoints_and_no_others(client):
    api = client.view_api(return_format="dict")
    assert set(api["named_endpoints"]) == {
        "/models",
        "/generate",
        "/texts",
        "/sounds",
        "/contact_sheet",
        "/interpolate",
    }
    assert not api["unnamed_endpoints"]


def test_a_model_of_pictures_has_no_sounds(refused):
    assert "samples are no sounds" in refused("/sounds", seeds="0")


def test_their_descriptions_show(client, app):
    status, body, _ = app.ask("gradio_api/info")
    text = body.decode()
    assert status == 200
    for words in ("The models that are open here", "one PNG for each seed", "animated WebP", "at most 64"):
        assert words in text


def test_every_parameter_is_described(client):
    for name, endpoint in client.view_api(return_format="dict")["named_endpoints"].items():
        for parameter in endpoint["parameters"]:
            assert f"{parameter['parameter_name']}:" in endpoint["description"], (name, parameter["parameter_name"])


def test_models(client):
    cats, digits = client.predict(api_name="/models")
    assert (cats["id"], cats["height"], cats["width"], cats["z_dim"]) == ("cats", 16, 16, 24)
    assert (cats["psi"], cats["classes"]) == (0.8, [])
    assert digits["classes"] == ["zero", "one", "two"] and digits["licence"] == "CC0" and digits["family"] == "mlp"


def test_what_a_program_asks_for_counts_for_its_address(client, app, monkeypatch):
    """Gradio's queue works on a call in a task of its own, which knows nothing of the request."""
    origins, submit = [], app.studio.batcher.submit
    monkeypatch.setattr(app.studio.batcher, "submit", lambda *asked: origins.append(address()) or submit(*asked))
    client.predict(model="cats", seeds="3", api_name="/generate")
    assert len(origins) == 1 and origins[0] in AT_HOME


def test_generate_gives_the_pictures_of_the_engine(client, app):
    files = client.predict(model="cats", seeds="3,7-8", psi=0.5, api_name="/generate")
    recipes = [Recipe("cats", seed=seed, psi=0.5) for seed in (3, 7, 8)]
    assert [read_recipe(file) for file in files] == recipes
    assert_pixels(files, app.studio.engine.render(recipes))


def test_generate_without_words_gives_four_pictures_at_the_models_own_truncation(client):
    files = client.predict(api_name="/generate")
    assert [read_recipe(file) for file in files] == [Recipe("cats", seed=seed, psi=0.8) for seed in range(4)]


@pytest.mark.parametrize("label, number", [("one", 1), ("2", 2), ("none", None), (None, 5 % 3)])
def test_classes_by_name_and_number(client, app, label, number):
    files = client.predict(model="digits", seeds="5", class_=label, api_name="/generate")
    recipe = Recipe("digits", seed=5, label=number)
    assert read_recipe(files[0]) == recipe
    assert_pixels(files, app.studio.engine.render([recipe]))


def test_a_mix_of_two_seeds(client, app):
    files = client.predict(model="cats", seeds="1-2", style_seed=7, coarse=0.5, api_name="/generate")
    recipes = [Recipe("cats", seed=seed, psi=0.8, style={"seed": 7, "psi": 0.8}, mix=(0.5, 1)) for seed in (1, 2)]
    assert [read_recipe(file) for file in files] == recipes
    assert_pixels(files, app.studio.engine.render(recipes))


def test_files_are_png_and_named_after_their_seeds(client):
    files = client.predict(model="digits", seeds="12", api_name="/generate")
    assert files[0].endswith("seed0012.png")
    assert Image.open(files[0]).format == "PNG"


def test_a_contact_sheet(client, app):
    recipes = [Recipe("cats", seed=seed, psi=0.5) for seed in (3, 4)]
    given = dict(model="cats", seeds="3-4", psi=0.5, api_name="/contact_sheet")
    with zipfile.ZipFile(client.predict(**given, address="https://a.example/")) as archive:
        rows = json.loads(archive.read("recipes.json"))
        assert [Recipe.from_json(row["recipe"]) for row in rows] == recipes
        assert rows[0]["link"] == f"https://a.example/?{recipes[0].to_query()}"
    sheet = np.asarray(Image.open(client.predict(**given, format="png")))
    assert np.array_equal(sheet, grid(app.studio.engine.render(recipes)))


@pytest.mark.parametrize("loop, frames", [(True, 15), (False, 11)])
def test_interpolate(client, loop, frames):
    film = client.predict(model="cats", seeds="1,2,3", steps=5, path="smooth", loop=loop, api_name="/interpolate")
    with Image.open(film) as opened:
        assert (opened.format, opened.n_frames, opened.size) == ("WEBP", frames, (16, 16))


def test_interpolate_begins_at_the_first_seed(client, app):
    film = client.predict(model="digits", seeds="1,2", steps=2, loop=False, api_name="/interpolate")
    first = np.asarray(Image.open(film).convert("RGB")).astype(int)
    wanted = app.studio.engine.render([Recipe("digits", seed=1, label=1)])[0]
    assert np.abs(first - wanted).mean() < 12  # WebP is not exact


@pytest.mark.parametrize(
    "endpoint, values, words",
    [
        ("/generate", {"model": "dogs"}, "no model called"),
        ("/generate", {"model": "../cats"}, "not the name of a model"),
        ("/generate", {"model": "/etc"}, "not the name of a model"),
        ("/generate", {"model": ""}, "not the name of a model"),
        ("/generate", {"seeds": "x"}, "is not a seed"),
        ("/generate", {"style_seed": -1}, "seed must lie"),
        ("/generate", {"style_seed": 3, "fine": 1.5}, "mix must lie between 0 and 1"),
        ("/generate", {"model": "digits", "style_seed": 3}, "one style for all"),
        ("/generate", {"seeds": "0-64"}, "at most 64"),
        ("/generate", {"seeds": "0-4294967295"}, "more than"),
        ("/generate", {"seeds": "-1"}, "is not a seed"),
        ("/generate", {"psi": 3}, "psi must lie between -1 and 2"),
        ("/generate", {"psi": "much"}, "psi must be a number"),
        ("/generate", {"class_": "one"}, "no class"),
        ("/generate", {"model": "digits", "class_": "nine"}, "no class"),
        ("/generate", {"model": "digits", "class_": "9"}, "no class '9'"),
        ("/contact_sheet", {"format": "gif"}, "no sheet of the format"),
        ("/interpolate", {"seeds": "1"}, "2 to 64 keyframes"),
        ("/interpolate", {"steps": 1}, "steps must lie between"),
        ("/interpolate", {"steps": 240, "seeds": "0-20"}, "more than 2000"),
        ("/interpolate", {"path": "crooked"}, "path cannot be 'crooked'"),
        ("/interpolate", {"loop": "perhaps"}, "loop must be on or off"),
        ("/interpolate", {"model": ["cats"]}, "not the name of a model"),
    ],
)
def test_wrong_calls_get_a_sentence(refused, endpoint, values, words):
    assert words in refused(endpoint, **values)


def test_words_of_a_caller_are_no_markup(refused):
    assert not re.search("<b|<i", refused("/generate", model="<b>bold</b><img src=x>"))


def test_calls_at_once(client, app):
    jobs = [client.submit(model="cats", seeds=str(seed), api_name="/generate") for seed in range(8)]
    recipes = [replace(Recipe("cats", psi=0.8), seed=seed) for seed in range(8)]
    assert_pixels([job.result(timeout=30)[0] for job in jobs], app.studio.engine.render(recipes))


def assert_pixels(files: list[str], pictures: np.ndarray) -> None:
    """The same pictures, to the grey level that batches may differ in."""
    shown = np.stack([np.asarray(Image.open(file)) for file in files]).astype(int)
    assert shown.shape == pictures.shape and np.abs(shown - pictures).max() <= 1
