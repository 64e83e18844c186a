"""What a run has made: its grids through time, its moments in Explore, blended with the base, taken away and brought
back."""

import re

import numpy as np
import pytest
from hostile import zipped
from PIL import Image
from run_helpers import wait_for
from trainee import look_at, ordered, seen, training_app
from visitor import CHINESE, NAMELESS, SIDEWAYS

from gan.latents import inversion as core
from gan.studio import inversion

PINS = ({"model": "cats", "seed": 5, "psi": 0.5, "directions": [0, 1.5]}, {"model": "cats", "seed": 6, "psi": 0.8})
STEPS = 32
_STRIP = "document.querySelectorAll('#through .tile').length"


@pytest.fixture(scope="module")
def app(weights, tmp_path_factory):
    yield from training_app(weights, tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def run(app):
    """A run that is done, from pins, with snapshots at many of its steps and a grid at each eighth."""
    id = ordered(app, steps=STEPS, pins=PINS, g_lr=0.01)
    wait_for(app.studio.workshop.supervisor, id, "done")
    return id


@pytest.fixture
def me(visitor, app, run):
    """Somebody who looks at that run."""
    me = look_at(visitor(app), run)
    return me.until(f"{_STRIP} > 3")


def revision(step: int) -> str:
    return f"{step:07d}"


def explored(me, run):
    """Explore the moment that is looked at."""
    me.click("do-run-explore")
    me.until("id => studio.explore.recipe.model === id && document.getElementById('picture').checkVisibility()", run)
    return me.rested()


def film_of(me, cell: int, name: str):
    """Wait until the strip is that of a cell."""
    me.until("name => document.getElementById('through-title').textContent.endsWith(name)", name)
    return me.until("cell => studio.train.run.moments.stripKey.startsWith(`${cell} `)", cell)


# Through time


def test_a_picture_is_followed_through_time(me, run):
    me.page.locator("#grid").scroll_into_view_if_needed()
    area = me.page.locator("#grid").bounding_box()
    side = area["width"] / 3
    me.page.mouse.click(area["x"] + 1.5 * side, area["y"] + 0.5 * side)
    film_of(me, 1, "pin 2")
    assert me.shows("#through canvas", 0, PINS[1])  # before the first step it is what the base makes
    me.page.locator("#grid").press("ArrowLeft")
    film_of(me, 0, "pin 1")
    assert me.shows("#through canvas", 0, PINS[0])
    last = me.page.evaluate(f"{_STRIP} - 1")
    assert me.shows("#through canvas", last, PINS[0] | {"model": run, "revision": revision(STEPS)})
    tile = me.page.locator("#through .tile").nth(2)
    tile.click()
    step = tile.inner_text()
    me.until("step => document.getElementById('grid-caption').textContent.startsWith(`Step ${step}.`)", step)
    assert me.page.locator("#live").is_visible() and f"at step {step}" in me.page.locator("#before-title").inner_text()
    me.click("live")
    me.until(f"document.getElementById('grid-caption').textContent.startsWith('Step {STEPS}.')")
    me.page.locator("#moment").press("Home")
    me.until("document.getElementById('grid-caption').textContent.startsWith('Step 0.')")
    assert me.page.locator("#live").is_visible()


def test_two_moments_side_by_side(me):
    me.until(f"document.getElementById('beside-b-words').textContent === 'step {STEPS}'")
    assert me.page.locator("#beside-a-words").inner_text() == "step 0"
    before, after = me.pixels("#beside-a"), me.pixels("#beside-b")
    assert np.abs(before.astype(int) - after).mean() > 2
    me.page.locator("#beside-b-moment").press("Home")
    me.until("document.getElementById('beside-b-words').textContent === 'step 0'")
    assert np.array_equal(me.pixels("#beside-b"), before)


# Its scores


def test_a_run_is_scored_and_a_reload_shows_it(me, run):
    panel = me.page.locator("#scores-panel")
    assert panel.inner_text() == "Score it"
    panel.get_by_role("button", name="Score it").click()
    panel.get_by_role("button", name="Stop").wait_for()
    panel.locator("table").wait_for(timeout=60_000)
    told = panel.inner_text()
    assert f"Scores of step {STEPS}." in told and "Only 12 samples against 24 pictures" in told
    assert "not comparable with published FID" in told and panel.locator("tbody tr").count() == 9 and "NaN" not in told
    assert panel.locator("button:not(.term):visible").count() == 0
    seeds = panel.locator("figcaption").all_inner_texts()
    assert len(seeds) == 6 and all("of the usual distance" in words for words in seeds)
    seed = int(re.match(r"Seed (\d+)", seeds[0])[1])
    assert me.shows(".scores-pairs canvas", 0, {"model": run, "revision": revision(STEPS), "seed": seed, "psi": 1})
    assert np.ptp(me.pixels(".scores-pairs canvas", 1)[..., :3]) > 0 and me.page.evaluate(NAMELESS) == []
    me.accessible()
    me.page.reload()
    panel.locator("table").wait_for()
    me.until("document.querySelector('.scores-pairs canvas').width > 1")
    assert panel.inner_text() == told
    me.page.set_viewport_size({"width": 390, "height": 844})
    assert me.page.evaluate(SIDEWAYS) <= 0


# In Explore


def test_a_moment_is_explored_and_moved_through_time(me, run):
    me.page.locator("#grid").press("ArrowRight")
    film_of(me, 1, "pin 2")
    me.page.locator("#moment").press("Home")
    me.until("document.getElementById('grid-caption').textContent.startsWith('Step 0.')")
    explored(me, run)
    assert me.recipe == PINS[1] | {"model": run, "revision": revision(0)}
    first = me.pixels("#picture")
    time = me.page.locator("#time-slider")
    assert me.page.locator("#time-panel").is_visible() and me.page.locator("#blend-panel").is_visible()
    time.press("End")
    me.until_recipe(revision=revision(STEPS)).rested()
    assert me.page.locator("#time-step").inner_text() == str(STEPS)
    assert np.abs(me.pixels("#picture").astype(int) - first).mean() > 2
    me.click("do-undo").until_recipe(revision=revision(0))
    assert me.looks_like("#picture", first) and me.page.locator("#time-step").inner_text() == "0"
    me.choose("model", "cats").until_recipe(model="cats")
    assert me.page.locator("#time-panel").is_hidden() and me.page.locator("#blend-panel").is_hidden()
    me.click("do-undo").until_recipe(model=run, revision=revision(0))
    me.page.locator("#relatives").get_by_role("button", name="Cats").click()  # the same w in what it comes from
    me.until_recipe(model="cats").rested()
    assert me.recipe["w"] and np.abs(me.pixels("#picture").astype(int) - first).max() <= 2
    me.page.locator("#relatives button").first.wait_for()
    me.accessible()


def test_the_run_and_its_base_are_blended(me, run, app, tmp_path, monkeypatch):
    explored(me, run)
    whole = me.recipe
    _before_and_after(me, run, tmp_path, monkeypatch)
    me.page.evaluate("recipe => studio.explore.go(recipe)", whole)
    me.until_recipe(**whole).rested()
    trained, base = (app.pictures(recipe)[0] for recipe in (whole, PINS[0]))
    me.slider("blend").press("Home")
    me.until_recipe(blend=[-0.5] * 3)
    me.box("blend").fill("0")
    me.box("blend").blur()
    me.until_recipe(blend=[0, 0, 0]).rested()
    assert np.abs(app.pictures(me.recipe)[0].astype(int) - base).max() <= 1
    assert np.abs(trained.astype(int) - base).max() > 20
    me.box("blend2").fill("1")
    me.box("blend2").blur()
    me.until_recipe(blend=[0, 0, 1]).rested()
    link, recipe, seen_then = me.page.url, me.recipe, me.pixels("#picture")
    me.click("do-pin").until("document.querySelectorAll('#pins .pin canvas').length === 1")
    assert me.shows("#pins canvas", 0, recipe)
    me.page.goto("about:blank")
    me.page.goto(link)  # in this window or another: all of it is in the link
    me.until("window.studio?.ready").rested()
    assert me.recipe == recipe and me.looks_like("#picture", seen_then)
    me.box("blend").fill("1")
    me.box("blend").blur()
    me.until("!studio.explore.recipe.blend || studio.explore.recipe.blend.every((amount) => amount === 1)").rested()
    assert np.abs(app.pictures(me.recipe)[0].astype(int) - trained).max() <= 1
    me.click("do-pin").until("document.querySelectorAll('#pins .pin canvas').length === 2")
    me.click("tab-interpolate-button")
    me.until("studio.film.frames.length > 20 && document.querySelectorAll('#strip canvas').length > 1")
    assert me.shows("#strip canvas", 0, recipe)


def _before_and_after(me, run, tmp_path, monkeypatch) -> None:
    """Eight seeds in the base and in the run, and a picture of one's own found in the one and shown in the other."""
    for module, name, value in ((core, "TOGETHER", 3), (core, "ALONE", 5), (inversion, "_SAMPLES", 40)):
        monkeypatch.setattr(module, name, value)
    me.until("document.querySelectorAll('#base-pairs-tiles canvas').length === 16")
    assert "Before and after: Cats and" in me.page.locator("#base-pairs").inner_text()
    opening = {"model": run, "revision": revision(STEPS), "psi": me.page.evaluate("studio.explore.model.psi")}
    assert me.shows("#base-pairs-tiles canvas", 4, opening | {"seed": 2, "blend": [0, 0, 0]})
    assert me.shows("#base-pairs-tiles canvas", 5, opening | {"seed": 2})
    me.accessible()
    me.page.get_by_role("button", name="Seed 7 in Cats").click()
    me.until_recipe(seed=7, blend=[0, 0, 0])
    me.page.get_by_role("button", name="Eight others").click()
    me.page.get_by_role("button", name="Seed 15 in Cats").wait_for()
    Image.fromarray(me.app.pictures({"model": "cats", "seed": 9})[0, ..., :3]).save(tmp_path / "mine.png")
    me.page.set_input_files("#base-pairs-file", tmp_path / "mine.png")
    me.until("document.getElementById('seek-words').textContent.includes('undo leads back to Cats')")
    me.until_recipe(model=run, revision=revision(STEPS)).rested()
    there = me.recipe
    me.click("do-undo").until_recipe(model=run, revision=revision(0)).rested()  # what the run started from
    assert me.recipe["w"] and there["w"] and not me.shows("#picture", 0, there)


# Taken away and brought back


def test_a_downloaded_model_is_opened_again(me, run, tmp_path):
    with me.page.expect_download() as caught:
        me.click("do-run-download")
    file = tmp_path / caught.value.suggested_filename
    caught.value.save_as(file)
    assert file.name.endswith(f"-{STEPS}.zip")
    explored(me, run)
    picture = me.pixels("#picture")
    seed = {name: value for name, value in me.recipe.items() if name not in ("model", "revision")}
    me.choose("model", "cats").until_recipe(model="cats")
    me.click("do-more-models")
    with me.page.expect_file_chooser() as chooser:
        me.click("model-drop")
    chooser.value.set_files(file)
    me.page.get_by_role("button", name="Explore it").click()
    me.until("studio.explore.recipe.model.startsWith('upload-')").rested()
    id = me.recipe["model"]
    me.page.evaluate("recipe => studio.explore.go({...recipe, model: studio.explore.model.id})", seed)
    me.until_recipe(seed=seed["seed"], psi=seed["psi"])
    assert np.abs(me.pixels("#picture").astype(int) - picture).max() <= 2
    _hostile(me, file, tmp_path)
    assert me.painted().recipe["model"] == id


def _hostile(me, file, tmp_path) -> None:
    """What is no model ends in a sentence, and the model that is open stays."""
    bad = [
        (zipped(tmp_path / "evil.zip", {"../config.json": b"{}", "../../model.safetensors": b"x"}), "."),
        (zipped(tmp_path / "pictures.zip", {"a.png": b"x"}), "."),
        (tmp_path / "torn.zip", "."),
    ]
    bad[2][0].write_bytes(file.read_bytes()[:2000])
    with me.expecting_errors("400"):
        for path, words in bad:
            me.page.locator("#brought").set_input_files(path)
            me.told(words)
            me.click("tab-explore-button").click("do-next").painted()
            me.until("document.getElementById('alert').hidden")


# For everybody


def test_a_narrow_screen(visitor, app, run):
    me = look_at(visitor(app, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True), run)
    me.until(f"{_STRIP} > 3")
    assert me.page.evaluate(SIDEWAYS) <= 0
    for name in ("do-run-explore", "do-run-delete", "grid", "moment", "beside-b-moment"):
        area = me.page.locator(f"#{name}").bounding_box()
        assert area["x"] >= 0 and area["x"] + area["width"] <= 390, name
    me.page.locator(".run-card.new").click()
    me.until("document.getElementById('train-new').checkVisibility()")
    me.page.locator("#train-expert summary").click()
    me.page.locator("#elsewhere button").first.click()
    me.page.locator("#dataset").wait_for()
    assert me.page.evaluate(SIDEWAYS) <= 0
    _nothing_can_be_done_before_it_is_known(me)
    explored(seen(me, "view.begun"), run)
    assert me.page.evaluate(SIDEWAYS) <= 0 and me.page.locator("#blend2").bounding_box()["width"] > 200


def _nothing_can_be_done_before_it_is_known(me) -> None:
    """Open the run while the app keeps its answer back: no button, and a sentence why; then let it come."""
    held, keeps_back = [], [True]
    asked = re.compile(r"/studio/train/run/[^/?]+\?watch=")
    me.page.route(asked, lambda route: held.append(route) if keeps_back else route.continue_())
    me.page.locator(".run-card:not(.new)").first.click()
    me.until("document.getElementById('train-run').checkVisibility()")
    assert me.page.locator("#run-tools button:visible").count() == 0
    assert "Looking how it goes" in me.page.locator("#run-told").inner_text()
    keeps_back.clear()
    for route in held:
        route.continue_()
    me.page.locator("#do-run-explore").wait_for()


def test_chinese_and_names_for_all_that_can_be_operated(visitor, app, run):
    me = look_at(visitor(app, locale="zh-CN"), run)
    me.until(f"{_STRIP} > 3")
    assert me.page.locator("#run-status").inner_text() == "完成" and CHINESE.search(
        me.page.locator("#run-facts").inner_text()
    )
    _named_in_chinese(me)
    me.accessible()
    me.page.locator(".run-card.new").click()
    me.until("document.getElementById('train-new').checkVisibility()")
    me.page.locator("#elsewhere button").first.click()
    me.page.locator("#dataset").wait_for()
    _named_in_chinese(me)
    me.page.locator("#train-expert summary").click()
    assert me.page.evaluate(NAMELESS) == []
    me.accessible("dark, wide", "light, narrow")


def _named_in_chinese(me) -> None:
    """No label, button or line of the tab is left in English, and none is without a name."""
    assert me.page.evaluate(NAMELESS) == []
    kinds = ("button", "label", "h2", "h3", "figcaption", "summary")
    words = me.page.locator("#tabs").locator(", ".join(f"{kind}:visible" for kind in kinds))
    left = [text for text in words.all_inner_texts() if re.search("[A-Za-z]{3}", text) and not CHINESE.search(text)]
    assert left == [] and not re.search("undefined|studio_", me.page.locator("body").inner_text())


def test_the_language_that_was_chosen_stays_in_the_address(visitor, app, run):
    me = visitor(app)
    me.page.goto(f"{app.url}?run={run}&lang=zh-CN")
    seen(me, "view.begun")
    assert me.page.url.endswith("lang=zh-CN") and run in me.page.url
    me.page.locator(".run-card.new").click()
    me.until("document.getElementById('train-new').checkVisibility()")
    me.page.reload()
    me.until("window.studio?.ready").click("tab-explore-button").rested()
    assert me.page.locator("#do-undo").inner_text() == "撤销"


def test_a_branch_starts_from_the_moment_that_is_looked_at(me, app, run):
    me.click("do-run-branch")
    seen(me, f"s.id !== '{run}' && s.parent === '{run}' && s.status === 'done'")
    me.until(f"{_STRIP} > 1 && studio.train.run.moments.stripKey.startsWith('0 ')")
    assert me.shows(
        "#through canvas", 0, PINS[0] | {"model": run, "revision": revision(STEPS)}
    )  # its pins are there, too
