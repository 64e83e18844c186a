"""Plain English that was a message once: a process's last words, a model's own card, files of earlier versions."""

import functools
import re
from collections.abc import Callable, Mapping
from string import Formatter

_LEAST = 10  # letters of its own that a template must have to be told from others
_LONGEST = 2000  # letters of a text that is looked at
_SENTENCE_ENDS = re.compile(r"(?<=[.!?]) (?=[A-Z])")
_Form = str | list[str]


class Recogniser:
    """Translates texts that fit one of the templates, by the table of {template: translation, or one for each number}.

    choose: the number of the form for n things.
    """

    def __init__(self, sentences: Mapping[str, _Form], choose: Callable[[int], int]):
        self._sentences, self._choose = sentences, choose
        templates = [template for template in sentences if "{" in template and _letters(template) >= _LEAST]
        self._patterns = [(t, _pattern(t)) for t in sorted(templates, key=_letters, reverse=True)]
        self.translated = functools.lru_cache(4096)(self._translated)  # the same lines are shown again and again

    def _translated(self, text: str) -> str:
        """The text in this language, as a whole or its sentences one by one; what is not recognised stays."""
        if len(text) > _LONGEST:
            return text
        whole = self._whole(text)
        if whole is not None:
            return whole
        parts = _SENTENCE_ENDS.split(text)
        known = [self._whole(part) for part in parts]
        if len(parts) == 1 or not any(known):
            return text
        both = str(self._sentences.get("{before} {last}", "{before} {last}"))
        said = [made or part for made, part in zip(known, parts, strict=True)]
        return functools.reduce(lambda before, last: both.format(before=before, last=last), said)

    def _whole(self, text: str) -> str | None:
        if isinstance(same := self._sentences.get(text), str) and "{" not in text:
            return same
        for template, pattern in self._patterns:
            if found := pattern.fullmatch(text):
                values = {name: self._whole(value) or value for name, value in found.groupdict().items()}
                return _unformatted(self._form(template, values)).format_map(values)
        return None

    def _form(self, template: str, values: Mapping[str, str]) -> str:
        found = self._sentences[template]
        if isinstance(found, str):
            return found
        number = values.get("n", "").replace(",", "")
        return found[min(self._choose(int(number) if number.isdecimal() else 2), len(found) - 1)]


def _unformatted(template: str) -> str:
    """A template of which the values are texts already."""
    return "".join(
        text.replace("{", "{{").replace("}", "}}") + ("" if name is None else f"{{{name}}}")
        for text, name, _, _ in Formatter().parse(template)
    )


def _letters(template: str) -> int:
    return sum(letter.isalpha() for text, *_ in Formatter().parse(template) for letter in text)


def _pattern(template: str) -> re.Pattern[str]:
    made, seen = "", set()
    for text, name, _, _ in Formatter().parse(template):
        made += re.escape(text)
        if name is not None:
            made += f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
            seen.add(name)
    return re.compile(made, re.DOTALL)
