"""The fields of a recipe: brought into their types and ranges, how each is written down, and the one form of a list."""

import dataclasses

from gan import field_metadata


def convert_knobs(made) -> None:
    """Bring the knobs of a new dataclass into their own types and check their ranges. Raises StudioError."""
    for name, row in field_metadata.table(type(made)).items():
        object.__setattr__(made, name, field_metadata.convert(row, getattr(made, name)))
    field_metadata.check(made)


def written(made, link: str = "", *, of_w: bool = False, trailing: float | None = None, neutral: float | None = None):
    """A field of a recipe, and how recipes are written down: here and, from the schema, in the page's scripts.

    link: its short name in links; its own where there is none. of_w: it helps to make the w of a picture, and so is
    what a mix takes of its second picture. trailing: values at the end of a list that may be left out. neutral: a list
    in which each value is this one says nothing.
    """
    about = dict(link=link, of_w=of_w, trailing=trailing, neutral=neutral)
    return dataclasses.field(default=made.default, metadata={**made.metadata, "written": about})


def canonical(values: tuple, trailing: float | None, neutral: float | None) -> tuple:
    """A list without what says nothing: see `written`."""
    kept = len(values)
    while kept and values[kept - 1] == trailing:
        kept -= 1
    return () if neutral is not None and all(value == neutral for value in values) else values[:kept]
