"""Which open connections end, look by look."""

import asyncio
import contextlib
import socket
import sys
from unittest.mock import Mock

import pytest

from gan.ui.doors import lines as module
from gan.ui.doors.lines import Lines

HERE = ("10.0.0.8", 7860)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def lines(clock):
    return Lines(clock)


def opened(lines: Lines, port: int, household: str = "ann", here: tuple = HERE) -> Mock:
    """The transport of one that was let in, whose `left` bytes of an answer were not taken."""
    transport = Mock(left=0)
    transport.socket.fileno.return_value = -1
    transport.get_extra_info.side_effect = {
        "peername": ("10.0.0.1", port),
        "sockname": here,
        "socket": transport.socket,
    }.get
    transport.get_write_buffer_size.side_effect = lambda: transport.left
    transport.is_closing.side_effect = lambda: transport.close.called or transport.abort.called
    lines.add(transport, household)
    return transport


def test_one_on_which_nothing_is_asked_ends_at_the_second_look(lines):
    silent, asks, asked = (opened(lines, port) for port in (1, 2, 3))
    with lines.asking(("10.0.0.1", 2), HERE):
        for _ in range(3):
            with lines.asking(("10.0.0.1", 3), HERE):
                pass
            lines.look()
    assert silent.close.called and not asks.close.called and not asked.close.called
    lines.look()
    assert not asks.close.called  # its request has just ended
    lines.look()
    assert asks.close.called and asked.close.called


def test_one_request_behind_another_is_still_one(lines):
    line, client = opened(lines, 1), ("10.0.0.1", 1)
    with lines.asking(client, HERE):
        with lines.asking(client, HERE):
            pass
        lines.look()
        lines.look()
    assert not line.close.called


def test_an_answer_of_which_only_drops_are_taken_is_broken_off_and_a_slow_one_is_not(lines):
    """For two minutes at least; a stall that is over before them is no matter."""
    a_look = module._SLOWEST * module._LOOKS
    takes = {1: 0, 2: 10, 3: a_look + 1, 4: 0}  # bytes between two looks, by port
    of = {port: opened(lines, port, f"household {port}") for port in takes}
    with contextlib.ExitStack() as asked:
        for port, transport in of.items():
            transport.left = 100 * module._WINDOW * a_look
            asked.enter_context(lines.asking(("10.0.0.1", port), HERE))(transport.left)
        for look in range(1, 3 * module._WINDOW):
            for port, transport in of.items():
                transport.left -= takes[port]
            if look % module._WINDOW == 0:  # the tunnel is over
                of[4].left -= module._WINDOW * a_look
            lines.look()
            for drip in (1, 2):
                assert of[drip].abort.called == (look > module._WINDOW)
        assert not of[3].abort.called and not of[4].abort.called


@pytest.mark.parametrize("speed, enough", [(1.5, True), (0.9, False)])
def test_the_connections_of_a_household_share_one_link(lines, speed, enough):
    """Six large files on a link that carries so many times the least for all of them."""
    six, quick = [opened(lines, port) for port in range(6)], opened(lines, 9, "bob")
    with contextlib.ExitStack() as asked:
        for port in (*range(6), 9):
            asked.enter_context(lines.asking(("10.0.0.1", port), HERE))(10**9)
        for look in range(3 * module._WINDOW):
            for transport in six:
                transport.left = 10**9 - int(look * module._SLOWEST * module._LOOKS * speed / 6)
            quick.left = 10**9 - look * 1_000_000
            lines.look()
    assert {transport.abort.called for transport in six} == {not enough} and not quick.abort.called


def test_large_answers_one_after_the_other_are_taken(lines):
    """Of each a part waits at every look, though much is taken meanwhile."""
    reads, client = opened(lines, 1), ("10.0.0.1", 1)
    for _ in range(2 * module._WINDOW):
        with lines.asking(client, HERE) as give:
            give(1_000_000)
            reads.left = 1000
            lines.look()
    assert not reads.abort.called


@pytest.mark.skipif(sys.platform != "linux", reason="no other system tells what is on its way")
@pytest.mark.parametrize("taken, enough", [(16_384, True), (1000, False), (0, False)])
def test_what_the_system_took_and_somebody_takes_slowly_is_not_stuck(lines, taken, enough):
    """On a real connection: between the looks the loop does not run, so that no byte leaves the transport."""

    async def is_broken_off(reader: socket.socket, connection: socket.socket) -> bool:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_accepted_socket(asyncio.Protocol, connection)
        lines.add(transport, "ann")
        transport.write(bytes(20_000_000))
        here = transport.get_write_buffer_size()
        with lines.asking(reader.getsockname(), reader.getpeername()) as give:
            give(20_000_000)
            for _ in range(2 * module._WINDOW):
                reader.recv(taken or 1, socket.MSG_WAITALL if taken else socket.MSG_PEEK)
                lines.look()
        assert here and transport.get_write_buffer_size() in (here, 0)
        was = transport.is_closing()
        transport.abort()
        return was

    with contextlib.ExitStack() as sockets:
        listening = sockets.enter_context(socket.create_server(("127.0.0.1", 0)))
        reader = sockets.enter_context(socket.socket())
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)  # much less than what is taken until it is stuck
        reader.settimeout(10)
        reader.connect(listening.getsockname())
        connection, _ = listening.accept()
        connection.setblocking(False)
        assert asyncio.run(is_broken_off(reader, connection)) is (not enough)


def test_one_port_may_have_come_to_two_addresses_of_this_computer(lines):
    asks = opened(lines, 1)
    other = opened(lines, 1, here=("172.17.0.1", 7860))
    assert lines.are_more("ann", 2) and not lines.are_more("ann", 3)
    with lines.asking(("10.0.0.1", 1), HERE):
        lines.look()
        lines.look()
    assert other.close.called and not asks.close.called


def test_an_answer_after_which_nothing_is_asked_has_time_to_be_taken(lines):
    left = opened(lines, 1)
    left.left = 1000
    for _ in range(module._WINDOW):
        lines.look()
    assert left.close.called and not left.abort.called and lines.are_more("ann", 1)
    lines.look()
    assert left.abort.called and left.socket.setsockopt.called


def test_a_household_may_have_so_many_open(lines, clock):
    ann = [opened(lines, port) for port in (1, 2)]
    opened(lines, 3, "bob")
    assert lines.are_more("ann", 2) and not lines.are_more("ann", 3) and not lines.are_more("bob", 2)
    assert not lines.are_more("eve", 1)
    ann[0].close()
    assert lines.are_more("ann", 2)  # it was full a moment ago
    clock.now = module._FULL
    assert not lines.are_more("ann", 2)
    ann[0] = opened(lines, 1)
    ann[1].close()
    assert not lines.are_more("ann", 2)  # looked at before it is called full
    ann[1] = opened(lines, 2)
    assert lines.are_more("ann", 2)
    ann[0].close()
    lines.look()
    assert not lines.are_more("ann", 2)


def test_who_comes_another_way_is_nobodys_line(lines):
    for client, server in ((None, HERE), (("10.0.0.9", 9), HERE), (("10.0.0.9", 9), None)):
        with lines.asking(client, server):
            lines.look()
