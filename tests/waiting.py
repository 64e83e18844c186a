"""Waiting for what another process or thread does, without sleeping through its end."""

import subprocess
import time


def wait_for(happened, process: subprocess.Popen) -> None:
    """Until something has happened; the process must be alive and a minute must do."""
    until = time.monotonic() + 60
    while not happened():
        try:
            process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            assert time.monotonic() < until, "it did not happen"
        else:
            raise AssertionError(process.stderr.read())


def until(happened, seconds: float = 60):
    """Wait for the first value that is something, and give it."""
    late = time.monotonic() + seconds
    while not (found := happened()):
        assert time.monotonic() < late, "it did not happen"
        time.sleep(0.01)
    return found
