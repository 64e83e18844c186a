"""Ctrl-C, heeded between two steps."""

import signal
import threading


class StopSignal:
    """Ctrl-C and SIGTERM ask for an end after the step in progress, so that what is saved is whole. In a thread that is
    not a process's first nobody hears them."""

    def __init__(self) -> None:
        self.asked = False
        heard = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
        self._before = {s: signal.signal(s, self._ask) for s in heard}

    def _ask(self, number, frame) -> None:
        if self.asked:
            raise KeyboardInterrupt  # asked twice: now
        self.asked = True

    def __enter__(self) -> "StopSignal":
        return self

    def __exit__(self, *error) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
