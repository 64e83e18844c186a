"""Connections of one address before anything of them is read, on a real server."""

import contextlib
import json
import socket
import threading

import pytest
import uvicorn

from gan.ui.doors.connections import limit_connections


@pytest.fixture(scope="module")
def port():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"in"})

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical"))
        server.config.load()
        limit_connections(server, most=5)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def ask(port: int, address: str) -> tuple[int, bytes]:
    with socket.create_connection(("127.0.0.1", port), 10, (address, 0)) as line:
        with contextlib.suppress(OSError):  # it may have been refused before
            line.sendall(b"GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: line.recv(1000), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), body


def test_who_opens_too_many_is_told_so_and_nobody_else(port):
    answers = [ask(port, "127.0.0.9") for _ in range(8)]
    assert [status for status, _ in answers] == 5 * [200] + 3 * [429]
    assert json.loads(answers[-1][1])["error"].startswith("Your address opened too many connections.")
    assert ask(port, "127.0.0.8") == (200, b"in")
    assert {ask(port, "127.0.0.1")[0] for _ in range(8)} == {200}  # this computer itself
