"""One door before every route, ours and Gradio's: who may come in, how many at once, and what leaves.

Routes say only what they are (gan.ui.kinds). In this order it is asked, before anything is read:

1. Is the Host a name of this studio's?                              else 421
2. Does a page of another site ask, or a page of no site at all?    then 403
3. Is the route one of those that are known?                        else 404
4. Where the studio has a key: was it shown?                        else 401
5. Is there room for this address, and this visitor?                else 429

Whoever sends no Origin is no page: programs come in as they are. Nothing that is sent makes more than one line in
the log.
"""

import asyncio
import contextlib
import logging
import re
import secrets
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import compile_path

from gan.errors import StudioError
from gan.locales import Locale
from gan.messages import say
from gan.studio.visitors import comes_from
from gan.ui.doors import sign_in
from gan.ui.doors.calls import MOST_BODY, MOST_IN_QUEUE, ROUTES, Calls
from gan.ui.doors.headers import guarded, policy, safe_headers
from gan.ui.doors.hosts import Hosts
from gan.ui.doors.keys import QUERY, Key
from gan.ui.doors.proxies import Caller, caller
from gan.ui.doors.shares import Gate, Pace, Patience, Share, wait_sentence
from gan.ui.kinds import Kind
from gan.ui.language import language_of

_log = logging.getLogger(__name__)

SHARES = {  # of one address
    Kind.PAGE: Share(at_once=64, each=32, waiting=1024),
    Kind.WHOLE: Share(at_once=2, each=2, waiting=512),
    Kind.FACTS: Share(at_once=16, each=8, waiting=256),
    Kind.PICTURE: Share(at_once=32, each=4, waiting=256),
    Kind.FILM: Share(at_once=2, each=1, waiting=8),
    Kind.OWN: Share(at_once=16, each=8, waiting=256),
    Kind.ACT: Share(at_once=8, each=4, waiting=256),
    Kind.WORK: Share(at_once=2, each=2, waiting=16),
    Kind.ARRIVAL: Share(at_once=12, each=4, waiting=128),
    Kind.CALL: Share(at_once=8, each=8, waiting=32, a_minute=240),
    Kind.ANSWER: Share(at_once=32, each=32, waiting=32),
    Kind.START: Share(at_once=1, each=1, waiting=1),
    Kind.ENTER: Share(at_once=2, each=2, waiting=16),
}
_LINKED = (Kind.WHOLE, Kind.PAGE, Kind.FACTS, Kind.PICTURE)  # what a link on another site may lead to
_ENTER, _LOGIN = "/studio/enter", "/login"  # ours, and where Gradio's programs send a name and a password
_DOOR = (("POST", _ENTER, Kind.ENTER), ("POST", _LOGIN, Kind.ENTER))
_MOST_FORM = 10_000  # bytes
_RANGE = re.compile(rb"bytes=(\d{0,15})-(\d{0,15})")
_LONGEST_NAME, _LONGEST_PATH = 255, 2000  # bytes
_HEARD_OUT, _PATIENCE, _SILENCE = 4_000_000, 10, 1  # bytes and seconds for which one who is refused is heard out, and
# seconds in which nothing comes
_UNFORESEEN = say("Something unforeseen went wrong; the log of the app says what.")
_FOREIGN = StudioError("This was asked by a page of another site.", "Open GAN Studio itself, in a tab of its own.")
_STRANGE = StudioError(
    "This studio is not known by the name in that address.",
    "Open it by the address that was printed when it started, or start it with --name and that name.",
)
_NOTHING = StudioError("There is nothing at this address.", "Open the studio's first page.")
_LOCKED = StudioError("This studio has a key.", "Open its first page and sign in, or send the key along.")


@dataclass(frozen=True)
class House:
    """What the door knows of the studio. proxied: a proxy stands before it, which is believed. framed: the page may
    be shown in a frame of the Hub's, as a Space is. public_root: the path, or the whole address, below which a
    proxy offers it."""

    hosts: Hosts
    key: Key | None = None
    proxied: bool = False
    framed: bool = False
    public_root: str = ""

    @property
    def root(self) -> str:
        """The path of `public_root`, without a last slash."""
        return urlsplit(self.public_root).path.rstrip("/")

    def address(self, url: str) -> str:
        """What to give to visitors, where `url` is the address of the studio: the key is in it where it is a link."""
        return f"{url}?{QUERY}={self.key.secret}" if self.key and self.key.is_link else url


class Refusal(Exception):
    """An answer in place of what was asked for."""

    def __init__(self, status: int, error: StudioError):
        super().__init__(str(error))
        self.status, self.error = status, error


class Door:
    """ASGI: lets requests through to `app`. `ours`: (method, path, kind) of the routes of our own; `calls` checks
    what is for Gradio. `opened` is set once the app has started."""

    def __init__(self, app, house: House, ours: Iterable[tuple[str, str, Kind]], calls: Calls | None):
        self.app, self.house, self.calls, self.opened = app, house, calls, False
        self._headers = safe_headers(house.framed)
        self._exact: dict[tuple[str, str], Kind] = {}
        self._patterns = []
        for method, path, kind in (*_DOOR, *ours, *ROUTES):
            if "{" in path:
                self._patterns.append((method, compile_path(path)[0], kind))
            else:
                self._exact.setdefault((method, path), kind)
        self._gates = {kind: Gate(share) for kind, share in SHARES.items()}
        self._refusals, self._wholes = Patience(120, 12), Patience(60, 1)
        self._paces = {kind: Pace(share.a_minute, 60) for kind, share in SHARES.items() if share.a_minute}

    def kind_of(self, method: str, path: str) -> Kind | None:
        """What a route is; None for what is closed."""
        known = self._exact.get((method, path))
        if known is not None:
            return known
        return next((kind for asked, pattern, kind in self._patterns if asked == method and pattern.match(path)), None)

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":  # nothing here speaks over a websocket
            return await send({"type": "websocket.close", "code": 1008})
        nonce = secrets.token_urlsafe(16)
        headers = [*self._headers, policy(nonce, self.house.framed)]
        receive = _Hearing(receive, scope)
        answer = _Answer(send, headers, nonce, scope["method"] == "HEAD", receive, self._refusals)
        try:
            await self._answer(scope, receive, answer)
        except Refusal as refusal:
            _log.info("%s %s: %s", scope["method"], _shown(scope["path"]), refusal)
            await answer.instead(_refused(scope, refusal), scope, receive)
        except (ClientDisconnect, ConnectionError):
            _log.info("%s %s: whoever asked went away", scope["method"], _shown(scope["path"]))
        except Exception as error:
            _log_line(scope, error)
            await answer.instead(_unforeseen(scope), scope, receive)
        else:
            if answer.broken:
                _log.error("%s %s: answered with status %d", scope["method"], _shown(scope["path"]), answer.broken)
                await answer.instead(_unforeseen(scope), scope, receive)

    async def _answer(self, scope, receive, answer: "_Answer") -> None:
        who = caller(scope, self.house.proxied)
        answer.address = who.address
        path = _below(scope["path"], self.house.root)
        headers = dict(who.headers)
        if not self.house.hosts.knows(who.authority):
            raise Refusal(421, _STRANGE)
        kind = self.kind_of(scope["method"], path)
        if kind is Kind.PAGE and not _may_be_there(path):
            kind = None
        self._check_site(headers, who, scope["method"], path, kind)
        if kind is None or (kind is Kind.START and self.opened) or (kind is Kind.ENTER and not self.house.key):
            others = any(self.kind_of(method, path) for method in ("GET", "POST") if method != scope["method"])
            raise Refusal(405 if others and kind is None else 404, _NOTHING)
        try:
            if self.house.key and kind is not Kind.START:
                entered = await self._enter(scope, receive, who, path, kind, headers)
                if entered is not None:
                    return await entered(scope, receive, answer.send)
            await self._inside(scope, receive, answer, who, path, kind, headers)
        except _Full as full:
            raise Refusal(429, full.error) from full

    def _check_site(self, headers: dict, who: Caller, method: str, path: str, kind: Kind | None) -> None:
        """Raise Refusal where the page of another site asks. Browsers say so themselves, in one header or in
        another."""
        origin = headers.get(b"origin")
        if origin is not None and not self.house.hosts.owns(origin.decode("latin-1"), who.authority):
            raise Refusal(403, _FOREIGN)
        if headers.get(b"sec-fetch-site") not in (b"cross-site", b"same-site"):
            return
        place = headers.get(b"sec-fetch-dest")
        shown = headers.get(b"sec-fetch-mode") == b"navigate" and method == "GET"
        framed = self.house.framed and place == b"iframe" and path == "/"
        if not shown or not (framed or (place == b"document" and kind in _LINKED)):
            raise Refusal(403, _FOREIGN)

    async def _enter(self, scope, receive, who: Caller, path: str, kind: Kind, headers: dict) -> Response | None:
        """The answer to whoever shows a key, or has none; None for whoever is in already."""
        key = self.house.key
        try:
            if kind is Kind.ENTER:
                return await self._signed_in(scope, receive, who, path)
            query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            said = dict(query).get(QUERY)
            if path == "/" and said is not None and key.is_link and key.opens(said, who.address):
                rest = urlencode([(name, value) for name, value in query if name != QUERY])
                return self._with_ticket(RedirectResponse(f"./?{rest}" if rest else "./", 303), who)
            if key.admits(headers, who.address):
                return None
        except StudioError as error:
            raise Refusal(429, error) from error
        if path == "/":
            return HTMLResponse(sign_in.page(scope, _locale(scope), key.is_link), 401)
        raise Refusal(401, _LOCKED)

    async def _signed_in(self, scope, receive, who: Caller, path: str) -> Response:
        """To a form with a name and a password: the page asks for them, and so do Gradio's programs."""
        form = dict(parse_qsl((await _body(Request(scope, receive), _MOST_FORM)).decode("utf-8", "replace")))
        names = ("name", "password") if path == _ENTER else ("username", "password")
        secret = ":".join(form.get(name, "") for name in names)
        right = self.house.key.opens(form.get("password", "") if self.house.key.is_link else secret, who.address)
        if path == _LOGIN and not right:
            return JSONResponse({"detail": "Incorrect credentials."}, 400)
        if path == _LOGIN:
            return self._with_ticket(JSONResponse({"success": True}), who)
        if not right:
            return HTMLResponse(sign_in.page(scope, _locale(scope), self.house.key.is_link, wrong=True), 401)
        return self._with_ticket(RedirectResponse("../", 303), who)

    def _with_ticket(self, response: Response, who: Caller) -> Response:
        response.raw_headers.append((b"set-cookie", self.house.key.cookie_header(who.secure, self.house.framed)))
        return response

    async def _inside(self, scope, receive, answer, who: Caller, path: str, kind: Kind, headers: dict) -> None:
        scope = dict(scope, headers=who.headers, path=path)
        scope["headers"] = [row for row in who.headers if row[0] != b"range" or _is_range(row[1])]
        scope |= {"studio.address": who.address, "studio.nonce": answer.nonce}
        comes_from(who.address)
        pace = self._paces.get(kind)
        if pace is not None:
            if (wait := pace.left(who.address)) > 0:
                raise _Full(wait_sentence(wait))
            pace.count(who.address)
        visitor = headers.get(b"x-visitor", b"").decode("latin-1")[:64]
        async with contextlib.AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._gates[kind].enter(who.address, visitor))
            except StudioError as error:
                raise _Full(error) from error
            if kind is Kind.WHOLE:  # takes long to make, while nobody else is answered
                await asyncio.sleep(self._wholes.seconds(who.address))
            if self.calls is not None and path.startswith("/gradio_api/"):
                receive = await self._checked(scope, receive, who, path, kind)
            await self.app(scope, receive, answer.send)

    async def _checked(self, scope, receive, who: Caller, path: str, kind: Kind):
        """What Gradio is to receive: see calls.py."""
        try:
            self.calls.check_address(path, scope["query_string"])
            if scope["method"] != "POST":
                return receive
            if kind is Kind.CALL and self.calls.waiting(who.address) >= MOST_IN_QUEUE:
                raise _Full(StudioError("Many of your calls are waiting already.", "Wait until some are answered."))
            body = self.calls.rewritten(path, await _body(Request(scope, receive), MOST_BODY))
        except StudioError as error:
            raise Refusal(404 if scope["method"] != "POST" else 400, error) from error
        scope["headers"] = [
            (name, value) for name, value in scope["headers"] if name not in (b"content-length", b"content-type")
        ] + [(b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")]
        return _replay(body, receive)


class _Hearing:
    """The ASGI `receive` of a request, which knows whether all of it has come."""

    def __init__(self, receive, scope):
        headers = dict(scope["headers"])
        self._receive = receive
        self._over = b"expect" in headers or not (b"transfer-encoding" in headers or b"content-length" in headers)

    async def __call__(self):
        message = await self._receive()
        self._over = not message.get("more_body", False)
        return message

    async def out(self) -> None:
        """Hear a little more, and forget it: a refusal closes the connection, and who is still sending would see
        that instead of the sentence."""
        heard = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while not self._over and heard <= _HEARD_OUT:
                    heard += len((await asyncio.wait_for(self(), _SILENCE)).get("body", b""))


class _Full(Exception):
    """There is no room at the moment."""

    def __init__(self, error: StudioError):
        super().__init__(str(error))
        self.error = error


class _Answer:
    """What is sent. An answer of status 500 and above is kept back: `instead` gives one with a sentence."""

    def __init__(self, send, headers, nonce: str, head: bool, hearing: "_Hearing", patience: Patience):
        self._send, self._headers, self.nonce, self._head, self._hearing = send, headers, nonce, head, hearing
        self._patience, self.address = patience, ""
        self.started, self.broken = False, 0

    async def send(self, message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] >= 500 and message["status"] != 503:
                self.broken = message["status"]
                return
            self.started = True
            if message["status"] >= 400:
                await self._before_a_refusal()
            message = dict(message, headers=guarded(message.get("headers", ()), self._headers))
        if not self.broken:
            await self._send(message)

    async def _before_a_refusal(self) -> None:
        await self._hearing.out()
        await asyncio.sleep(self._patience.seconds(self.address))

    async def instead(self, response: Response, scope, receive) -> None:
        """Another answer, where none has begun."""
        if self.started:
            return
        self.started = True

        async def send(message):
            if message["type"] == "http.response.start":
                message = dict(message, headers=guarded(message.get("headers", ()), self._headers))
            elif self._head:
                message = dict(message, body=b"")
            await self._send(message)

        with contextlib.suppress(OSError):  # whoever asked went away
            await self._before_a_refusal()
            await response(scope, receive, send)


def _refused(scope, refusal: Refusal) -> Response:
    """The sentence: for a person as a small page, for scripts and programs as JSON. `detail` is where Gradio's look."""
    accepts = dict(scope["headers"]).get(b"accept", b"")
    locale = _locale(scope)
    said = locale.translated(refusal.error.said)
    if scope["method"] == "GET" and accepts.startswith(b"text/html"):
        return HTMLResponse(sign_in.plain(said, locale), refusal.status)
    return JSONResponse({"error": said, "detail": said}, refusal.status)


def _locale(scope) -> Locale:
    """The language of whoever asks."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return language_of(headers, scope["query_string"].decode("latin-1"))


def _unforeseen(scope) -> Response:
    return JSONResponse({"error": _locale(scope).translated(_UNFORESEEN)}, 500)


def _below(path: str, root: str) -> str:
    """A path without the one below which a proxy offers the studio, where the proxy leaves it in."""
    return path[len(root) :] or "/" if root and (path == root or path.startswith(f"{root}/")) else path


def _is_range(text: bytes) -> bool:
    """Whether one part of a file is asked for. Whatever else stands there is as good as nothing (RFC 9110, 14.2)."""
    found = _RANGE.fullmatch(text)
    if not found or not any(found.groups()):
        return False
    first, last = found.groups()
    return not first or not last or int(first) < int(last)


def _may_be_there(path: str) -> bool:
    """Whether the names in a path are such as files can have: others are an error to the system, and to nobody else."""
    return len(path.encode("utf-8", "replace")) < _LONGEST_PATH and all(
        len(name.encode("utf-8", "replace")) <= _LONGEST_NAME for name in path.split("/")
    )


async def _body(request: Request, most: int) -> bytes:
    """What was sent, of at most so many bytes."""
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > most:
            raise StudioError(say("What was sent is larger than {most} bytes.", most=most), "Send less.")
    return bytes(data)


def _replay(body: bytes, receive):
    """An ASGI `receive` that gives a body which was read already, and after it what comes then."""
    given = False

    async def again():
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _log_line(scope, error: Exception) -> None:
    """One line: what was asked, what went wrong, and where."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
    words = f"{type(error).__name__}: {_shown(str(error))} ({where})"
    _log.error("%s %s: %s", scope["method"], _shown(scope["path"]), words)
    _log.debug("unforeseen", exc_info=error)


def _shown(text: str) -> str:
    """A stranger's words as a line of a log may hold them."""
    return "".join(c if c.isprintable() else "?" for c in text[:200])
