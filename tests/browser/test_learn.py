"""Learn, as a pupil would: the games run in the page itself, and nothing is asked of the server meanwhile."""

import pytest
from axe import LOOKS
from visitor import NAMELESS, SIDEWAYS

FOUND = "document.querySelector('#lesson canvas').ariaLabel.includes('8 of 8 groups found')"  # they may be lost again


@pytest.fixture
def learn(me):
    """learn(lesson) -> the visitor in front of that lesson."""

    def enter(lesson: int):
        me.click("tab-learn-button").until("studio.learn.tables.length > 0")
        me.page.locator(".lesson-tab").nth(lesson).click()
        return me

    return enter


def steps(me) -> list[int]:
    return me.page.evaluate("studio.learn.tables.map((table) => table.steps)")


def test_single_steps_move_one_player_and_can_be_undone(learn):
    me = learn(0)
    before = me.page.evaluate("[...studio.learn.tables[0].made]")
    me.click("learn-d")
    assert me.page.evaluate("[...studio.learn.tables[0].made]") == before and steps(me) == [0]
    me.click("learn-g")
    assert me.page.evaluate("[...studio.learn.tables[0].made]") != before and steps(me) == [1]
    me.click("learn-undo")
    assert me.page.evaluate("[...studio.learn.tables[0].made]") == before and steps(me) == [0]


def test_it_is_played_in_the_page_until_all_groups_are_found(learn):
    me = learn(0)
    asked = len(me.requests)
    me.click("learn-play")
    me.page.wait_for_function(FOUND, timeout=120_000)
    me.click("learn-play")
    assert len(me.requests) == asked
    me.until("document.querySelector('#lesson .goal.reached')")
    assert "All eight groups are found" in me.page.locator("#lesson .goal").inner_text()
    rested = steps(me)
    assert steps(me) == rested


def test_the_formula_lights_up_with_the_player(learn):
    me = learn(1)
    me.click("learn-d")
    assert me.page.locator(".formula .lit").inner_text().startswith("Discriminator")
    me.click("learn-g")
    assert me.page.locator(".formula .lit").inner_text().startswith("Generator")
    assert me.page.locator(".learn-side dd").count() == 4


def test_a_broken_game_is_diagnosed_and_played_again_beside_the_mended_one(learn):
    me = learn(3)
    me.page.evaluate("studio.learn.lesson.doctor = 300")  # sooner than usual
    asked = len(me.requests)
    assert me.page.locator("#lesson figure canvas").count() == 1 and me.page.locator(".remedy").count() == 0
    me.page.locator(".break").first.click()
    me.until("document.querySelectorAll('.remedy').length > 0")
    assert [url.rpartition("/")[2] for url in me.requests[asked:]] == ["doctor"]
    assert "The samples are all alike" in me.page.locator(".learn-doctor").inner_text()
    assert "Choose a remedy" in me.page.locator("#lesson .goal").inner_text()
    me.accessible("light, narrow")
    own, doctors, other = (
        me.page.locator(f".remedy[data-id={id}]") for id in ("generator-too-fast", "doctor", "no-penalty")
    )
    assert me.page.locator(".remedy").first.inner_text() == own.inner_text()  # what cures it
    assert doctors.inner_text() == "The doctor’s: Let the discriminator learn as fast as the generator"
    own.click()
    me.until("studio.learn.tables.length === 2 && studio.learn.tables[0].steps > 60")
    me.click("learn-play")
    broken, mended = steps(me)
    assert broken == mended and me.page.locator("#lesson figure canvas").count() == 2
    rules = "studio.learn.tables.map(({ rules }) => [rules.g_lr, rules.d_lr, rules.penalty])"
    assert me.page.evaluate(rules) == [[0.01, 0.001, "none"], [0.001, 0.001, "r1"]]
    doctors.click()
    assert me.page.evaluate(rules) == [[0.01, 0.001, "none"], [0.01, 0.01, "none"]]
    other.click()  # one that does not help
    me.until("studio.learn.tables[0].steps > 20")
    me.click("learn-play")
    assert me.page.evaluate(rules)[1] == [0.01, 0.005, "gradient"]
    me.page.evaluate("studio.learn.tables.forEach((table) => { table.game.updates.g = 1500; }), studio.learn.judge()")
    assert "of 8 groups so far" in me.page.locator("#lesson .goal").inner_text()
    me.page.evaluate("studio.learn.tables.forEach((table) => { table.game.updates.g = 3000; }), studio.learn.judge()")
    goal = me.page.locator("#lesson .goal").inner_text()
    assert "That does not cure it" in goal and "Of 10 games that we measured it cured" in goal
    me.until("document.querySelectorAll('.learn-doctor p').length === 2")  # it looks at the mended one as well


def test_points_of_ones_own(learn):
    me = learn(0)
    me.click("learn-draw")
    box = me.page.locator("#lesson canvas").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    me.page.mouse.move(*middle)
    me.page.mouse.down()
    me.page.mouse.move(middle[0] + 60, middle[1], steps=6)
    me.page.mouse.up()
    assert me.page.evaluate("studio.learn.tables[0].drawn.length") > 3
    data = me.page.evaluate("[...studio.learn.tables[0].game.data]")
    assert max(map(abs, data)) < 1


def test_a_link_opens_a_lesson_also_on_a_phone_and_in_chinese(visitor):
    me = visitor(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN")
    me.page.goto(me.app.url + "?lesson=break-it/too-small")
    me.until("window.studio?.learn?.tables.length === 1")
    assert me.page.locator("#lesson h2").inner_text() == "弄坏它，修好它"
    assert me.page.locator(".break[aria-pressed=true]").get_attribute("data-id") == "too-small"
    me.page.locator(".break").first.click()
    assert me.page.url.endswith("break-it/generator-too-fast")
    me.page.go_back()
    me.until("document.querySelector('.break[data-id=too-small]').ariaPressed === 'true'")
    for i, lesson in enumerate(me.page.locator(".lesson-tab").all()[:6]):  # the last one paints models of the box
        lesson.click()
        me.until("i => studio.learn.at === i && document.querySelector('#lesson h2')", i)
        assert me.page.evaluate(SIDEWAYS) <= 0 and me.page.evaluate(NAMELESS) == []
        me.accessible("light, wide" if i % 2 else "dark, narrow")
    assert not [url for url in me.requests if "network.safetensors" in url]  # Explore's, who is in another tab


def test_ten_pictures_are_judged_and_compared(learn):
    me = learn(2)
    me.until("document.querySelectorAll('.critic-card').length === 10")
    assert me.page.locator("#critic-compare").is_disabled() and not me.page.locator(".critic-name").is_visible()
    for i in range(10):
        me.page.locator(".critic-card").nth(i).locator("button").nth(i % 2).click()
    me.click("critic-compare").until("document.querySelector('#lesson .goal.reached')")
    goal, certain = me.page.locator("#lesson .goal"), me.page.locator(".critic-card figcaption span:last-child")
    assert "You were right on" in goal.inner_text() and "today’s discriminator" in goal.inner_text()
    before = certain.all_inner_texts()
    me.click("critic-beginner")  # the same ten, as another one saw them
    assert "the beginner on" in goal.inner_text() and certain.all_inner_texts() != before
    assert me.page.locator(".critic-card figcaption b").count() == 10 and me.page.evaluate(NAMELESS) == []


def test_the_plane_is_walked_with_the_keyboard_and_between_two_marks(learn):
    me = learn(4)
    me.until("studio.learn.activity.network.layers.length === 3")
    before = me.page.locator("#plane").get_attribute("aria-label")
    me.page.locator("#plane").press("ArrowLeft")
    assert "z1 = 0.50" in me.page.locator("#plane").get_attribute("aria-label") != before
    me.click("plane-walk")
    assert "Mark both" in me.page.locator(".plane-state").inner_text()
    me.click("plane-a")
    me.page.locator("#plane").click(position={"x": 60, "y": 60})
    me.click("plane-b").until("document.querySelector('#lesson .goal.reached')")
    assert me.page.locator(".plane-strip").count() == 3 and me.page.evaluate(NAMELESS) == []


def test_every_lesson_is_for_everybody(learn):
    """To axe-core, in light and dark by turns; the words are explained below."""
    me = learn(0)
    with me.expecting_errors(
        "400"
    ):  # the last one paints with models of the box, which this app has not, or without classes
        for i, lesson in enumerate(me.page.locator(".lesson-tab").all()):
            lesson.click()
            me.until("i => studio.learn.at === i && document.querySelector('#lesson h2')", i)
            me.accessible("dark, narrow" if i % 2 else "light, wide")
        me.until("document.querySelectorAll('.use-pictures p.quiet').length === 4")
    assert me.page.locator(".use .bars li").count() == 5 and me.page.locator(".use .verdict").count() == 3
    me.page.locator("#glossary summary").click()
    me.accessible(*LOOKS)


def test_recorded_runs_are_played_and_a_link_opens_the_same_in_train(learn):
    me = learn(5)
    me.until("studio.learn.activity.strips.length === 2")
    me.page.locator("#pictures-time").press("End")
    me.until("document.querySelector('#lesson .goal.reached')")
    assert "Fréchet distance" in me.page.locator("#lesson [role=status]").inner_text()
    labels = [canvas.get_attribute("aria-label") for canvas in me.page.locator("canvas.recorded").all()]
    assert all(": After 60 s, step 1" in label for label in labels) and me.page.evaluate(NAMELESS) == []
    link = me.page.locator(".learn-buttons a[href*=article]").get_attribute("href")
    me.page.goto(me.app.url + link.replace("example=digits&", ""))
    me.until("window.studio?.train?.plan.key === 'classic:article'")
