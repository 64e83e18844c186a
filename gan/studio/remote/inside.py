"""What a job of the Hub is: the same `gan train`, and beside it who takes what it saves to the job's repository.

Run by boot.py, in the folder of the unpacked parcel. Whatever ends the job, what was taken there stays.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import httpx

from gan.studio.remote.parcel import REPO, RUN, WORDS

# Each journey takes the whole saved state, and the repository's history keeps all of them: so they become rarer, about
# fifty in a day, and a tenth of the time is the most that is lost with the machine.
_EVERY = 120.0  # seconds from one journey to the next, at least
_OF_THE_TIME = 0.1  # that has passed: so long is waited at least
_OF_A_JOURNEY = 5.0  # times as long as the last one took
_HANGS = 60.0  # seconds that a journey may still take when the training is over
_PAUSES = (5, 15, 60, 120, 240)  # seconds before the last journey is tried once more
_LOST = (HfHubHTTPError, httpx.RequestError, OSError, ValueError, RuntimeError)
_NOT_TAKEN = ["**/.*", ".*", "*.part"]  # locks, and files that are being written


def main() -> int:
    """The exit status of the training."""
    repo, words, run = os.environ[REPO], json.loads(os.environ[WORDS]), Path(RUN)
    training = subprocess.Popen([sys.executable, "-m", "gan", "train", *words, f"--out={run}"])
    signal.signal(signal.SIGTERM, lambda *_: training.terminate())  # it saves, and ends
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(repo, run, over), daemon=True)
    keeper.start()
    status = training.wait()
    over.set()
    keeper.join(_HANGS)
    if run.is_dir():
        _take_at_last(repo, run)
    return status


def _keep(repo: str, run: Path, over: threading.Event) -> None:
    """Take what is there now and then. What does not arrive this time does the next."""
    begun, took = time.monotonic(), 0.0
    while not over.wait(pause(time.monotonic() - begun, took)):
        left = time.monotonic()
        try:
            _take(repo, run, "The run so far")
            took = time.monotonic() - left
        except _LOST as error:
            print(f"Not taken to the Hub this time: {error}", flush=True)


def pause(passed: float, took: float) -> float:
    """Seconds until the next journey. passed: seconds of training so far; took: those of the last journey."""
    return max(_EVERY, _OF_THE_TIME * passed, _OF_A_JOURNEY * took)


def _take_at_last(repo: str, run: Path) -> None:
    """What the whole job was for, and on no other disk: tried again for some minutes, and then an error."""
    for pause in (*_PAUSES, None):
        try:
            return _take(repo, run, "The run as it ended")
        except _LOST as error:
            if pause is None:
                raise
            print(f"Not taken to the Hub: {error}; once more in {pause} seconds", flush=True)
            time.sleep(pause)


def _take(repo: str, run: Path, message: str) -> None:
    HfApi().upload_folder(
        repo_id=repo, folder_path=run, path_in_repo=RUN, commit_message=message, ignore_patterns=_NOT_TAKEN
    )


if __name__ == "__main__":
    sys.exit(main())
