"""Pictures are kept: pinned, saved, linked, reloaded; and what one visitor does concerns nobody else."""

import io
import socket

import numpy as np
from PIL import Image
from studio_app import running

from gan.studio.png_recipes import png_bytes, read_recipe
from gan.studio.recipes import Recipe

KEPT = {"model": "cats", "seed": 5, "psi": 0.5, "directions": [0, 1.5], "walk": [[9, 0.25]]}
LINK = f"?{Recipe.from_json(KEPT).to_query()}"


def save(me) -> bytes:
    with me.page.expect_download() as caught:
        me.click("do-save")
    return caught.value.path().read_bytes()


def test_a_saved_picture_returns_by_the_button_and_by_dropping_it(me, app, tmp_path):
    me.page.goto(app.url + LINK)
    me.until("window.studio?.ready").rested()
    png, path = save(me), tmp_path / "kept.png"
    path.write_bytes(png)
    assert read_recipe(png) == Recipe.from_json(KEPT)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), app.pictures(KEPT)[0, ..., :3])
    me.click("do-dice").painted()
    with me.page.expect_file_chooser() as chooser:
        me.click("do-open")
    chooser.value.set_files(path)
    me.until_recipe(**KEPT)
    assert "Back at the picture" in me.page.locator("#caption").inner_text()
    me.choose("model", "digits").until_recipe(model="digits")
    me.click("tab-interpolate-button").page.locator("#film").wait_for()
    me.page.keyboard.press("Control+z")  # nobody sees what it would change
    me.drop(path, "#title")
    me.until_recipe(**KEPT)
    me.page.locator("#picture").wait_for()  # in sight again
    me.page.keyboard.press("Control+z")
    me.until_recipe(model="digits")


def test_files_that_hold_no_picture_of_ours(me, tmp_path):
    (tmp_path / "note.png").write_text("no picture")
    (tmp_path / "plain.png").write_bytes(png_bytes(np.zeros((8, 8, 3), np.uint8)))
    other = png_bytes(np.zeros((8, 8, 3), np.uint8), Recipe("ada/elsewhere", seed=1))
    (tmp_path / "other.png").write_bytes(other)
    recipe = me.recipe
    with me.expecting_errors("400"):
        for name, words in (
            ("note", "not a PNG|no PNG"),
            ("plain", "holds no recipe"),
            ("other", "is not open here"),
            ("note", "not a PNG|no PNG"),
            ("note", "PNG"),
        ):
            with me.page.expect_console_message(lambda said: "400" in said.text):
                me.page.locator("#png-file").set_input_files(tmp_path / f"{name}.png")
            me.told(words)
    assert me.painted().recipe == recipe
    me.click("do-dice").painted()
    assert me.alert.is_hidden()


def test_a_copied_link_opens_the_same_picture_elsewhere(visitor):
    ada, bob = visitor(permissions=["clipboard-read", "clipboard-write"]), visitor()
    ada.come(LINK)
    ada.drag("d0", [0.5, 0.6, 0.72]).painted()
    ada.click("do-copy").until("document.getElementById('caption').textContent.includes('copied')")
    link = ada.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(ada.app.url + "?model=cats")
    bob.come(link.removeprefix(bob.app.url))
    assert bob.recipe == ada.recipe and bob.looks_like("#picture", ada.pixels("#picture"))


def test_reload_keeps_the_picture_and_the_pins(me):
    me.press("psi", "PageUp").painted()
    me.click("do-pin").until("document.querySelectorAll('#pins .pin').length === 1")
    me.click("do-next").painted()
    me.click("do-pin").until("document.querySelectorAll('#pins .pin').length === 2")
    me.click("do-pin").until("document.getElementById('caption').textContent.includes('already')")
    recipe, pins = me.recipe, me.page.evaluate("studio.pins.list")
    me.page.reload()
    me.until("window.studio?.ready").rested()
    assert me.recipe == recipe and me.page.evaluate("studio.pins.list") == pins
    me.until("document.querySelectorAll('#pins .pin canvas').length === 2")
    assert me.shows("#pins canvas", 0, pins[0])
    me.page.get_by_role("button", name="Open pin 1", exact=True).click()
    me.until_recipe(**pins[0])
    me.page.get_by_role("button", name="Remove pin 1", exact=True).click()
    me.until("document.querySelectorAll('#pins .pin').length === 1")
    assert me.page.evaluate("studio.pins.list") == pins[1:]


def test_two_visitors_do_not_disturb_each_other(visitor):
    ada, bob = visitor().come(), visitor().come("?model=digits&class=1")
    ada.drag("d0", [0.5, 0.6, 0.7, 0.8])
    bob.drag("d0", [0.5, 0.4, 0.3, 0.2])
    ada.click("do-pin").painted()
    bob.rested()
    assert ada.recipe["model"] == "cats" and ada.recipe["directions"][0] > 1
    assert bob.recipe["model"] == "digits" and bob.recipe["directions"][0] < -1
    assert bob.page.evaluate("studio.pins.list.length") == 0
    bob.choose("model", "cats").until_recipe(model="cats", directions=None)
    assert ada.painted().recipe["directions"][0] > 1


def test_links_that_cannot_be_opened_say_why(visitor):
    me = visitor()
    with me.expecting_errors("400"):
        me.page.goto(me.app.url + "?model=dogs")
        me.until("window.studio?.ready").rested()
        me.told("'dogs' is not open here")
        assert me.recipe["model"] == "cats"


def test_what_is_wrong_in_a_link_is_named_and_the_rest_holds(visitor):
    me = visitor().come("?model=cats&seed=5&psi=9&d=1")
    me.told("^Truncation is left out: psi must lie between -1 and 2, not 9.0. The rest of the link holds.$")
    assert me.recipe == {"model": "cats", "seed": 5, "directions": [1]}


def test_a_studio_that_stops_and_comes_back(visitor, weights):
    with socket.socket() as free:  # none of those that the tests beside this one take while it is away
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running(weights, port=port) as app:
        me = visitor(app).sparing().come()
    seen = me.pixels("#picture")
    with me.expecting_errors("Failed to load resource|ERR_|fetch|[Cc]onnect"):
        me.click("do-next")
        me.told("does not answer")
        me.page.locator("#png-file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"x"})
        me.told("does not answer")
        assert np.array_equal(me.pixels("#picture"), seen)
        with running(weights, port=port):
            me.click("do-next").until_recipe(seed=2).rested()
            me.until("document.getElementById('alert').hidden")
            me.click("do-previous").until_recipe(seed=1)
            me.page.goto("about:blank")
