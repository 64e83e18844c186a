"""When a run draws a grid by time, and at which steps it keeps its model."""

from collections.abc import Callable

_SHARES = {True: 0.05, False: 0.01}  # of all time that grids may take, while somebody watches and while nobody does
_FREE = 10  # grids at first that need not wait for their cost while somebody watches


class GridPace:
    """Says when a grid is due. All times are seconds of training, which stands still in pauses.

    seconds: the shortest time from one grid to the next; 0 for no grids by time. The longer a run has been going the
    less changes from one second to the next, so the time between two grids is also at least a sixtieth of that.
    """

    def __init__(self, seconds: float):
        self._seconds, self._cost, self._count = seconds, 0.0, 0
        self._last: float | None = None  # when the last one was drawn

    def is_due(self, now: float, is_watched: Callable[[], bool]) -> bool:
        """Whether to draw one now: the first at once. Costs nothing: ask before every step."""
        if not self._seconds or self._last is None:
            return bool(self._seconds)
        passed = now - self._last
        return passed >= max(self._seconds, now / 60) and passed >= self._cost_of_waiting(is_watched())

    def drawn(self, now: float, cost: float) -> None:
        """A grid was drawn at `now`, and making, encoding and writing it took `cost` seconds."""
        self._last, self._cost, self._count = now, cost, self._count + 1

    def _cost_of_waiting(self, watched: bool) -> float:
        return 0.0 if watched and self._count < _FREE else self._cost / _SHARES[watched]


def is_kept(step: int, every: int) -> bool:
    """Whether the model is kept after this step: at the start, every so many steps, and at the first eighth, quarter
    and half.

    A fine-tune changes most at first. Of `every` 0 none is kept on the way.
    """
    return every > 0 and (step % every == 0 or step in [max(1, every // part) for part in (2, 4, 8)])
