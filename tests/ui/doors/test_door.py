"""The door before the running app: every route, by every name, from every page; and what a client may send."""

import asyncio
import contextlib
import functools
import itertools
import json
import socket
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from any_request import all_routes, asked, asked_at, filled
from gradio_client import Client
from starlette.requests import Request
from starlette.responses import Response
from studio_app import another_door, behind, running, sentence
from waiting import until

from gan.ui.doors import door as door_module
from gan.ui.doors import wire as wire_module
from gan.ui.doors.calls import CLOSED, MOST_IN_QUEUE
from gan.ui.doors.door import SHARES, Door
from gan.ui.doors.hosts import known_hosts
from gan.ui.doors.house import House
from gan.ui.doors.keys import Key
from gan.ui.doors.paths import may_be_there
from gan.ui.kinds import Kind

VISITOR = {"x-visitor": "somebody-for-tests"}
SPACE = {"SPACE_ID": "ada/faces", "SPACE_HOST": "ada-faces.hf.space"}
HOUSES = {
    "alone": (False, House(known_hosts("127.0.0.1", (), {}))),
    "shared": (True, House(known_hosts("0.0.0.0", (), {}))),
    "named": (True, House(known_hosts("127.0.0.1", ("studio.example",), {}), proxied=True, public_root="/gan")),
    "space": (True, House(known_hosts("0.0.0.0", (), SPACE), proxied=True, framed=True)),
}
NAMES = {"alone": "localhost", "shared": "192.168.0.7", "named": "studio.example", "space": "ada-faces.hf.space"}


@pytest.fixture(scope="module")
def apps(weights):
    """The running app of a house by its name, started when it is first asked for."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def app(name: str):
            shared, house = HOUSES[name]
            return stack.enter_context(running(weights, shared=shared, house=house))

        yield app


@pytest.fixture(params=HOUSES)
def place(request, apps):
    """(name of the house, the app)."""
    if request.param == "space":  # which differs from "shared" in nothing but its door
        with behind(apps("shared"), HOUSES["space"][1]) as app:
            yield "space", app
    else:
        yield request.param, apps(request.param)


def test_every_route_is_classed(place):
    """A route that is new in Gradio or here is closed, and whoever brought it hears of it here."""
    door = place[1].page.app.door
    routes = set(all_routes(place[1]))
    assert len(routes) > 110
    unknown = []
    for method, path in routes:
        kind = door.kind_of(method, filled(path))
        closed = path.rstrip("/") in CLOSED or (path.endswith("/") and path != "/")
        if (kind is None) != closed and path != "/login":
            unknown.append((method, path, kind))
    assert unknown == []
    gone = [path for path in CLOSED if path not in {path for _, path in routes}]
    assert gone == []  # what Gradio no longer has is no longer listed


def right_names(name: str) -> tuple[str, ...]:
    return NAMES[name], f"{NAMES[name]}:7860", "localhost", "[::1]:7860", "127.0.0.1:80"


UNKNOWN = ("evil.example", "evil.example:7860", "{}.evil.example", "", "a b")
FOREIGN = ("http://evil.example", "null", "http://localhost:1")
INSIDE = 299  # a status that no door and no route gives


def test_every_route_by_every_name_and_from_every_page(place):
    """The table: who is let in, and that no answer invites the page of another site.

    Each case is asked of the door itself, without a network and with nothing behind it; and each route of the running
    apps by one of their names.
    """
    name, app = place
    door, known, routes = app.page.app.door, right_names(name), asked_routes(app)
    refused = {(host.format(NAMES[name]), origin): 421 for host in UNKNOWN for origin in (None, *FOREIGN)}
    refused |= {(host, origin): 403 for host in known for origin in FOREIGN}
    welcome = [(host, None) for host in known] + [(NAMES[name], f"http://{NAMES[name]}")]

    async def ask_all():
        alone = another_door(app, door.house, inside=Response(status_code=INSIDE))
        for (method, where, body), (host, origin) in itertools.product(routes, (*refused, *welcome)):
            status, told, _ = await asked_at(alone, method, where, _headers(host, origin), body)
            wanted = {refused[host, origin]} if (host, origin) in refused else answers(door, method, where)
            assert status in wanted, (method, where, host, origin, status)
            check_headers(name, told)

    asyncio.run(ask_all())
    wire = routes if name != "space" else []  # the app behind that door is the one of "shared"
    for (method, where, body), (host, origin) in zip(wire, itertools.cycle(welcome), strict=False):
        status, told, _ = asked(app, method, where, _headers(host, origin), body)
        case = (method, where, host, origin, status)
        assert status not in (403, 421) and status < 500, case
        assert status in (404, 405) or door.kind_of(method, where), case
        check_headers(name, told)


def asked_routes(app) -> list[tuple[str, str, bytes | None]]:
    """(method, path, body) of each."""
    return [
        (method, filled(path), b"{}" if method == "POST" else None) for method, path in sorted(set(all_routes(app)))
    ]


def answers(door: Door, method: str, where: str) -> set[int]:
    """With which statuses whoever may come in is answered, where whatever is behind the door answers `INSIDE`."""
    kind = door.kind_of(method, where)
    if kind in (None, Kind.START, Kind.ENTER):  # the first page is there already, and this studio has no key
        return {404, 405}
    if where.startswith("/gradio_api/") and kind in (Kind.CALL, Kind.ANSWER, Kind.ACT, Kind.FACTS):
        return {INSIDE, 400, 404}  # of Gradio's what is asked is looked at: see calls.py
    return {404} if kind is Kind.PAGE and not may_be_there(where) else {INSIDE}


def test_whoever_is_refused_at_the_door_is_refused_on_the_wire(place):
    name, app = place
    for host, origin in ((host.format(NAMES[name]), origin) for host in UNKNOWN for origin in (None, *FOREIGN)):
        status, told, _ = asked(app, "GET", "/studio/models", _headers(host, origin))
        assert status in (421, 400), (host, origin)  # 400: what cannot be a Host at all
        assert not [header for header in told if header.startswith("access-control-")]
    for origin in FOREIGN:
        assert asked(app, "POST", "/studio/render", _headers(NAMES[name], origin), b"{}")[0] == 403


def _headers(host: str, origin: str | None) -> dict:
    return {"host": host, **VISITOR} | ({} if origin is None else {"origin": origin})


def check_headers(name: str, told: dict) -> None:
    """What goes with every answer."""
    assert not [header for header in told if header.startswith("access-control-")]
    assert told["x-content-type-options"] == "nosniff" and told["referrer-policy"]
    assert ("frame-ancestors 'none'" not in told["content-security-policy"]) == (name == "space")


def test_browsers_say_whose_page_asks(place):
    """Also where no Origin is sent: for pictures, scripts and frames of another site."""
    name, app = place
    for site in ("cross-site", "same-site"):
        for path in ("/studio/picture.png?model=cats", "/studio/models", "/config", "/studio/static/studio.js"):
            headers = {
                "host": "localhost",
                "sec-fetch-site": site,
                "sec-fetch-mode": "no-cors",
                "sec-fetch-dest": "image",
            }
            assert asked(app, "GET", path, headers)[0] == 403, (site, path)
            headers = {
                "host": "localhost",
                "sec-fetch-site": site,
                "sec-fetch-mode": "navigate",
                "sec-fetch-dest": "document",
            }
            assert asked(app, "GET", path, headers)[0] == 200, (site, path)  # a link leads here
        frame = {"host": "localhost", "sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
        assert asked(app, "GET", "/", frame)[0] == (200 if name == "space" else 403)
        assert asked(app, "GET", "/studio/train/runs", headers | VISITOR)[0] == 403
    mine = {"host": "localhost", "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}
    assert asked(app, "GET", "/studio/models", mine)[0] == 200


def test_a_prefix_that_a_proxy_leaves_in(place):
    name, app = place
    if name == "named":
        headers = {"host": "10.0.0.1", "x-forwarded-host": "studio.example", "x-forwarded-proto": "https", **VISITOR}
        headers |= {"host": "localhost", "origin": "https://studio.example"}
        for prefix in ("", "/gan"):
            assert asked(app, "GET", f"{prefix}/studio/models", headers)[0] == 200
            assert asked(app, "GET", f"{prefix}/", headers)[0] == 200
        config = json.loads(asked(app, "GET", "/config", headers)[2])
        assert config["root"] == "https://studio.example/gan"
        assert asked(app, "GET", "/studio/models", headers | {"x-forwarded-host": "evil.example"})[0] == 421


def test_what_a_proxy_says_is_nothing_where_none_is(place):
    name, app = place
    if name == "alone":
        headers = {"host": "localhost", "x-forwarded-host": "evil.example", "x-gradio-server": "http://evil.example"}
        status, _, body = asked(app, "GET", "/config", headers)
        assert status == 200 and b"evil.example" not in body


# What a client may send


@pytest.fixture(scope="module")
def own(apps):
    return apps("shared")


GENERATE = ["cats", "1", None, None, None, 0, 1]


def number_of(app, name: str) -> int:
    return next(i for i, fn in app.page.fns.items() if fn.api_name == name and fn.fn)


@pytest.mark.parametrize(
    "path, body",
    [
        ("queue/join", b"{"),
        ("queue/join", b"[]"),
        ("queue/join", b'{"data": [NaN]}'),
        ("queue/join", b'{"data": [], "fn_index": -1, "session_hash": "abc"}'),
        ("queue/join", b'{"data": [], "fn_index": 1180591620717411303424, "session_hash": "abc"}'),
        ("queue/join", b'{"data": [], "fn_index": NaN, "session_hash": "abc"}'),
        ("queue/join", b'{"data": [], "fn_index": 1e999, "session_hash": "abc"}'),
        ("queue/join", b'{"data": [], "fn_index": true, "session_hash": "abc"}'),
        ("queue/join", b'{"data": [], "fn_index": 0, "session_hash": "abc"}'),
        ("queue/join", b'{"data": [], "fn_index": null, "session_hash": "abc"}'),
        ("call/generate", b'{"data": []}'),
        ("call/generate", b'{"data": {}}'),
        ("call/generate", b"{}"),
        ("call/generate", b'{"data": [Infinity, 1, 2, 3, 4, 5, 6]}'),
        ("call/make_file", b'{"data": []}'),
        ("call/v2/make_file", b"{}"),
        ("call/v2/nothing", b"{}"),
        ("call/v2/generate", b'{"colour": 1}'),
        ("call/v2/generate", b'{"psi": NaN}'),
        ("call/v2/generate", b"x" * 1_200_000),
        ("cancel", b"{}"),
        ("cancel", b'{"session_hash": "", "fn_index": -1, "event_id": {}}'),
    ],
)
def test_calls_that_are_none_get_a_sentence(own, capfd, path, body):
    status, answer, headers = own.ask(f"gradio_api/{path}", body)
    assert sentence(status, answer, headers)
    quiet(capfd)


@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"host": "localhost", "origin": "https://evil.example"}])
def test_who_is_refused_while_still_sending_is_heard_out(headers):
    """The answer closes the connection: a sender would meet a closed pipe in place of the sentence."""
    assert unheard(Door(None, HOUSES["alone"][1], (), None), headers) == 0


def test_who_sends_on_and_on_is_not(monkeypatch):
    monkeypatch.setattr("gan.ui.doors.door.HEARD", (3, 60))
    door, headers = Door(None, HOUSES["alone"][1], (), None), {"host": "evil.example"}
    assert [unheard(door, headers, "192.0.2.7") for _ in range(3)] == [2, 5, 5]
    assert unheard(door, headers, "192.0.2.8") == 2


def test_who_is_refused_is_heard_out_in_python_3_10_too(monkeypatch):
    """Which has no asyncio.timeout."""
    monkeypatch.delattr(asyncio, "timeout", raising=False)
    assert unheard(Door(None, HOUSES["alone"][1], (), None), {"host": "evil.example"}) == 0


def test_nobody_is_heard_out_beyond_the_time_for_it(monkeypatch):
    """However soon each part comes."""
    monkeypatch.setattr(wire_module, "_OUTSIDE", (4_000_000, 0))
    assert unheard(Door(None, HOUSES["alone"][1], (), None), {"host": "evil.example"}) == 5


def unheard(door: Door, headers: dict[str, str], address: str = "127.0.0.1") -> int:
    """Of a request in five parts of a byte, how many had not been heard when it was refused."""
    parts = [dict(type="http.request", body=b"x", more_body=i < 4) for i in range(5)]
    left = []

    async def receive():
        return parts.pop(0)

    async def send(message):
        left.append(len(parts))

    scope = dict(type="http", method="POST", path="/", query_string=b"", scheme="http", client=(address, 1))
    scope["headers"] = [(k.encode(), v.encode()) for k, v in (headers | {"content-length": "5"}).items()]
    asyncio.run(door(scope, receive, send))
    return left[0]


def test_sessions_that_are_none(own, capfd):
    number = number_of(own, "generate")
    for session in ("", None, 3, "x" * 100, "../x", "\0", {}, []):
        body = {"data": GENERATE, "fn_index": number, "session_hash": session}
        assert "for which session" in sentence(*own.ask("gradio_api/queue/join", body))
    for path in ("queue/data?session_hash=nobody", "queue/data?session_hash=", "queue/data", "call/generate/nothing"):
        assert sentence(*own.ask(f"gradio_api/{path}"), 404)
    quiet(capfd)


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/proxy=..%00",
        "gradio_api/proxy=https://example.org/x",
        "gradio_api/file=..%00",
        "gradio_api/file=/etc/passwd",
        "gradio_api/file=https://example.org/x",
        "gradio_api/upload",
        "gradio_api/upload_progress?upload_id=x",
        "gradio_api/heartbeat/x",
        "monitoring/summary",
        "pwa_icon/100000",
        "openapi.json",
        "gradio_api/stream/a/b/1/playlist.m3u8",
        "gradio_api/token",
        "docs",
        "%00",
        "studio/%ff%fe",
        "assets/" + 300 * "a",
        "studio/static/" + 2000 * "a/",
    ],
)
def test_what_is_closed(own, capfd, path):
    status, answer, headers = own.ask(path)
    assert status in (404, 405) and sentence(status, answer, headers, status)
    quiet(capfd)


def test_parts_of_files(own):
    """One part may be asked for; whatever else is asked for is the whole file."""
    for asked_for, status in (
        ("bytes=0-3", 206),
        ("bytes=5-1", 200),
        ("bytes=x", 200),
        ("bytes=0-1,3-4", 200),
        ("", 200),
    ):
        told = own.ask("favicon.ico", None, {"range": asked_for})
        assert told[0] == status and len(told[1]) == (4 if status == 206 else int(told[2]["content-length"]))


def test_files_are_not_taken_by_gradio(own):
    files = b'--x\r\ncontent-disposition: form-data; name="files"; filename="a"\r\n\r\nhello\r\n--x--\r\n'
    status, _, _ = own.ask("gradio_api/upload", files, {"content-type": "multipart/form-data; boundary=x"})
    assert status == 404


def quiet(capfd) -> None:
    """No traceback on the app's terminal."""
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err


def test_connections_broken_off(own, capfd, monkeypatch):
    """Half a body, a body that is never sent, half a head, and answers that nobody waits for."""
    counted: list[str] = []
    monkeypatch.setattr(own.page.app.door.broken_off, "count", counted.append)
    where = urlsplit(own.url)
    host = f"host: localhost\r\nx-visitor: {VISITOR['x-visitor']}\r\n"
    set_id = json.loads(own.ask("studio/train/set", {}, VISITOR)[1])["id"]
    halves = [
        f"POST /studio/train/set/{set_id}/file?name=a.png HTTP/1.1\r\n{host}content-length: 1000\r\n\r\nhalf",
        f"POST /studio/library/file?name=a.pt HTTP/1.1\r\n{host}content-length: 1000\r\n\r\nhalf",
        f"POST /studio/render HTTP/1.1\r\n{host}content-length: 100\r\n\r\n{{",
        f"POST /gradio_api/queue/join HTTP/1.1\r\n{host}content-length: 100\r\n\r\n{{",
        f"POST /studio/open HTTP/1.1\r\n{host}content-length: 100\r\n\r\nxx",
        f"GET / HTTP/1.1\r\n{host}",
        f"GET /config HTTP/1.1\r\n{host}\r\n",
    ]

    def break_off() -> None:
        for half in halves:
            with socket.create_connection((where.hostname, where.port)) as line:
                line.sendall(half.encode())
                if not counted:
                    own.ask("studio/models")  # so that it has been heard by now
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # broken off, not closed

    for _ in range(3):
        break_off()
    # One address may not do so too often: see connections.py. On a busy machine some waited in line, and are excused.
    until(lambda: "127.0.0.1" in counted or break_off())
    assert own.ask("studio/models")[0] == 200
    assert json.loads(own.ask(f"studio/train/set/{set_id}", None, VISITOR)[1])["status"] == "empty"
    quiet(capfd)


def test_a_request_given_up_in_line_is_not_broken_off(monkeypatch):
    """After a disconnect uvicorn gives nothing of a body, whether or not the whole of it had come."""
    now, counted = [0.0], []
    monkeypatch.setattr(door_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    holding = asyncio.Event()

    async def app(scope, receive, send):
        if scope["query_string"] == b"hold":
            await holding.wait()
        else:
            await Request(scope, receive).body()

    async def gone():
        return {"type": "http.disconnect"}

    async def send(message):
        raise AssertionError(message)

    async def ask_all() -> None:
        door = Door(app, HOUSES["alone"][1], [("POST", "/price", Kind.WORK)], None)
        monkeypatch.setattr(door.broken_off, "count", counted.append)
        scope = {"type": "http", "method": "POST", "path": "/price", "client": ("10.0.0.9", 1), "scheme": "http"}
        scope |= {"headers": [(b"host", b"localhost"), (b"content-length", b"2")], "query_string": b""}
        await door(scope, gone, send)
        assert counted == ["10.0.0.9"]  # at once: it was not sent to the end
        inside = [door(scope | {"query_string": b"hold"}, gone, send) for _ in range(SHARES[Kind.WORK].at_once)]
        tasks = [asyncio.create_task(one) for one in (*inside, door(scope, gone, send))]
        await asyncio.sleep(0)  # the last stands in line now
        now[0] = 1.0
        holding.set()
        await asyncio.gather(*tasks)

    asyncio.run(ask_all())
    assert counted == ["10.0.0.9"]


def test_what_is_unforeseen_is_one_line_and_a_sentence(own, capfd, caplog, monkeypatch):
    def broken():
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(own.studio.library, "names", broken)
    status, answer, headers = own.ask("studio/models")
    assert "unforeseen" in sentence(status, answer, headers, 500) and headers["x-content-type-options"] == "nosniff"
    lines = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(lines) == 1 and "RuntimeError: two?lines" in lines[0] and "\n" not in lines[0]
    quiet(capfd)


def test_floods_wait(own, monkeypatch):
    """Whoever is refused, and whoever asks for the whole page, may have to wait for it: by their address."""
    door, waited = own.page.app.door, {"_refusals": [], "_wholes": []}
    assert until(lambda: not any(gate.is_busy for gate in door._gates.values()))  # tests before this one broke off
    slow = {"_refusals": door._refusals, "_wholes": door._slowed[Kind.WHOLE]}
    for name, addresses in waited.items():
        monkeypatch.setattr(slow[name], "seconds", lambda address, to=addresses: to.append(address) or 0)
    assert own.ask("studio/models")[0] == 200 and waited == {"_refusals": [], "_wholes": []}
    assert own.ask("config")[0] == 200 and waited == {"_refusals": [], "_wholes": ["127.0.0.1"]}
    for path, body in (("nothing", None), ("studio/render", b"{"), ("gradio_api/call/nothing", b"{}")):
        assert own.ask(path, body)[0] >= 400
    assert waited == {"_refusals": 3 * ["127.0.0.1"], "_wholes": ["127.0.0.1"]}


@pytest.mark.parametrize("kind", [Kind.FACTS, Kind.WHOLE, Kind.ACT])
def test_whoever_asks_too_often_waits_before_the_gate(monkeypatch, kind):
    """Inside they would hold a place. One that is hurried waits for nothing."""
    slept, inside = [], []

    async def sleep(seconds):
        slept.append((seconds, door._gates[kind].is_busy))

    async def app(scope, receive, send):
        inside.append(door._gates[kind].is_busy)

    door = Door(app, HOUSES["alone"][1], [("GET", "/here", kind)], None)
    monkeypatch.setattr(door_module, "asyncio", SimpleNamespace(sleep=sleep))
    scope = {"type": "http", "method": "GET", "path": "/here", "client": ("10.0.0.9", 1), "scheme": "http"}
    scope |= {"headers": [(b"host", b"localhost")], "query_string": b""}
    asyncio.run(door(scope, None, None))
    assert (slept, inside) == ([], [True])
    slow = door._slowed.get(kind, door._crowds[kind])
    monkeypatch.setattr(slow, "seconds", {"10.0.0.9": 7.0}.get)
    asyncio.run(door(scope, None, None))
    assert (slept, inside) == ([(7.0, False)], [True, True])


def test_whoever_is_refused_again_and_again_waits_for_it(monkeypatch):
    told = []

    async def sleep(seconds):
        told.append(seconds)

    async def send(message):
        told.append(message.get("status", "body"))

    door = Door(None, HOUSES["alone"][1], [], None)
    monkeypatch.setattr(wire_module, "asyncio", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(door._refusals, "seconds", {"10.0.0.9": 7.0}.get)
    scope = {"type": "http", "method": "GET", "path": "/nothing", "client": ("10.0.0.9", 1), "scheme": "http"}
    asyncio.run(door(scope | {"headers": [(b"host", b"localhost")], "query_string": b""}, None, send))
    assert told == [7.0, 404, "body"]


def test_a_hundred_who_open_the_page_at_once_behind_one_address_wait_for_nothing():
    door = Door(None, HOUSES["alone"][1], [], None)
    assert {door._slowed[Kind.WHOLE].seconds("10.0.0.9") for _ in range(200)} == {0}
    assert 0 < door._slowed[Kind.WHOLE].seconds("10.0.0.9") <= 0.1


def test_gradios_queue_is_not_filled_by_one(own, monkeypatch):
    door = own.page.app.door
    monkeypatch.setattr(door.calls, "waiting", lambda address: MOST_IN_QUEUE)
    body = {"data": GENERATE, "fn_index": number_of(own, "generate"), "session_hash": "somebody"}
    assert "waiting already" in sentence(*own.ask("gradio_api/queue/join", body), 429)
    monkeypatch.undo()
    assert own.ask("gradio_api/queue/join", body)[0] == 200


# The key


@pytest.fixture
def locked(apps):
    with behind(apps("shared"), House(known_hosts("127.0.0.1", (), {}), Key("class:correct horse"))) as app:
        yield app


def test_a_key_guards_every_route(locked):
    door = locked.page.app.door
    for method, path in sorted(set(all_routes(locked))):
        kind = door.kind_of(method, filled(path))
        if kind not in (None, Kind.ENTER, Kind.START):
            body = b"{}" if method == "POST" else None
            assert asked(locked, method, filled(path), VISITOR, body)[0] == 401, (method, path)


def test_signing_in(locked):
    status, _, page = asked(locked, "GET", "/", {"accept": "text/html"})
    assert status == 401 and b"password" in page and b"gradio_config" not in page
    wrong = asked(locked, "POST", "/studio/enter", {}, b"name=class&password=wrong")
    assert wrong[0] == 401 and b"That is not the key" in wrong[2] and "set-cookie" not in wrong[1]
    status, headers, _ = asked(locked, "POST", "/studio/enter", {}, b"name=class&password=correct+horse")
    assert (status, headers["location"]) == (303, "../")
    kept = {"cookie": headers["set-cookie"].partition(";")[0], **VISITOR}
    for path in ("/", "/studio/models", "/studio/train/runs", "/config"):
        assert asked(locked, "GET", path, kept)[0] == 200, path


def test_programs_with_a_key(locked):
    client = Client(locked.url, verbose=False, auth=("class", "correct horse"))
    assert [row["id"] for row in client.predict(api_name="/models")] == ["cats", "digits"]
    client.close()
    with pytest.raises(Exception, match="Could not login"):
        Client(locked.url, verbose=False, auth=("class", "wrong"))


def test_a_link_with_a_secret(apps):
    house = House(known_hosts("127.0.0.1", (), {}), Key("t" * 24))
    with behind(apps("shared"), house) as app:
        assert house.address(app.url).endswith(f"?key={'t' * 24}")
        status, headers, _ = asked(app, "GET", f"/?key={'t' * 24}&model=cats", {})
        assert (status, headers["location"]) == (303, "./?model=cats")
        assert asked(app, "GET", "/", {"cookie": headers["set-cookie"].partition(";")[0]})[0] == 200
        assert asked(app, "GET", "/?key=wrong", {})[0] == 401
        assert asked(app, "GET", "/studio/models", {"authorization": f"Bearer {'t' * 24}"})[0] == 200


def test_calls_of_programs_wait_sooner_where_others_are_about():
    door = Door(None, HOUSES["alone"][1], [], None)
    calls = door._crowds[Kind.CALL]
    assert {calls.seconds("10.0.0.9") for _ in range(100)} == {0}  # alone
    door._crowds[Kind.PICTURE].seconds("10.0.0.8")
    assert {calls.seconds("10.0.0.9") for _ in range(30)} == {0}
    assert [calls.seconds("10.0.0.9") for _ in range(3)] == pytest.approx([0.5, 1, 1.5], abs=0.1)
    assert door._crowds[Kind.PICTURE].seconds("10.0.0.9") == 0
