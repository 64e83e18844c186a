"""The page as a whole: offline, narrow screens, languages, dark mode, and names for those who cannot see it."""

import re

import numpy as np
import pytest
from visitor import CHINESE, NAMELESS, SIDEWAYS


def everything(me):
    """Open every panel and tab, and use a little of each."""
    me.click("do-pin").click("do-dice").painted().click("do-pin").painted()
    expert(me)
    me.choose("model", "digits").until_recipe(model="digits")
    me.choose("model", "cats").until_recipe(model="cats").rested()
    me.click("tab-interpolate-button")
    me.until("studio.film.frames.length === 48 && document.querySelector('#strip canvas')")
    return me


def expert(me) -> None:
    if not me.slider("z0").is_visible():
        me.page.locator("#expert button").first.click()
        me.slider("z0").wait_for()


def test_every_control_has_a_name_and_no_request_leaves_the_page(me):
    expert(me)
    assert me.page.evaluate(NAMELESS) == []
    me.click("tab-interpolate-button").until("document.getElementById('film-caption')?.textContent")
    assert me.page.evaluate(NAMELESS) == []
    me.click("tab-explore-button")
    everything(me)
    assert me.page.evaluate(NAMELESS) == []
    me.page.evaluate("document.fonts.ready")
    assert len(me.requests) > 20
    me.calm()  # every address is the app's own, and no script has complained


def test_tab_leads_past_the_pictures_and_closes_a_list(me):
    me.page.keyboard.press("Tab")
    assert me.page.locator("#skip").inner_text() == "Skip to the settings"
    assert me.page.evaluate("document.activeElement.id") == "skip"
    me.page.keyboard.press("Enter")
    me.until("document.activeElement.closest('#psi')")
    assert me.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"

    me.page.locator("#model input").click()
    me.page.locator("[role=option]").first.wait_for()
    me.page.keyboard.press("Tab")
    me.until("!document.querySelector('[role=option]')?.checkVisibility()")
    assert me.page.locator("#model input").input_value() == "cats"


def test_the_last_tab_that_was_clicked_before_all_is_here_is_entered(me):
    """Learn, as the link has it, and then Explore, while the app keeps its list of models back."""
    held = []
    me.page.route("**/library/list*", lambda route: held.append(route))
    me.page.goto(me.app.url + "?lesson=two-players")
    me.until("window.studio?.learn && document.getElementById('tab-learn-button')")
    me.click("tab-learn-button").until("studio.learn.active")
    me.click("tab-explore-button").until("studio.early === 'explore'")
    me.until("studio.explore.trail.place")
    assert me.page.evaluate("!studio.ready && studio.explore.away")
    held.pop().continue_()
    me.until("studio.ready && studio.explore.sheetKey")
    assert me.page.evaluate("!studio.explore.away && !studio.explore.sounding.away && !studio.learn.active")
    me.click("do-next").until_recipe(seed=1)
    assert "seed=1" in me.page.url and me.page.locator("#do-next").is_visible()


def test_headings_and_roles(me):
    """No heading is left out on the way down."""
    assert me.page.get_by_role("heading", level=1).all_inner_texts() == ["GAN Studio"] == [me.page.title()]
    assert "seed 0" in me.page.get_by_role("img", name="Picture of Cats").get_attribute("aria-label")
    me.click("do-next").until("document.getElementById('picture').ariaLabel.endsWith('seed 1')")
    assert me.page.locator("#alert").get_attribute("role") == "alert"
    assert me.page.locator("html").get_attribute("lang") == "en"
    for tab in ("explore", "interpolate", "train", "models"):
        me.click(f"tab-{tab}-button").until(
            "[...document.querySelectorAll('[role=tabpanel] :is(h2, h3, [role=heading])')]"
            ".some((e) => e.checkVisibility())"
        )
        levels = me.page.evaluate(
            "[...document.querySelectorAll('h1, h2, h3, h4, [role=heading]')].filter((e) => e.checkVisibility())"
            ".map((e) => Number(e.ariaLevel ?? e.tagName[1]))"
        )
        assert levels[0] == 1 and len(levels) > 1, tab
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)), tab


def test_a_narrow_screen(visitor):
    me = visitor(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).come()
    assert me.page.evaluate(SIDEWAYS) <= 0
    for name in (
        "do-undo",
        "do-pin",
        "do-save",
        "do-copy",
        "do-dice",
        "psi",
        "d0",
        "end7-plus",
        "model",
        "do-sheet-more",
    ):
        control = me.page.locator(f"#{name}")
        control.scroll_into_view_if_needed()
        area = control.bounding_box()
        assert area["x"] >= 0 and area["x"] + area["width"] <= 390, name
    slider = me.slider("d7")
    slider.scroll_into_view_if_needed()
    slider.press("End")
    me.until("studio.explore.recipe.directions?.[7] === 3").painted()
    picture = me.page.locator("#picture").bounding_box()
    assert picture["y"] >= 0 and picture["y"] + picture["height"] < 844  # it stays in sight beside the slider
    everything(me)
    assert me.page.evaluate(SIDEWAYS) <= 0
    for name in ("do-play", "do-make", "scrub", "add-seeds"):
        me.page.locator(f"#{name}").scroll_into_view_if_needed()
        area = me.page.locator(f"#{name}").bounding_box()
        assert area["x"] >= 0 and area["x"] + area["width"] <= 390, name


INSIDE = "(e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; })"


def test_whoever_chooses_a_small_picture_sees_the_large_one(visitor):
    """On a low desktop, wherever the small one stands, down to the end of the page."""
    me = visitor(viewport={"width": 1280, "height": 642}).come("?model=digits&seed=1&class=1")
    for name in ("#nearby .tile", "#classes .tile", "#sheet .tile"):
        tile = me.page.locator(name).last
        tile.scroll_into_view_if_needed()
        before = me.recipe
        tile.click()
        me.until("before => !look.same(studio.explore.recipe, before)", before)
        assert me.page.locator("#picture").evaluate(INSIDE), name
        me.rested()


def test_the_picture_leaves_room_at_200_percent(visitor):
    """A window of 1280 by 900 at 200 %: what stays in sight takes two fifths of it at most."""
    me = visitor(viewport={"width": 640, "height": 450}).come()
    me.slider("d7").scroll_into_view_if_needed()
    area = me.page.locator("#stage").bounding_box()
    assert area["y"] == pytest.approx(0, abs=1) and 100 < area["height"] <= 0.4 * 450
    me.click("do-pin").click("do-dice").painted().click("do-pin")
    me.click("tab-interpolate-button").until("studio.film.frames.length === 48")
    assert me.page.locator("#film-stage").bounding_box()["height"] <= 0.4 * 450


def test_nobody_is_told_to_drop_what_fingers_cannot_drag(visitor):
    me = visitor(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).come()
    assert me.page.evaluate("matchMedia('(any-pointer: fine)').matches") is False
    said = me.page.locator("#caption").inner_text()
    for tab, place in (("train", "drop-words"), ("models", "model-drop-words")):
        me.click(f"tab-{tab}-button").until("id => document.getElementById(id)?.textContent", place)
        said += me.page.locator(f"#{place}").inner_text()
    assert "Open PNG" in said and said.count("Tap to choose") == 2 and "rop" not in said


def test_the_alert_is_in_sight_wherever_one_has_scrolled_to(me):
    me.page.locator("#do-sheet-more").scroll_into_view_if_needed()
    with me.expecting_errors("400"):
        me.page.locator("#png-file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"x"})
        me.told("PNG")
    area = me.alert.bounding_box()
    assert 0 <= area["y"] < 900


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW"])  # for others see tests/ui/test_language.py
def test_chinese(visitor, locale):
    me = visitor(locale=locale).come()
    assert me.page.locator("#do-undo").inner_text() == "撤销"
    assert "种子" in me.page.locator("#seed").inner_text() and "方向 1" in me.page.locator("#d0").inner_text()
    assert CHINESE.search(me.page.locator("#caption").inner_text())
    assert me.page.locator("#nearby button").first.get_attribute("aria-label") == "相近画面 1"
    assert me.page.locator("html").get_attribute("lang").startswith("zh")
    me.click("tab-interpolate-button").until("document.getElementById('film-caption')?.textContent")
    assert CHINESE.search(me.page.locator("#film-caption").inner_text())
    untranslated = [
        words
        for words in me.page.locator("button:visible, label:visible").all_inner_texts()
        if re.search("[A-Za-z]{3}", words) and not CHINESE.search(words)
    ]
    assert untranslated == []


def test_languages_that_the_page_does_not_speak_get_english_and_a_link_may_choose(visitor):
    me = visitor(locale="fr").come()
    assert me.page.locator("#do-undo").inner_text() == "Undo"
    assert "Drop a saved PNG" in me.page.locator("#caption").inner_text()
    me.come("?lang=zh-CN&seed=3")
    assert me.page.locator("#do-undo").inner_text() == "撤销" and me.recipe["seed"] == 3
    me.click("do-next").painted()
    assert "lang=zh-CN" in me.page.url


def test_dark_mode(visitor):
    me = visitor(color_scheme="dark").come()
    colours = me.page.evaluate("""() => ["body", "#caption", "#do-undo", "#card", ".stage"].map((name) => {
      const style = getComputedStyle(document.querySelector(name));
      return [style.color, style.backgroundColor].map((c) => c.match(/[\\d.]+/g).map(Number));
    })""")
    light = [[float(np.mean(colour[:3])) for colour in pair] for pair in colours]
    assert light[0][1] < 40 and light[4][1] < 60
    assert all(text > 120 for text, _ in light[1:4])
