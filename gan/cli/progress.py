"""How far a long command is: one line on stderr."""

import shutil
import sys
import time

from gan.cli.speech import spoken
from gan.messages import say


class ProgressBar:
    """One line that is drawn over itself on a terminal and goes away at the end; elsewhere a line now and then.

        with ProgressBar() as bar:
            bar.show(0.25, "16 of 64 pictures")          # [#####               ]  25 %  3 s left  16 of 64 pictures

    `quiet` is how many seconds pass before the first line where there is no terminal: short work then says nothing.
    `stays` leaves the last line standing.
    """

    def __init__(self, quiet: float = 10, stays: bool = False):
        self.live, self.stays = sys.stderr.isatty(), stays
        self.started = time.monotonic()
        self._next, self._drawn = 0 if self.live else quiet, False

    def show(self, done: float, words: str) -> None:
        """Draw that the fraction `done` (0..1) is done, unless that was just drawn. Cheap to call often."""
        seconds = time.monotonic() - self.started
        if seconds < self._next:
            return
        self._next, self._drawn = seconds + (0.2 if self.live else 10), True
        left = ""
        if done > 0 and seconds > 1:
            left = spoken(say("{time} left", time=_duration(seconds * (1 - done) / done)))
        words = spoken(words)
        text = "  ".join(part for part in (f"[{'#' * int(20 * done):<20}] {100 * done:3.0f} %", left, words) if part)
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write(f"\r\x1b[K{text[:width]}" if self.live else text + "\n")
        sys.stderr.flush()

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(self, kind, error, trace) -> None:
        if self.live and self._drawn:
            sys.stderr.write("\n" if self.stays else "\r\x1b[K")
            sys.stderr.flush()


def _duration(seconds: float) -> str:
    """A time for people: "40 s", "3.5 min", "2.1 h"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
