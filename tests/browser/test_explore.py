"""Explore, as a person uses it: sliders, seeds, small pictures, and going back."""

import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan.studio.recipes import Recipe

# Values between the steps of the sliders.
APART = """async (recipe) => {
  const [here] = await studio.server.browser.of([recipe], null).paint([recipe], () => true);
  const there = await look.painted(recipe);
  return here.data.reduce((most, value, i) => Math.max(most, Math.abs(value - there.data[i])), 0);
}"""
# A number is typed, and before anything else happens a slider is moved.
TYPE_AND_MOVE = """(box, slider) => [[box, "1"], [slider, "0.4"]].forEach(([control, value]) => {
  control.focus();
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
})"""
LINK = "?model=cats&seed=5&psi=0.123&d=0.333,0,-1&z=3:-1.234&walk=9:0.25"


def test_first_paint_needs_no_click(me):
    assert me.recipe == {"model": "cats", "psi": 0.8}
    assert me.page.locator("#nearby canvas").count() == 8 and me.page.locator("#sheet canvas").count() == 24
    for selector, count in (("#nearby canvas", 8), ("#sheet canvas", 24), (".film-strip canvas", 40)):
        pictures = np.stack([me.pixels(selector, i) for i in range(count)]).astype(int)
        assert (pictures[..., 3] == 255).all() and all(picture.std() > 5 for picture in pictures[..., :3])
        assert np.median(np.abs(pictures - pictures[0]).mean(axis=(1, 2, 3))[1:]) > 2
    assert me.shows("#sheet canvas", 3, {"model": "cats", "psi": 0.8, "seed": 3})
    assert me.shows(".film-strip canvas", 9, {"model": "cats", "psi": 0.8, "directions": [0, 3]})
    assert all(me.slider(name).is_visible() for name in ("psi", *(f"d{i}" for i in range(8))))
    assert me.alert.is_hidden()
    card = me.page.locator("#card")
    assert "No cats at all." in card.inner_text() and "CC0" not in card.inner_text()
    card.locator("summary").click()
    assert "CC0" in card.inner_text()


def test_the_visitors_browser_paints_what_the_app_would(me):
    """Once its network is here: the same pictures to two grey levels, and nothing is asked of the app."""
    me.until("studio.server.browser.by(studio.explore.recipe).here")
    assert "Painted in this browser" in me.page.locator("#painted-by").inner_text()
    asked = len(me.requests)
    me.drag("psi", np.linspace(0.1, 0.9, 20).tolist()).until("look.quiet()")
    assert not [url for url in me.requests[asked:] if "render" in url]
    draw, apart = np.random.RandomState(0), []
    for _ in range(30):
        recipe = {"model": "cats", "seed": int(draw.randint(2**32)), "psi": round(draw.uniform(-0.5, 1.5), 2)}
        recipe |= {"directions": draw.uniform(-3, 3, 8).round(2).tolist()} if draw.rand() < 0.5 else {}
        recipe |= {"noise": "random", "noise_seed": int(draw.randint(99))} if draw.rand() < 0.3 else {}
        recipe |= {"style": {"seed": 9}, "mix": draw.rand(2).round(2).tolist()} if draw.rand() < 0.3 else {}
        recipe |= {"walk": [[7, 0.3]], "overrides": [[1, 2.5]]} if draw.rand() < 0.3 else {}
        apart.append(me.page.evaluate(APART, recipe))
    assert max(apart) <= 2 and len(apart) == 30
    assert me.page.evaluate("studio.server.browser.of([{model: 'cats', blend: [0, 1, 1]}], null)") is None
    me.painted()


# Sliders


def test_film_strips_show_where_sliders_lead_and_a_click_goes_there(visitor):
    me = visitor().come("?model=cats&seed=2")
    me.page.locator("#strip-d1 .tile").nth(1).click()
    me.until_recipe(directions=[0, -1.5]).rested()
    assert me.page.locator("#strip-d1 .tile").nth(1).get_attribute("aria-current") == "true"
    assert me.shows(".film-strip canvas", 4, {"model": "cats", "seed": 2, "directions": [3, -1.5]})
    me.page.locator("#strip-d1 [tabindex='0']").focus()
    me.page.keyboard.press("ArrowRight")
    me.page.keyboard.press("Enter")
    me.until_recipe(directions=None)
    me.page.locator("#strips-switch").uncheck()
    assert me.page.locator(".film-strip").first.is_hidden()
    me.until("document.getElementById('end0-plus').ariaLabel")
    assert me.shows("#end0-plus canvas", 0, {"model": "cats", "seed": 2, "directions": [3]})
    me.page.reload()
    me.until("window.studio?.ready")
    assert not me.page.locator("#strips-switch").is_checked()  # the choice stays


def test_dragging_paints_many_pictures_and_ends_at_the_last_value(me):
    before, picture = me.frames, me.pixels("#picture")
    me.drag("d1", np.linspace(0.5, 0.95, 50).tolist()).rested()
    assert me.frames - before >= 10
    assert me.recipe["directions"] == [0, me.value("d1")] and me.value("d1") > 2
    assert np.abs(me.pixels("#picture").astype(int) - picture).mean() > 2
    assert me.page.evaluate("studio.explore.history.past.length") == 1
    me.drag("psi", [0.6, 0.1, 0.9, 0.3, 0.35]).painted()
    assert me.recipe["psi"] == me.value("psi") and me.page.evaluate("studio.explore.history.past.length") == 2


def test_a_direction_is_filled_from_its_middle(me):
    for value, shares in ((0, (0, 0)), (3, (0, 1)), (-3, (1, 0)), (1.5, (0, 0.5))):
        me.box("d0").fill(str(value))
        me.until_recipe(directions=[value] if value else None)
        picture = Image.open(io.BytesIO(me.slider("d0").screenshot())).convert("RGB")
        row = np.asarray(picture, int)[picture.height // 2]
        row = row[:, 2] - row[:, 0] > 60  # the slider's colour is a blue, thumb and track are greys
        halves = row[: len(row) // 2].mean(), row[len(row) // 2 :].mean()
        assert np.abs(np.subtract(halves, shares)).max() < 0.15, value  # the thumb covers a little


def test_the_seed_is_a_slider_with_a_box_and_what_is_set_by_hand_is_one_click_away(me):
    me.press("seed-range", "End").until_recipe(seed=999).painted()
    assert me.box("seed").input_value() == "999"
    me.box("seed").fill("123456")
    me.until_recipe(seed=123456).painted().rested()
    assert me.slider("seed-range").get_attribute("min") == "123000" and me.value("seed-range") == 123456
    me.press("seed-range", "ArrowLeft").until_recipe(seed=123455)
    me.click("do-undo").until_recipe(seed=123456)
    places = me.page.locator("#right").evaluate(
        "r => ['expert', 'own-sliders'].map(id => r.querySelector(`#${id}`).getBoundingClientRect().top)"
    )
    assert places[0] < places[1]  # not below everything else
    with me.page.expect_download() as caught:
        me.click("do-sheet-zip")
    with zipfile.ZipFile(caught.value.path()) as archive:
        rows = json.loads(archive.read("recipes.json"))
    assert [row["recipe"].get("seed", 0) for row in rows] == list(range(24))
    assert rows[5]["link"] == f"{me.app.url}?{Recipe('cats', seed=5, psi=0.8).to_query()}"
    with me.page.expect_download() as caught:
        me.click("do-sheet-png")
    assert Image.open(caught.value.path()).format == "PNG"


def test_keys_and_number_boxes_move_a_slider(me):
    me.press("psi", "ArrowRight").until_recipe(psi=0.81)
    me.press("psi", "ArrowLeft").press("psi", "ArrowLeft").until_recipe(psi=0.79)
    me.press("d0", "End").until_recipe(directions=[3])
    me.press("d0", "Home").until_recipe(directions=[-3])
    me.press("d0", "ArrowUp").until_recipe(directions=[-2.95])
    me.box("d0").fill("0")
    me.box("psi").fill("0.5")
    me.until_recipe(psi=0.5, directions=None).rested()
    me.box("d2").fill("-1.5")
    me.box("d2").press("Enter")
    me.until_recipe(directions=[0, 0, -1.5])
    me.box("d3").evaluate(TYPE_AND_MOVE, me.slider("psi").element_handle())
    me.until_recipe(directions=[0, 0, -1.5, 1], psi=0.4)
    me.click("do-undo").until_recipe(directions=[0, 0, -1.5, 1], psi=0.5)  # what was typed is a step of its own


REFUSED = (
    ("psi", "", "^Truncation needs a number. It is 0.8 again.$"),
    ("psi", "e", "^Truncation needs a number. It is 0.8 again.$"),
    ("psi", "1.123456", "^Truncation goes in steps of 0.01; [0-9.]+ lies between two of them. It is 0.8 again.$"),
    ("psi", "9", "^Truncation goes from -1 to 2, not to 9."),
    ("seed", "4294967296", "^Seed goes from 0 to 4294967295, not to 4294967296. It is 0 again.$"),
    ("seed", "1.5", "^Seed is a whole number, not 1.5."),
    ("d0", "2.51", "^Direction 1 goes in steps of 0.05; 2.51 lies"),
)


def test_a_number_that_is_not_taken_leaves_the_last_good_one(me):
    """Whatever good ones it began with: 4294967296 begins with 429496729."""
    before = me.recipe
    for box, typed, said in REFUSED:
        stood = me.box(box).input_value()
        me.box(box).click(click_count=3)
        me.page.keyboard.press("Delete")
        me.page.keyboard.type(typed)
        me.page.keyboard.press("Tab")
        me.told(said)
        assert me.box(box).input_value() == stood, typed
        me.painted()
        assert me.recipe == before and me.page.evaluate("studio.explore.history.past.length") == 0, typed
        me.page.keyboard.press("Shift")
        assert me.alert.is_hidden()

    _the_line_takes_no_click_away(me)
    _the_seed_box(me)


def _the_line_takes_no_click_away(me) -> None:
    """It comes after the press that it is about, goes with the next one, and lies over the page: nothing moves."""
    where = me.page.locator("#do-next").bounding_box()
    for seed in (1, 2):  # the line comes with the first click, and goes with the second
        if seed == 1:
            me.box("psi").fill("9")
        me.click("do-next").until_recipe(seed=seed)
        if seed == 1:
            me.told("^Truncation goes from -1 to 2")
        assert me.page.locator("#do-next").bounding_box() == where
    assert me.alert.is_hidden() and me.value("psi") == 0.8


_AT_ONCE = """(values) => {
  const box = document.querySelector("#seed input");
  box.focus();
  for (const value of values) {
    box.value = value;
    for (const event of ["input", "change"]) box.dispatchEvent(new Event(event, {bubbles: true}));
  }
}"""
"""Numbers are written in the seed's box, one right after the other."""


def _the_seed_box(me) -> None:
    me.box("seed").fill("42")
    me.until_recipe(seed=42)
    me.box("seed").press("Enter")
    for wrong in ("-5", "1.5", "99999999999", ""):
        me.box("seed").fill(wrong)
        me.box("seed").blur()
        me.until("document.querySelector('#seed input').value === '42'")
    assert me.recipe["seed"] == 42
    me.page.evaluate(_AT_ONCE, ["43", "-5"])  # a busy page hears of keys before its own timers
    me.until_recipe(seed=43)
    me.box("seed").fill("4294967295")
    me.until_recipe(seed=4294967295)
    me.click("do-next").until_recipe(seed=4294967295)


def test_walking_through_the_page_with_tab_changes_nothing_and_reset_keeps_the_seed(visitor):
    me = visitor().come(LINK + "&noise=none")
    me.page.locator("#expert button").first.click()
    me.slider("z0").wait_for()
    recipe = me.recipe
    for name in ("seed", "psi", "d0", "d2", "z0", "z15"):
        me.box(name).focus()
        me.page.keyboard.press("Tab")
    me.rested()
    assert me.recipe == recipe and me.page.evaluate("studio.explore.history.past.length") == 0
    me.click("do-reset").until_recipe(seed=5, psi=0.8, directions=None, overrides=None, walk=None, noise=None)
    me.click("do-undo").until_recipe(noise="none", walk=[[9, 0.25]])


# Seeds and small pictures


def test_seeds_and_their_contact_sheet(me):
    me.click("do-next").until_recipe(seed=1).click("do-next").until_recipe(seed=2)
    me.click("do-previous").until_recipe(seed=1)
    me.click("do-previous").click("do-previous").until_recipe(seed=None)  # 0, below which there is none
    me.click("do-dice").painted()
    assert me.recipe["seed"] > 2 and me.box("seed").input_value() == str(me.recipe["seed"])
    _the_sheet_follows_the_settings_and_turns_its_pages(me)


def test_small_pictures_open_at_a_click(me):
    near = me.page.evaluate("studio.explore.around.neighbours(studio.explore.recipe)[2]")
    me.page.locator("#nearby button").nth(2).click()
    me.until_recipe(walk=near["walk"]).rested()
    me.page.locator("#nearby button").nth(0).click()
    me.until("studio.explore.recipe.walk.length === 2").rested()
    me.click("strip-d1 .tile >> nth=4").until_recipe(directions=[0, 3]).rested()
    assert me.value("d1") == 3 and len(me.recipe["walk"]) == 2
    me.page.locator("#sheet button").nth(7).click()
    me.until_recipe(seed=7, walk=None, directions=[0, 3])


def _the_sheet_follows_the_settings_and_turns_its_pages(me) -> None:
    me.box("psi").fill("0.3")
    me.until_recipe(psi=0.3)
    me.until("JSON.parse(studio.explore.sheetKey)?.psi === 0.3")
    assert me.shows("#sheet canvas", 5, {"model": "cats", "psi": 0.3, "seed": 5})
    more, back = me.page.locator("#do-sheet-more"), me.page.locator("#do-sheet-back")
    more.click(), more.click(), more.click(), back.click()
    me.until("JSON.parse(studio.explore.sheetKey)?.seed === 48")
    assert me.shows("#sheet canvas", 5, {"model": "cats", "psi": 0.3, "seed": 53})
    assert me.page.locator("#sheet button").nth(5).get_attribute("aria-label") == "Seed 53"
    me.page.locator("#sheet button").nth(5).click()
    me.until_recipe(seed=53)


def test_two_hundred_clicks_end_well(me):
    me.page.evaluate("for (let i = 0; i < 200; i++) document.getElementById('do-dice').click()")
    me.until("studio.explore.history.past.length >= 199").rested()
    assert me.box("seed").input_value() == str(me.recipe["seed"]) and me.alert.is_hidden()
    last = me.recipe
    me.click("do-undo").painted()
    assert me.recipe != last
    me.click("do-redo").until_recipe(seed=last["seed"])


# Undo


def test_undo_and_redo(me):
    undo, redo = me.page.locator("#do-undo"), me.page.locator("#do-redo")
    assert undo.is_disabled() and redo.is_disabled()
    me.press("psi", "ArrowRight").until_recipe(psi=0.81)
    me.click("do-next").until_recipe(seed=1)
    me.drag("d0", [0.5, 0.6, 0.7, 0.8]).painted()
    undo.click()
    me.until_recipe(directions=None, seed=1, psi=0.81)
    assert me.value("d0") == 0
    me.page.keyboard.press("Control+z")
    me.until_recipe(seed=None, psi=0.81)
    me.page.keyboard.press("Control+z")
    me.until_recipe(seed=None, psi=0.8)
    assert undo.is_disabled() and me.value("psi") == 0.8
    me.page.keyboard.press("Control+y")
    me.until_recipe(psi=0.81)
    me.page.keyboard.press("Control+Shift+z")
    me.until_recipe(seed=1)
    redo.click()
    me.painted()
    assert me.recipe["directions"][0] == me.value("d0") > 1 and redo.is_disabled()
    undo.click()
    me.click("do-dice").painted()
    assert redo.is_disabled()


def _keys_undo_after_choosing_a_radio_but_not_while_typing(me) -> None:
    me.page.locator("#noise").get_by_text("none").click()
    me.until_recipe(noise="none")
    me.page.keyboard.press("Control+z")
    me.until_recipe(noise=None)
    me.press("psi", "ArrowRight").until_recipe(psi=0.81)
    me.box("seed").fill("7")
    me.until_recipe(seed=7)
    me.page.keyboard.press("Control+z")  # the browser's own, in the box
    me.page.keyboard.press("Control+z")
    assert me.painted().recipe["psi"] == 0.81


# Models and classes


def test_another_model_and_its_classes(me):
    assert me.page.locator("#class").count() == 0 and me.page.locator("#noise").is_visible()
    assert me.page.locator("#all-classes").is_hidden()
    me.choose("model", "digits").until_recipe(model="digits", label=0).rested()
    assert me.page.locator("#noise").count() == 0 and "mlp" in me.page.locator("#card").inner_text()
    me.choose("class", "two").until_recipe(label=2).rested()
    assert me.shows("#sheet canvas", 4, {"model": "digits", "seed": 4, "label": 2})
    me.choose("class", "mixed").until_recipe(label=None)
    me.click("do-undo").until_recipe(label=2)
    me.until("document.querySelector('#class input').value === 'two'")
    for _ in range(2):
        me.click("do-undo")
    me.until_recipe(model="cats", psi=0.8).rested()
    me.until("document.querySelector('#model input').value === 'cats'")
    assert me.page.locator("#class").count() == 0
    me.click("do-redo").until_recipe(model="digits")
    _one_picture_in_every_class(me)


def _one_picture_in_every_class(me) -> None:
    """Of a model with classes all stand side by side, and a click chooses one."""
    me.until("document.querySelectorAll('#classes .tile canvas').length === 3")
    me.rested()
    me.page.locator("#classes .tile").nth(2).click()
    me.until_recipe(label=2).rested()
    assert me.page.locator("#classes .tile").nth(2).get_attribute("aria-pressed") == "true"


def test_noise(me):
    noise = me.page.locator("#noise")
    noise.get_by_text("random").click()
    me.until_recipe(noise="random")
    assert me.recipe["noise_seed"] > 0
    noise.get_by_text("the same").click()
    me.until_recipe(noise=None, noise_seed=None)
    _keys_undo_after_choosing_a_radio_but_not_while_typing(me)


# The expert panel


def test_latent_values(me, app):
    order = app.studio.library.get("cats").effect_order()
    labels = (
        "[...document.querySelectorAll('#latents input[type=range]')]"
        ".filter(i => i.checkVisibility()).map(i => i.ariaLabel)"
    )

    def latents() -> list[float]:
        return json.loads(app.ask("studio/latents", {"recipe": me.recipe})[1])["z"]

    me.page.locator("#expert button").first.click()
    me.until("document.getElementById('page-of')?.textContent === '1 to 16 of 24'")
    me.until(f"({labels}).length === 16 && ({labels})[0].includes('z[{order[0]}]')")
    assert [label.split("[")[1][:-1] for label in me.page.evaluate(labels)] == [str(index) for index in order[:16]]
    z = latents()
    assert me.value("z0") == pytest.approx(z[order[0]], abs=0.006)
    me.press("z0", "End").until_recipe(overrides=[[order[0], 4]])
    me.drag("z1", [0.5, 0.2, 0.1]).painted()
    assert dict(me.recipe["overrides"])[order[1]] == me.value("z1") < -2
    me.click("do-page-after").until("document.getElementById('page-of').textContent === '17 to 24 of 24'")
    me.until(f"({labels}).length === 8 && ({labels})[0].includes('z[{order[16]}]')")
    assert me.value("z0") == pytest.approx(z[order[16]], abs=0.006)
    me.click("do-page-after").click("do-page-before")
    me.until(f"({labels}).length === 16 && ({labels})[0].includes('z[{order[0]}]')")
    assert me.value("z0") == 4
    me.click("do-next").until_recipe(seed=1, overrides=None).rested()
    now = latents()[order[0]]
    assert now != z[order[0]]
    me.until(f"Math.abs(document.querySelector('#z0 input[type=range]').value - {now}) < 0.006")
