"""The page's words: each key that is used exists, each that exists is used, in both languages."""

import ast
import re
from pathlib import Path

import pytest

from gan.ui import words
from gan.ui.words import LANGUAGES, WORDS, Words, for_scripts

UI = Path(words.__file__).parent
PYTHON = [path for path in UI.rglob("*.py") if path.name != "words.py"]
SCRIPTS = sorted((UI / "static").glob("*.js"))
NAMES = re.compile(r"\{(\w+)\}")


def python_keys() -> tuple[set[str], list[str]]:
    """Keys in calls words("key") and tool(words, "key", ...), and patterns for those that are put together."""
    exact, patterns = set(), []
    for path in PYTHON:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in ("words", "tool"):
                continue
            key = call.args[call.func.id == "tool"]
            if isinstance(key, ast.Constant):
                exact.add(key.value)
            elif isinstance(key, ast.JoinedStr):
                parts = [re.escape(part.value) if isinstance(part, ast.Constant) else "[^_]+" for part in key.values]
                patterns.append("".join(parts))
    return exact, patterns


def script_keys() -> set[str]:
    return {key for path in SCRIPTS for key in re.findall(r"\bthis\.words\.(\w+)", path.read_text(encoding="utf-8"))}


def test_every_key_in_python_exists():
    exact, patterns = python_keys()
    assert len(exact) > 30 and exact <= set(WORDS)
    for pattern in patterns:
        assert any(re.fullmatch(pattern, key) for key in WORDS), pattern


def test_every_key_in_the_scripts_exists():
    assert len(script_keys()) > 20 and script_keys() <= set(WORDS)


def test_no_key_is_unused():
    exact, patterns = python_keys()
    used = exact | script_keys() | {key for key in WORDS for pattern in patterns if re.fullmatch(pattern, key)}
    assert set(WORDS) - used == set()


def test_no_key_is_written_twice():
    tree = ast.parse(Path(words.__file__).read_text(encoding="utf-8"))
    tables = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    keys = [key.value for table in tables for key in table.keys if isinstance(key, ast.Constant)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", WORDS)
def test_a_row_is_filled_in_both_languages(key):
    english, chinese = WORDS[key]
    assert english == english.strip() != "" and chinese == chinese.strip() != ""
    assert re.search("[\u4e00-\u9fff]", chinese) or chinese == english
    assert not re.search("[\u4e00-\u9fff]", english)
    assert set(NAMES.findall(english)) == set(NAMES.findall(chinese))


def test_the_scripts_fill_every_placeholder():
    filled = set()
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        for key, values in re.findall(r"say\(this\.words\.(\w+), \{([^}]*)\}", text):
            filled.add(key)
            assert set(re.findall(r"(\w+)(?=:|,|\s*$)", values.strip())) >= set(NAMES.findall(WORDS[key][0])), key
        for key, name in re.findall(r"words\.(\w+)\.replace\(\"\{(\w+)\}\"", text):
            filled.add(key)
            assert NAMES.findall(WORDS[key][0]) == [name]
    assert filled == {key for key, row in WORDS.items() if NAMES.search(row[0])}


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError, match="no_such_word"):
        Words()("no_such_word")


def test_scripts_get_every_language():
    tables = for_scripts()
    assert set(tables) == set(LANGUAGES) == {"en", "zh-CN", "zh-TW"}
    assert tables["en"]["seed"] == "Seed" and tables["zh-CN"]["seed"] == tables["zh-TW"]["seed"] == "种子"
    assert all(set(table) == set(WORDS) for table in tables.values())
