"""How connections are taken in: those that are of a flood, those that were broken off before, and those that fail."""

import asyncio
import contextlib
import errno
import socket
import time
from collections.abc import Callable

import pytest

from gan.ui.doors import listener
from gan.ui.doors.listener import Listener

RESET = b"\1\0\0\0\0\0\0\0"  # of SO_LINGER: broken off, not closed


class Taken(asyncio.Protocol):
    """One that was let in, and says so."""

    def __init__(self, said: Callable[[], None]):
        self._said = said

    def connection_made(self, transport) -> None:
        transport.close()
        self._said()


class Limits:
    """By hand: whose connections are too many, and which of these a flood."""

    def __init__(self):
        self.too_many: set[str] = set()
        self.floods: set[str] = set()
        self.counted: list[str] = []

    def is_too_much(self, address: str) -> bool:
        return address in self.too_many

    def is_flood(self, address: str) -> bool:
        return address in self.floods

    def count(self, address: str) -> None:
        self.counted.append(address)


class House:
    """A socket to which people come before anybody listens; then a Listener, until so many were taken in."""

    def __init__(self, listening: socket.socket):
        self.listening, self.port = listening, listening.getsockname()[1]
        self.inside: list[str] = []
        self.limits = Limits()

    def come(self, address: str) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), 10, (address, 0))
        line.sendall(b"GET ")  # what is sent before can be read after it was broken off
        return line

    def listen(self, until: int) -> None:
        async def take_in() -> None:
            done = asyncio.Event()

            def protocol(address: str) -> asyncio.Protocol:
                self.inside.append(address)
                return Taken(done.set if len(self.inside) == until else lambda: None)

            here = Listener(self.listening, protocol, self.limits)
            await asyncio.wait_for(done.wait(), 10)
            here.close()
            here.close()  # once more is no matter

        asyncio.run(take_in())


@pytest.fixture
def house():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield House(listening)


def test_who_broke_off_before_is_never_let_in_but_counted(house):
    for address, how in (("127.0.0.2", RESET), ("127.0.0.3", None), ("127.0.0.4", RESET)):
        with house.come(address) as line:
            if how:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, how)
    with house.come("127.0.0.5"):
        house.listen(until=2)
    # who asked and then ended their own side may still wait for the answer
    assert house.inside == ["127.0.0.3", "127.0.0.5"] and house.limits.counted == ["127.0.0.2", "127.0.0.4"]


def test_who_ends_without_a_word_is_not_let_in(house, monkeypatch):
    monkeypatch.setattr(listener, "_WORDLESS", 0)
    socket.create_connection(("127.0.0.1", house.port), 10, ("127.0.0.2", 0)).close()
    with house.come("127.0.0.3"):
        house.listen(until=1)
    assert house.inside == ["127.0.0.3"] and house.limits.counted == ["127.0.0.2"]


def test_a_system_that_keeps_none_without_a_word_to_itself_is_no_matter(house, monkeypatch):
    usual = socket.socket.setsockopt

    def unknown(self, level, option, value):
        if (level, option) == (socket.IPPROTO_TCP, getattr(socket, "TCP_DEFER_ACCEPT", None)):
            raise OSError(errno.ENOPROTOOPT, "Protocol not available")
        usual(self, level, option, value)

    monkeypatch.setattr(socket.socket, "setsockopt", unknown)
    with house.come("127.0.0.3"):
        house.listen(until=1)
    assert house.inside == ["127.0.0.3"]


def test_after_a_handful_of_a_flood_there_is_a_rest_and_others_come_in_beside_it(house, monkeypatch):
    monkeypatch.setattr(listener, "_ACCEPTED", 4)
    house.limits.floods.add("127.0.0.2")
    rests = rests_of(monkeypatch)
    with contextlib.ExitStack() as lines:
        flood = [lines.enter_context(house.come("127.0.0.2")) for _ in range(10)]
        lines.enter_context(house.come("127.0.0.3"))
        house.listen(until=1)
        for line in flood:
            with pytest.raises(ConnectionResetError):
                line.recv(1)
    assert house.inside == ["127.0.0.3"] and house.limits.counted == [] and rests == 3 * [listener._REST]


def rests_of(monkeypatch) -> list[float]:
    """The rests that a listener wants, in seconds; it goes on at once."""
    rests: list[float] = []
    monkeypatch.setattr(Listener, "_rest", lambda self, seconds: rests.append(seconds))
    return rests


def test_who_breaks_off_too_many_is_not_counted_for_ever(house, monkeypatch):
    rests = rests_of(monkeypatch)
    house.limits.too_many.add("127.0.0.2")
    with house.come("127.0.0.2") as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    with house.come("127.0.0.3"):
        house.listen(until=1)
    assert house.inside == ["127.0.0.3"] and house.limits.counted == [] and rests == [listener._REST]


@pytest.mark.parametrize("can", [True, False])
def test_who_goes_on_is_shut_out_for_a_moment(house, monkeypatch, can):
    monkeypatch.setattr(listener, "_ACCEPTED", 8)
    monkeypatch.setattr(listener, "_MANY", 3)
    monkeypatch.setattr(listener, "_SHUT_OUT", 0)
    shut: list[list[str]] = []
    monkeypatch.setattr(listener, "shut_out", lambda listening, addresses: shut.append(addresses) or can)
    house.limits.floods |= {"127.0.0.2", "127.0.0.4"}
    with contextlib.ExitStack() as lines:
        for address in (*3 * ["127.0.0.2"], *2 * ["127.0.0.4"], "127.0.0.3", *3 * ["127.0.0.2"], "127.0.0.3"):
            lines.enter_context(house.come(address))
        house.listen(until=2)
    assert house.inside == 2 * ["127.0.0.3"]
    assert shut == ([["127.0.0.2"], []] if can else [["127.0.0.2"]])  # what cannot be is not asked for again


def test_where_no_more_files_may_be_open_one_hears_it_once_and_the_next_come_in(house, monkeypatch, caplog):
    accept, tries = socket.socket.accept, []

    def none_left(self):
        tries.append(time.monotonic())
        if len(tries) == 1:
            raise OSError(errno.EMFILE, "Too many open files")
        return accept(self)

    monkeypatch.setattr(listener, "_LONG_REST", 0.05)
    monkeypatch.setattr(socket.socket, "accept", none_left)
    with house.come("127.0.0.5"):
        house.listen(until=1)
    assert house.inside == ["127.0.0.5"] and tries[1] - tries[0] >= 0.05
    assert [row.getMessage() for row in caplog.records if row.name == listener.__name__] == [
        "Nobody new can be let in for a moment: [Errno 24] Too many open files"
    ]


def test_an_error_of_one_connection_keeps_nobody_else_waiting(house, monkeypatch, caplog):
    accept, errors = socket.socket.accept, [errno.EPROTO, errno.EHOSTUNREACH, errno.ECONNABORTED]

    def failing(self):
        if errors:
            raise OSError(errors.pop(), "its own")
        return accept(self)

    monkeypatch.setattr(listener, "_LONG_REST", 1000)
    monkeypatch.setattr(socket.socket, "accept", failing)
    with house.come("127.0.0.10"):
        house.listen(until=1)
    assert house.inside == ["127.0.0.10"] and errors == []
    assert [row for row in caplog.records if row.name == listener.__name__] == []
