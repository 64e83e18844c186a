"""Every language has every word and every sentence, with the same places for values."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest
from every_sentence import templates
from said_values import english_words

from gan import locales
from gan.locales import find_locale, languages, locale_of_computer
from gan.messages import also, listed, packed, say, say_n, unpacked

FILES = sorted(Path(locales.__file__).parent.glob("*.json"))
OTHERS = [tag for tag in languages() if tag != "en"]
NAMES = re.compile(r"\{(\w+)\}")


def places_out(template: str) -> str:
    """What a template says itself."""
    return re.sub(r"\{[^}]*\}", "", template)


def places(template: str) -> set[str]:
    """The names of a template's values."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None} if "{" in template else set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_says_all_that_a_language_needs_and_nothing_twice(path):
    twice = []

    def table(pairs):
        twice.extend({key for key, _ in pairs if [name for name, _ in pairs].count(key) > 1})
        return dict(pairs)

    values = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=table)
    assert set(values) == {"name", "plural", "words", "sentences"} and not twice
    assert 0 <= languages()[path.stem].form(5) < 6


@pytest.mark.parametrize("tag", OTHERS)
def test_every_word_is_there_with_its_places(tag):
    words, english = languages()[tag].words, languages()["en"].words
    assert set(words) == set(english)
    wrong = [key for key, word in words.items() if set(NAMES.findall(word)) != set(NAMES.findall(english[key]))]
    assert not wrong and all(word == word.strip() != "" for word in words.values())


@pytest.mark.parametrize("tag", OTHERS)
def test_every_sentence_is_there_with_its_places(tag):
    known = languages()[tag].sentences
    assert sorted(templates() - set(known)) == []
    for template, said in known.items():
        for form in [said] if isinstance(said, str) else said:
            assert form and places(form) <= places(template) | {"n"}, template
            assert isinstance(said, list) or places(form) == places(template), template


def test_no_value_of_a_sentence_is_an_english_word():
    """Words in a value are messages themselves."""
    assert english_words() == []


def test_chinese_is_written_in_chinese():
    """What has no Chinese letter is the same in both: a name, a number or a sign."""
    same = [
        text for text, said in languages()["zh-CN"].sentences.items() if not re.search("[\u4e00-\u9fff]", str(said))
    ]
    assert all(len(places_out(text).split()) <= 3 for text in same), same


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        ([], "en"),
        (["zh-TW"], "zh-CN"),
        (["zh"], "zh-CN"),
        (["fr", "zh-HK", "en"], "zh-CN"),
        (["EN-gb"], "en"),
        (["xx"], "en"),
    ],
)
def test_the_nearest_language_is_found(wanted, tag):
    assert find_locale(wanted).tag == tag


@pytest.mark.parametrize(
    ("environment", "tag"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_TW"}, "zh-CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C.UTF-8", "LC_MESSAGES": "zh_CN@pinyin"}, "zh-CN"),
        ({}, "en"),
    ],
)
def test_a_terminal_is_heard(environment, tag):
    assert locale_of_computer(environment).tag == tag


@pytest.fixture
def third(tmp_path, monkeypatch):
    """A function that adds a language by its file alone."""
    monkeypatch.setenv(locales.MORE, str(tmp_path))
    languages.cache_clear()

    def add(sentences: dict, plural: str = "n != 1", words: dict | None = None) -> locales.Locale:
        text = json.dumps({"name": "Deutsch", "plural": plural, "words": words or {}, "sentences": sentences})
        (tmp_path / "de.json").write_text(text, encoding="utf-8")
        languages.cache_clear()
        return find_locale(["de"])

    yield add
    monkeypatch.undo()
    languages.cache_clear()


def test_a_third_language_is_one_file(third):
    de = third({"{name} is empty.": "{name} ist leer.", "a file": "Datei {name"}, words={"seed": "Startwert"})
    assert (de.tag, de.word("seed"), de.word("explore")) == ("de", "Startwert", "Explore")
    assert de.translated(say("{name} is empty.", name="a")) == "a ist leer."
    assert de.translated({"told": [say("{name} is empty.", name="x")], "name": "empty"}) == {
        "told": ["x ist leer."],
        "name": "empty",
    }


def test_messages_in_messages_are_translated(third):
    de = third({"{before} {last}": "{last} {before}", "{a}, too": "auch {a}", "It stops.": "Es hält."})
    assert de.translated(say("{a}, too", a=say("It stops."))) == "auch Es hält."
    assert de.translated(also(say("It stops."), say("Now."))) == "Now. Es hält."


def test_rows_are_joined_in_the_language_s_way(third):
    de = third({"{before}, {last}": "{before}; {last}", "{before} and {last}": "{before} und {last}"})
    row = listed(["a", "b", "c"], "{before} and {last}")
    assert (row, de.translated(row)) == ("a, b and c", "a; b und c")
    assert listed(["a"]) == "a"


@pytest.mark.parametrize(("n", "said"), [(1, "1 plik"), (2, "2 pliki"), (5, "5 plików"), (22, "22 pliki")])
def test_a_language_has_as_many_forms_as_it_needs(third, n, said):
    rule = "n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2"
    pl = third({"{n} files": ["{n} plik", "{n} pliki", "{n} plików"]}, rule)
    assert pl.translated(say_n("{n} file", "{n} files", n)) == said
    assert say_n("{n} file", "{n} files", 1) == "1 file"


def test_what_is_kept_in_files_is_read_in_each_reader_s_language(third):
    de = third({"{n:,} files": ["{n:,} Datei", "{n:,} Dateien"], "{a} was cut off.": "{a} brach ab."})
    kept = json.dumps(
        packed({"sentence": say("{a} was cut off.", a=say_n("{n:,} file", "{n:,} files", 1200)), "step": 3})
    )
    again = unpacked(json.loads(kept))
    assert again == {"sentence": "1,200 files was cut off.", "step": 3}
    assert de.translated(again)["sentence"] == "1,200 Dateien brach ab."


def test_plain_english_of_older_files_and_of_other_processes_is_recognised(third):
    de = third(
        {
            "The step {step:,} of {name!r} was lost.": "Schritt {step:,} von {name!r} ging verloren.",
            "Try again.": "Noch einmal.",
            "{a}: {b}": "never",
        }
    )
    assert de.translated(say("The step 1,200 of 'x' was lost.")) == "Schritt 1,200 von 'x' ging verloren."
    assert (
        de.translated(say("The step 3 of 'x' was lost. Try again.")) == "Schritt 3 von 'x' ging verloren. Noch einmal."
    )
    assert de.translated(say("A: b")) == "A: b"


@pytest.mark.parametrize(
    "damaged", [{"say": "{a}"}, {"say": "{a.b}", "values": {"a": 1}}, {"say": "{", "values": {"a": 1}}]
)
def test_a_damaged_message_is_what_is_left_of_it(damaged):
    assert isinstance(unpacked(damaged), str)
    assert unpacked({"say": "x", "other": 1}) == {"say": "x", "other": 1}
