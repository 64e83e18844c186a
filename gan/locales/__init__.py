"""The languages of GAN Studio: one file each, <tag>.json beside this one, and no code.

{"name": "Deutsch",                     what the language calls itself, for the picker
 "plural": "n != 1",                    the number of the form for n things, as in gettext's Plural-Forms; "0" for one
 "words": {"seed": "Startwert", ...},   the page's own words, by key; en.json has them all
 "sentences": {"{name} is empty.": "{name} ist leer.", ...}}    what is said with gan.messages, by its English template

To add a language, copy zh-CN.json to a file named after its tag (de.json, pt-BR.json) and translate the right-hand
sides. The places {name} stay, in any order, with their formats. A sentence of n things may be a list, a text for each
form that "plural" numbers. What is missing stays English. Nothing else has to be told of the new file: the page offers
it, the command line speaks it where the computer does, and the tests hold it to having every row. GAN_STUDIO_LOCALES
names a folder with more such files, to try one out.

To add a word of the page, give it a row in "words" of en.json and of every other file. To add a sentence, write it
with `say`; tests/locales names those that a file lacks.

    locale = find_locale(["zh-TW", "en"])          # zh-CN: the nearest there is; English where there is none
    locale.word("seed")                            # "种子"
    locale.translated(error.said)                  # a message, or whatever holds messages: tables and lists, too
"""

import functools
import gettext
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan.locales.recognition import Recogniser
from gan.messages import Message

ENGLISH = "en"
MORE = "GAN_STUDIO_LOCALES"
"""The environment variable that names a folder with more languages."""

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Locale:
    """One language: see this module's text. `tag` as browsers write it, such as "zh-CN"."""

    tag: str
    name: str
    plural: str
    words: Mapping[str, str]
    sentences: Mapping[str, str | list[str]]

    @functools.cached_property
    def form(self) -> Callable[[int], int]:
        """The number of the form for n things. Raises ValueError where `plural` is no expression."""
        return gettext.c2py(self.plural)

    def word(self, key: str) -> str:
        """A word of the page, in English where this language lacks it. Raises KeyError for one that nobody knows."""
        return self.words.get(key) or languages()[ENGLISH].words[key]

    def translated(self, value: Any) -> Any:
        """The value with each message in this language; tables, lists and tuples are looked through."""
        if isinstance(value, Message):
            return self._said(value)
        if isinstance(value, dict):
            return {name: self.translated(one) for name, one in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(self.translated, value))
        return value

    @functools.cached_property
    def _recogniser(self) -> Recogniser:
        return Recogniser(self.sentences, self.form)

    def _said(self, message: Message) -> str:
        if not message.values and message.template not in self.sentences:
            return self._recogniser.translated(message.template)
        form = self._form(message)
        values = self.translated(message.values)
        return form.format_map(values) if values else form

    def _form(self, message: Message) -> str:
        """The template in this language."""
        found = self.sentences.get(message.template)
        if not found:
            return message.one if message.one is not None and message.values["n"] == 1 else message.template
        if isinstance(found, str):
            return found
        return found[min(self.form(message.values["n"]), len(found) - 1)]


@functools.cache
def languages() -> dict[str, Locale]:
    """Every language by its tag, English first. Raises OSError and ValueError where a file cannot be read."""
    more = os.environ.get(MORE)
    paths = [path for folder in (_HERE, *([Path(more)] if more else [])) for path in sorted(folder.glob("*.json"))]
    found = {path.stem: _read(path) for path in paths}
    return {ENGLISH: found.pop(ENGLISH), **found}


def _read(path: Path) -> Locale:
    values = json.loads(path.read_text(encoding="utf-8"))
    return Locale(path.stem, **{name: values[name] for name in ("name", "plural", "words", "sentences")})


def find_locale(wanted: Iterable[str]) -> Locale:
    """The first wanted language that there is: exactly, or any of the same name, as zh-CN for zh-TW; else English."""
    known = {tag.lower(): locale for tag, locale in languages().items()}
    for tag in (tag.lower() for tag in wanted):
        near = [locale for other, locale in known.items() if other.split("-")[0] == tag.split("-")[0]]
        if tag in known or near:
            return known.get(tag) or near[0]
    return known[ENGLISH]


def locale_of_computer(environment: Mapping[str, str]) -> Locale:
    """The language that a terminal is set to, as LC_ALL, LC_MESSAGES or LANG says: the first of them that is set."""
    text = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ENGLISH)
    return find_locale([text.split(".")[0].split("@")[0].replace("_", "-")])
