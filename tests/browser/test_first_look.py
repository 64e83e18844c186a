"""Before its scripts are here the page shows its picture, where they will paint it."""

import pytest

from gan.studio.recipes import Recipe

BOX = "e => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; }"
SEEN = """
window.seen = [];
const box = (e) => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; };
const look = () => {
  const first = document.querySelector("#first-look img"), painted = document.getElementById("picture");
  if (first) window.seen[0] = box(first);
  else if (window.seen.length === 1 && painted) window.seen[1] = box(painted);
  if (window.seen.length < 2) requestAnimationFrame(look);
};
look();
window.shifts = [];
new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({value}) => value)))
  .observe({type: "layout-shift", buffered: true});
"""
"""Where the first picture was before it gave way, and the painted one after; and what moved, as browsers measure it."""


@pytest.mark.parametrize("width, height", [(1280, 900), (390, 844)])
def test_the_first_picture_stands_where_the_page_paints_it(visitor, width, height):
    screen = {"viewport": {"width": width, "height": height}, "is_mobile": False}  # a browser that has fetched nothing
    bare, me = visitor(java_script_enabled=False, **screen), visitor(**screen)
    bare.page.goto(bare.app.url)
    image = bare.page.locator("#first-look img")
    said = Recipe.from_query(image.get_attribute("src").partition("?")[2])
    assert image.evaluate("e => [e.complete, e.naturalWidth]") == [True, 16]
    me.begin_with(SEEN)
    me.come()
    assert said == Recipe.from_json(me.recipe)
    assert me.page.locator("#first-look").count() == 0  # the painted one is there
    assert bare.page.locator("h1").evaluate(BOX) == pytest.approx(me.page.locator("#title h1").evaluate(BOX), abs=1)
    assert image.evaluate(BOX) == pytest.approx(me.page.locator("#picture").evaluate(BOX), abs=2)
    before, after = me.page.evaluate("seen")
    assert before == pytest.approx(after, abs=2) and sum(me.page.evaluate("shifts")) < 0.05


def test_a_link_shows_its_own_picture_first_and_another_tab_none(visitor):
    bare = visitor(java_script_enabled=False)
    bare.page.goto(bare.app.url + "?model=digits&seed=3&class=1&psi=9")
    image = bare.page.locator("#first-look img")
    assert image.get_attribute("src") == "studio/picture.png?model=digits&seed=3&class=1"
    assert image.get_attribute("alt") == "Picture of Digits, seed 3"
    bare.page.goto(bare.app.url + "?model=digits")
    assert (
        image.get_attribute("src") == "studio/picture.png?model=digits&class=0"
    )  # as it opens: not all classes at once
    assert visitor().come("?model=digits").recipe == {"model": "digits", "label": 0}
    bare.page.goto(bare.app.url + "?lesson=two-players")
    assert image.count() == 0
    bare.page.goto(bare.app.url + "?model=ada/elsewhere&lang=zh-CN")
    assert "model=cats" in image.get_attribute("src") and "种子" in image.get_attribute("alt")
