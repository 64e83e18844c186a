"""Coroutines for tests that are none themselves."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor


def finished(coroutine: Coroutine):
    """What came of it. It runs in a thread of its own: Playwright leaves an event loop running in the thread of the
    tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
