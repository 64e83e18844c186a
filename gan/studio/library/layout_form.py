"""A stack's settings as a form for the page: what can be set, layer by layer, and what a person has set as edits of
its rows."""

from gan.errors import StudioError
from gan.field_metadata import Knob, form_words, from_values
from gan.foreign.stack.rows import WHOLE, stack_rows, with_rows
from gan.networks.stack import StackGeneratorConfig
from gan.networks.stack_layers import ACTIVATIONS, times

_LEAKY, _SLOPE = "leaky_relu", 0.2  # the usual slope in GANs (Radford et al. 2016)
_NEW = (*ACTIVATIONS, "upsample")  # what may be put before a layer


def form(values: dict) -> list[dict]:
    """[{"key": "whole" or a layer's number, "title": what it is and what it makes of which shape, "fields": knobs with
    a value}], of a StackGeneratorConfig's values; what the weights decide is left out. Raises StudioError."""
    config = from_values(StackGeneratorConfig, values)
    sizes = [(times(before), times(after)) for before, after in config.flow()]
    parts = [dict(key=row["layer"], title=_title(row, sizes), fields=_fields(row)) for row in stack_rows(values)]
    return [part for part in parts if part["fields"]]


def filled(values: dict, changes: dict) -> dict:
    """The values with {key: {name of a field: value}} changed. Raises StudioError."""
    kinds = {row["layer"]: row["kind"] for row in stack_rows(values)}
    if not isinstance(changes, dict) or not all(isinstance(change, dict) for change in changes.values()):
        raise StudioError("Changes are tables of names and values.", "Reload the page.")
    return with_rows(values, {key: _edit(kinds.get(key), change) for key, change in changes.items()})


def _title(row: dict, sizes: list[tuple[str, str]]) -> str:
    if row["layer"] == WHOLE:
        return f"{sizes[0][0]} → {sizes[-1][1]}"
    number = int(row["layer"])
    return f"{number} · {row['kind']}, {sizes[number][0]} → {sizes[number][1]}"


def _fields(row: dict) -> list[dict]:
    open_fields = [field for field in row["fields"] if not field["fixed"]]
    if row["layer"] == WHOLE:
        return open_fields
    if len(row["kinds"]) < 2:
        return [*open_fields, _choice("before", "none", _NEW, "A layer without weights to put before this one.")]
    kind = _choice("kind", row["kind"], row["kinds"], "What stands here.")
    return [kind, *open_fields, *([_slope()] if _LEAKY in row["kinds"] and row["kind"] != _LEAKY else [])]


def _edit(kind: str | None, change: dict) -> dict:
    """A slope is a leaky one's alone; one that was not named is the usual one."""
    wanted = change.get("kind", kind)
    if wanted != _LEAKY:
        return {name: value for name, value in change.items() if name != "slope"}
    return change if kind == _LEAKY else {"slope": _SLOPE} | change


def _choice(name: str, value: str, choices: tuple[str, ...], help: str) -> dict:
    row = Knob(name, str, False, False, value, help, choices=choices)
    return dict(
        name=name, value=value, kind="str", low=None, high=None, step=None, choices=list(choices), **form_words(row)
    )


def _slope() -> dict:
    row = Knob("slope", float, False, False, _SLOPE, "By how much a leaky_relu multiplies values below 0.")
    return dict(name="slope", value=_SLOPE, kind="float", low=-1, high=1, step=0.01, choices=[], **form_words(row))
