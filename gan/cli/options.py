"""Command-line options from the property table: one option for each knob."""

import argparse
import dataclasses
import functools
import types
from collections.abc import Collection, Mapping
from typing import Any

from gan.field_metadata import Knob, some_values, table
from gan.messages import Message, as_message, listed, say


def add_knobs(
    parser: argparse._ActionsContainer,
    cls,
    without: Collection[str] = (),
    defaults: Mapping[str, str | Message] = types.MappingProxyType({}),
) -> None:
    """Add --name VALUE for each knob of a dataclass but those in `without`; what was not given stays None.

    Of a knob that is on or off the bare --name means on. `defaults` says in words what else than the knob's own default
    an option that is not given means.
    """
    for row in table(cls).values():
        if row.name not in without:
            bare: dict[str, Any] = dict(nargs="?", const="on") if row.kind is bool and not row.many else {}
            parser.add_argument(
                _flag(row.name), dest=row.name, metavar=_metavar(row), help=_help(row, defaults.get(row.name)), **bare
            )


def add_pairs(parser: argparse._ActionsContainer, cls) -> None:
    """Add --name N:X,... for each list of pairs (see studio/pairs.py) of a dataclass."""
    for f in dataclasses.fields(cls):
        if about := f.metadata.get("pairs"):
            facts = say("0 to {last}, then {low:g} to {high:g}", **{key: about[key] for key in ("last", "low", "high")})
            said = say("{help} ({facts})", help=say(about["help"]), facts=facts)
            parser.add_argument(_flag(f.name), metavar="N:X,...", help=said)


def chosen(asked: Mapping, cls) -> dict:
    """The knobs that were given, converted and checked. Raises StudioError."""
    return some_values(cls, given_texts(asked, cls))


def given_texts(asked: Mapping, cls) -> dict[str, Any]:
    """What was typed for the fields of a dataclass that were given, as it was typed: the dataclass converts it."""
    values = {f.name: asked.get(f.name) for f in dataclasses.fields(cls)}
    return {name: text for name, text in values.items() if text is not None}


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _metavar(row: Knob) -> str:
    one = {int: "N", float: "X", bool: "on|off", str: "NAME"}[row.kind]
    return f"{one},..." if row.many else one


def _help(row: Knob, default: str | Message | None) -> Message:
    """The knob's sentence, then its range, unit and default."""
    default = _default(row) if default is None else default
    facts: list[Message] = []
    if row.choices:
        facts.append(say("one of {names}", names=listed(row.choices)))
    if row.low is not None and row.high is not None:
        bounds = dict(low=f"{row.low:.10g}", high=f"{row.high:.10g}")
        facts.append(
            say("{low} to {high} {unit}", unit=say(row.unit), **bounds)
            if row.unit
            else say("{low} to {high}", **bounds)
        )
    if default:
        facts.append(say("default {default}", default=as_message(default)))
    if not facts:
        return say(row.help)
    said = functools.reduce(lambda before, last: say("{before}; {last}", before=before, last=last), facts)
    return say("{help} ({facts})", help=say(row.help), facts=said)


def _default(row: Knob) -> str:
    if row.kind is bool:
        return "on" if row.default else "off"
    return ",".join(map(str, row.default)) if row.many else "" if row.default is None else str(row.default)
