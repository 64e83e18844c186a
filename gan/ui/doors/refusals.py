"""An answer in place of what was asked for: a sentence in the language of whoever asks, and a line in the log."""

import logging
import traceback

from starlette.responses import HTMLResponse, JSONResponse, Response

from gan.errors import StudioError
from gan.locales import Locale
from gan.messages import say
from gan.ui.doors import sign_in
from gan.ui.language import language_of

_log = logging.getLogger(__name__)

_UNFORESEEN = say("Something unforeseen went wrong; the log of the app says what.")


class Refusal(Exception):
    """An answer in place of what was asked for."""

    def __init__(self, status: int, error: StudioError):
        super().__init__(str(error))
        self.status, self.error = status, error


class Full(Exception):
    """There is no room at the moment."""

    def __init__(self, error: StudioError):
        super().__init__(str(error))
        self.error = error


def refused(scope, refusal: Refusal) -> Response:
    """The sentence: for a person as a small page, for scripts and programs as JSON. `detail` is where Gradio's look."""
    accepts = dict(scope["headers"]).get(b"accept", b"")
    locale = locale_of(scope)
    said = locale.translated(refusal.error.said)
    if scope["method"] == "GET" and accepts.startswith(b"text/html"):
        return HTMLResponse(sign_in.plain(said, locale), refusal.status)
    return JSONResponse({"error": said, "detail": said}, refusal.status)


def locale_of(scope) -> Locale:
    """The language of whoever asks."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return language_of(headers, scope["query_string"].decode("latin-1"))


def unforeseen(scope) -> Response:
    """The sentence for what nobody foresaw."""
    return JSONResponse({"error": locale_of(scope).translated(_UNFORESEEN)}, 500)


def log_line(scope, error: Exception) -> None:
    """One line: what was asked, what went wrong, and where."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
    words = f"{type(error).__name__}: {shown(str(error))} ({where})"
    _log.error("%s %s: %s", scope["method"], shown(scope["path"]), words)
    _log.debug("unforeseen", exc_info=error)


def shown(text: str) -> str:
    """A stranger's words as a line of a log may hold them."""
    return "".join(c if c.isprintable() else "?" for c in text[:200])
