"""Requests as they are, with any Host and any header, and the routes that a running app has."""

import http.client
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

NO_TABLES = (  # bodies that are no table of names and values, and the words in which that is said
    (b"", "not JSON"),
    (b"{", "not JSON"),
    (b"\xff\xfe", "not JSON"),
    (b"[" * 100_000, "not JSON"),
    (b"9" * 5000, "not JSON"),
    (b"[]", "not a table"),
    (b"null", "not a table"),
    (b"3", "not a table"),
    (b'"x"', "not a table"),
    (b"x" * 30_000_000, "larger than 2 MB"),
)


def asked(app, method: str, path: str, headers: dict, body: bytes | None = None) -> tuple[int, dict, bytes]:
    """(status, headers, body). The Host is that of `headers`, and no other header is added."""
    where = urlsplit(app.url)
    line = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
    try:
        line.putrequest(method, path, skip_host="host" in headers, skip_accept_encoding=True)
        for name, value in headers.items():
            line.putheader(name, value)
        if body is not None:
            line.putheader("content-length", str(len(body)))
        line.endheaders(body)
        answer = line.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        line.close()


def all_routes(app) -> Iterator[tuple[str, str]]:
    """(method, path) of every route that the running app has, ours and Gradio's."""

    def walk(routes):
        for route in routes:
            inner = getattr(route, "original_router", None)
            if inner is not None:
                yield from walk(inner.routes)
            else:
                yield from ((method, route.path) for method in sorted(route.methods))

    yield from walk(app.page.app.routes)


def filled(path: str) -> str:
    """A path with something in its places."""
    text = ""
    for part in path.split("{"):
        _, end, rest = part.rpartition("}")
        text += f"x{rest}" if end else part
    return text


async def asked_at(door, method: str, path: str, headers: dict, body: bytes | None = None) -> tuple[int, dict, bytes]:
    """Likewise of an ASGI app, without a network in between."""
    told: dict = {"body": b""}
    parts = [{"type": "http.request", "body": body or b"", "more_body": False}]

    async def receive():
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            told["status"] = message["status"]
            told["headers"] = {name.decode(): value.decode("latin-1") for name, value in message["headers"]}
        else:
            told["body"] += message.get("body", b"")

    where, _, query = path.partition("?")
    rows = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": unquote(where), "query_string": query.encode(), "headers": rows}
    await door({**scope, "scheme": "http", "client": ("127.0.0.1", 1), "root_path": ""}, receive, send)
    return told["status"], told["headers"], told["body"]
