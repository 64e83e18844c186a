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
            assert asked.get("lesson", "numbers") in IDS and asked.get("example", "digits") in EXAMPLES


@pytest.mark.parametrize("name", ["TEACHERS.md", "TEACHERS.zh-CN.md"])
def test_the_teachers_page_links_every_lesson(name):
    text = (Path(gan.studio.lessons.lessons.__file__).parent / name).read_text(encoding="utf-8")
    assert set(re.findall(r"\?tab=learn&lesson=([\w-]+)`", text)) == set(IDS)


# What the lessons claim, with the trainer itself. tests/bench/lessons.py does it for all of them and ten seeds.


def broken_game(id: str) -> tuple[dict, dict]:
    """The rules of a broken game, and of the same mended."""
    lesson = next(lesson for lesson in lessons() if lesson["id"] == "break-it")
    one = next(one for one in lesson["breaks"] if one["id"] == id)
    broken = {**lesson["rules"], **one["rules"]}
    return broken, {**broken, **one["mend"]}


def test_the_first_lesson_is_reached_with_our_trainer_and_mends_what_was_broken():
    """The same game stands in lessons 1, 2 and, as the mended one, in 4."""
    first, (_, mended) = lessons()[0]["rules"], broken_game("generator-too-fast")
    assert mended == first == lessons()[1]["rules"]
    assert played(first, 1200).found == 8


@pytest.mark.parametrize("id, verdict", [("generator-too-fast", "g_wins"), ("momentum", "astray")])
def test_a_breakdown_breaks_and_the_doctor_sees_it(id, verdict):
    game = played(broken_game(id)[0], 800, earlier=700)
    assert game.found <= 2 and game.earlier.verdict == verdict
