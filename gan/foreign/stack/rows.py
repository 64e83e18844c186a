"""A stack's settings as rows for people: what its file does not say can be changed, what its weights decide is shown.

stack_rows(values)                                            # a row for the whole, then one for each layer
with_rows(values, {"whole": {"latent": "uniform"}, "3": {"kind": "leaky_relu", "slope": 0.2}, "4": {"before":
"upsample"}})
"""

import itertools

from gan.errors import StudioError
from gan.field_metadata import Knob, convert, form_words, from_values, show, table, to_values
from gan.messages import listed, say
from gan.networks.stack import StackGeneratorConfig
from gan.networks.stack_layers import ACTIVATIONS, LAYERS, Layer
from gan.networks.stack_text import to_text

WHOLE = "whole"
_GLOBAL = ("latent", "num_classes", "join", "output")
_DECIDED = {"inputs", "outputs", "kernel", "channels", "shape", "bias", "affine"}  # by the weights and their neighbours
_FREE = (*ACTIVATIONS, "upsample")  # without weights: any may stand anywhere
_EXCHANGES = (_FREE, ("instance_norm", "group_norm"))  # kinds that can have the same weights


def stack_rows(values: dict) -> list[dict]:
    """The rows of a StackGeneratorConfig's values: `layer` (WHOLE, or its number as a word), `kind`, `kinds` (which
    may stand in its place), and `fields`, tables of name, value, kind, low, high, step, unit, choices, help and fixed.
    Raises StudioError.
    """
    config = from_values(StackGeneratorConfig, values)
    rows = table(StackGeneratorConfig)
    whole = [_field(rows[name], getattr(config, name), name in _settled(config)) for name in _GLOBAL]
    layers = [_row(str(i), layer) for i, layer in enumerate(config.parsed())]
    return [dict(layer=WHOLE, kind=WHOLE, kinds=[], fields=whole), *layers]


def with_rows(values: dict, edits: dict[str, dict]) -> dict:
    """The values with other fields, by the rows' `layer`. "kind" puts another kind in a layer's place, which keeps the
    fields that both have; "before" adds a layer without weights before it. Raises StudioError where that cannot be.
    """
    config = from_values(StackGeneratorConfig, values)
    edits = {str(key): value for key, value in edits.items()}
    unknown = edits.keys() - {WHOLE, *map(str, range(len(config.layers)))}
    if unknown or not all(isinstance(edit, dict) for edit in edits.values()):
        raise StudioError(
            say("There is no layer {unknown}.", unknown=show(min(unknown)))
            if unknown
            else say("Changes are tables of names and values."),
            say("The layers are 0 to {count}.", count=len(config.layers) - 1),
        )
    changed = [_changed(layer, dict(edits.get(str(i), {}))) for i, layer in enumerate(config.parsed())]
    made = {
        **to_values(config),
        **_changed_whole(config, edits.get(WHOLE, {})),
        "layers": list(itertools.chain.from_iterable(changed)),
        "class_at": sum(map(len, changed[: config.class_at])),  # layers may have come before it
    }
    return to_values(from_values(StackGeneratorConfig, made))


def _row(number: str, layer: Layer) -> dict:
    kind = to_text(layer).split()[0]
    fields = [_field(row, getattr(layer, name), name in _DECIDED) for name, row in table(type(layer)).items()]
    return dict(layer=number, kind=kind, kinds=list(_kinds(kind)), fields=fields)


def _kinds(kind: str) -> tuple[str, ...]:
    return next((kinds for kinds in _EXCHANGES if kind in kinds), (kind,))


def _field(row: Knob, value, fixed: bool) -> dict:
    return dict(
        name=row.name,
        value=list(value) if isinstance(value, tuple) else value,
        kind=row.kind.__name__,
        low=row.low,
        high=row.high,
        step=row.step,
        choices=list(row.choices),
        fixed=fixed,
        **form_words(row),
    )


def _settled(config: StackGeneratorConfig) -> set[str]:
    """Which settings of the whole the weights decide: with a table of classes how many there are, whether it multiplies
    or adds, and everything about a class that joins what layers have made."""
    return {
        name
        for name, fixed in (
            ("num_classes", config.embedding > 0 or config.class_at > 0),
            ("join", not config.num_classes or config.class_at > 0 or config.join in ("multiply", "add")),
        )
        if fixed
    }


def _changed_whole(config: StackGeneratorConfig, edit: dict) -> dict:
    rows = table(StackGeneratorConfig)
    for name in edit:
        if name not in _GLOBAL or name in _settled(config):
            raise _fixed(name)
    made = {name: convert(rows[name], value) for name, value in edit.items()}
    if type(made.get("num_classes")) is int:  # one-hot classes and z share what the first layer takes
        made["z_dim"] = config.z_dim + config.num_classes - made["num_classes"]
    return made


def _changed(layer: Layer, edit: dict) -> list[str]:
    """The texts in a layer's place."""
    kind = to_text(layer).split()[0]
    wanted, before = edit.pop("kind", kind), edit.pop("before", None)
    for allowed, one in ((_kinds(kind), wanted), (_FREE, "none" if before is None else before)):
        if one not in allowed:
            raise StudioError(
                say("{one} cannot stand here.", one=show(one)), say("Choose one of {names}.", names=listed(allowed))
            )
    for name in edit:
        if name in _DECIDED:
            raise _fixed(name)
    kept = {name: value for name, value in to_values(layer).items() if name in table(LAYERS[wanted])}
    made = to_text(from_values(LAYERS[wanted], {**kept, **edit}))
    return [made] if before is None else [before, made]


def _fixed(name: str) -> StudioError:
    return StudioError(
        say("{name} cannot be changed: the weights decide it.", name=show(name)), "Change what the file does not say."
    )
