"""Turns with a slice of time: a long work lets short ones through."""

import threading

from gan.studio.data.shared_turn import SharedTurn


def test_a_long_work_lets_others_through():
    now, order = [0.0], []
    turns = SharedTurn(5, lambda: now[0])
    long_has_it, short_waits = threading.Event(), threading.Event()

    def long() -> None:
        with turns.of(""):
            long_has_it.set()
            assert short_waits.wait(10)
            for piece in range(4):
                order.append(f"long {piece}")
                now[0] += 2  # a slice is over after the third
                turns.rest()

    def short() -> None:
        assert long_has_it.wait(10)
        with turns.of(""):
            order.append("short")

    threads = [threading.Thread(target=work, daemon=True) for work in (long, short)]
    for thread in threads:
        thread.start()
    assert long_has_it.wait(10)
    wait_for(threads[1], turns, 2)
    short_waits.set()
    for thread in threads:
        thread.join(10)
    assert order == ["long 0", "long 1", "long 2", "short", "long 3"] and turns.is_free


def test_alone_nobody_rests():
    turns = SharedTurn(0)
    with turns.of(""):
        turns.rest()
        assert not turns.is_free
    assert turns.is_free


def test_addresses_take_turns():
    turns, order, held = SharedTurn(0), [], threading.Event()

    def work(address: str, name: str) -> None:
        with turns.of(address):
            if name == "first":
                assert held.wait(10)
            order.append(name)
            turns.rest()
            order.append(name)

    threads = []
    for address, name in (("here", "first"), ("here", "second"), ("here", "third"), ("there", "other")):
        threads.append(threading.Thread(target=work, args=(address, name), daemon=True))
        threads[-1].start()
        wait_for(threads[-1], turns, len(threads))
    held.set()
    for thread in threads:
        thread.join(10)
    assert order == ["first", "other", "second", "other", "third", "first", "second", "third"] and turns.is_free


def wait_for(thread: threading.Thread, turns: SharedTurn, count: int) -> None:
    """Until so many stand in line, the thread among them."""
    while sum(map(len, turns._lines.values())) < count:
        thread.join(0.01)
