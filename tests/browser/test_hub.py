"""Models of the Hub, typed into the box on the page: the real client against a small hub."""

import pytest
import torch
from hub_server import HubServer
from studio_app import running, write_styled

from gan.studio.models.hub import Hub


@pytest.fixture(scope="module")
def hub():
    server = HubServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def hub_app(weights, hub, tmp_path_factory):
    """An app of its own, since opening a model adds it to the list that all its visitors see."""
    with running(weights, Hub(hub.url, tmp_path_factory.mktemp("cache"), answer=2)) as app:
        yield app


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model like cats with other weights."""
    torch.manual_seed(7)
    return write_styled(tmp_path_factory.mktemp("hub") / "model", title="Faces of nobody", psi=0.6)


@pytest.fixture
def me(visitor, hub_app):
    return visitor(hub_app).come()


def ask(me, source: str, key: str | None = None):
    """Type an id into the box and press Load, or a key."""
    box = me.page.locator("#hub-id input, #hub-id textarea")
    if not box.is_visible():
        me.page.locator("#hub button").first.click()
    box.fill(source)
    return box.press(key) if key else me.click("hub-load")


def test_from_an_id_to_the_picture(me, hub, model):
    sha = hub.add_repo("ada/faces", model)
    hub.go_silent("model.safetensors")              # so that the way there can be watched
    ask(me, "ada/faces")
    me.page.locator("#hub").get_by_text("Fetching model.safetensors of ada/faces").wait_for()
    me.click("do-next").until_recipe(model="cats", seed=1)                  # meanwhile all goes on
    hub.go_silent(None)
    me.until_recipe(model="ada/faces", revision=sha, psi=0.6, seed=None).rested()
    assert "Faces of nobody" in me.page.locator("#caption").inner_text()
    assert me.page.locator("#model input").input_value() == "ada/faces" and me.alert.is_hidden()
    me.drag("d0", [0.5, 0.6, 0.7]).painted()
    me.click("do-pin").until("document.querySelectorAll('#pins .pin canvas').length === 1")
    me.choose("model", "cats").until_recipe(model="cats")
    me.choose("model", "ada/faces").until_recipe(model="ada/faces", revision=sha)
    me.page.reload()
    me.until("window.studio?.ready").rested()
    assert me.recipe["model"] == "ada/faces"


def test_what_cannot_be_opened_is_said_while_the_model_goes_on(me, hub, model):
    hub.add_repo("ada/gated", model, gated=True)
    hub.add_repo("ada/pickle", {"config.json": (model / "config.json").read_bytes(), "model.pt": b"\x80"})
    hub.add_repo("ada/broken", model)
    hub.truncate("ada/broken", "model.safetensors")
    for source, words in (("ada/none", "no model ada/none"), ("ada/gated", "gated"),
                          ("ada/gated@nowhere", "no revision"), ("ada/pickle", "pickle"), ("ada/broken", "incomplete"), ("", "not the name of a model"),
                          ("../cats", "not the name of a model"), ("<b>x</b>/y", "not the name of a model")):
        ask(me, source)
        me.told(words)
        me.click("do-next").painted()
        me.until("document.getElementById('alert').hidden")
    assert me.recipe == {"model": "cats", "psi": 0.8, "seed": 8}
    hub.go_offline()
    try:
        ask(me, "ada/elsewhere", "Enter")
        me.told("cannot be reached")
        me.drag("psi", [0.6, 0.2, 0.4]).painted()
    finally:
        hub.go_online()
    assert me.page.locator("#model input").input_value() == "cats"


def test_a_link_fetches_nothing_before_load_is_pressed(visitor, hub_app, hub, model):
    sha = hub.add_repo("bob/faces", model)
    me = visitor(hub_app)
    with me.expecting_errors("400"):
        me.page.goto(f"{hub_app.url}?model=bob/faces&rev={sha}&seed=3&psi=0.5&d=1.5")
        me.until("window.studio?.ready").rested()
        me.told("bob/faces")
    assert me.recipe["model"] == "cats" and hub.requests("bob/") == []
    assert me.page.locator("#hub-id input, #hub-id textarea").input_value() == f"bob/faces@{sha}"
    me.click("hub-load").until_recipe(model="bob/faces", revision=sha, seed=3, psi=0.5, directions=[1.5]).rested()
    assert hub.requests("bob/") != [] and me.alert.is_hidden()


def test_a_pin_of_a_model_that_is_not_open_any_more(me):
    gone = {"model": "ada/closed", "revision": "0" * 40, "seed": 1}
    pins = [gone, {"model": "cats", "seed": 2}]
    me.page.evaluate("pins => sessionStorage.setItem('gan-studio-pins', JSON.stringify(pins))", pins)
    with me.expecting_errors("400"):
        me.page.reload()
        me.until("window.studio?.ready").rested()
        me.until("document.querySelectorAll('#pins .pin').length === 2")
        me.page.get_by_role("button", name="Open pin 1", exact=True).click()
        me.told("'ada/closed' is not open here")
    me.page.get_by_role("button", name="Open pin 2", exact=True).click()
    me.until_recipe(seed=2)
