"""Publishing from the page: a run's moment and a model that was brought here go to a hub on loopback."""

import pytest
import torch
from hub_routes import Person
from studio_app import running
from trainee import look_at
from visitor import NAMELESS, SIDEWAYS

from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.store.run_folder import Run
from gan.store.run_settings import RunSettings
from gan.studio.hub.client import Hub

TOKEN = "hf_typed_once"
NET = {"image_shape": [3, 16, 16], "hidden": [16]}


@pytest.fixture(scope="module")
def app(weights, hub, home):
    """The app on one's own computer, with a run from scratch that kept its model at step 5, and a model from a file."""
    hub.people[TOKEN] = Person("ada")
    torch.manual_seed(0)
    config = ModelConfig("mlp", {**NET, "z_dim": 4}, NET, title="Mine", licence="CC BY 4.0 (by Eve)")
    settings = RunSettings("pictures", None, None, "mlp", {**NET, "z_dim": 4}, NET, (), {}, {"title": "Mine"})
    run = Run.create(home / "runs" / "mine", settings)
    folder = write_model(run.snapshot_path(5), config, config.build_generator(), config.build_discriminator())
    with running(weights, Hub(hub.url, home / "cache"), runs=home / "runs") as app:
        app.studio.library.open(app.studio.uploads.add_copy(folder))
        yield app


def publish(me, place: str, repo: str, **chosen):
    """Fill in the form in the section `place`, and send it."""
    form = me.page.locator(f"#{place} form")
    form.locator("[name=repo]").fill(repo)
    form.locator("[name=token]").fill(chosen.get("token", TOKEN))
    if "licence" in chosen:
        form.locator("select").select_option(chosen["licence"])
    if chosen.get("public"):
        form.locator("[value=public]").check()
    form.locator("button[type=submit]").click()


def test_a_moment_of_a_run_and_a_model_from_a_file_are_published(visitor, app, hub):
    me = look_at(visitor(app), "mine")
    me.click("do-run-publish")
    panel = me.page.locator("#run-publish")
    panel.locator("form").wait_for()
    assert panel.locator("h3").inner_text() == "Publish Mine, step 5 on the Hub"
    assert "how others may use it is yours to say" in panel.inner_text()
    assert panel.locator("[name=token]").get_attribute("type") == "password"
    assert me.accessible().page.evaluate(NAMELESS) == [] and me.page.evaluate(SIDEWAYS) <= 0
    publish(me, "run-publish", "ada/mine", token="hf_mistyped", licence="mit")
    me.page.locator("#alert:has-text('The Hub does not know this token')").wait_for()
    publish(me, "run-publish", "ada/mine", licence="mit")
    link = panel.locator(".publish-told a")
    link.wait_for()
    assert link.get_attribute("href") == f"{hub.url}/ada/mine" and "ada/mine is on the Hub." in panel.inner_text()
    assert hub.repos["ada/mine"].private and panel.locator("[name=token]").input_value() == ""
    assert not me.page.locator("#alert").is_visible()

    me.page.set_viewport_size({"width": 390, "height": 800})
    me.page.locator("#tab-models-button").click()
    card = me.page.locator("#cards .card", has_text="Mine")
    card.locator("button", has_text="Publish").click()
    panel = me.page.locator("#publish")
    panel.locator("form").wait_for()
    me.accessible("light, narrow", "dark, narrow")
    assert "Mine, whose terms go along: CC BY 4.0 (by Eve)" in panel.inner_text()
    choices = panel.locator("select").evaluate("select => [...select.options].map((one) => one.value)")
    assert choices[0] == "cc-by-4.0" == panel.locator("select").input_value() and "mit" not in choices
    panel.locator("[value=space]").check()
    publish(me, "publish", "ada/brought", public=True)
    panel.locator(".publish-told a").wait_for()
    assert not hub.repos["spaces/ada/brought"].private and me.page.evaluate(SIDEWAYS) <= 0
    assert not me.page.evaluate("token => JSON.stringify({...localStorage, ...sessionStorage}).includes(token)", TOKEN)
