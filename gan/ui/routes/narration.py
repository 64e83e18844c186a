"""Work that takes a while, told line by line: each line of the answer is JSON, the last one what came of it.

{"done": 0.4, "words": "Fetching ..."}      # done: the share that is done, null where nobody knows
{"model": {...}}                            # or {"error": sentence, "code": see gan.errors}
"""

import asyncio
import contextlib
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable

from starlette.responses import StreamingResponse

from gan.errors import StudioError
from gan.locales import Locale
from gan.ui.language import spoken
from gan.ui.parts import UNFORESEEN
from gan.ui.routes.answers import told

Tell = Callable[[float | None, str], None]
"""Told the share that is done and what is being done. It may be called from any thread."""

_log = logging.getLogger(__name__)


class Turns:
    """So many works at once; the others wait in line, and are told so. Of those in line there are at most `most`."""

    def __init__(self, at_once: int, most: int, waiting: str, full: StudioError):
        self._free, self._most, self._waiting, self._full = threading.Semaphore(at_once), most, waiting, full
        self._line, self._lock = 0, threading.Lock()

    def take(self, tell: Tell, work: Callable[[Tell], dict]) -> dict:
        """What `work` returns, once it is its turn. Raises StudioError where the line is full."""
        if not self._free.acquire(blocking=False):
            self._wait(tell)
        try:
            return work(tell)
        finally:
            self._free.release()

    def _wait(self, tell: Tell) -> None:
        with self._lock:
            if self._line >= self._most:
                raise self._full
            self._line += 1
        try:
            tell(None, self._waiting)
            self._free.acquire()
        finally:
            with self._lock:
                self._line -= 1


def narrated(work: Callable[[Tell], dict], turns: Turns, after: Callable[[], None] = lambda: None) -> StreamingResponse:
    """The answer that tells of `work` while a thread does it. What has begun is finished, also where nobody listens
    any more; `after` is called in any case. A StudioError becomes its sentence, anything unforeseen goes to the log."""
    return StreamingResponse(
        _lines(work, turns, after, spoken()), media_type="application/x-ndjson", headers={"Cache-Control": "no-store"}
    )


async def _lines(
    work: Callable[[Tell], dict], turns: Turns, after: Callable[[], None], locale: Locale
) -> AsyncIterator[bytes]:
    loop, lines = asyncio.get_running_loop(), asyncio.Queue()

    def put(line: dict | None) -> None:
        with contextlib.suppress(RuntimeError):  # the app was closed meanwhile
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def run() -> None:
        try:
            put(turns.take(lambda done, words: put({"done": done, "words": words}), work))
        except StudioError as error:
            put(told(error))
        except Exception:
            _log.exception("unforeseen")
            put(told(StudioError(UNFORESEEN)))
        finally:
            after()
            put(None)

    threading.Thread(target=run, daemon=True, name="narrated").start()
    while (line := await lines.get()) is not None:
        yield json.dumps(locale.translated(line), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
