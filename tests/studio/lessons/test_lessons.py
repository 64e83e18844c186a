import json
import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from rings import played

import gan.studio.lessons.lessons
from gan.errors import StudioError
from gan.locales import languages
from gan.studio.data.examples import EXAMPLES
from gan.studio.engine import Engine
from gan.studio.lessons.lessons import in_words, lessons, read_lesson, texts
from gan.studio.library.loaded import Models
from gan.studio.recipes import Recipe

IDS = [lesson["id"] for lesson in lessons()]
PLACES = {*IDS} | {
    f"{lesson['id']}/{part['id']}" for lesson in lessons() for part in lesson["breaks"] + lesson["parts"]
}
BREAK_IT = next(lesson for lesson in lessons() if lesson["id"] == "break-it")


def test_lessons_are_in_order_and_each_has_its_own_name():
    assert IDS[:3] == ["two-players", "numbers", "be-the-critic"] and len(set(IDS)) == len(IDS)


@pytest.mark.parametrize("lesson", lessons(), ids=IDS)
def test_a_lesson_says_what_to_do_and_what_counts(lesson):
    assert lesson["title"] and lesson["do"] and lesson["text"]
    assert lesson["kind"] != "game" or (lesson["reached"] and lesson["controls"])
    assert lesson["said"] or lesson["parts"] or all(one["why"] for one in lesson["breaks"])
    assert json.dumps(in_words(lesson), ensure_ascii=False)


@pytest.mark.parametrize("tag", [tag for tag in languages() if tag != "en"])
@pytest.mark.parametrize("lesson", lessons(), ids=IDS)
def test_every_sentence_is_there_in_every_language(lesson, tag):
    lacking = [text for text in texts(lesson) if text not in languages()[tag].sentences]
    assert not lacking


def test_a_teacher_may_write_one(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({**lessons()[0], "id": "mine", "rules": {**lessons()[0]["rules"], "hidden": [8, 8]}}))
    assert read_lesson(path)["rules"]["g_hidden"] == [64, 64]  # what stands there itself goes first


@pytest.mark.parametrize(
    "change, words",
    [
        ({"title": 3}, "a text is missing"),
        (
            {"parts": [{"id": "x", "title": "X", "about": "", "links": [{"go": "On", "to": "//elsewhere"}]}]},
            "a link has words",
        ),
        ({"kind": "film"}, "kind cannot be 'film'"),
        ({"show": ["fireworks"]}, "show cannot be 'fireworks'"),
        ({"controls": ["win"]}, "controls cannot be 'win'"),
        ({"rules": {**lessons()[0]["rules"], "g_lr": 7}}, "g_lr must"),
        ({"rules": {**lessons()[0]["rules"], "loss": "relativistic"}}, "loss cannot be 'relativistic'"),
        ({"rules": {**lessons()[0]["rules"], "colour": 1}}, "rules cannot be 'colour'"),
        ({"rules": {**lessons()[0]["rules"], "g_hidden": [9999]}}, "width lies between"),
        ({"breaks": [{"id": "x"}]}, "rules"),
        ({"breaks": [{**BREAK_IT["breaks"][0], "cured": {"luck": 3}}], "trials": 10}, "cured cannot be 'luck'"),
        (
            {"breaks": [{**BREAK_IT["breaks"][0], "cured": {}, "doctors": [{"changes": {}, "cured": 11}]}]},
            "none to all",
        ),
    ],
)
def test_what_cannot_be_played_is_named(tmp_path, change, words):
    path = tmp_path / "9-broken.json"
    path.write_text(json.dumps({**lessons()[0], **change}))
    with pytest.raises(StudioError, match="9-broken.json cannot be played") as error:
        read_lesson(path)
    assert words in error.value.message


def test_half_a_file_is_named(tmp_path):
    path = tmp_path / "torn.json"
    path.write_text('{"id": "torn"')
    with pytest.raises(StudioError, match="torn.json cannot be played"):
        read_lesson(path)


def test_every_picture_of_a_lesson_can_be_painted_and_every_link_leads_somewhere():
    parts = [part for lesson in lessons() for part in lesson["parts"]]
    recipes = [Recipe.from_json(recipe) for part in parts for recipe in part["show"]]
    models = Models(local=False)
    assert len(Engine(models).render(recipes, 32)) == len(recipes) > 10
    for link in (link["to"] for part in parts for link in part["links"]):
        asked = dict(parse_qsl(link[1:]))
        if "model" in asked:
            recipe, wrong = Recipe.from_link(asked, "cats")
            assert not wrong and recipe.model in models.names()
        else:
            assert asked["tab"] in ("train", "models", "learn")
            assert asked.get("lesson", "numbers") in PLACES and asked.get("example", "digits") in EXAMPLES


@pytest.mark.parametrize("name", ["TEACHERS.md", "TEACHERS.zh-CN.md"])
def test_the_teachers_page_links_every_lesson(name):
    text = (Path(gan.studio.lessons.lessons.__file__).parent / name).read_text(encoding="utf-8")
    links = set(re.findall(r"\?tab=learn&lesson=([\w/-]+)`", text))
    assert links <= PLACES and links >= {*IDS} | {f"break-it/{one['id']}" for one in BREAK_IT["breaks"]}


# What the lessons claim, with the trainer itself. tests/bench/lessons.py does it for all of them and ten seeds.


def broken_game(id: str, remedy: str = "") -> tuple[dict, dict]:
    """The rules of a broken game, and of the same with the remedy of that break, or its own."""
    breaks = {one["id"]: one for one in BREAK_IT["breaks"]}
    broken = {"clip": 0, "examples": 0, **BREAK_IT["rules"], **breaks[id]["rules"]}
    return broken, {**broken, **breaks[remedy or id]["mend"]}


@pytest.mark.parametrize("one", BREAK_IT["breaks"], ids=[one["id"] for one in BREAK_IT["breaks"]])
def test_what_cures_is_offered_first_and_what_changes_nothing_is_not_offered(one):
    counts = list(one["cured"].values())
    assert next(iter(one["cured"])) == one["id"] and counts[0] >= 9 and counts == sorted(counts, reverse=True)
    broken, _ = broken_game(one["id"])
    mended = [broken_game(one["id"], id)[1] for id in one["cured"]]
    assert broken not in mended and all(mended.count(rules) == 1 for rules in mended)
    for other in (other for other in BREAK_IT["breaks"] if other["mended"] != one["mended"]):
        assert broken_game(one["id"], other["id"])[1] in (broken, *mended)


def test_the_first_lesson_is_reached_with_our_trainer_and_mends_what_was_broken():
    """The same game stands in lessons 1, 2 and, as the mended one, in 4."""
    first, (_, mended) = lessons()[0]["rules"], broken_game("generator-too-fast")
    assert mended == {"clip": 0, "examples": 0, **first} and first == lessons()[1]["rules"]
    assert played(first, 400, patience=800).all_at


def test_a_critic_without_limits_is_mended():
    assert played(broken_game("no-penalty")[1], 300, patience=900).all_at


@pytest.mark.parametrize("id, verdict", [("generator-too-fast", "g_wins"), ("momentum", "astray")])
def test_a_breakdown_breaks_and_the_doctor_sees_it(id, verdict):
    game = played(broken_game(id)[0], 800, earlier=700)
    assert game.found <= 2 and game.earlier.verdict == verdict
