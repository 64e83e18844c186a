"""Seeds as people type them, and how many there are."""

import re

from gan.errors import StudioError
from gan.messages import say

LAST_SEED = 2**32 - 1
MOST_SEEDS = 10_000

_SEEDS = re.compile(r"\s*([0-9]{1,10})\s*(?:-\s*([0-9]{1,10})\s*)?")


def parse_seeds(text: str) -> list[int]:
    """The seeds that a person typed, in their order: "0-3,7" -> [0, 1, 2, 3, 7].

    StudioError for anything else, for a seed above 4294967295, a range that runs backwards, or more than 10000 seeds.
    """
    seeds: list[int] = []
    for part in text.split(","):
        first, last = _seed_range(part)
        # Counted before it is spelt out: "0-4294967295" must cost nothing.
        if len(seeds) + last - first + 1 > MOST_SEEDS:
            raise StudioError(
                say("These are more than {most_seeds} seeds.", most_seeds=MOST_SEEDS), "Ask for fewer at a time."
            )
        seeds.extend(range(first, last + 1))
    return seeds


def _seed_range(part: str) -> tuple[int, int]:
    match = _SEEDS.fullmatch(part)
    if not match:
        raise StudioError(say("{part} is not a seed.", part=_short(part)), "Write seeds like 0-3, 7, 9-11.")
    first, last = int(match[1]), int(match[2] or match[1])
    if last > LAST_SEED:
        raise StudioError(
            say("A seed cannot be {last}.", last=last),
            say("Choose whole numbers from 0 to {last_seed}.", last_seed=LAST_SEED),
        )
    if first > last:
        raise StudioError(
            say("The seeds {part} run backwards.", part=_short(part)),
            say("Write {last}-{first}.", last=last, first=first),
        )
    return first, last


def _short(text: str) -> str:
    """What was typed, for a sentence: stripped, quoted and never long."""
    text = text.strip()
    return repr(text if len(text) <= 40 else text[:37] + "...")
