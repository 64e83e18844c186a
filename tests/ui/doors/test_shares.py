"""Shares of an address: who comes in, who waits, who is refused, and in what order."""

import asyncio
from collections import Counter

import pytest

from gan.errors import StudioError
from gan.studio.fair_shares import About
from gan.ui.doors.shares import Crowd, Gate, Pace, Patience, Share, household, wait_sentence


def play(gate: Gate, askers: list[tuple[str, str]]) -> list:
    """What comes of requests that come at once: the order in which they are inside, or "refused"."""
    order, most = [], Counter()

    async def ask(i: int, address: str, visitor: str) -> None:
        try:
            async with gate.enter(address, visitor):
                order.append(i)
                most[address] = max(most[address], gate._addresses[address].inside)
                await asyncio.sleep(0)
        except StudioError:
            order.append("refused")

    async def all_of_them() -> None:
        await asyncio.gather(*(ask(i, *who) for i, who in enumerate(askers)))

    asyncio.run(all_of_them())
    assert all(count <= gate.share.at_once for count in most.values())
    assert gate._addresses == {}  # nothing is kept of whoever is gone
    return order


def test_an_address_has_its_share_and_others_do_not_wait_for_it():
    order = play(Gate(Share(at_once=2, each=2, waiting=99)), [("eve", "")] * 20 + [("ann", ""), ("bob", "")])
    assert order.index(20) < 5 and order.index(21) < 5 and sorted(order) == list(range(22))


def test_visitors_behind_one_address_take_turns():
    askers = [("school", "eve" * 6)] * 20 + [("school", "ann" * 6), ("school", "bob" * 6)]
    order = play(Gate(Share(at_once=2, each=1, waiting=99)), askers)
    assert order.index(20) < 4 and order.index(21) < 6


def test_made_up_secrets_win_nothing_from_others():
    order = play(
        Gate(Share(at_once=2, each=2, waiting=99)), [("eve", f"secret-{i}") for i in range(50)] + [("ann", "a")]
    )
    assert order.index(50) < 5


def test_past_the_bound_one_is_refused():
    order = play(Gate(Share(at_once=1, each=1, waiting=3)), [("eve", "")] * 10)
    assert order.count("refused") == 6


def test_whoever_goes_away_while_waiting_leaves_no_hole():
    async def story() -> None:
        gate, inside, goes = Gate(Share(1, 1, 9)), asyncio.Event(), asyncio.Event()

        async def first():
            async with gate.enter("ann", ""):
                inside.set()
                await goes.wait()

        async def later():
            async with gate.enter("ann", ""):
                pass

        one = asyncio.create_task(first())
        await inside.wait()
        gone, stays = asyncio.create_task(later()), asyncio.create_task(later())
        await asyncio.sleep(0)
        gone.cancel()
        goes.set()
        await asyncio.gather(one, stays)
        assert gone.cancelled() or gone.done()
        assert gate._addresses == {}

    asyncio.run(story())


def test_a_pace():
    now = [0.0]
    pace = Pace(3, 60, lambda: now[0])
    for _ in range(3):
        assert pace.left("eve") == 0
        pace.count("eve")
    assert pace.left("eve") == pytest.approx(20) and pace.left("ann") == 0
    now[0] = 20.1
    assert pace.left("eve") == 0
    assert "Wait a minute" in str(wait_sentence(20)) and "Wait 5 minutes" in str(wait_sentence(299))


def test_patience_with_floods():
    """So much is answered at once, then each waits longer, and at last as long as may be; this computer never does."""
    now = [0.0]
    patience = Patience(4, 2, longest=1.0, clock=lambda: now[0])
    assert [patience.seconds("eve") for _ in range(8)] == [0, 0, 0, 0, 0.5, 1.0, 1.0, 1.0]
    assert {patience.seconds(household(one)) for one in ("ann", *9 * ["127.0.0.1", "::1"])} == {0}
    now[0] = 2.0
    assert patience.seconds("eve") == 0.5  # of eight four are forgotten


def test_in_a_crowd_who_asks_very_often_waits():
    now = [0.0]
    about = About(lambda: now[0])
    crowd, page = (Crowd(Patience(many, 2, clock=lambda: now[0]), about) for many in (4, 100))
    assert {crowd.seconds("eve") for _ in range(8)} == {0}  # nobody else is there
    assert page.seconds("ann") == 0  # of whatever they ask
    assert {crowd.seconds("eve") for _ in range(4)} == {0}  # what was asked alone is forgotten
    assert crowd.seconds("eve") == pytest.approx(0.5) and page.seconds("eve") == crowd.seconds("ann") == 0
    now[0] = 1.5
    assert crowd.seconds("eve") == 0  # ann is gone


@pytest.mark.parametrize(
    "address, counts_as",
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_households(address, counts_as):
    assert household(address) == counts_as
