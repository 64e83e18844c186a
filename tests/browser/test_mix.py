"""Explore with models of several layers: two pictures in one, the grid of the pins, and each layer by itself."""

import pytest
from visitor import Visitor

CATS = {"model": "cats", "psi": 0.8}


def open_panel(me: Visitor, name: str, inside: str) -> Visitor:
    me.page.locator(f"#{name} button").first.click()
    me.page.locator(f"#{inside}").wait_for()
    return me


def pin(me: Visitor, *seeds: int) -> Visitor:
    me.page.evaluate("([base, seeds]) => studio.pins.add(seeds.map((seed) => ({...base, seed})))", [CATS, list(seeds)])
    return me


def test_two_pictures_in_one(me):
    pin(me, 5, 6).click("do-next").until_recipe(seed=1)
    open_panel(me, "mix", "mix-coarse")
    assert me.slider("mix-fine").is_disabled()
    me.page.locator("#mix-pins button").nth(1).click()
    me.until_recipe(style={"seed": 6, "psi": 0.8}, mix=[0, 1]).rested()
    me.until("document.querySelector('#mix-second').width === 16")
    assert me.shows("#mix-first", 0, {**CATS, "seed": 1}) and me.shows("#mix-second", 0, {**CATS, "seed": 6})
    assert me.page.locator("#mix-pins button[aria-pressed=true]").get_attribute("aria-label") == "Mix with pin 2"
    me.press("mix-coarse", "End").until_recipe(mix=[1, 1])
    assert me.shows("#picture", 0, {**CATS, "seed": 6}, smooth=True)
    me.drag("mix-coarse", [0.97, 0.6, 0.3]).painted()
    assert me.recipe["mix"] == [me.value("mix-coarse"), 1] and 0.2 < me.value("mix-coarse") < 0.4
    me.press("mix-coarse", "Home").press("mix-fine", "Home").until_recipe(style=None, mix=None)
    me.press("mix-fine", "ArrowRight").until_recipe(style={"seed": 6, "psi": 0.8}, mix=[0, 0.01])  # still chosen
    me.page.keyboard.press("Control+z")
    me.until_recipe(style=None, mix=None)
    me.click("mix-before").until_recipe(style={"psi": 0.8}, mix=[0, 1])
    me.page.locator("#mix-seed").fill("9")
    me.page.locator("#mix-seed").press("Enter")
    me.until_recipe(style={"seed": 9, "psi": 0.8}, mix=[0, 1])
    mixed = me.recipe
    me.come(me.page.evaluate("location.search"))  # the link leads to the same picture
    assert me.recipe == mixed
    open_panel(me, "mix", "mix-coarse")
    assert (me.value("mix-coarse"), me.value("mix-fine")) == (0, 1)
    me.click("do-reset").until_recipe(style=None, mix=None)


def test_all_mixes_of_the_pins(me):
    pin(me, 5)
    open_panel(me, "mix", "mix-coarse")
    me.until("document.querySelector('#mix-grid-info').textContent.startsWith('Pin two')")
    pin(me, 6, 7)
    me.until("document.querySelectorAll('#mix-grid button').length === 16")
    cell = {**CATS, "seed": 6, "style": {"seed": 7, "psi": 0.8}, "mix": [0, 1]}
    assert me.shows("#mix-grid canvas", 3, {**CATS, "seed": 7}) and me.shows("#mix-grid canvas", 8, {**CATS, "seed": 6})
    assert me.shows("#mix-grid canvas", 10, {**CATS, "seed": 6}) and me.shows("#mix-grid canvas", 11, cell)
    button = me.page.locator("#mix-grid button").nth(11)
    assert button.get_attribute("aria-label") == "Shapes of pin 2, colours of pin 3"
    button.click()
    me.until_recipe(seed=6, style=cell["style"], mix=[0, 1]).click("do-undo").until_recipe(seed=None, style=None)
    me.page.locator("#mix-grid button").nth(4).click()
    me.until_recipe(seed=5, style=None)


def test_layer_by_layer(me):
    open_panel(me, "layers", "cutoff")
    assert me.page.locator("#layers-body .layer").count() == 6 and me.page.locator("#lnoise4").count() == 1
    assert me.page.locator("#lnoise5").count() == 0 and me.value("lpsi2") == pytest.approx(0.8)
    me.press("cutoff", "ArrowLeft").press("cutoff", "ArrowLeft").until_recipe(cutoff=4)
    assert me.page.locator("#cutoff output").inner_text() == "the first 4 of 6" and me.value("lpsi4") == 1
    me.press("lpsi1", "Home").until_recipe(layer_psi=[[1, -1]])
    me.press("lnoise3", "End").press("lnoise0", "Home").until_recipe(layer_noise=[[0, 0], [3, 2]])
    me.press("psi", "End").until_recipe(psi=2)
    assert [me.value(f"lpsi{i}") for i in range(6)] == [2, -1, 2, 2, 1, 1]
    me.click("layers-reset").until_recipe(cutoff=None, layer_psi=None, layer_noise=None, psi=2)
    assert me.page.locator("#cutoff output").inner_text() == "all"
    me.click("do-undo").until_recipe(cutoff=4, layer_psi=[[1, -1]], layer_noise=[[0, 0], [3, 2]])
    assert me.value("lnoise3") == 2
    me.choose("model", "digits").until_recipe(model="digits")
    assert me.page.locator("#layers").is_hidden() and me.page.locator("#mix").is_hidden()
    me.click("do-undo").until_recipe(model="cats", cutoff=4)
    assert me.page.locator("#layers-body .layer").count() == 6 and me.value("lpsi1") == -1


def test_children_of_two_pictures(me):
    pin(me, 6).click("do-next").until_recipe(seed=1)
    open_panel(me, "mix", "mix-coarse").page.locator("#mix-pins button").first.click()
    me.until_recipe(style={"seed": 6, "psi": 0.8}, mix=[0, 1]).rested()
    me.until("document.querySelectorAll('#children canvas').length === 8 && !document.querySelector('#children .old')")
    before = me.pixels("#children canvas", 3)
    me.page.locator("#children button").nth(3).click()
    me.until("studio.explore.recipe.walk?.length === 1").rested()
    child = me.recipe
    assert child["seed"] == 1 and child["style"] == {"seed": 6, "psi": 0.8} and 0.1 < child["mix"][0] < 0.5
    assert me.shows("#children canvas", 3, child) and (me.pixels("#children canvas", 3) == before).all()  # they stay
    me.click("children-more")
    me.until("studio.explore.mix.children.turn === 1 && !document.querySelector('#children .old')")
