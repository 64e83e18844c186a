"""Who waits to hear what a run would cost: one price is found at a time, and of each visitor's questions the newest
counts."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from gan.errors import StudioError
from gan.studio.runs.budget import Budget

_KEPT = 32  # budgets that are remembered
_MOST_ASKING = 8  # visitors who wait: each takes one of the threads that all answers come from


class BudgetCache:
    """Budgets by a key that says all that they depend on."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple, Budget] = OrderedDict()
        self._newest: dict[str, object] = {}  # the last question of each visitor who waits
        self._busy, self._moved = False, threading.Condition()

    def ask(self, key: tuple, visitor: str, measure: Callable[[Callable[[], bool]], Budget]) -> Budget:
        """The budget of that key: remembered, or what `measure` finds.

        `measure` is given a function that says whether it may give up: the visitor has asked for something else since.
        Raises StudioError for a question that is no longer its visitor's newest, and where too many others wait.
        """
        me = object()
        with self._moved:
            if visitor not in self._newest and len(self._newest) >= _MOST_ASKING and key not in self._kept:
                raise StudioError(
                    "Others are finding out what their runs would cost.",
                    "Try again in a minute, or start without knowing.",
                )
            self._newest[visitor] = me
            self._moved.notify_all()
        try:
            return self._in_turn(key, lambda: self._newest.get(visitor) is not me, measure)
        finally:
            with self._moved:
                if self._newest.get(visitor) is me:
                    del self._newest[visitor]

    def _in_turn(
        self, key: tuple, is_late: Callable[[], bool], measure: Callable[[Callable[[], bool]], Budget]
    ) -> Budget:
        """A budget that may have been found while one waited."""
        with self._moved:
            self._moved.wait_for(lambda: is_late() or key in self._kept or not self._busy)
            if is_late():
                raise StudioError("You have asked for another price since.", "Change a setting to ask again.")
            if key in self._kept:
                return self._kept[key]
            self._busy = True
        try:
            budget = self._kept[key] = measure(is_late)
            return budget
        finally:
            with self._moved:
                self._busy = False
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
                self._moved.notify_all()
