"""Addresses that come to one socket no more, on real sockets."""

import contextlib
import socket
import sys

import pytest

from gan.ui.doors import shut_out as module
from gan.ui.doors.shares import household
from gan.ui.doors.shut_out import shut_out

linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such filters")


def come(lines: contextlib.ExitStack, listening: socket.socket, address: str = "") -> None:
    """Knock, and do not wait: of who is turned away nothing is heard."""
    line = lines.enter_context(socket.socket(listening.family))
    line.setblocking(False)
    if address:
        line.bind((address, 0))
    line.connect_ex(listening.getsockname())


def taken(listening: socket.socket) -> str:
    """The address of the next who came."""
    line, peer = listening.accept()
    line.close()
    return peer[0]


@linux
def test_who_is_shut_out_comes_no_more_and_who_is_not_does(caplog):
    with socket.create_server(("127.0.0.1", 0)) as listening, contextlib.ExitStack() as lines:
        listening.settimeout(10)
        assert shut_out(listening, ["127.0.0.2", "2001:db8::", "127.0.0.4"])
        for address in ("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"):
            come(lines, listening, address)
        assert [taken(listening), taken(listening)] == ["127.0.0.3", "127.0.0.5"]
        assert shut_out(listening, ["127.0.0.3"])  # another list in its place
        come(lines, listening, "127.0.0.3")
        come(lines, listening, "127.0.0.2")
        assert taken(listening) == "127.0.0.2"
        assert shut_out(listening, [])
        come(lines, listening, "127.0.0.3")
        assert taken(listening) == "127.0.0.3"
    assert caplog.records == []


@linux
def test_of_ipv6_a_whole_household_is_shut_out():
    try:
        listening = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("there is no IPv6 here")
    with listening, contextlib.ExitStack() as lines:
        listening.settimeout(10)
        for others in (["2001:db8::"], ["::1:0:0:0:0"], ["0.0.0.0"]):
            assert shut_out(listening, others)
            come(lines, listening)
            assert taken(listening) == "::1"
        assert shut_out(listening, [household("::1")])
        come(lines, listening)
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()


@linux
def test_where_the_system_cannot_it_is_said_in_the_log(caplog, monkeypatch):
    caplog.set_level("INFO")
    monkeypatch.setattr(module, "_ATTACH", 12345)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert not shut_out(listening, ["127.0.0.2"])
    assert "Floods are not shut out here: [Errno" in caplog.text


def test_other_systems_cannot(monkeypatch):
    monkeypatch.setattr(module.sys, "platform", "darwin")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert not shut_out(listening, ["127.0.0.2"])
