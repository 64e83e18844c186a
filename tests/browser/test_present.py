"""The presenter's switch: the picture, the chosen controls and a sentence; a link opens like that."""


def test_only_what_was_chosen_is_there_also_for_whoever_opens_the_link(visitor):
    me = visitor().come("?model=cats&seed=5")
    me.page.locator("#present summary").click()
    for control in ("psi", "d2"):
        me.page.locator(f"#present-list input[value={control}]").check()
    me.page.locator("#present-say").fill("What does <b>this</b> change?")
    me.click("present-go")
    link = me.page.url[me.page.url.index("?") :]
    other = visitor().come(link)
    for one in (me, other):
        assert one.page.locator("#present-said").inner_text() == "What does <b>this</b> change?"
        seen = [
            name for name in ("psi", "d0", "d2", "d7", "seed") if one.slider(name).or_(one.box(name)).first.is_visible()
        ]
        assert seen == ["psi", "d2"] and one.page.locator("#nearby, #sheet, #model, #title").first.is_hidden()
        one.press("d2", "End").until_recipe(seed=5, directions=[0, 0, 3])
        assert "only=psi,d2" in one.page.url.replace("%2C", ",")
    me.accessible()
    other.page.keyboard.press("Escape")
    assert other.slider("d0").is_visible() and "only=" not in other.page.url and "seed=5" in other.page.url
