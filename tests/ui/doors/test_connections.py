"""Connections of one address before anything of them is read, on a real server."""

import asyncio
import contextlib
import errno
import json
import socket
import threading
from unittest.mock import Mock, patch

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
    assert json.loads(answers[-1][1])["error"].startswith("Your address opened too many connections, or ")
    assert ask(port, "127.0.0.8") == (200, b"in")
    assert {ask(port, "127.0.0.1")[0] for _ in range(8)} == {200}  # this computer itself


def test_most_of_a_flood_are_closed_without_a_word_and_others_come_in_beside_it(port, monkeypatch):
    monkeypatch.setattr(connections, "_HEARD_OUT", 0)
    flood = [ask(port, "127.0.0.7")[0] for _ in range(60)]
    assert flood[:5] == 5 * [200] and set(flood[5:]) == {0}
    assert ask(port, "127.0.0.6") == (200, b"in")


def test_a_flood_of_one_address_takes_no_others_sentence(monkeypatch):
    steps = connections._Steps(Pace(1, 1000), BROKEN_OFF)
    for address in ("eve", "school"):
        steps.opened.count(address)
    steps.sent_away["eve"] = connections._HEARD_OUT
    assert steps.is_flood("eve") and not steps.is_flood("school")
    monkeypatch.setattr(connections, "_HEARD_OUT_IN_ALL", connections._HEARD_OUT)
    assert steps.is_flood("school")


def test_who_was_told_makes_room_for_the_next(port):
    loop = asyncio.new_event_loop()
    steps = connections._Steps(Pace(1, 1000), BROKEN_OFF)
    steps.opened.count("eve")

    async def come_and_go() -> None:
        with socket.create_connection(("127.0.0.1", port), 10, ("127.0.0.11", 0)) as line:
            step = connections._Doorstep(steps, asyncio.Protocol, "eve")
            transport, _ = await loop.create_connection(lambda: step, sock=line.dup())
            assert steps.sent_away == {"eve": 1}
            transport.abort()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        assert len(steps.sent_away) == 0

    loop.run_until_complete(come_and_go())
    loop.close()


def test_connections_on_which_nothing_is_asked_end(monkeypatch):
    monkeypatch.setattr(connections, "_SILENCE", 0.05)
    with served(9) as port:
        for sent in (b"", b"GET / HTTP/1.1\r\nho"):
            # it may have ended before all is sent
            with socket.create_connection(("127.0.0.1", port), 10) as line, contextlib.suppress(ConnectionError):
                line.sendall(sent)
                assert line.recv(1000) == b""


def test_who_waits_for_an_answer_and_who_has_one_since_are_left_alone():
    def connection(cycle) -> Mock:
        return Mock(spec=["cycle", "transport"], cycle=cycle)

    def ended() -> list[bool]:
        return [one.transport.close.called for one in (silent, waiting, idle, websocket)]

    silent, waiting, idle = connection(None), connection(Mock(response_complete=False)), connection(None)
    websocket, loop = Mock(spec=["transport"]), Mock()
    idle.cycle = Mock(response_complete=True)
    with patch.object(asyncio, "get_running_loop", lambda: loop):
        connections._end_silent({silent, waiting, idle, websocket}, {}, 5)
        assert ended() == 4 * [False]
        idle.cycle, waiting.cycle.response_complete = Mock(response_complete=True), True  # another; just now
        for expected in ([True, False, False, False], [True, True, True, False]):
            seconds, again, *given = loop.call_later.call_args.args
            again(*given)
            assert seconds == 5 and ended() == expected


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


def test_an_error_of_one_connection_keeps_nobody_else_waiting(port, monkeypatch, caplog):
    accept, errors = socket.socket.accept, [errno.EPROTO, errno.EHOSTUNREACH, errno.ECONNABORTED]

    def failing(self):
        if errors:
            raise OSError(errors.pop(), "its own")
        return accept(self)

    monkeypatch.setattr(connections, "_LONG_REST", 1000)
    monkeypatch.setattr(socket.socket, "accept", failing)
    assert ask(port, "127.0.0.10") == (200, b"in") and errors == []
    assert [row for row in caplog.records if row.name == connections.__name__] == []


def test_when_the_app_ends_nobody_listens_any_more():
    with served(5) as port:
        assert ask(port, "127.0.0.9") == (200, b"in")
    with pytest.raises(ConnectionRefusedError):
        ask(port, "127.0.0.9")
