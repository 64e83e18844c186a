"""Connections of one address before anything of them is read, on a real server."""

import contextlib
import json
import select
import socket
import threading

import pytest
import uvicorn

from gan.ui.doors import connections, lines, listener
from gan.ui.doors.connections import limit_connections
from gan.ui.doors.lines import Lines
from gan.ui.doors.shares import Pace

BROKEN_OFF = Pace(2, 1000)
LARGE = 20_000_000  # bytes, which no system keeps for who does not take them
RESET = b"\1\0\0\0\0\0\0\0"  # of SO_LINGER: broken off, not closed


@contextlib.contextmanager
def served(most: int):
    """The port of an app that answers "in", or much, where one address may open so many connections."""
    lines = Lines()

    async def app(scope, receive, send):
        body = b"in" if scope["path"] == "/" else bytes(LARGE)
        headers = [(b"content-length", str(len(body)).encode())]
        with lines.asking(scope["client"], scope["server"]) as give:
            give(len(body))
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            thread.join(0.01)
        port = listener.getsockname()[1]
        limit_connections(server, BROKEN_OFF, lines, most)
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
    assert json.loads(answers[-1][1])["error"].startswith("Your address opened too many connections, or ")
    assert ask(port, "127.0.0.8") == (200, b"in")
    assert {ask(port, "127.0.0.1")[0] for _ in range(8)} == {200}  # this computer itself


def test_of_a_flood_few_are_told_the_rest_closed_without_a_word_and_others_come_in_beside_it(monkeypatch):
    monkeypatch.setattr(connections, "_TOLD", 3)
    monkeypatch.setattr(connections, "_TOLD_AGAIN", 1000)
    with served(5) as port:
        flood = [ask(port, "127.0.0.7")[0] for _ in range(60)]
        assert flood == 5 * [200] + 3 * [429] + 52 * [0]
        assert ask(port, "127.0.0.6") == (200, b"in")


def test_a_flood_of_one_address_takes_no_others_sentence(monkeypatch):
    monkeypatch.setattr(connections, "_TOLD_AGAIN", 1000)
    monkeypatch.setattr(connections, "SECONDS", 1000)
    steps = connections._Steps(1, BROKEN_OFF, Lines())
    for address in ("eve", "school"):
        steps.count(address)
    for _ in range(connections._TOLD):
        assert not steps.is_flood("eve")
        steps.tell("eve")
    assert steps.is_flood("eve") and not steps.is_flood("school")
    for other in range(connections._TOLD_IN_ALL):
        steps.tell(f"eve's {other}")
    assert steps.is_flood("school")


def test_who_holds_many_open_may_open_no_more(monkeypatch):
    """However slowly they were opened, until some are given back."""
    monkeypatch.setattr(connections, "SECONDS", 1e-6)
    with served(3) as port, contextlib.ExitStack() as held:
        for _ in range(3):
            line = held.enter_context(socket.create_connection(("127.0.0.1", port), 10, ("127.0.0.13", 0)))
            line.sendall(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n")
            assert line.recv(1000).startswith(b"HTTP/1.1 200")
        assert ask(port, "127.0.0.13")[0] == 429
        assert ask(port, "127.0.0.14") == (200, b"in")


def test_connections_on_which_nothing_is_asked_end(monkeypatch):
    monkeypatch.setattr(lines, "_LOOKS", 0.05)
    monkeypatch.setattr(listener, "_WORDLESS", 0)  # or the system would keep the first for seconds
    whole = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n"
    with served(9) as port:
        for sent in (b"", b"GET / HTTP/1.1\r\nho", whole + b"GET"):
            # it may have ended before all is sent
            with socket.create_connection(("127.0.0.1", port), 10) as line, contextlib.suppress(ConnectionError):
                line.sendall(sent)
                answer = b"".join(iter(lambda: line.recv(1000), b""))
                assert answer.count(b"HTTP/1.1 200") == sent.count(whole)


def test_an_answer_that_nobody_takes_is_given_up(monkeypatch):
    monkeypatch.setattr(lines, "_LOOKS", 0.05)
    monkeypatch.setattr(lines, "_WINDOW", 3)
    with served(9) as port, socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(b"GET /much HTTP/1.1\r\nhost: here\r\n\r\n")
        poll = select.poll()
        poll.register(line, select.POLLHUP)  # told of no bytes, only of the end
        assert poll.poll(10_000)
        with contextlib.suppress(ConnectionError):
            assert sum(map(len, iter(lambda: line.recv(1_000_000), b""))) < LARGE


def test_who_breaks_off_while_it_is_sent_away_leaves_no_traceback(port, caplog):
    for _ in range(60):
        with socket.create_connection(("127.0.0.1", port), 10, ("127.0.0.2", 0)) as line:
            line.sendall(b"G")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    assert ask(port, "127.0.0.12") == (200, b"in")
    assert [row.getMessage() for row in caplog.records if row.name == "asyncio"] == []


def test_who_breaks_off_many_requests_is_sent_away(port):
    for expected in (200, 200, 429):
        assert ask(port, "127.0.0.4")[0] == expected
        BROKEN_OFF.count("127.0.0.4")
    assert ask(port, "127.0.0.3")[0] == 200


def test_when_the_app_ends_nobody_listens_any_more():
    with served(5) as port:
        assert ask(port, "127.0.0.9") == (200, b"in")
    with pytest.raises(ConnectionRefusedError):
        ask(port, "127.0.0.9")
