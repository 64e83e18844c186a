"""A slider of one's own: made of pins, moved, renamed, sent in a link and a file, deleted."""

import json


def test_from_pins_to_a_link_that_another_person_opens(visitor, tmp_path):
    me = visitor().come("?model=cats&seed=9")
    me.page.evaluate("studio.pins.add([0, 1, 2, 3, 4, 5].map((seed) => ({model: 'cats', seed})))")
    me.page.locator("#own-make summary").click()
    for i, side in enumerate(("with", "with", "with", "without", "without", "without")):
        me.page.locator(f"#own-pins .side.{side}").nth(i).click()
    assert me.page.locator("#own-count").inner_text() == "3 with it, 3 without."
    me.page.locator("#own-name").fill("Hat, ~red")
    me.page.locator("#own-name").press("Enter")
    me.page.locator("#own0 input").press("End")
    me.page.wait_for_function("studio.explore.recipe.own?.[0].startsWith('Hat red~')")
    me.rested()
    me.page.locator("#strip-own0 .tile").nth(3).click()
    me.until("studio.explore.recipe.own?.[0].endsWith('~1.5')").rested()
    own = me.recipe["own"]
    name = me.page.locator(".own-called")
    name.fill("Cap")
    name.press("Enter")
    me.until("studio.explore.recipe.own[0].startsWith('Cap~')")
    with me.page.expect_download() as saved:
        me.page.locator("#own-save").click()
    saved.value.save_as(tmp_path / "sliders.json")
    kept = json.loads((tmp_path / "sliders.json").read_text())["sliders"]
    assert [one["name"] for one in kept] == ["Cap"] and own[0].split("~")[1] == kept[0]["move"]
    link = me.page.url[me.page.url.index("?") :]

    me.page.locator(".own-line .mini").click()
    me.until_recipe(own=None)
    assert me.page.locator(".own-slider").count() == 0
    other = visitor().come(link)
    assert other.page.locator(".own-called").input_value() == "Cap"
    assert other.page.locator("#own0 input").input_value() == "1.5"
    other.page.locator("#own-file").set_input_files(tmp_path / "sliders.json")
    other.until("document.querySelectorAll('.own-slider').length === 1 && studio.explore.own.list[0].kept")
    other.page.locator("#own-file").set_input_files({"name": "x.json", "mimeType": "text/plain", "buffer": b"{}"})
    with other.expecting_errors("400"):
        other.told("holds no sliders")
    other.page.locator(".own-line .mini").click()
    other.until_recipe(own=None)
