"""What each picture of a run's grids is of: the recipes that were pinned, then the seeds in their order."""

from pathlib import Path

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import MISSING, file_in, read_json, unreadable
from gan.studio.runs.pins import PINS, kept_fixed
from gan.training.sample_grid import GridLatents


def cells_of(folder: Path, count: int, classes: int) -> tuple[list[dict], list[str]]:
    """A table for each of `count` pictures of a run with so many classes: "pin" (from 1) with its recipe, or "seed" and
    "label". And a sentence where that cannot be read."""
    notes: list[str] = []
    try:
        fixed = kept_fixed(folder)
        pins = [_as_painted(pin, fixed, i) for i, pin in enumerate(_pins(folder)[: len(fixed.z)])] if fixed else []
    except StudioError as error:
        pins, notes = [], [error.said]
    label = (lambda i: {"label": i % classes}) if classes else (lambda i: {})
    return [{**pin, "pin": i + 1} for i, pin in enumerate(pins)] + [
        {"seed": i, **label(i)} for i in range(max(0, count - len(pins)))
    ], notes


def _as_painted(pin: dict, fixed: GridLatents, i: int) -> dict:
    """A recipe that was pinned, with the class that it has in the run, which may know others than its base."""
    label = None if fixed.c is None or fixed.c[i].max() < 1 else int(fixed.c[i].argmax())
    told = {name: value for name, value in pin.items() if name != "label"} | ({} if label is None else {"label": label})
    if pin.get("label") != label and isinstance(pin.get("style"), dict):
        told["style"] = {name: value for name, value in pin["style"].items() if name != "label"}  # it was the base's
    return told


def _pins(folder: Path) -> list[dict]:
    """The recipes that were pinned. Raises StudioError where they cannot be read."""
    path = folder / PINS
    try:
        pins = read_json(path)
    except StudioError as error:
        if error.code != MISSING:
            raise
        return []
    if not isinstance(pins, list) or not all(isinstance(pin, dict) for pin in pins):
        raise unreadable(file_in(path), say("it holds no list of recipes"))
    return pins
