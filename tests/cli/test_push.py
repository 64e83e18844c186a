"""`gan push`: from a run or a bundled model to a repository on the Hub, and back."""

import json
import re

import numpy as np
import pytest
from hub_routes import Person

from gan.evaluation.intervals import Estimate
from gan.evaluation.report import Report
from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.studio.hub.client import Hub
from gan.studio.library.loaded import Models

ADA = "hf_secret_of_ada"


@pytest.fixture
def models(weights, hub_server, tmp_path, monkeypatch):
    hub_server.people[ADA] = Person("ada")
    monkeypatch.setenv("HF_TOKEN", ADA)
    return Models((weights,), Hub(hub_server.url, tmp_path / "cache", token=None))


def train(gan, tmp_path, *more):
    np.savez(tmp_path / "own.npz", images=np.random.RandomState(0).randint(0, 256, (12, 8, 8, 3), dtype=np.uint8))
    words = ["train", f"--data={tmp_path / 'own.npz'}", "--batch-size=4", "--steps=2", "--out=run", *more]
    assert gan(words).status == 0


@pytest.fixture
def square(weights):
    """A model in the box that can be trained on from."""
    net = {"image_shape": [3, 8, 8], "hidden": [8]}
    config = ModelConfig("mlp", {**net, "z_dim": 4}, net, licence="CC BY-SA 4.0 (by David *)", data="David's cats")
    write_model(weights / "square", config, config.build_generator(), config.build_discriminator())


def pushed(hub_server, id="ada/cats"):
    repo = hub_server.repos[id]
    return repo.commits[repo.refs["main"]]


def front(card: str) -> str:
    return re.match(r"---\n(.*?)\n---\n", card, re.DOTALL)[1]


def test_a_bundled_model_goes_to_the_hub_and_opens_from_there(gan, hub_server, models, weights, tmp_path):
    report = Report(
        "own features", 50, 60, 40, 1.0, {"frechet": Estimate(1.5, 0.5)}, {"frechet": Estimate(0.5, 0.1)}, 2.0
    )
    config = json.loads((weights / "digits" / "config.json").read_text())
    (weights / "digits" / "config.json").write_text(json.dumps(config | {"scores": report.to_values()}))
    (weights / "digits" / "README.md").write_text("---\nlicense: mit\n---\n# Digits, as [they](../x/README.md) are\n")
    done = gan("push digits ada/numbers --message hello")
    assert (done.status, done.err) == (0, "") and done.out.endswith("/ada/numbers: created, only you can see it\n")
    files = pushed(hub_server, "ada/numbers")
    assert files.keys() - {".gitattributes"} == {
        "config.json", "model.safetensors", "discriminator.safetensors", "README.md", "samples.webp", "scores.json"
    }  # fmt: skip
    card = files["README.md"].decode()
    assert "license: cc-by-4.0" in front(card) and "- gan-studio" in front(card) and "base_model" not in front(card)
    assert "# Digits, as they are" in card and "license: mit" not in card and "![Samples](samples.webp)" in card
    assert "It is a copy of digits, whose terms are: CC BY 4.0" in card and hub_server.messages == ["hello"]
    assert "| 1.500 ±0.500 | 0.500 ±0.100 |" in card
    model = models.get("ada/numbers")
    assert model.config.licence == "CC BY 4.0" and model.config.classes == ("zero", "One", "two, or so")
    assert gan("push digits ada/numbers --public").out.endswith("updated, everybody can see it\n")
    assert not hub_server.repos["ada/numbers"].private


def test_a_run_from_scratch_needs_a_licence_and_any_will_do(gan, hub_server, tmp_path):
    train(gan, tmp_path, "--family=mlp", "--side=8", "--net=hidden=8", "--net=z_dim=4", "--title=Mine")
    done = gan("push run ada/cats")
    assert done.status == 2 and done.err.startswith("It is not said under which licence it is to be published. Choose")
    assert not hub_server.log
    assert gan("push run ada/cats --licence MIT --public").status == 0
    files = pushed(hub_server)
    card, config = files["README.md"].decode(), json.loads(files["config.json"])
    assert "license: mit" in front(card) and config["licence"] == "MIT" and "It is published under MIT." in card
    assert "curves.svg" in files and "(curves.svg)" in card and "settings.json" in files and "- Licence: MIT\n" in card
    texts = [data.decode() for name, data in files.items() if name.endswith((".md", ".json", ".jsonl", ".svg"))]
    assert not any(str(tmp_path) in text or ADA in text for text in texts)
    assert hub_server.messages[0].startswith("Mine, step 2, pushed from GAN Studio on ")


def test_a_fine_tune_keeps_the_terms_of_its_base(gan, hub_server, square, tmp_path):
    train(gan, tmp_path, "--base=square")
    done = gan("push run ada/cats --licence cc-by-4.0 --public")
    assert done.status == 2 and "CC BY 4.0 would loosen the terms of square, which are: CC BY-SA 4.0" in done.err
    assert gan("push run ada/cats --licence free").err.startswith("'free' is not a licence that can be chosen.")
    assert not hub_server.repos
    assert gan("push run ada/cats").status == 0
    files = pushed(hub_server)
    card = files["README.md"].decode()
    assert "license: cc-by-sa-4.0" in front(card)
    assert "- It was trained on from square, whose terms are: CC BY-SA 4.0 (by David \\*)" in card
    assert json.loads(files["config.json"])["licence"] == "CC BY-SA 4.0; made from square: CC BY-SA 4.0 (by David *)"
    done = gan("push run ada/cats --public --licence other")
    card = pushed(hub_server)["README.md"].decode()
    assert done.status == 0 and "license: other" in front(card) and "license_name: terms-of-its-base" in front(card)


def test_what_was_pushed_is_a_base_on_the_hub(gan, hub_server, square, tmp_path):
    assert gan("push square ada/cats").status == 0
    train(gan, tmp_path, "--base=ada/cats")
    assert gan("push run ada/more").status == 0
    card = pushed(hub_server, "ada/more")["README.md"].decode()
    assert "base_model: ada/cats" in front(card) and "base_model_relation: finetune" in front(card)
    assert "license: cc-by-sa-4.0" in front(card)


def test_a_page_of_it_is_a_static_space(gan, hub_server, square, tmp_path):
    train(gan, tmp_path, "--base=square")
    done = gan("push run ada/try-it --space --public")
    assert (done.status, done.err) == (0, "") and "/spaces/ada/try-it: created, everybody can see it" in done.out
    space = hub_server.repos["spaces/ada/try-it"]
    files = pushed(hub_server, "spaces/ada/try-it")
    assert (space.sdk, space.private) == ("static", False) and {"index.html", "model.json", "README.md"} <= files.keys()
    card = files["README.md"].decode()
    assert "sdk: static" in front(card) and "license: cc-by-sa-4.0" in front(card) and "gan-studio" in front(card)
    assert "- It was trained on from square, whose terms are: CC BY-SA 4.0 (by David \\*)" in card
    assert "CC BY-SA 4.0; made from square" in files["model.json"].decode()
    assert gan("push run ada/try-it --space --public").out.endswith("updated, everybody can see it\n")
    assert "MIT would loosen" in gan("push run ada/other --space --licence mit").err
    hub_server.add_repo("spaces/ada/theirs", {"index.html": b"<p>", "model.json": b"{}"})
    assert "ada/theirs is taken" in gan("push run ada/theirs --space --public").err


def test_mistakes(gan, hub_server, monkeypatch):
    assert gan("push nothing ada/cats").err.startswith("There is no model called 'nothing'.")
    assert "is not the id of a model on the Hub" in gan("push cats cats").err
    hub_server.add_repo("ada/llm", {"config.json": b'{"model_type": "llama"}'})
    hub_server.add_repo("ada/list", {"config.json": b"[1]"})
    for id in ("ada/llm", "ada/list"):
        assert f"{id} is taken" in gan(f"push cats {id} --public").err
    monkeypatch.delenv("HF_TOKEN")
    done = gan("push cats ada/cats")
    assert done.err.startswith("Nobody is signed in to the Hub on this computer.") and "hf auth login" in done.err
