"""The browser's Back, Forward and reload: they follow what a person did, and lose nothing of it."""


def entries(me) -> int:
    return me.page.evaluate("history.length")


def test_back_and_forward_follow_what_a_person_did(me):
    first, before = me.recipe, entries(me)
    me.click("do-dice").painted()
    surprise = me.recipe
    me.drag("d0", [0.5, 0.6, 0.7]).painted().drag("d0", [0.7, 0.75, 0.8]).painted()
    moved = me.recipe
    assert entries(me) == before + 2  # one slider, moved twice, is one step
    me.rested().page.locator("#sheet .tile").nth(7).click()
    me.until_recipe(seed=7)
    me.choose("model", "digits").until_recipe(model="digits")
    me.click("tab-interpolate-button").until("studio.film.entered")
    assert entries(me) == before + 5
    me.page.go_back()
    me.until("document.getElementById('tab-explore-button').ariaSelected === 'true'")
    assert me.recipe["model"] == "digits"
    me.page.go_back()
    me.until_recipe(model="cats", seed=7)
    for recipe in (moved, surprise, first):
        me.page.go_back()
        me.until_recipe(**{"directions": None} | recipe)
    assert me.page.locator("#do-undo").is_disabled()  # back is undo, too
    for recipe in (surprise, moved):
        me.page.go_forward()
        me.until_recipe(**recipe)
    assert me.page.url.endswith(f"seed={moved['seed']}&psi=0.8&d={moved['directions'][0]}")
    assert entries(me) == before + 5
    me.click("do-undo").painted()  # a step of its own, which Back takes back
    assert me.recipe != moved
    me.page.go_back()
    me.until_recipe(**moved)


def test_back_between_tabs_lessons_and_the_plan_of_a_run(me):
    me.click("tab-learn-button").until("document.querySelectorAll('.lesson-tab').length > 1")
    me.page.locator(".lesson-tab").nth(1).click()
    second = me.page.evaluate("studio.learn.lesson.id")
    me.click("tab-train-button").until("studio.trail.place.tab === 'train'")
    me.page.go_back()
    me.until("studio.learn.active")
    assert me.page.evaluate("studio.learn.lesson.id") == second and me.page.url.endswith(f"?lesson={second}")
    me.page.go_back()
    me.until("studio.learn.at === 0")
    me.page.go_back()
    me.until("document.getElementById('tab-explore-button').ariaSelected === 'true'")
    me.page.go_forward()
    me.until("studio.learn.active && studio.learn.at === 0")


def test_a_reload_keeps_the_tab_the_film_and_undo(me):
    me.click("do-pin").click("do-dice").painted().click("do-pin")
    me.until("studio.pins.list.length === 2")
    recipe = me.recipe
    me.click("tab-interpolate-button").until("studio.film.frames.length === 48")
    me.box("steps").fill("5")
    me.box("fps").fill("12")
    for words in ("straight", "GIF"):
        me.page.locator("#tab-interpolate label").get_by_text(words, exact=True).click()
    me.page.locator("#loop input").uncheck()
    me.until("studio.film.frames.length === 6 && studio.film.way.path === 'linear' && studio.film.kind === 'gif'")
    me.page.reload()
    me.until("window.studio?.ready && studio.film.frames.length === 6")
    assert [me.value("steps"), me.value("fps")] == [5, 12]
    inputs = "document.querySelectorAll('#path input, #format input, #loop input')"
    chosen = f"[...{inputs}].filter(i => i.checked).map(i => i.value)"
    me.until(f'JSON.stringify({chosen}) === \'["linear","gif"]\'')
    me.click("tab-explore-button").until_recipe(**recipe)
    me.click("do-undo").until_recipe(seed=None)
    me.click("do-redo").until_recipe(**recipe)
    me.click("tab-train-button").until("studio.train.active").page.reload()
    me.until("window.studio?.ready && studio.train.active && document.getElementById('drop').checkVisibility()")
    me.page.goto(me.app.url + "?model=cats&seed=3")  # a link is a link
    me.until("window.studio?.ready").until_recipe(seed=3)
    assert me.page.locator("#tab-explore-button").get_attribute("aria-selected") == "true"


def test_where_the_browser_keeps_nothing_all_goes_on(visitor):
    me = visitor()
    me.begin_with(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    me.page.goto(me.app.url)
    me.until("window.studio?.ready").rested()
    me.click("do-dice").painted().click("do-pin").until("studio.pins.list.length === 1")
    me.page.go_back()
    me.until_recipe(seed=None)
    me.click("tab-interpolate-button").until("studio.film.entered")
    me.page.reload()
    me.until("window.studio?.ready && studio.film.entered")


def test_on_a_phone_every_tab_can_be_led_to(visitor):
    me = visitor(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True).come()
    me.click("do-more-models").until("studio.models.active")
    me.page.goto(me.app.url + "?lesson=two-players")
    me.until("window.studio?.ready && studio.learn.active")
