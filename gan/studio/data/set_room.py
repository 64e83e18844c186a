"""Which sets of pictures are kept: how long, how many, and how many of one visitor and of one address."""

import time
from collections.abc import Collection, Mapping

from gan.errors import StudioError

OLDEST = 24 * 3600  # seconds that a set is kept after it was last touched
MOST_SETS = 200
FRESH = 3600  # seconds in which a set is not removed to make room for somebody else's
MOST_OF_ONE = 8  # sets of one visitor
MOST_OF_ADDRESS = 60  # sets of all visitors of one address: a whole class may have one


def sets_to_remove(ages: Mapping[str, float], mine: Collection[str], near: Collection[str]) -> set[str]:
    """Of sets and when each was touched those that go when one more is made: what is old, what is too much, and more of
    one visitor (`mine`) or of one address (`near`) than anybody needs.

    Raises StudioError where there would be too many that others still work with: fresh ones do not make room for a
    stranger.
    """
    sets = sorted(ages, key=lambda id: ages[id], reverse=True)
    old = [id for id in sets if ages[id] < time.time() - OLDEST]
    of_one, of_address = ([id for id in sets if id in some] for some in (mine, near))
    gone = {*old, *of_one[MOST_OF_ONE - 1 :], *of_address[MOST_OF_ADDRESS - 1 :]}
    left = [id for id in sets if id not in gone]
    if len(left) >= MOST_SETS and ages[left[MOST_SETS - 1]] > time.time() - FRESH:
        raise StudioError("Too many people are giving data just now.", "Try again in an hour.")
    return gone | set(left[MOST_SETS - 1 :])
