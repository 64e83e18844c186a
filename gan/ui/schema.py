"""The property tables as the page's scripts take them: everything that they know of a knob, they know from here.

A new field of a recipe, a path or a run is in the page's links, undo, files and forms once its dataclass has it.
"""

import dataclasses

from gan.field_metadata import Knob, form_words, table
from gan.messages import say
from gan.studio.path_recipes import MOST_KEYFRAMES, PathRecipe
from gan.studio.recipes import Recipe
from gan.studio.runs.half_precision import COARSE, pays_anywhere
from gan.studio.runs.hardware import device_choices
from gan.studio.runs.jobs import RunSpec
from gan.training.config import TrainConfig


def schema() -> dict:
    """{"recipe", "path", "run", "train": rows, see `rows`; "most_keyframes": of a path}."""
    made = {name: rows(cls) for name, cls in _TABLES.items()}
    (device,) = (row for row in made["run"] if row["name"] == "device")
    helps = device_choices()
    device |= {"choices": tuple(helps), "labels": {name: say(name) for name in helps}}
    device |= {"helps": helps}
    if not pays_anywhere():  # what would only cost time is not offered
        (precision,) = (row for row in made["train"] if row["name"] == "precision")
        precision["choices"] = tuple(choice for choice in precision["choices"] if choice != COARSE)
    return made | {"most_keyframes": MOST_KEYFRAMES}


def rows(cls) -> list[dict]:
    """Of each field of a dataclass, in their order, what is known of it.

    name, title, kind (int, float, bool, str, pairs, or recipe for the second picture of a mix), many, default, help,
    low, high, step, unit, choices, labels, helps, most, live, costly: see gan.field_metadata; link, of_w, trailing,
    neutral: see gan.studio.recipes.written.
    """
    knobs = table(cls)
    return [_row(f, knobs.get(f.name)) for f in dataclasses.fields(cls) if _KNOWN & set(f.metadata)]


def _row(f: dataclasses.Field, knob: Knob | None) -> dict:
    known = knob or Knob(f.name, str, False, True, f.default, "")
    row = dataclasses.asdict(known) | form_words(known)
    row |= {"trailing": None, "neutral": None, "of_w": False, **f.metadata.get("written", {})}
    if knob is None:
        row |= {"kind": "recipe"}
    else:
        row |= {"kind": knob.kind.__name__}
    if pairs := f.metadata.get("pairs"):
        row |= {
            "kind": "pairs",
            "many": True,
            **{name: pairs[name] for name in ("help", "most", "low", "high", "neutral")},
        }
    default = None if f.default is dataclasses.MISSING else f.default
    return row | {
        "link": row.get("link") or f.name,
        "default": list(default) if isinstance(default, tuple) else default,
    }


_TABLES = {"recipe": Recipe, "path": PathRecipe, "run": RunSpec, "train": TrainConfig}
_KNOWN = {"knob", "pairs", "written"}
