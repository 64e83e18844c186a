"""Command-line options from the property table: one option for each knob."""

import argparse

from gan.knobs import Knob, convert, from_values, table


def add_knobs(parser: argparse._ActionsContainer, cls) -> None:
    """Add --name VALUE for each knob of a dataclass; what was not given stays None."""
    for row in table(cls).values():
        parser.add_argument(_flag(row), dest=row.name, metavar=_metavar(row), help=_help(row).replace("%", "%%"))


def chosen(args, cls) -> dict:
    """The knobs that were given, converted and checked. Raises StudioError."""
    given = {name: getattr(args, name) for name in table(cls) if getattr(args, name) is not None}
    from_values(cls, given)
    return {name: _plain(convert(table(cls)[name], text)) for name, text in given.items()}


def _plain(value):
    return list(value) if isinstance(value, tuple) else value


def _flag(row: Knob) -> str:
    return "--" + row.name.replace("_", "-")


def _metavar(row: Knob) -> str:
    one = {int: "N", float: "X", bool: "on|off", str: "NAME"}[row.kind]
    return f"{one},..." if row.many else one


def _help(row: Knob) -> str:
    """The knob's sentence, then its range, unit and default."""
    default = ",".join(map(str, row.default)) if row.many else row.default
    facts = [f"one of {', '.join(row.choices)}" if row.choices else "",
             f"{row.low:g} to {row.high:g} {row.unit}".strip() if row.low is not None and row.high is not None else "",
             f"default {default}" if default not in ("", None) else ""]
    return f"{row.help} ({'; '.join(f for f in facts if f)})"
