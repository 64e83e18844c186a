"""Who works for a long while steps back, alone."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gan.studio.courtesy import step_back

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no other system has priorities of threads")


def _stepped_back(times: int) -> int:
    """How nice a new thread is after that."""
    with ThreadPoolExecutor(1) as pool:
        for _ in range(times):
            pool.submit(step_back).result()
        return pool.submit(_niceness).result()


def _niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_only_the_thread_itself_steps_back():
    before = _niceness()
    assert _stepped_back(1) == min(19, before + 10)
    assert _niceness() == before


def test_no_farther_than_one_can():
    assert _stepped_back(3) == 19


def test_where_threads_have_no_priority_nothing_happens(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert _stepped_back(1) == _niceness()


def test_where_it_is_forbidden_nothing_happens(monkeypatch):
    def forbidden(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "setpriority", forbidden)
    assert _stepped_back(1) == _niceness()
