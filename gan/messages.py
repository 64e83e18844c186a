"""Sentences with values, which are put into a person's language where that person meets them, and not before.

    said = say("{count} pictures are too small.", count=3)
    said                       # "3 pictures are too small.", a str like any other: logs hold English
    said.template, said.values # "{count} pictures are too small.", {"count": 3}: what a translation is made from

The English template is the key of a sentence, as it is for gettext; gan/locales holds the others. Values may be
messages themselves. Words never stand in a value that is not one, or they would stay English; nor are messages put
together with +, f"" or join, which would forget what they are: `also` and `listed` do that. `packed` keeps a message
in a file.
"""

import functools
import math
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

_TEMPLATE, _ONE, _VALUES = "say", "one", "values"  # the names in a message that is kept in a file


class Message(str):
    """A sentence in English that knows the template and the values it was made from.

    `one` is the template for n = 1, where English has another one for that; other languages have forms of their own.
    """

    template: str
    values: dict[str, Any]
    one: str | None

    def __new__(cls, template: str, values: dict[str, Any], one: str | None = None) -> "Message":
        """`template` as of str.format, with the names of `values` only. Raises KeyError where one is missing."""
        form = one if one is not None and values["n"] == 1 else template
        message = super().__new__(cls, form.format_map(values) if values else form)
        message.template, message.values, message.one = template, values, one
        return message

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.template, self.values, self.one


def number(value: float, digits: int = 3) -> str:
    """A measured number for people: 0.693, 12.300, and beyond all measure 8.3e12."""
    if not math.isfinite(value):
        return "not a number"
    if abs(value) < 10_000:
        return f"{value:.{digits}f}"
    return f"{value:.1e}".replace("e+0", "e").replace("e+", "e")


def say(template: str, /, **values: Any) -> Message:
    """The sentence of a template. Without values it is the template as it stands, braces and all."""
    return Message(template, _plain(values))


def say_n(one: str, many: str, /, n: int, **values: Any) -> Message:
    """Likewise of `n` things: by the template `one` where n is 1, else by `many`, which is the key for translations."""
    return Message(many, {"n": n, **_plain(values)}, one)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Errors and paths as what they say: they cannot be copied or kept as well as texts."""
    return {name: str(v) if isinstance(v, (BaseException, PurePath)) else v for name, v in values.items()}


def as_message(text: str) -> Message:
    """A message as it is, and any other text as a message without values."""
    return text if isinstance(text, Message) else say(text)


def also(*sentences: str) -> Message:
    """One sentence after the other; those that are "" are left out."""
    there = [as_message(sentence) for sentence in sentences if sentence]
    return functools.reduce(lambda before, last: say("{before} {last}", before=before, last=last), there or [say("")])


def listed(items: Iterable[Any], end: str = "{before}, {last}") -> Message:
    """Values in a row: "a, b, c", or "none". With end="{before} and {last}" it is "a, b and c"."""
    *first, last = list(items) or [say("none")]
    if not first:
        return last if isinstance(last, Message) else say(str(last))
    row = functools.reduce(lambda before, last: say("{before}, {last}", before=before, last=last), first)
    return say(end, before=row, last=last)


def packed(value: Any) -> Any:
    """A value as JSON can hold it and `unpacked` takes it: messages become tables, everything else stays."""
    if isinstance(value, Message):
        about = {_TEMPLATE: value.template} | ({_ONE: value.one} if value.one is not None else {})
        return about | ({_VALUES: packed(value.values)} if value.values else {})
    if isinstance(value, dict):
        return {name: packed(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [packed(one) for one in value]
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def unpacked(value: Any) -> Any:
    """What `packed` was given, tuples as lists. A damaged message is what is left of its template."""
    if isinstance(value, list):
        return [unpacked(one) for one in value]
    if not isinstance(value, dict):
        return value
    values = {name: unpacked(one) for name, one in value.items()}
    if not isinstance(values.get(_TEMPLATE), str) or not set(values) <= {_TEMPLATE, _ONE, _VALUES}:
        return values
    try:
        return Message(values[_TEMPLATE], values.get(_VALUES, {}), values.get(_ONE))
    except (KeyError, ValueError, IndexError, AttributeError, TypeError):
        return say(values[_TEMPLATE])
