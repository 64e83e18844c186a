"""Explore and Interpolate, with every panel and in every state, to axe-core; and words that explain themselves.

The rest is shown to it where it is tested: in test_atlas, test_seek, test_train, test_runs, test_run_models,
test_publish, test_models and test_learn.
"""

import pytest
from axe import LOOKS, faults

from gan.locales import find_locale
from gan.ui.doors import sign_in


def opened(me):
    """Every panel of Explore, with pins, a second picture and a sentence about what went wrong."""
    me.page.evaluate("studio.pins.add([1, 2, 3].map((seed) => ({...studio.explore.recipe, seed})))")
    for panel in ("mix", "layers", "expert"):
        me.page.locator(f"#{panel} button").first.click()
    me.slider("z0").wait_for()
    me.page.locator("#own-make summary").click()
    me.page.locator("#mix-pins button").nth(1).click()
    with me.expecting_errors("400"):
        me.page.locator("#png-file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"x"})
        me.until("!document.getElementById('alert').hidden")
    me.page.locator("#psi .term").click()
    return me.rested()


def test_explore(me):
    me.accessible()
    opened(me).accessible(*LOOKS)
    me.page.keyboard.press("Escape")
    me.choose("model", "digits").until_recipe(model="digits").rested().accessible("light, wide")
    me.page.locator("#model input").click()
    me.page.locator("[role=option]").first.wait_for()
    me.accessible("dark, narrow")


def test_what_gradio_opens_over_the_page(me):
    for name in ("Settings", "Use via API"):
        with me.expecting_errors("404"):  # Gradio asks for what other apps have
            me.page.locator("footer").get_by_text(name).click()
            close = me.page.locator(".api-docs .banner-wrap [aria-label=Close]").first
            close.wait_for()
            me.accessible()
            close.click()
            close.wait_for(state="hidden")


def test_interpolate(me):
    me.click("tab-interpolate-button").until("document.getElementById('film-caption')?.textContent")
    me.accessible("light, narrow")
    me.click("do-add-random").until("document.querySelector('#keyframes .pin') && studio.film.whole")
    me.accessible(*LOOKS)


def test_in_chinese(visitor):
    me = opened(visitor(locale="zh-CN").come()).accessible()
    me.click("tab-interpolate-button").until("studio.film.frames.length > 1")
    me.accessible("dark, narrow")


@pytest.mark.parametrize("by_link", [True, False])
def test_the_door_where_one_signs_in(browser, by_link):
    with browser.new_page(viewport={"width": 1280, "height": 900}) as page:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.set_content(sign_in.page({"path": "/"}, find_locale(["zh-CN"]), by_link, wrong=True))
            assert faults(page, ["light, wide", "light, narrow"]) == []


def test_a_word_is_explained_where_it_is_met(visitor):
    """By key and by finger, on a phone, too."""
    me = visitor(viewport={"width": 390, "height": 844}, has_touch=True).come()
    note, seed = me.page.locator("#term-note"), me.page.get_by_role("button", name="What “Seed” means")
    assert note.is_hidden() and seed.get_attribute("aria-expanded") == "false"
    seed.focus()
    me.page.keyboard.press("Enter")
    assert "same picture on every computer" in note.inner_text()
    assert note.get_attribute("role") == "status" and seed.get_attribute("aria-describedby") == "term-note"
    area = note.bounding_box()
    assert area["x"] >= 0 and area["x"] + area["width"] <= 390
    me.page.keyboard.press("Escape")
    assert note.is_hidden() and seed.get_attribute("aria-expanded") == "false"
    assert me.page.evaluate("document.activeElement.className") == "term"
    seed.tap()
    me.page.get_by_role("button", name="What “Truncation” means").tap()
    assert "average" in note.inner_text() and seed.get_attribute("aria-expanded") == "false"
    me.page.locator("#title").tap()
    assert note.is_hidden()
    me.box("seed").evaluate("e => e.labels[0].click()")  # the label is still the box's
    assert me.page.evaluate("document.activeElement.type") == "number" and note.is_hidden()


def test_the_words_are_there_in_every_place(me):
    """Also where Gradio makes a part anew, and all of them in Learn."""
    seen = "[...document.querySelectorAll('.term')].filter(e => e.checkVisibility())"
    terms = f"{seen}.map(e => e.ariaLabel.match(/“(.*)”/)[1])"
    for panel in ("mix", "layers", "expert"):
        me.page.locator(f"#{panel} button").first.click()
    explore = {"Seed", "Truncation", "Direction", "Fine detail", "Coarse and fine layers", "Latent values"}
    me.until(f"wanted => wanted.every((one) => {terms}.includes(one))", list(explore))
    me.choose("model", "digits").until_recipe(model="digits").choose("model", "cats").until_recipe(model="cats")
    me.until(f"{terms}.includes('Fine detail')")
    me.click("tab-interpolate-button").until(f"{terms}.join() === 'Spherical path,Easing'")
    me.click("tab-train-button").until(f"{terms}.join() === 'Generator,Fine-tuning'")
    me.click("tab-learn-button").until(f"{terms}.includes('Discriminator')")
    me.page.locator("#glossary summary").click()
    assert me.page.locator("#glossary dt").count() == 12 == me.page.locator("#glossary dd").count()
