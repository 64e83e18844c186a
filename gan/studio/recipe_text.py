"""Recipes as text: reading JSON and the queries of links strictly, and writing them down."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import listed, say

VERSION = 1
LONGEST_TEXT = 8_000_000  # characters of JSON: 64 keyframes with every latent value overridden fit


def only(known, values: dict) -> dict:
    """`values`, all of whose names are among the `known` ones."""
    for name in values:
        if name not in known:
            raise StudioError(
                say("There is no setting called {name}.", name=show(name)),
                say("The settings are {names}.", names=listed(known)),
            )
    return values


def read_json(value, what: str) -> dict:
    """A copy of the dict, or the dict in the text, without its version."""
    if isinstance(value, (str, bytes)):
        if len(value) > LONGEST_TEXT:
            raise StudioError(
                say("The text is too long to be {what}: {count:,} characters.", what=what, count=len(value))
            )
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):  # ValueError also for numbers of thousands of digits and for bad bytes
            raise StudioError(say("The text is not {what}: it is not JSON.", what=what)) from None
    if not isinstance(value, dict):
        raise StudioError(
            say("It must be {what}, a table of names and values, not {value}.", what=what, value=show(value))
        )
    values = dict(value)
    version = values.pop("studio", VERSION)
    if type(version) is not int or version != VERSION:
        raise StudioError(
            say(
                "This is {what} of version {version}, and only version {version2} is known.",
                what=what,
                version=show(version),
                version2=VERSION,
            ),
            "Open it with the newest GAN Studio.",
        )
    return values


def query_items(query: str | Mapping[str, str]) -> list[tuple[str, str]]:
    """The names and values of a link's query, without those that hosts add. StudioError for too much, or the same
    twice."""
    if isinstance(query, str):
        if len(query) > LONGEST_TEXT:
            raise StudioError(say("The link is too long: {count:,} characters.", count=len(query)))
        try:
            items = parse_qsl(query.removeprefix("?"), keep_blank_values=True, max_num_fields=64)
        except ValueError:
            raise StudioError("The link sets more than 64 things.", "Copy the whole link again.") from None
    else:
        items = list(query.items())
    items = [(key, text) for key, text in items if not str(key).startswith("__")]
    if len({key for key, _ in items}) < len(items):
        raise StudioError("The link sets the same thing twice.", "Copy the whole link again.")
    return items


def as_lists(value):
    """A value of a recipe as JSON has it: tuples, also inside of others, become lists."""
    return [as_lists(one) for one in value] if isinstance(value, tuple) else value


def as_query(value) -> str:
    """A value of `to_json` as text: repr keeps every digit of a number, so that a link reads back exactly."""
    if isinstance(value, list):
        return ",".join(":".join(map(as_query, one)) if isinstance(one, list) else as_query(one) for one in value)
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
