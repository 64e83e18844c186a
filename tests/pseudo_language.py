"""A language that nobody speaks, made from the English: what on a screen is not in its letters was not translated.

with pseudo_language(folder):           # every app that starts within it offers the language TAG
    pseudo("Seed {n}")                  # "⟦Śεεδ {n}⟧", in letters that no English text has
"""

import contextlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from every_sentence import templates

from gan.locales import MORE, languages

TAG = "qps"
_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "αвςδεƒğнίјκłмηορʠгѕтυνωχγžΑΒÇĐΕƑĢĦĪĴΚŁΜΝΘΡɊŘŚŤŮѴΨΧŸŽ",
)
_PLACES = re.compile(r"(\{[^}]*\})")


def pseudo(text: str) -> str:
    """The text in letters of its own; places for values stay."""
    parts = _PLACES.split(text)
    return "⟦" + "".join(part if part.startswith("{") else part.translate(_LETTERS) for part in parts) + "⟧"


@contextlib.contextmanager
def pseudo_language(folder: Path) -> Iterator[None]:
    """Within it there is a language TAG, which lies in a file of that folder."""
    words = {key: pseudo(word) for key, word in languages()["en"].words.items()}
    values = dict(
        name=pseudo("Pseudo"), plural="n != 1", words=words, sentences={text: pseudo(text) for text in templates()}
    )
    (folder / f"{TAG}.json").write_text(json.dumps(values), encoding="utf-8")
    os.environ[MORE] = str(folder)
    languages.cache_clear()
    try:
        yield
    finally:
        del os.environ[MORE]
        languages.cache_clear()
