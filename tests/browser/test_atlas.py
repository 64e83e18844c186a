"""The map: a click goes there, the keys too, and a path that is drawn becomes a film."""

import pytest

from gan.studio import atlas


@pytest.fixture(autouse=True)
def small_map(monkeypatch):
    monkeypatch.setattr(atlas, "MOST_SIDE", 4)


def test_the_map_leads_to_pictures_and_to_a_film(me):
    me.page.locator("#atlas summary").click()
    me.until("studio.explore.atlas.at && document.getElementById('atlas-told').textContent === ''")
    me.accessible()
    map = me.page.locator("#atlas-map")
    map.scroll_into_view_if_needed()
    area = map.bounding_box()

    def spot(cell):
        return area["x"] + area["width"] * (cell % 4 + 0.5) / 4, area["y"] + area["height"] * (cell // 4 + 0.5) / 4

    seeds = me.page.evaluate("studio.explore.atlas.cells.map((recipe) => recipe.seed ?? 0)")
    cell = next(cell for cell in (5, 6) if seeds[cell])
    me.page.mouse.click(*spot(cell))
    me.until_recipe(seed=seeds[cell]).rested()
    me.until("([x, y]) => Math.hypot(studio.explore.atlas.at.x - x, studio.explore.atlas.at.y - y) < 0.3",
             [cell % 4 + 0.5, cell // 4 + 0.5])  # fmt: skip
    map.focus()
    me.page.keyboard.press("ArrowDown")
    me.page.keyboard.press("Enter")
    me.until_recipe(seed=seeds[cell + 4] or None).rested()
    me.page.locator("#atlas-path").click()
    map.scroll_into_view_if_needed()
    area = map.bounding_box()
    me.page.mouse.move(*spot(8))
    me.page.mouse.down()
    for to in (9, 10, 6):
        me.page.mouse.move(*spot(to))
    me.page.mouse.up()
    assert me.page.locator("#atlas-told").inner_text() == "A path of 4 pictures."
    me.page.locator("#atlas-film").click()
    me.until("document.querySelectorAll('#keyframes .pin').length === 4")
    assert me.page.evaluate("studio.pins.list.map((pin) => pin.seed ?? 0)") == [seeds[i] for i in (8, 9, 10, 6)]
