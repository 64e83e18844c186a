"""A point of the picture, pulled by mouse and by keys; stopped, undone, and not offered where it does not follow."""

import pytest
import torch

from gan.latents import dragging as core

READY = "studio.explore.recipe.w && !studio.explore.drag.going"


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Few steps, of which each brings the handle nearer: in these networks nothing could be followed."""
    monkeypatch.setattr(core, "STEPS", 6)
    monkeypatch.setattr(core, "_tracked", lambda seen, known, now, scale: now + torch.tensor([1.0, 0.0]))


def place(me, x, y):
    """The middle of a pixel of the picture, on the screen."""
    box = me.page.locator("#drag-layer").bounding_box()
    return box["x"] + (x + 0.5) / 16 * box["width"], box["y"] + (y + 0.5) / 16 * box["height"]


def test_a_point_is_pulled_and_the_picture_follows(me, monkeypatch):
    layer, words = me.page.locator("#drag-layer"), me.page.locator("#drag-words")
    assert layer.is_hidden()
    before = me.pixels("#picture")
    me.click("do-drag")
    assert layer.is_visible() and "Press on a point" in words.inner_text()
    picture, over = me.page.locator("#picture").bounding_box(), layer.bounding_box()
    assert all(abs(picture[side] - over[side]) < 1 for side in picture)
    me.accessible()
    me.page.mouse.move(*place(me, 4, 4))
    me.page.mouse.down()
    me.page.mouse.move(*place(me, 8, 6), steps=3)
    assert me.page.evaluate("[studio.explore.drag.handle, studio.explore.drag.target]") == [[4, 4], [8, 6]]
    me.page.mouse.move(*place(me, 11, 9))
    me.page.mouse.up()
    me.until(READY).rested()
    assert "the handle is" in words.inner_text() and not me.looks_like("#picture", before)
    found = me.recipe["w"]
    assert f"&w={found}" in me.page.url
    me.click("do-undo").until_recipe(w=None)
    me.click("do-redo").until_recipe(w=found)
    me.press("d0", "End").until_recipe(directions=[3], w=found)
    handle, target = me.page.locator("#drag-handle"), me.page.locator("#drag-target")
    me.page.mouse.click(*place(me, 3, 12))  # by keys from here
    assert me.page.evaluate("document.activeElement.id") == "drag-handle"
    handle.press("ArrowRight")
    handle.press("Shift+ArrowUp")
    assert "Handle at 4, 7" in handle.get_attribute("aria-label")
    assert "Target at 4, 7" in target.get_attribute("aria-label")
    handle.press("Tab")
    assert me.page.evaluate("document.activeElement.id") == "drag-target"
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        me.page.keyboard.press(key)
    assert "Target at 6, 8" in target.get_attribute("aria-label")
    target.press("Enter")
    me.until(f"{READY} && studio.explore.recipe.w !== {found!r}")
    me.until_recipe(directions=[3])
    handle.press("Escape")
    assert layer.is_hidden() and me.page.evaluate("document.activeElement.id") == "do-drag"
    monkeypatch.setattr(core, "STEPS", 10**6)  # one that has no end, on a phone
    me.page.set_viewport_size({"width": 390, "height": 844})
    me.click("do-drag")
    me.page.mouse.move(*place(me, 3, 3))
    me.page.mouse.down()
    me.page.mouse.move(*place(me, 13, 13))
    me.page.mouse.up()
    me.until("document.getElementById('drag-news').innerText.includes('pixels to go')")
    begins = "The handle is being pulled to its target."
    assert words.inner_text() == begins  # spoken once
    assert me.page.get_by_role("progressbar", name=begins).is_visible()
    me.page.locator("#model").dispatch_event("keydown", {"key": "Escape"})  # as leaving the list of models does
    assert me.page.evaluate("studio.explore.drag.going !== null")
    assert me.page.locator("#drag-end").inner_text() == "Stop"
    me.page.keyboard.press("Escape")
    me.until("!studio.explore.drag.going")
    assert layer.is_visible() and me.page.locator("#drag-end").inner_text() == "Done"
    me.page.locator("#drag-end").click()
    assert layer.is_hidden()
    me.choose("model", "digits").until("studio.explore.model.id === 'digits'")
    assert me.page.locator("#do-drag").is_hidden()  # nobody has measured that its points follow
