"""Plain values that lay on disk, as a dataclass: every field of its own kind, names of newer versions left alone."""

import dataclasses
import functools
import types
import typing
from typing import TYPE_CHECKING, Any, TypeVar

from gan.field_metadata import show
from gan.messages import say
from gan.store.files import unreadable

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
_LARGEST = 2**53  # beyond it a browser's numbers have gaps


def filled(cls: type[T], values: Any, called: str) -> T:
    """`cls` from a table. What the table lacks has its default, and what `cls` does not know is left out.

    called: the file that the table lay in. Raises StudioError where it is no table, lacks a field without a default, or
    holds a value of another kind than the field's.
    """
    if not isinstance(values, dict):
        raise unreadable(called, say("it holds no table of names and values"))
    made = {}
    for field in dataclasses.fields(cls):
        if field.name in values:
            made[field.name] = _fitting(values[field.name], _hints(cls)[field.name], field.name, called)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise unreadable(called, say("it does not say {name}", name=field.name))
    return cls(**made)


def _fitting(value: Any, hint: Any, name: str, called: str) -> Any:
    """The value, in the field's own kind: a list for a tuple and a whole number for a float are as good."""
    kinds = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    for kind in kinds:
        base = typing.get_origin(kind) or kind
        if base is float and type(value) in (int, float):
            return float(value)
        if base is int and type(value) is int and abs(value) < _LARGEST:
            return value
        if base is tuple and isinstance(value, list):
            inner = typing.get_args(kind)
            return tuple(_fitting(item, inner[0], name, called) for item in value) if inner else tuple(value)
        if base is str and isinstance(value, str):  # also a message
            return value
        if base in (dict, bool, type(None)) and type(value) is base:
            return value
        if isinstance(base, type) and dataclasses.is_dataclass(base) and isinstance(value, base):  # made before
            return value
    raise unreadable(called, say("{name} cannot be {value}", name=name, value=show(value)))


@functools.cache
def _hints(cls: Any) -> dict[str, Any]:
    return typing.get_type_hints(cls)
