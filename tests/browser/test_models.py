"""The Models tab: from a pasted id or a dropped file to the picture, with the real client against a small hub."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from axe import LOOKS
from hostile import model_zip
from repositories import REPOSITORIES
from studio_app import running, write_stack, write_styled
from trainee import dots
from visitor import CHINESE, NAMELESS, SIDEWAYS

from gan.store.model_folder import keep_facts
from gan.studio.hub.client import Hub

MARKUP = "<b>Faces</b> of nobody"


def _ours(folder: Path) -> dict[str, bytes]:
    """A model like cats with other weights, in our own layout, with what other files a repository has."""
    torch.manual_seed(7)
    write_styled(folder, title=MARKUP, psi=0.6, licence="")
    return {file.name: file.read_bytes() for file in folder.iterdir()} | {
        "train.py": b"print(1)",
        "samples.png": b"x" * 2000,
    }


@pytest.fixture(scope="module")
def hub_app(weights, hub, home):
    """An app of its own, since opening a model adds it to the list that all its visitors see."""
    with running(weights, Hub(hub.url, home / "cache", answer=2), runs=home / "runs") as app:
        yield app


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub") / "model"
    _ours(folder)
    return folder


@pytest.fixture
def me(visitor, hub_app):
    return visitor(hub_app).come()


def look(me, source: str, key: str | None = None):
    """Type an id into the box and press Look, or a key."""
    if not me.page.locator("#source").is_visible():
        me.click("do-more-models")
    me.page.locator("#source").fill(source)
    return me.page.locator("#source").press(key) if key else me.click("do-look")


def cards(me) -> list[str]:
    me.page.locator("#cards .card").first.wait_for()
    return me.page.locator("#cards .card").evaluate_all("all => all.map(card => card.dataset.model)")


def explore(me):
    return me.click("tab-explore-button")


def test_from_an_id_to_the_picture(me, hub, tmp_path):
    id, file = "ada/new", "model.safetensors"
    sha = hub.add_repo(id, _ours(tmp_path / "model"))
    me.click("do-more-models")
    me.page.locator("#source").press_sequentially(id)
    me.rested()
    assert hub.requests(id) == []  # what is only typed is nobody's business yet
    look(me, f"https://huggingface.co/{id}")
    use = me.page.locator("#do-use")
    use.wait_for()
    told = me.page.locator("#look").inner_text()
    assert (
        id in told
        and sha[:10] in told
        and "not said by its author" in told
        and re.search(r"\d (kB|MB)", use.inner_text())
    )
    me.accessible("light, wide")
    assert me.page.locator("#look input:checked").get_attribute("value") == file
    assert hub.requests(f"{id}/resolve/{sha}/{file}") == [] == hub.requests(f"{id}/resolve/main/{file}")
    hub.go_silent(file)  # so that the way there can be watched
    use.click()
    me.page.locator("#way").get_by_text(f"Fetching {file} of {id}").wait_for()
    explore(me).click("do-next").until_recipe(model="cats", seed=1)  # meanwhile all goes on
    me.click("do-more-models")
    hub.go_silent(None)
    me.page.locator("#arrived canvas").first.wait_for()
    me.accessible(*LOOKS)
    assert me.recipe["model"] == "cats"  # and nothing is taken off the screen
    assert "Recognised as" in me.page.locator("#arrived").inner_text() and me.page.locator("#way").is_hidden()
    me.page.get_by_role("button", name="Explore it").click()
    me.until_recipe(model=id, revision=sha).rested()
    assert me.page.locator("#model input").input_value() == id and me.alert.is_hidden()


def test_a_repository_of_each_kind(me, hub, tmp_path):
    for kind, repository in REPOSITORIES.items():
        folder = tmp_path / kind
        folder.mkdir()
        sha = hub.add_repo(f"eve/{kind}", repository.make(folder))
        look(me, f"eve/{kind}")
        me.page.locator("#look").get_by_text(f"eve/{kind}").first.wait_for()
        me.page.locator("#do-use").wait_for()
        assert me.page.locator("#look input:checked").get_attribute("value") == repository.file, kind
        me.click("do-use")
        arrived = me.page.locator("#arrived")
        arrived.get_by_text(f"eve/{kind} at {sha[:7]}: {repository.file}").wait_for()
        arrived.locator("canvas").first.wait_for()
        assert repository.kind in arrived.inner_text(), kind
        me.page.get_by_role("button", name="Explore it").click()
        me.until_recipe(model=f"eve/{kind}", revision=sha).painted()
        assert len(np.unique(me.pixels("#picture").reshape(-1, 4), axis=0)) > 3 and me.alert.is_hidden(), kind


def test_what_was_opened_is_used_everywhere(me, hub, model):
    sha = hub.add_repo("ada/faces", model)
    look(me, "ada/faces", "Enter")
    me.click("do-use")
    me.page.locator("#arrived canvas").first.wait_for()
    assert MARKUP in me.page.locator("#arrived h3").inner_text()
    assert cards(me)[:2] == ["cats", "digits"] and "ada/faces" in cards(me)
    card = me.page.locator("[data-model='ada/faces'].card")
    card.scroll_into_view_if_needed()
    assert MARKUP in card.inner_text() and card.locator("b").count() == 0
    loop = "document.querySelector(\".card[data-model='ada/faces'] .samples\").loop"
    me.until(f"{loop}?.playing").until(f"!{loop}.playing")  # it goes round once, and is back at the first pictures
    assert me.shows(
        ".card[data-model='ada/faces'] canvas", 1, {"model": "ada/faces", "revision": sha, "seed": 1, "psi": 0.6}
    )
    card.hover()
    me.until(f"{loop}.playing")
    card.get_by_role("button", name="Interpolate").click()
    me.until("studio.film.frames.length > 20 && studio.film.plan().keyframes.every(({model}) => model === 'ada/faces')")
    me.click("tab-models-button")
    card.get_by_role("button", name="Train from it").click()
    me.until("studio.train.plan.base?.id === 'ada/faces' && document.getElementById('train-new').checkVisibility()")
    me.click("tab-models-button")
    me.page.locator("[data-model=digits].card").get_by_role("button", name="Train from it").click()
    me.until(
        "document.getElementById('base-note').textContent.startsWith('It knows 3 classes, zero to two, and goes on')"
    )
    explore(me).choose("model", "cats").until_recipe(model="cats")
    me.choose("model", "ada/faces").until_recipe(model="ada/faces", revision=sha)
    me.page.reload()
    me.until("window.studio?.ready").rested()
    assert me.recipe["model"] == "ada/faces"
    me.click("tab-models-button")
    card.get_by_role("button", name="Forget").click()
    card.wait_for(state="detached")
    explore(me).until_recipe(model="cats")


def test_what_cannot_be_used_is_said_while_the_model_goes_on(me, hub, model):
    hub.add_repo("ada/gated", model, gated=True)
    hub.add_repo("ada/saved", {"README.md": b"# A GAN", "saved_model.pb": b"\x08"})
    hub.add_repo("ada/broken", model)
    hub.truncate("ada/broken", "model.safetensors")
    with me.expecting_errors("400"):
        for source, words in (
            ("ada/none", "no model ada/none"),
            ("ada/gated", "gated"),
            ("ada/gated@nowhere", "no revision"),
            ("", "not the name of a model"),
            ("../cats", "not the name of a model"),
            ("<b>x</b>/y", "not the name of a model"),
            ("https://example.org/a/b", "not an address of"),
        ):
            look(me, source)
            me.told(words)
        hub.go_offline()
        try:
            look(me, "ada/elsewhere", "Enter")
            me.told("cannot be reached")
        finally:
            hub.go_online()
    look(me, "ada/saved")
    me.page.locator("#look .trouble").get_by_text("SavedModel").wait_for()
    assert me.page.locator("#do-use").count() == 0
    me.accessible("dark, narrow")
    look(me, "ada/broken")
    me.click("do-use")
    me.told("incomplete")
    assert me.page.locator("#do-use").is_enabled() and me.page.locator("#way").is_hidden()
    explore(me).click("do-next").painted()
    me.until("document.getElementById('alert').hidden")
    assert me.recipe == {"model": "cats", "psi": 0.8, "seed": 1}


def test_a_dropped_file_and_what_is_none(me, model, tmp_path):
    file = model_zip(tmp_path / "my model.zip", model)
    me.drop(file, "#picture")  # also where it does not belong
    me.page.locator("#arrived canvas").first.wait_for()
    me.page.get_by_role("button", name="Explore it").click()
    me.until("studio.explore.recipe.model.startsWith('upload-')").rested()
    id = me.recipe["model"]
    me.click("tab-models-button")
    for name, data in (("torn.pt", b"PK\x03\x04nothing"), ("words.pth", b"no pickle"), ("empty.zip", b"")):
        (tmp_path / name).write_bytes(data)
        with me.expecting_errors("400"):
            me.page.locator("#brought").set_input_files(tmp_path / name)
            me.told(name)
    me.page.locator("#brought").set_input_files([tmp_path / "torn.pt", tmp_path / "words.pth"])
    me.told("One model at a time")
    assert id in cards(me)
    explore(me).click("do-next").painted()
    assert me.recipe["model"] == id
    me.click("tab-models-button")
    forget = me.page.locator(f"[data-model='{id}'].card").get_by_role("button", name=re.compile("Forget|Really"))
    forget.click()
    assert id in cards(me) and "Really" in forget.inner_text()
    forget.click()
    me.page.locator(f"[data-model='{id}'].card").wait_for(state="detached")
    explore(me).until_recipe(model="cats")


def test_a_layout_is_tried_and_kept(me, hub, tmp_path):
    sha = hub.add_repo("ada/stack", write_stack(tmp_path / "stack"))
    look(me, "ada/stack")
    me.click("do-use")
    me.page.locator("#arrived").get_by_role("button", name="Layout").click()
    me.until("document.querySelectorAll('#layout-grid canvas').length === 9")
    assert me.shows("#layout-grid canvas", 1, {"model": "ada/stack", "revision": sha, "seed": 1})
    before = me.pixels("#layout-grid canvas", 1)
    assert me.page.locator("#do-layout-keep").is_disabled()
    me.page.locator("#layout-7-kind").select_option("sigmoid")
    me.until("studio.models.layout.painted > 1")
    changed = me.pixels("#layout-grid canvas", 1)
    assert np.abs(changed.astype(int) - before).mean() > 2
    with me.expecting_errors("400"):
        me.page.locator("#layout-4-padding").fill("16")
        me.page.locator("#layout-4-padding").blur()
        me.until("document.getElementById('layout-told').textContent.includes('does not fit')")
    me.accessible()
    assert me.page.locator("#do-layout-keep").is_disabled() and np.array_equal(
        me.pixels("#layout-grid canvas", 1), changed
    )
    me.click("do-layout-reset")
    me.until("document.getElementById('layout-told').textContent === ''")
    assert np.array_equal(me.pixels("#layout-grid canvas", 1), before)
    me.page.locator("#layout-7-kind").select_option("sigmoid")
    me.until("!document.getElementById('do-layout-keep').disabled")
    me.click("do-layout-keep")
    me.page.get_by_role("button", name="Explore it").click()
    me.until("studio.explore.recipe.model.startsWith('upload-')").rested()
    assert me.shows("#sheet canvas", 1, {"model": me.recipe["model"], "seed": 1})
    kept, first = (me.app.pictures({"model": id, "seed": 1}) for id in (me.recipe["model"], "ada/stack"))
    assert not np.array_equal(kept, first)


def test_scores_that_came_with_a_model_and_too_few_pictures_for_others(me, hub, model, tmp_path):
    table = {"frechet": {"value": 2.5, "margin": 0.1}, "memorised": {"value": 0.5, "margin": 0.1}}
    keep_facts(
        shutil.copytree(model, tmp_path / "scored"),
        scores=dict(
            features="our own features",
            samples=5000,
            pictures=9000,
            training=9000,
            psi=1.0,
            scores=table,
            real=table,
            ratio=2.54,
            nearest=[],
            unknown=["cat", "dog"],
        ),
    )
    hub.add_repo("ada/scored", tmp_path / "scored")
    look(me, "ada/scored")
    me.click("do-use")
    me.page.locator("#arrived canvas").first.wait_for()
    me.page.locator("[data-model='ada/scored'].card").get_by_role("button", name="Scores").click()
    panel = me.page.locator("#scored")
    panel.locator("table").wait_for()
    told = panel.inner_text()
    assert (
        "These scores came with the model." in told
        and "The samples are 2.5 times as far" in told
        and "5,000 samples against 9,000 pictures" in told
        and "Nothing is copied" in told
        and "The model has no class called cat, dog: the pictures are compared without classes." in told
    )
    assert (
        MARKUP in panel.locator("h3").inner_text()
        and panel.locator("#scored-panel button:not(.term):visible").count() == 0
    )
    me.drop(dots(tmp_path / "dots", 3)[0], "#scored-drop")  # not a model
    me.until("document.getElementById('scored-told').textContent.startsWith('1 ')")
    panel.locator("#scored-input").set_input_files(dots(tmp_path / "dots", 3)[1:])
    me.until("document.getElementById('scored-told').textContent.startsWith('3 ')")
    with me.expecting_errors("400"):
        panel.get_by_role("button", name="Score it").click()
        panel.locator(".scores-told.trouble").get_by_text("Scores cannot be taken from 3 pictures").wait_for()
    assert me.accessible("dark, wide").page.evaluate(NAMELESS) == []
    panel.get_by_role("button", name="Close").click()
    assert panel.is_hidden()


def test_a_restart_forgets_nothing(visitor, hub, hub_app, weights, home, model):
    sha = hub.add_repo("ada/kept", model)
    hub_app.studio.library.open("ada/kept")
    hub.go_offline()
    try:
        with running(weights, Hub(hub.url, home / "cache", answer=2), runs=home / "runs") as again:
            me = visitor(again).come()
            me.click("do-more-models")
            assert "ada/kept" in cards(me)
            me.page.locator("[data-model='ada/kept'].card").get_by_role("button", name="Explore").click()
            me.until_recipe(model="ada/kept", revision=sha)
            me.page.close()
    finally:
        hub.go_online()


def test_a_link_fetches_nothing_before_somebody_uses_the_model(visitor, hub_app, hub, model):
    sha = hub.add_repo("bob/faces", model)
    me = visitor(hub_app)
    with me.expecting_errors("400"):
        me.page.goto(f"{hub_app.url}?model=bob/faces&rev={sha}&seed=3&psi=0.5&d=1.5")
        me.until("window.studio?.ready")
        me.told("bob/faces")
    me.until("id => document.getElementById('source')?.value === id", f"bob/faces@{sha}")
    assert me.recipe["model"] == "cats" and hub.requests("bob/") == []
    me.click("do-look").click("do-use")
    me.page.get_by_role("button", name="Explore it").click()
    me.until_recipe(model="bob/faces", revision=sha, seed=3, psi=0.5, directions=[1.5]).rested()
    assert hub.requests("bob/") != [] and me.alert.is_hidden()


def test_a_pin_of_a_version_that_is_not_there_any_more(me):
    gone = {"model": "cats", "revision": "0" * 40, "seed": 1}
    pins = [["cats", [gone, {"model": "cats", "seed": 2}]]]
    me.page.evaluate("pins => localStorage.setItem('gan-studio-pins', JSON.stringify(pins))", pins)
    with me.expecting_errors("400"):
        me.page.reload()
        me.until("window.studio?.ready").rested()
        me.until("document.querySelectorAll('#pins .pin').length === 2")
        me.page.get_by_role("button", name="Open pin 1", exact=True).click()
        me.told("cats")
    me.page.get_by_role("button", name="Open pin 2", exact=True).click()
    me.until_recipe(seed=2)


def test_a_narrow_screen_in_chinese(visitor, hub_app, hub, model):
    files = {file.name: file.read_bytes() for file in model.iterdir()}
    hub.add_repo("ada/narrow", files | {f"{'long-' * 20}{n}.bin": b"" for n in range(3)})
    me = visitor(hub_app, locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).come()
    look(me, "ada/narrow")
    me.page.locator("#do-use").wait_for()
    assert me.page.evaluate(SIDEWAYS) <= 0
    me.click("do-use")
    me.page.locator("#arrived canvas").first.wait_for()
    assert me.page.evaluate(SIDEWAYS) <= 0 and me.page.evaluate(NAMELESS) == []
    for name in ("do-look", "model-drop", "arrived", "worth"):
        area = me.page.locator(f"#{name}").bounding_box()
        assert area["x"] >= 0 and area["x"] + area["width"] <= 390, name
    words = me.page.locator("#models").locator("button:visible, label:visible, h3:visible, summary:visible")
    left = [text for text in words.all_inner_texts() if re.search("[A-Za-z]{3}", text) and not CHINESE.search(text)]
    assert left == [] and not re.search("undefined|studio_", me.page.locator("body").inner_text())
    me.accessible("light, narrow", "dark, wide")
