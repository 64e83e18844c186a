"""Who waits for a price, and who need not."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gan.errors import StudioError
from gan.studio.runs.budget import Budget
from gan.studio.runs.budget_cache import BudgetCache

FOUND = Budget(2.9, 46.4, 612_000_000, 118, 16, 1, "1 CPU threads", 800_000, 880_000)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(12) as pool:
        yield pool


def test_a_newer_question_of_the_same_visitor_ends_the_older_one(pool):
    prices, begun, given_up = BudgetCache(), threading.Event(), threading.Event()

    def long(is_late):
        begun.set()
        while not is_late():
            assert not given_up.wait(0.01)
        given_up.set()
        raise StudioError("Nobody waits.")

    older = pool.submit(prices.ask, ("a",), "ann", long)
    assert begun.wait(60)
    assert prices.ask(("b",), "ann", lambda is_late: FOUND) == FOUND
    assert "Nobody waits" in str(older.exception(60)) and given_up.is_set()


def test_nine_people_are_too_many_and_nine_questions_of_one_are_not(pool):
    prices, begun, go = BudgetCache(), threading.Event(), threading.Event()

    def found(is_late):
        begun.set()
        assert go.wait(60)
        return FOUND

    asked = [pool.submit(prices.ask, ("first",), "0", found)]
    assert begun.wait(60)
    asked += [pool.submit(prices.ask, (name,), name, found) for name in "1234567"]
    with prices._moved:
        assert prices._moved.wait_for(lambda: len(prices._newest) == 8, 60)
    with pytest.raises(StudioError, match="Others are finding out"):
        prices.ask(("late",), "late", found)
    again = pool.submit(prices.ask, ("7 again",), "7", found)  # takes the place of the question before
    assert "another price since" in str(asked[-1].exception(60))
    go.set()
    assert {future.result(60) for future in (*asked[:-1], again)} == {FOUND}


def test_a_question_that_fails_lets_the_next_one_have_its_turn():
    prices = BudgetCache()

    def wrong(is_late):
        raise StudioError("It cannot be.")

    with pytest.raises(StudioError, match="It cannot be"):
        prices.ask(("a",), "ann", wrong)
    assert prices.ask(("a",), "ann", lambda is_late: FOUND) is prices.ask(("a",), "bob", wrong)
