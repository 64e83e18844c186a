"""The property table: a knob is a dataclass field that carries its range, step, unit and one sentence of help.

Sliders, command-line options, checks and links are all derived from these fields, so that no knob is listed twice:

    @dataclass(frozen=True)
    class Dial:
        psi: float = knob(1.0, "How far from the average picture.", low=-1, high=2, step=0.01)

    table(Dial)["psi"].high                # 2
    check(Dial(psi=9))                     # StudioError: psi must lie between -1 and 2, not 9. ...
    from_values(Dial, {"psi": "0.5"})      # text from a link or the command line is converted, then checked
"""

import dataclasses
import functools
import math
import reprlib
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from gan.errors import StudioError
from gan.messages import Message, listed, say

_WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_SHOWN = reprlib.Repr()  # three levels deep and a few values of each list: the rest would not be read
_SHOWN.maxlevel, _SHOWN.maxstring, _SHOWN.maxlong, _SHOWN.maxother = 3, 200, 200, 200
_SHOWN.maxlist = _SHOWN.maxtuple = _SHOWN.maxdict = _SHOWN.maxset = 20


Config = TypeVar("Config")


@dataclass(frozen=True)
class Knob:
    """What is known of one field beside its value.

    `kind` is the type of a single value, `many` marks a tuple of them; `helps` says of some choices what they do.
    """

    name: str
    kind: type
    many: bool
    optional: bool
    default: Any
    help: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    helps: Mapping[str, str] = field(default_factory=dict)
    most: int = 64
    live: bool = False
    costly: bool = False


def knob(
    default: Any,
    help: str,
    *,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    unit: str = "",
    choices: Sequence[str] | Mapping[str, str] = (),
    most: int = 64,
    live: bool = False,
    costly: bool = False,
) -> Any:
    """A dataclass field that is a knob.

    choices: names, or a table of names and one sentence each of what they do. most: how many values a tuple may hold.
    live: it is offered for change while the job goes on. costly: it changes how long a step takes or how much memory,
    so that a budget measured with another value says nothing.
    """
    helps = dict(choices) if isinstance(choices, Mapping) else {}
    about = dict(help=help, low=low, high=high, step=step, unit=unit, choices=tuple(choices), helps=helps, most=most)
    about |= dict(live=live, costly=costly)
    return dataclasses.field(default=default, metadata={"knob": about})


def table(cls: type) -> dict[str, Knob]:
    """The knobs of a dataclass by name, in the order of its fields."""
    return _rows(cls)


@functools.cache
def _rows(cls: type) -> dict[str, Knob]:
    hints = typing.get_type_hints(cls)
    rows = {}
    for f in dataclasses.fields(cls):
        if "knob" in f.metadata:
            kind, many, optional = _shape(hints[f.name])
            rows[f.name] = Knob(f.name, kind, many, optional, f.default, **f.metadata["knob"])
    return rows


def check(config: Any) -> None:
    """Raise a StudioError that names the first field whose value is of the wrong kind or out of its range."""
    for row in table(type(config)).values():
        _check_value(row, getattr(config, row.name))


def from_values(cls: type[Config], values: dict[str, Any]) -> Config:
    """Build `cls` from a dict of JSON values or of text. Unknown names, wrong kinds and ranges raise StudioError."""
    if not isinstance(values, dict):
        raise StudioError(say("The settings must be a table of names and values, not {values}.", values=show(values)))
    rows = table(cls)
    for name in values:
        if name not in rows:
            raise StudioError(
                say("There is no setting called {name}.", name=show(name)),
                say("The settings are {names}.", names=listed(rows)),
            )
    made = cls(**{name: convert(rows[name], value) for name, value in values.items()})
    check(made)
    return made


def some_values(cls: type, values: dict[str, Any]) -> dict[str, Any]:
    """A part of the knobs of `cls`, converted and checked, as JSON can hold them. Raises StudioError."""
    from_values(cls, values)
    rows = table(cls)
    converted = {name: convert(rows[name], value) for name, value in values.items()}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in converted.items()}


def to_values(config: Any) -> dict[str, Any]:
    """The knobs of `config` as a dict that JSON can hold: the inverse of `from_values`."""
    values = {name: getattr(config, name) for name in table(type(config))}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def convert(row: Knob, value: Any) -> Any:
    """One value, given as text or as JSON, in the knob's own type. Raises StudioError where that cannot be done."""
    if value is None or (row.optional and isinstance(value, str) and value.lower() in ("", "none")):
        return None
    if row.many:
        items = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        if not isinstance(items, (list, tuple)):
            raise StudioError(say("{name} must be a list of values, not {value}.", name=row.name, value=show(value)))
        return tuple(_convert_one(row, item) for item in items if item != "")
    return _convert_one(row, value)


def _convert_one(row: Knob, value: Any) -> Any:
    if isinstance(value, str) and row.kind is not str:
        text = value.strip()
        if row.kind is bool and text.lower() in _WORDS:
            return _WORDS[text.lower()]
        try:
            return row.kind(text) if row.kind is not bool else value
        except ValueError:
            raise StudioError(
                say("{name} must be {row}, not {value}.", name=row.name, row=_kind(row), value=show(value))
            ) from None
    if row.kind is float and isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return math.inf
    return value


def _check_value(row: Knob, value: Any) -> None:
    if value is None:
        if not row.optional:
            raise StudioError(say("{name} must be {row}, but it has no value.", name=row.name, row=_kind(row)))
        return
    if row.many and (not isinstance(value, tuple) or len(value) > row.most):
        raise StudioError(
            say(
                "{name} must be a list of at most {most} values, not {value}.",
                name=row.name,
                most=row.most,
                value=show(value),
            )
        )
    for one in value if row.many else (value,):
        _check_one(row, one)


def _check_one(row: Knob, value: Any) -> None:
    if type(value) is not row.kind and not (row.kind is str and isinstance(value, str)):  # a message is a word, too
        raise StudioError(say("{name} must be {row}, not {value}.", name=row.name, row=_kind(row), value=show(value)))
    if row.choices and value not in row.choices:
        raise StudioError(
            say("{name} cannot be {value}.", name=row.name, value=show(value)),
            say("Choose one of {names}.", names=listed(row.choices)),
        )
    if row.kind in (int, float):
        _check_range(row, value)


def _check_range(row: Knob, value: Any) -> None:
    low, high = (-math.inf if row.low is None else row.low), (math.inf if row.high is None else row.high)
    if not -math.inf < value < math.inf or not low <= value <= high:
        raise StudioError(
            say("{name} must {row}, not {value}.", name=row.name, row=_range(row), value=show(value)),
            "Choose a value in that range.",
        )


def _shape(hint: Any) -> tuple[type, bool, bool]:
    """(kind, many, optional) of a field's type: `int`, `int | None` or `tuple[int, ...]`."""
    optional = False
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        rest = [a for a in typing.get_args(hint) if a is not type(None)]
        optional, hint = len(rest) < len(typing.get_args(hint)), rest[0]
    if typing.get_origin(hint) is tuple:
        return typing.get_args(hint)[0], True, optional
    return hint, False, optional


def _kind(row: Knob) -> str:
    word = {int: say("a whole number"), float: say("a number"), bool: say("on or off"), str: say("a word")}[row.kind]
    return say("a list, each {word}", word=word) if row.many else word


def _range(row: Knob) -> str:
    if row.low is None:
        if row.high is None:
            return say("be finite")
        return say("be at most {high}", high=plain(row.high))
    if row.high is None:
        return say("be at least {low}", low=plain(row.low))
    return say("lie between {low} and {high}", low=plain(row.low), high=plain(row.high))


_LONG = {
    "g": "generator",
    "d": "discriminator",
    "lr": "learning rate",
    "p": "share",
    "ema": "EMA",
    "ada": "ADA",
    "precision": "precision of numbers",  # not the score of that name
    "psi": "truncation",
    "w": "latent",
}


def title(name: str) -> Message:
    """What a field is called where people meet it: "penalty_every" is Penalty every, "g_lr" Generator learning rate."""
    said = " ".join(_LONG.get(part, part) for part in name.split("_"))
    return say(said[0].upper() + said[1:])


def form_words(row: Knob) -> dict[str, Any]:
    """What a form says of a knob: its title, its help, its unit, and for each choice its label and its help."""
    return dict(
        title=title(row.name),
        help=say(row.help),
        unit=say(row.unit),
        labels={choice: say(choice) for choice in row.choices},
        helps={choice: say(help) for choice, help in row.helps.items()},
    )


def plain(number: float) -> str:
    """A number as people write it: 4294967295, not 4.29497e+09."""
    return str(int(number)) if number == int(number) else f"{number:g}"


def show(value: object) -> str:
    """A value for a sentence: short, whatever a person typed or a file holds, and soon even where a list holds
    itself."""
    try:
        text = _SHOWN.repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits
        text = say("something enormous")
    return text if len(text) <= 60 else text[:57] + "..."
