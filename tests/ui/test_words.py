"""The page's words: each key that is used exists, and each that exists is used. tests/locales has the languages."""

import ast
import re
from pathlib import Path

import pytest

from gan.field_metadata import table
from gan.locales import find_locale, languages
from gan.studio.recipes import Recipe
from gan.studio.runs.state import ENDED, LIVE, UNREADABLE
from gan.ui import words
from gan.ui.words import Words, for_scripts

UI = Path(words.__file__).parent
PYTHON = [path for path in UI.rglob("*.py") if path.name != "words.py"]
WORDS = languages()["en"].words
SCRIPTS = sorted((UI / "static").rglob("*.js"))
NAMES = re.compile(r"\{(\w+)\}")


def python_keys() -> tuple[set[str], list[str]]:
    """Keys in calls words("key") and tool(words, "key", ...), and patterns for those that are put together."""
    exact, patterns = set(), []
    for path in PYTHON:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        loops = loop_values(tree)
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in ("words", "tool"):
                continue
            key = call.args[call.func.id == "tool"]
            if isinstance(key, ast.Constant):
                exact.add(key.value)
            elif isinstance(key, ast.Name):
                exact |= loops.get(key.id, set())
            elif isinstance(key, ast.JoinedStr):
                parts = [re.escape(part.value) if isinstance(part, ast.Constant) else "[^_]+" for part in key.values]
                patterns.append("".join(parts))
    return exact, patterns


def loop_values(tree: ast.AST) -> dict[str, set[str]]:
    """What the names of loops over tables stand for: `for key, call in (("a", 1), ("b", 2))` -> {"key": {"a", "b"},
    ...}."""
    values = {}
    for loop in ast.walk(tree):
        if isinstance(loop, ast.For) and isinstance(loop.target, ast.Tuple) and isinstance(loop.iter, ast.Tuple):
            for i, name in enumerate(loop.target.elts):
                cells = [row.elts[i] for row in loop.iter.elts if isinstance(row, ast.Tuple)]
                values[name.id] = {cell.value for cell in cells if isinstance(cell, ast.Constant)}
    return values


def chart(what: str) -> list[str]:
    """The words that stand behind `what` in the list of charts of train/curves.js."""
    lists = re.findall(
        rf'{what}: (\[[^]]*\]|"\w+")', (UI / "static" / "train" / "curves.js").read_text(encoding="utf-8")
    )
    return re.findall(r'"(\w+)"', " ".join(lists))


def terms() -> list[str]:
    """The words that shared/glossary.js explains."""
    places = (
        (UI / "static/shared/glossary.js").read_text(encoding="utf-8").partition("PLACES = {")[2].partition("};")[0]
    )
    return re.findall(r"^  (\w+):", places, re.MULTILINE)


# What stands in the places of keys that scripts put together: `status_${s.status}`.
PARTS = {
    "s.status": (*LIVE, *ENDED, "waiting", UNREADABLE),
    "chart.key": chart("key"),
    "line": chart("lines"),
    "term": terms(),
    "makes": ("picture", "sound", "text"),
    "index + 1": range(1, table(Recipe)["directions"].most + 1),
}


def script_keys() -> set[str]:
    """Keys in words.key and words[`ke${part}`], whoever the words belong to; a call is a method of a text called
    words."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    made = set()
    for start, part, end in re.findall(r"\bwords\[`(\w*)\$\{([^}]+)\}(\w*)`\]", text):
        made |= {f"{start}{value}{end}" for value in PARTS[part]}
    return made | set(re.findall(r"(?<![/\w-])words\.(\w+)\b(?!\()", text)) - {"length"}


def test_scripts_look_up_words_in_no_other_way():
    for path in SCRIPTS:
        found = re.findall(r"\bwords\[(?!`\w*\$\{[^}]+\}\w*`\])[^]]*\]", path.read_text(encoding="utf-8"))
        assert found == [], path.name


def test_every_key_in_python_exists():
    exact, patterns = python_keys()
    assert len(exact) > 30 and exact <= set(WORDS)
    for pattern in patterns:
        assert any(re.fullmatch(pattern, key) for key in WORDS), pattern


def test_every_key_in_the_scripts_exists():
    assert len(script_keys()) > 100 and script_keys() <= set(WORDS)


def test_no_key_is_unused():
    exact, patterns = python_keys()
    used = exact | script_keys() | {key for key in WORDS for pattern in patterns if re.fullmatch(pattern, key)}
    assert set(WORDS) - used == set()


def test_the_scripts_fill_every_placeholder():
    filled = set()
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        one = r"(?:this\.)?words\.(\w+)"
        for *keys, values in re.findall(rf"say\((?:[^(){{}}]+ \? {one} : )?{one}, \{{([^}}]*)\}}", text):
            for key in filter(None, keys):
                filled.add(key)
                assert set(re.findall(r"(\w+)(?=:|,|\s*$)", values.strip())) >= set(NAMES.findall(WORDS[key])), key
        for start, part, values in re.findall(r"say\(words\[`(\w+_)\$\{(\w+)\}`\], \{([^}]*)\}", text):
            for key in (f"{start}{end}" for end in PARTS[part]):
                filled.add(key)
                assert set(re.findall(r"(\w+)(?=:)", values)) == set(NAMES.findall(WORDS[key])), key
        for key, name in re.findall(r"words\.(\w+)\.replace\(\"\{(\w+)\}\"", text):
            filled.add(key)
            assert NAMES.findall(WORDS[key]) == [name]
    assert filled == {key for key, row in WORDS.items() if NAMES.search(row)}


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError, match="no_such_word"):
        Words()("no_such_word")


def test_scripts_get_every_word_in_one_language():
    for tag in languages():
        assert set(for_scripts(find_locale([tag]))) == set(WORDS)
    assert for_scripts(find_locale(["zh-TW"]))["seed"] == "种子" and for_scripts(find_locale(["xx"]))["seed"] == "Seed"
