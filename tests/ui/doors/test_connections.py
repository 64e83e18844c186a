"""Connections of one address before anything of them is read, on a real server."""

import contextlib
import json
import socket
import threading

import pytest
import uvicorn

from gan.ui.doors import connections
from gan.ui.doors.connections import limit_connections
from gan.ui.doors.shares import Pace

BROKEN_OFF = Pace(2, 1000)


@contextlib.contextmanager
def served(most: int):
    """The port of an app that answers "in", where one address may open so many connections."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"in"})

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            thread.join(0.01)
        port = listener.getsockname()[1]
        limit_connections(server, BROKEN_OFF, most)
        yield port
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def port():
    with served(5) as port:
        yield port


def ask(port: int, address: str) -> tuple[int, bytes]:
    """(status, body); status 0 where the connection was closed without a word."""
    with socket.create_connection(("127.0.0.1", port), 10, (address, 0)) as line:
        answer = b""
        with contextlib.suppress(OSError):  # it may have been refused before
            line.sendall(b"GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n")
            answer = b"".join(iter(lambda: line.recv(1000), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]) if head else 0, body


def test_who_opens_too_many_is_told_so_and_nobody_else(port):
    answers = [ask(port, "127.0.0.9") for _ in range(8)]
    assert [status for status, _ in answers] == 5 * [200] + 3 * [429]
    assert json.loads(answers[-1][1])["error"].startswith("Your address opened too many connections.")
    assert ask(port, "127.0.0.8") == (200, b"in")
    assert {ask(port, "127.0.0.1")[0] for _ in range(8)} == {200}  # this computer itself


def test_most_of_a_flood_are_closed_without_a_word_and_others_come_in_beside_it(port, monkeypatch):
    monkeypatch.setattr(connections, "_HEARD_OUT", 0)
    flood = [ask(port, "127.0.0.7")[0] for _ in range(60)]
    assert flood[:5] == 5 * [200] and set(flood[5:]) == {0}
    assert ask(port, "127.0.0.6") == (200, b"in")


def test_who_breaks_off_while_it_is_sent_away_leaves_no_traceback(port, caplog):
    for _ in range(60):
        with socket.create_connection(("127.0.0.1", port), 10, ("127.0.0.2", 0)) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # broken off, not closed
    assert ask(port, "127.0.0.12") == (200, b"in")
    assert [row.getMessage() for row in caplog.records if row.name == "asyncio"] == []


def test_who_breaks_off_many_requests_is_sent_away(port):
    for expected in (200, 200, 429):
        assert ask(port, "127.0.0.4")[0] == expected
        BROKEN_OFF.count("127.0.0.4")
    assert ask(port, "127.0.0.3")[0] == 200


def test_where_no_more_files_may_be_open_one_hears_it_once_and_the_next_come_in(port, monkeypatch, caplog):
    accept, tries = socket.socket.accept, []

    def none_left(self):
        tries.append(self)
        if len(tries) == 1:
            raise OSError(24, "Too many open files")
        return accept(self)

    monkeypatch.setattr(connections, "_LONG_REST", 0.05)
    monkeypatch.setattr(socket.socket, "accept", none_left)
    assert ask(port, "127.0.0.5") == (200, b"in")
    assert [row.getMessage() for row in caplog.records if row.name == connections.__name__] == [
        "Nobody new can be let in for a moment: [Errno 24] Too many open files"
    ]


def test_when_the_app_ends_nobody_listens_any_more():
    with served(5) as port:
        assert ask(port, "127.0.0.9") == (200, b"in")
    with pytest.raises(ConnectionRefusedError):
        ask(port, "127.0.0.9")
