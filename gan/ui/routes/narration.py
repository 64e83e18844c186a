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
from gan.studio.courtesy import step_back
from gan.studio.turns import Turns
from gan.ui.language import spoken
from gan.ui.parts import UNFORESEEN
from gan.ui.routes.answers import told

Tell = Callable[..., None]
"""Told the share that is done and what is being done, and what else the line holds. It may be called from any
thread."""

_log = logging.getLogger(__name__)


def narrated(
    work: Callable[[Tell], dict],
    turns: Turns,
    after: Callable[[], None] = lambda: None,
    left: Callable[[], None] = lambda: None,
    still: Callable[[], None] = lambda: None,
) -> StreamingResponse:
    """The answer that tells of `work` while a thread does it. What has begun is finished, also where nobody listens
    any more, unless `left`, which is called then, ends it; `after` is called in any case. `still` raises once nobody
    wants it any more, so that it does not wait for its turn. A StudioError becomes its sentence, anything unforeseen
    goes to the log."""
    return StreamingResponse(
        _lines(work, turns, after, left, still, spoken()),
        media_type="application/x-ndjson",
        headers={"Cache-Control": "no-store"},
    )


async def _lines(
    work: Callable[[Tell], dict],
    turns: Turns,
    after: Callable[[], None],
    left: Callable[[], None],
    still: Callable[[], None],
    locale: Locale,
) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue = asyncio.Queue()

    def put(line: dict | None) -> None:
        with contextlib.suppress(RuntimeError):  # the app was closed meanwhile
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def tell(done: float | None, words: str, **more) -> None:
        put({"done": done, "words": words, **more})

    def run() -> None:
        step_back()
        try:
            with turns.turn(lambda words: tell(None, words), still):
                put(work(tell))
        except StudioError as error:
            put(told(error))
        except Exception:
            _log.exception("unforeseen")
            put(told(StudioError(UNFORESEEN)))
        finally:
            after()
            put(None)

    threading.Thread(target=run, daemon=True, name="narrated").start()
    try:
        while (line := await lines.get()) is not None:
            yield json.dumps(locale.translated(line), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    finally:
        left()
