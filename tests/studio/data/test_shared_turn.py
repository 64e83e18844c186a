"""Turns with a slice of time: a long work lets short ones through."""

import threading

from gan.studio.data.shared_turn import SharedTurn


def test_a_long_work_lets_others_through():
    now, order = [0.0], []
    turns = SharedTurn(5, lambda: now[0])
    long_has_it, short_waits = threading.Event(), threading.Event()

    def long() -> None:
        with turns:
            long_has_it.set()
            assert short_waits.wait(10)
            for piece in range(4):
                order.append(f"long {piece}")
                now[0] += 2  # a slice is over after the third
                turns.rest()

    def short() -> None:
        assert long_has_it.wait(10)
        with turns:
            order.append("short")

    threads = [threading.Thread(target=work, daemon=True) for work in (long, short)]
    for thread in threads:
        thread.start()
    assert long_has_it.wait(10)
    while len(turns._line) < 2:  # the short one stands in line
        threads[1].join(0.01)
    short_waits.set()
    for thread in threads:
        thread.join(10)
    assert order == ["long 0", "long 1", "long 2", "short", "long 3"] and turns.is_free


def test_alone_nobody_rests():
    turns = SharedTurn(0)
    with turns:
        turns.rest()
        assert not turns.is_free
    assert turns.is_free
