"""A film of words as a ladder: each word on the way, once where it stays the same for several frames."""

from collections.abc import Sequence
from itertools import groupby


def ladder(texts: Sequence[str]) -> list[dict]:
    """What the frames of a film read -> {"text", "frame": the first that reads so, "frames": how many do}, in their
    order."""
    rungs = []
    for text, same in groupby(enumerate(texts), key=lambda numbered: numbered[1]):
        first, *more = (number for number, _ in same)
        rungs.append({"text": text, "frame": first, "frames": 1 + len(more)})
    return rungs
