"""A class's scores in "Be the critic", by nickname: a few dozen, in memory only, forgotten after hours, or when the
teacher says so."""

import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from gan.errors import StudioError
from gan.messages import say
from gan.studio.visitors import digest

MOST_LETTERS = 16
_MOST = 60  # players; whoever has not played for longest leaves
_AGE = 4 * 3600.0  # seconds after which somebody who no longer plays is forgotten


@dataclass(frozen=True)
class Score:
    """How many pictures somebody judged rightly, and of the same ones the discriminators that they played against."""

    nickname: str
    right: int = 0
    its: int = 0
    of: int = 0


class Scoreboard:
    """One row for each visitor."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock, self._lock = clock, threading.Lock()
        self._rows: dict[str | None, tuple[float, Score]] = {}  # by the visitor's digest, the last to play at the end

    def add(self, visitor: str, nickname: str, right: int, its: int, of: int) -> None:
        """Count a round of so many pictures. Raises StudioError where the nickname is none."""
        name, who = clean_nickname(nickname), digest(visitor)
        with self._lock:
            _, before = self._rows.pop(who, (0.0, Score(name)))
            score = replace(before, nickname=name, right=before.right + right, its=before.its + its, of=before.of + of)
            self._rows[who] = self._clock(), score
            while len(self._rows) > _MOST:
                self._rows.pop(next(iter(self._rows)))

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._rows.clear()

    def best(self) -> list[Score]:
        """Everybody who played in the last hours, the best share of right answers first."""
        with self._lock:
            now = self._clock()
            self._rows = {who: row for who, row in self._rows.items() if now - row[0] <= _AGE}
            scores = [score for _, score in self._rows.values()]
        return sorted(scores, key=lambda score: (-score.right / score.of, -score.of, score.nickname))


def clean_nickname(text: str) -> str:
    """Its letters and digits, single spaces and -_., at most 16. Raises StudioError where it has none."""
    plain = unicodedata.normalize("NFKC", str(text))[:200]
    kept = "".join(c if c in "-_." or unicodedata.category(c)[0] in "LN" else " " for c in plain)
    name = " ".join(kept.split())[:MOST_LETTERS].strip()
    if not any(c.isalnum() for c in name):
        raise StudioError(
            "A nickname needs a letter or a digit.", say("Take one of up to {most} letters.", most=MOST_LETTERS)
        )
    return name
