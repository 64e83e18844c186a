"""Worker processes: they are told the folder of a job, and run beside the app without its secrets."""

import contextlib
import dataclasses
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import gan
from gan.errors import StudioError
from gan.messages import say
from gan.store.files import log_file
from gan.studio.runs.control import INHERITED, Status, forget_wish, read_status, write_status
from gan.studio.runs.hardware import idle_threads
from gan.studio.runs.locks import RunLock, worker_pid

_LOG = logging.getLogger(__name__)
_NICE = 15
_PATIENCE = 1.0  # seconds in which whoever only looks at a run is gone
_SECRETS = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH")


def start_worker(folder: Path) -> subprocess.Popen | None:
    """A process that does the job in the folder, and holds the run's lock from birth, so that at no moment two can work
    on one run.

    None where no process could be started, which its status then says. Raises StudioError where somebody works on it
    already: who only looks whether that is so is gone in a moment.
    """
    lock = RunLock.take(folder, _PATIENCE)
    try:
        forget_wish(folder)
        with log_file(folder / "log.txt") as log:
            child = start_quietly(
                train_words(folder),
                environment() | {INHERITED: str(lock.fd)},
                stdout=log,
                stderr=log,
                pass_fds=(lock.fd,),
            )
        try:
            lock.write_pid(child.pid)
        except StudioError:  # nobody could stop it
            child.kill()
            child.wait()
            raise
        return child
    except OSError as error:
        _say_failed(folder, say("No process could be started: {why}.", why=error.strerror or str(error)))
        return None
    except StudioError as error:
        _say_failed(folder, error.said)
        return None
    finally:
        lock.release()


def train_words(folder: Path, *options: str) -> list[str]:
    """The command that does the job in the folder."""
    return [sys.executable, "-m", "gan", "train", f"--job={folder}", *options]


def start_quietly(words: list[str], env: dict[str, str], **streams) -> subprocess.Popen:
    """A process that gives way to the page, in a session of its own. Raises OSError where there can be none."""
    child = subprocess.Popen(
        words,
        cwd=Path(gan.__file__).resolve().parents[1],
        env=env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        **streams,
    )
    with contextlib.suppress(OSError, AttributeError):  # it may be gone, or may not be made nicer
        os.setpriority(os.PRIO_PROCESS, child.pid, _NICE)
    return child


def kill_worker(folder: Path) -> None:
    """End it at once. What it saved stays."""
    if (pid := worker_pid(folder)) is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _say_failed(folder: Path, sentence: str) -> None:
    """The last word on a run that did not start. What cannot be written down stands in the app's log."""
    try:
        write_status(folder, dataclasses.replace(read_status(folder) or Status(), status="failed", sentence=sentence))
    except StudioError as error:
        _LOG.warning("The run %s could not start: %s And that could not be noted: %s", folder.name, sentence, error)


def environment() -> dict[str, str]:
    """The app's own without its secrets, and in English, which whoever reads what a worker says can translate.

    Threads that wait must not spin: the page needs its core.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _SECRETS}
    return {**kept, "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": str(idle_threads()), "OMP_WAIT_POLICY": "PASSIVE"}
