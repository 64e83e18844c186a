"""Ctrl-C in the first seconds, while libraries are imported: one line and an end, and no traceback of theirs."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator

STOPPED = 130
"""The exit status of whatever Ctrl-C ended, as shells have it."""


@contextlib.contextmanager
def leaving_at_once(words: str, *signals: signal.Signals) -> Iterator[None]:
    """Inside the block these signals end the process here and now, with these words on stderr.

    For when there is nothing yet to be put away: an exception that is raised while a library is being imported comes
    out as another one. Signals that whoever started the process has had ignored stay so.
    """

    def leave(number, frame) -> None:
        os.write(2, f"{words}\n".encode())
        os._exit(STOPPED)

    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.getsignal(number) for number in signals}
    heeded = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}
    for number in heeded:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number, handler in heeded.items():
            signal.signal(number, handler)
