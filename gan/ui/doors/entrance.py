"""How one comes in where the studio has a key: by a link, by the page that asks for it, or as Gradio's programs do."""

from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from gan.errors import StudioError
from gan.ui.doors import sign_in
from gan.ui.doors.keys import QUERY, Key
from gan.ui.doors.proxies import Caller
from gan.ui.doors.refusals import Refusal, locale_of
from gan.ui.doors.wire import read_body
from gan.ui.kinds import Kind

_ENTER, _LOGIN = "/studio/enter", "/login"  # ours, and where Gradio's programs send a name and a password
ENTRANCES = (("POST", _ENTER, Kind.ENTER), ("POST", _LOGIN, Kind.ENTER))
_MOST_FORM = 10_000  # bytes
_LOCKED = StudioError("This studio has a key.", "Open its first page and sign in, or send the key along.")


class Entrance:
    """Asks for `key`. framed: the page may be shown in a frame of the Hub's, where its cookie must come along, too."""

    def __init__(self, key: Key, framed: bool):
        self.key, self.framed = key, framed

    async def answer(self, scope, receive, who: Caller, path: str, kind: Kind, headers: dict) -> Response | None:
        """The answer to whoever shows the key, or has none; None for whoever is in already. Raises Refusal."""
        try:
            if kind is Kind.ENTER:
                return await self._signed_in(scope, receive, who, path)
            query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            said = dict(query).get(QUERY)
            if path == "/" and said is not None and self.key.is_link and self.key.opens(said, who.address):
                rest = urlencode([(name, value) for name, value in query if name != QUERY])
                return self._with_ticket(RedirectResponse(f"./?{rest}" if rest else "./", 303), who)
            if self.key.admits(headers, who.address):
                return None
        except StudioError as error:
            raise Refusal(429, error) from error
        if path == "/":
            return HTMLResponse(sign_in.page(scope, locale_of(scope), self.key.is_link), 401)
        raise Refusal(401, _LOCKED)

    async def _signed_in(self, scope, receive, who: Caller, path: str) -> Response:
        """To a form with a name and a password: the page asks for them, and so do Gradio's programs."""
        form = dict(parse_qsl((await read_body(Request(scope, receive), _MOST_FORM)).decode("utf-8", "replace")))
        names = ("name", "password") if path == _ENTER else ("username", "password")
        secret = ":".join(form.get(name, "") for name in names)
        right = self.key.opens(form.get("password", "") if self.key.is_link else secret, who.address)
        if path == _LOGIN and not right:
            return JSONResponse({"detail": "Incorrect credentials."}, 400)
        if path == _LOGIN:
            return self._with_ticket(JSONResponse({"success": True}), who)
        if not right:
            return HTMLResponse(sign_in.page(scope, locale_of(scope), self.key.is_link, wrong=True), 401)
        return self._with_ticket(RedirectResponse("../", 303), who)

    def _with_ticket(self, response: Response, who: Caller) -> Response:
        response.raw_headers.append((b"set-cookie", self.key.cookie_header(who.secure, self.framed)))
        return response
