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
import secrets
import time
from collections.abc import Iterable

from starlette.requests import ClientDisconnect, Request
from starlette.routing import compile_path

from gan.errors import StudioError
from gan.studio.fair_shares import About
from gan.studio.visitors import comes_from
from gan.ui.doors.calls import MOST_BODY, MOST_IN_QUEUE, ROUTES, Calls
from gan.ui.doors.entrance import ENTRANCES, Entrance
from gan.ui.doors.headers import policy, safe_headers
from gan.ui.doors.house import House
from gan.ui.doors.lines import Lines
from gan.ui.doors.paths import below, is_range, may_be_there
from gan.ui.doors.proxies import Caller, caller
from gan.ui.doors.refusals import Full, Refusal, log_line, refused, shown, unforeseen
from gan.ui.doors.shares import Crowd, Gate, Pace, Patience, Share, wait_sentence
from gan.ui.doors.wire import HEARD, Answer, Hearing, counted, read_body, replay
from gan.ui.kinds import Kind

_log = logging.getLogger(__name__)

SHARES = {  # of one address
    Kind.PAGE: Share(at_once=64, each=32, waiting=1024),
    Kind.WHOLE: Share(at_once=2, each=2, waiting=512),
    Kind.FACTS: Share(at_once=16, each=8, waiting=256),
    Kind.PICTURE: Share(at_once=32, each=4, waiting=256),
    Kind.FILM: Share(at_once=2, each=1, waiting=8),
    Kind.OWN: Share(at_once=16, each=8, waiting=256),
    Kind.ACT: Share(at_once=4, each=2, waiting=256),  # each takes a thread, and the loop waits for all of them
    Kind.WORK: Share(at_once=2, each=2, waiting=16),
    Kind.SEARCH: Share(at_once=18, each=2, waiting=16),  # one works, the others stand in its own line
    Kind.ARRIVAL: Share(at_once=12, each=4, waiting=128),
    Kind.CALL: Share(at_once=8, each=8, waiting=32, a_minute=240),
    Kind.ANSWER: Share(at_once=32, each=32, waiting=32),
    Kind.START: Share(at_once=1, each=1, waiting=1),
    Kind.ENTER: Share(at_once=2, each=2, waiting=16),
}
# Requests of one address, while others are about, that need not wait: of the page's files, and others; and so many
# again each second. Thirty who open the page at once behind one address ask for 5,000 files, and 360 times for others.
_FREELY, _A_SECOND = (6000, 1200), 300
# Calls of programs, likewise: each is many pictures, and Gradio's own work.
_CALLS, _CALLS_A_SECOND, _LONGEST = 30, 2, 60
BROKEN_OFF = (60, 60)  # requests of one address that were not sent to their end: at once, and again in so many seconds
_IN_LINE = 0.1  # seconds: who waited longer before it was let in may have gone away meanwhile, with all of it sent
_LINKED = (Kind.WHOLE, Kind.PAGE, Kind.FACTS, Kind.PICTURE)  # what a link on another site may lead to
_FOREIGN = StudioError("This was asked by a page of another site.", "Open GAN Studio itself, in a tab of its own.")
_STRANGE = StudioError(
    "This studio is not known by the name in that address.",
    "Open it by the address that was printed when it started, or start it with --name and that name.",
)
_NOTHING = StudioError("There is nothing at this address.", "Open the studio's first page.")


class Door:
    """ASGI: lets requests through to `app`. `ours`: (method, path, kind) of the routes of our own; `calls` checks
    what is for Gradio. `opened` is set once the app has started."""

    def __init__(self, app, house: House, ours: Iterable[tuple[str, str, Kind]], calls: Calls | None):
        self.app, self.house, self.calls, self.opened = app, house, calls, False
        self._headers = safe_headers(house.framed)
        self._entrance = Entrance(house.key, house.framed) if house.key else None
        self._exact: dict[tuple[str, str], Kind] = {}
        self._patterns = []
        for method, path, kind in (*ENTRANCES, *ours, *ROUTES):
            if "{" in path:
                self._patterns.append((method, compile_path(path)[0], kind))
            else:
                self._exact.setdefault((method, path), kind)
        self._gates = {kind: Gate(share) for kind, share in SHARES.items()}
        self._refusals, self._heard = Patience(120, 12, longest=10), Pace(*HEARD)
        self.broken_off, self.lines = Pace(*BROKEN_OFF), Lines()
        self._slowed = {  # asked least, and cost most: a hundred who open the page at once need not wait
            Kind.WHOLE: Patience(200, 10, longest=10),
            Kind.ACT: Patience(60, 8, longest=10),
        }
        about = About()
        page, rest = (Crowd(Patience(at_once, _A_SECOND), about) for at_once in _FREELY)
        programs = Crowd(Patience(_CALLS, _CALLS_A_SECOND, longest=_LONGEST), about)
        self._crowds = dict.fromkeys(Kind, rest) | {Kind.PAGE: page, Kind.CALL: programs}
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
        with self.lines.asking(scope.get("client"), scope.get("server")) as give:
            await self._ask(scope, receive, counted(send, give))

    async def _ask(self, scope, receive, send) -> None:
        """One request, whatever becomes of it."""
        nonce = secrets.token_urlsafe(16)
        headers = [*self._headers, policy(nonce, self.house.framed)]
        receive = Hearing(receive, scope)
        answer = Answer(send, headers, nonce, scope["method"] == "HEAD", receive, self._refusals, self._heard)
        try:
            await self._answer(scope, receive, answer)
        except Refusal as refusal:
            _log.info("%s %s: %s", scope["method"], shown(scope["path"]), refusal)
            await answer.instead(refused(scope, refusal), scope, receive)
        except (ClientDisconnect, ConnectionError):
            if not answer.waited:  # what is read after a wait is "gone away", whether or not the whole of it had come
                self.broken_off.count(answer.address)
            _log.info("%s %s: whoever asked went away", scope["method"], shown(scope["path"]))
        except Exception as error:
            log_line(scope, error)
            await answer.instead(unforeseen(scope), scope, receive)
        else:
            if answer.broken:
                _log.error("%s %s: answered with status %d", scope["method"], shown(scope["path"]), answer.broken)
                await answer.instead(unforeseen(scope), scope, receive)

    async def _answer(self, scope, receive, answer: Answer) -> None:
        who = caller(scope, self.house.proxied)
        answer.address = who.address
        path = below(scope["path"], self.house.root)
        headers = dict(who.headers)
        if not self.house.hosts.knows(who.authority):
            raise Refusal(421, _STRANGE)
        kind = self.kind_of(scope["method"], path)
        if kind is Kind.PAGE and not may_be_there(path):
            kind = None
        self._check_site(headers, who, scope["method"], path, kind)
        if kind is None or (kind is Kind.START and self.opened) or (kind is Kind.ENTER and not self._entrance):
            others = any(self.kind_of(method, path) for method in ("GET", "POST") if method != scope["method"])
            raise Refusal(405 if others and kind is None else 404, _NOTHING)
        try:
            if self._entrance and kind is not Kind.START:
                entered = await self._entrance.answer(scope, receive, who, path, kind, headers)
                if entered is not None:
                    return await entered(scope, receive, answer.send)
            await self._inside(scope, receive, answer, who, path, kind, headers)
        except Full as full:
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
        linked = headers.get(b"sec-fetch-mode") == b"navigate" and method == "GET"
        framed = self.house.framed and place == b"iframe" and path == "/"
        if not linked or not (framed or (place == b"document" and kind in _LINKED)):
            raise Refusal(403, _FOREIGN)

    async def _inside(self, scope, receive, answer, who: Caller, path: str, kind: Kind, headers: dict) -> None:
        scope = dict(scope, headers=who.headers, path=path)
        scope["headers"] = [row for row in who.headers if row[0] != b"range" or is_range(row[1])]
        scope |= {"studio.address": who.address, "studio.nonce": answer.nonce}
        comes_from(who.address)
        pace = self._paces.get(kind)
        if pace is not None:
            if (wait := pace.left(who.address)) > 0:
                raise Full(wait_sentence(wait))
            pace.count(who.address)
        visitor = headers.get(b"x-visitor", b"").decode("latin-1")[:64]
        began = time.monotonic()
        wait = self._crowds[kind].seconds(who.address)
        if kind in self._slowed:
            wait = max(wait, self._slowed[kind].seconds(who.address))
        if wait:  # before the gate: whoever is inside has one of few places
            await asyncio.sleep(wait)
        async with contextlib.AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._gates[kind].enter(who.address, visitor))
            except StudioError as error:
                raise Full(error) from error
            answer.waited = time.monotonic() - began > _IN_LINE
            answer.hearing.let_in()
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
                raise Full(StudioError("Many of your calls are waiting already.", "Wait until some are answered."))
            body = self.calls.rewritten(path, await read_body(Request(scope, receive), MOST_BODY))
        except StudioError as error:
            raise Refusal(404 if scope["method"] != "POST" else 400, error) from error
        scope["headers"] = [
            (name, value) for name, value in scope["headers"] if name not in (b"content-length", b"content-type")
        ] + [(b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")]
        return replay(body, receive)
