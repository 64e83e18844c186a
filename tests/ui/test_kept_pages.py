"""The page as Gradio made it, made once for all who reach the studio by the same name."""

import asyncio

from gan.ui.kept_pages import _MOST, KeptPages


def test_what_is_the_same_for_all_is_made_once():
    made = []

    async def app(scope, receive, send):
        made.append((scope["path"], dict(scope["headers"]).get(b"host")))
        headers = [(b"content-type", b"text/plain")] + ([(b"set-cookie", b"a=b")] if scope["path"] == "/config" else [])
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"half ", "more_body": True})
        await send({"type": "http.response.body", "body": str(made[-1]).encode()})

    pages = KeptPages(app)

    def ask(path: str, host: bytes = b"here", query: bytes = b"", method: str = "GET") -> bytes:
        sent = []
        scope = {"type": "http", "method": method, "path": path, "query_string": query, "scheme": "http"}

        async def send(message):
            sent.append(message)

        asyncio.run(pages(scope | {"headers": [(b"host", host), (b"x", str(len(made)).encode())]}, None, send))
        sent[0]["headers"].append((b"x-of", b"this one alone"))  # as a middleware before it may do
        assert len([name for name, _ in sent[0]["headers"] if name == b"x-of"]) == 1
        return b"".join(message.get("body", b"") for message in sent)

    assert ask("/") == ask("/") == ask("/", query=b"model=cats&seed=3") == b"half ('/', b'here')" and len(made) == 1
    assert ask("/", b"there") == b"half ('/', b'there')" and len(made) == 2
    ask("/", query=b"deep_link=x"), ask("/", method="HEAD"), ask("/elsewhere"), ask("/elsewhere")
    assert len(made) == 6
    ask("/config"), ask("/config")  # a cookie is for one
    assert len(made) == 8
    for number in range(_MOST):
        ask("/", str(number).encode())
    assert ask("/") and len(made) == 8 + _MOST + 1  # what was not asked for lately is forgotten
