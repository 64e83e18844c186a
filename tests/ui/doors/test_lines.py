"""Which open connections end, look by look."""

from unittest.mock import Mock

import pytest

from gan.ui.doors import lines as module
from gan.ui.doors.lines import Lines


@pytest.fixture
def lines():
    return Lines()


def opened(lines: Lines, port: int, household: str = "ann") -> Mock:
    """The transport of one that was let in, whose `left` bytes of an answer were not taken."""
    transport = Mock(left=0)
    transport.get_extra_info.side_effect = {"peername": ("10.0.0.1", port), "socket": transport.socket}.get
    transport.get_write_buffer_size.side_effect = lambda: transport.left
    transport.is_closing.side_effect = lambda: transport.close.called or transport.abort.called
    lines.add(transport, household)
    return transport


def test_one_on_which_nothing_is_asked_ends_at_the_second_look(lines):
    silent, asks, asked = (opened(lines, port) for port in (1, 2, 3))
    with lines.asking(("10.0.0.1", 2)):
        for _ in range(3):
            with lines.asking(("10.0.0.1", 3)):
                pass
            lines.look()
    assert silent.close.called and not asks.close.called and not asked.close.called
    lines.look()
    assert not asks.close.called  # its request has just ended
    lines.look()
    assert asks.close.called and asked.close.called


def test_one_request_behind_another_is_still_one(lines):
    line, client = opened(lines, 1), ("10.0.0.1", 1)
    with lines.asking(client):
        with lines.asking(client):
            pass
        lines.look()
        lines.look()
    assert not line.close.called


def test_an_answer_that_is_not_taken_for_many_looks_is_broken_off_and_a_slow_one_is_not(lines):
    stuck, slow = opened(lines, 1), opened(lines, 2)
    stuck.left = slow.left = 1000
    with lines.asking(("10.0.0.1", 1)), lines.asking(("10.0.0.1", 2)):
        for look in range(1, 3 * module._UNTAKEN):
            slow.left -= look % (module._UNTAKEN // 2) == 0
            lines.look()
            assert stuck.abort.called == (look > module._UNTAKEN)
        assert not slow.abort.called


def test_an_answer_after_which_nothing_is_asked_has_time_to_be_taken(lines):
    left = opened(lines, 1)
    left.left = 1000
    for _ in range(module._UNTAKEN):
        lines.look()
    assert left.close.called and not left.abort.called and lines.are_more("ann", 1)
    lines.look()
    assert left.abort.called and left.socket.setsockopt.called


def test_a_household_may_have_so_many_open(lines):
    ann = [opened(lines, port) for port in (1, 2)]
    opened(lines, 3, "bob")
    assert lines.are_more("ann", 2) and not lines.are_more("ann", 3) and not lines.are_more("bob", 2)
    assert not lines.are_more("eve", 1)
    ann[0].close()
    assert lines.are_more("ann", 2)  # it was full a moment ago
    lines.look()
    assert not lines.are_more("ann", 2)
    ann[0] = opened(lines, 1)
    ann[1].close()
    assert not lines.are_more("ann", 2)  # looked at before it is called full


def test_who_comes_another_way_is_nobodys_line(lines):
    for client in (None, ("10.0.0.9", 9)):
        with lines.asking(client):
            lines.look()
