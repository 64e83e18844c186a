"""Waiting for what another process does, without sleeping through its end."""

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
