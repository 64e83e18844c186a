"""Which language a visitor reads, and the page in it, also where Gradio would fall back to English; and what the page
shows before its scripts are here.

A visitor's language is what they chose in the page's header, which a cookie keeps; else the first of their browser's
that there is. `?lang=zh-CN` in a link is a choice, too. Gradio looks its words up under exactly the browser's language,
and under English where it has no words of its own in that: so one small script in the page's head, before Gradio's own,
tells it the visitor's language, and puts our words in English's place, too.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextvars import ContextVar
from urllib.parse import parse_qs

from gan.locales import Locale, find_locale, languages
from gan.ui.cookies import cookie

COOKIE = "gan-studio-language"
HEADER = "x-language"
"""What the page's scripts send, since cookies may be forbidden in the page of another site."""
_BEGINS = re.compile(rb"<script(?=[\s>])")
_MARK = b'<meta charset="utf-8" />'
_ROOM = b"<gradio-app"  # what the page's scripts fill
_SCRIPT = """<script>(() => {
  const use = LANGUAGE;
  document.documentElement.lang = use;
  document.documentElement.classList.toggle("elsewhere", !["explore", undefined].includes(history.state?.tab));
  if (new URLSearchParams(location.search).has("lang")) document.cookie = `COOKIE=${use}; path=/; samesite=lax`;
  if (use !== navigator.language) Object.defineProperty(navigator, "language", {get: () => use, configurable: true});
  Object.defineProperty(window, "gradio_config", {configurable: true, set: (config) => {
    const words = config.i18n_translations ?? {}, ours = words[use];
    for (const tag of ["en", use]) if (ours) words[tag] = ours;
    Object.defineProperty(window, "gradio_config", {value: config, writable: true, configurable: true});
  }});
})()</script>"""

_spoken: ContextVar[Locale | None] = ContextVar("spoken", default=None)


def speak(headers: Mapping[str, str], query: str = "") -> Locale:
    """Answer what is asked from here on in the language of the request with these headers: see `spoken`."""
    locale = language_of(headers, query)
    _spoken.set(locale)
    return locale


def spoken() -> Locale:
    """The language of the visitor who is being answered."""
    return _spoken.get() or find_locale([])


def language_of(headers: Mapping[str, str], query: str = "") -> Locale:
    """The language of a visitor, by the headers of their request (names in small letters) and its address."""
    chosen = [*parse_qs(query).get("lang", []), headers.get(HEADER, ""), cookie(headers.get("cookie", ""), COOKIE)]
    return find_locale([*filter(_is_known, chosen), *_accepted(headers.get("accept-language", ""))])


def _is_known(tag: str) -> bool:
    return tag in languages()


def _accepted(header: str) -> Iterable[str]:
    """ "zh-TW,zh;q=0.9,en;q=0.8" -> zh-TW, zh, en: the most wanted first."""
    rows = [part.strip().partition(";q=") for part in header.split(",") if part.strip()]
    return [tag for tag, _, _ in sorted(rows, key=lambda row: -_quality(row[2]))]


def _quality(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


class PageLanguage:
    """ASGI middleware that puts the script into the page itself; every other answer passes untouched.

    Gradio 6.31 has no way for this: its template says lang="en", its scripts read navigator.language when they are
    loaded, and what `head=` holds is put in by them afterwards. I18n takes words, and no language.
    """

    def __init__(self, app, first_look: Callable[[str, Locale], Awaitable[str]] | None = None):
        """`first_look`: what stands before Gradio's part of the page with this query, in this language."""
        self.app, self._first_look = app, first_look

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/":
            return await self.app(scope, receive, send)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope.get("query_string", b"").decode("latin-1")
        locale = language_of(headers, query)
        # Compressed, it could not be changed.
        plain = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
        first = (await self._first_look(query, locale)).encode() if self._first_look else b""
        rewriter = _Rewriter(send, _script(locale), first, scope.get("studio.nonce", ""))
        await self.app(dict(scope, headers=plain), receive, rewriter.send)


def _script(locale: Locale) -> bytes:
    return _SCRIPT.replace("LANGUAGE", json.dumps(locale.tag)).replace("COOKIE", COOKIE).encode()


class _Rewriter:
    """Holds an answer back until it is whole, and sends it with the script and the first look in it."""

    def __init__(self, send, script: bytes, first: bytes, nonce: str):
        self._send, self._script, self._first, self._nonce = send, script, first, nonce
        self._start = None
        self._body: list[bytes] = []

    async def send(self, message):
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body.append(message.get("body", b""))
        if message.get("more_body"):
            return
        body = b"".join(self._body).replace(_MARK, _MARK + self._script, 1)
        before, room, after = body.rpartition(_ROOM)
        body = before + self._first + room + after if room else body
        if self._nonce:  # scripts that are in the page from the start; what gets into it later does not run
            body = _BEGINS.sub(b'<script nonce="%b"' % self._nonce.encode(), body)
        kept = [h for h in self._start["headers"] if h[0].lower() != b"content-length"]
        headers = [*kept, (b"content-length", str(len(body)).encode()), (b"vary", b"Cookie, Accept-Language")]
        await self._send(dict(self._start, headers=headers))
        await self._send({"type": "http.response.body", "body": body})
