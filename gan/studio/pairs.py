"""Lists of pairs (whole number, number): what a recipe holds that knobs, which are single values, cannot."""

import dataclasses

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import say


def pairs(
    help: str,
    *,
    most: int,
    first: str,
    last: int,
    second: str,
    low: float,
    high: float,
    once: bool = True,
    neutral: float | None = None,
):
    """A dataclass field that holds pairs (whole number, number), which knobs do not know.

    once: no number stands in two pairs, and they are sorted. neutral: the second of pairs that say nothing and are
    left out.
    """
    about = dict(
        help=help, most=most, first=first, last=last, second=second, low=low, high=high, once=once, neutral=neutral
    )
    return dataclasses.field(default=(), metadata={"pairs": about})


def read_pairs(
    name: str, value, *, help, most, first, last, second, low, high, once, neutral
) -> tuple[tuple[int, float], ...]:
    """Text "17:0.4,3:-1" or a list of lists, as pairs that were checked."""
    if isinstance(value, str):
        value = [part.split(":") for part in value.split(",") if part]
    if not isinstance(value, (list, tuple)) or len(value) > most:
        raise StudioError(
            say("{name} must be a list of at most {most} pairs, not {value}.", name=name, most=most, value=show(value))
        )
    made = tuple(_pair(name, one) for one in value)
    for number, amount in made:
        if not 0 <= number <= last:
            raise StudioError(
                say(
                    "{name}: a {first} must lie between 0 and {last}, not {number}.",
                    name=name,
                    first=first,
                    last=last,
                    number=show(number),
                )
            )
        if not low <= amount <= high:  # which nan does not either
            raise StudioError(
                say(
                    "{name}: a {second} must lie between {low} and {high}, not {amount}.",
                    name=name,
                    second=second,
                    low=low,
                    high=high,
                    amount=show(amount),
                )
            )
    if once and len(dict(made)) < len(made):
        raise StudioError(say("{name} names the same {first} twice.", name=name, first=first), "Give each one once.")
    kept = tuple(one for one in made if one[1] != neutral)
    return tuple(sorted(kept)) if once else kept


def _pair(name: str, one) -> tuple[int, float]:
    try:
        number, amount = one if isinstance(one, (list, tuple)) else ()
        if type(number) in (int, str) and type(amount) in (int, float, str):
            return int(number), float(amount)
    except (ValueError, OverflowError):
        pass
    raise StudioError(say("{name} holds {one}, which is not a pair of numbers.", name=name, one=show(one)))
