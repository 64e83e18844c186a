"""Scores being taken, one at a time, the others in line."""

import logging
import threading
from pathlib import Path

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import cannot_write, make_folder
from gan.store.passing import remove_old
from gan.studio.scores.job import PREFIX, Job, Work
from gan.studio.scores.reports import ReportLocation, sweep
from gan.studio.visitors import address

MOST_WAITING = 8
MOST_OF_ADDRESS = 3  # of them
_MOST_FAILED = 64  # that are remembered
_LEFT_OVER = 24 * 3600  # seconds after which a job's folder is one that a crash has left
_UNFORESEEN = say("Something unforeseen went wrong; the log of the app says what.")

_log = logging.getLogger(__name__)


class ScoreQueue:
    """Those who wait for scores; `home` is a folder for passing files, `seconds` what one may take where others
    wait."""

    def __init__(self, home: Path, seconds: float | None = None):
        self.home, self._seconds = home, seconds
        self._jobs: dict[
            ReportLocation, Job
        ] = {}  # in the order in which they were asked for; those that failed stay to be seen
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, task: Work, owner: str, one_each: bool) -> None:
        """Stand in line, unless it does already. Raises StudioError where too many do, or where `one_each` and the
        owner does."""
        with self._lock:
            waiting = [job for job in self._jobs.values() if not job.error]
            if any(job.place == task.place for job in waiting):
                return
            if len(waiting) >= MOST_WAITING:
                raise StudioError(
                    say("{count} models are waiting to be scored already.", count=len(waiting)), "Try again later."
                )
            if one_each and any(job.owner == owner for job in waiting):
                raise StudioError("Another model is being scored for you already.", "Let that end, or stop it first.")
            here = address()
            if one_each and here and sum(job.address == here for job in waiting) >= MOST_OF_ADDRESS:
                raise StudioError("Several models are being scored for your address already.", "Let one of them end.")
            self._forget(task.place)
            for place in [place for place, job in self._jobs.items() if job.error][:-_MOST_FAILED]:
                self._forget(place)
            self._jobs[task.place] = self._job(task, owner)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="scores", daemon=True)
                self._thread.start()

    def state(self, place: ReportLocation) -> dict:
        """{"status": none, waiting, running or failed, "position": 1 for the next, "done": the share, "error": a
        sentence}."""
        with self._lock:
            job = self._jobs.get(place)
            if job is None:
                return dict(status="none")
            if job.error:
                return dict(status="failed", error=job.error)
            if job.child:
                return dict(status="running", done=job.done)
            ahead = [other for other in self._jobs.values() if not other.error and not other.child]
            return dict(status="waiting", position=ahead.index(job) + 1)

    def stop(self, place: ReportLocation) -> None:
        """Take it out of the line, or end it. Raises StudioError where nobody waits for it."""
        with self._lock:
            job = self._jobs.get(place)
            if job is None or job.error:
                raise StudioError("This is not being scored.")
            self._forget(place)
        job.stop()

    def close(self) -> None:
        """End all."""
        with self._lock:
            jobs, thread = list(self._jobs.values()), self._thread
            for job in jobs:
                self._forget(job.place)
        for job in jobs:
            job.stop()
        if thread:
            thread.join()

    def _job(self, task: Work, owner: str) -> Job:
        remove_old(make_folder(self.home), f"{PREFIX}*", _LEFT_OVER)
        try:
            return Job(task, owner, self.home)
        except OSError as error:
            raise cannot_write(self.home, error) from error

    def _work(self) -> None:
        while (job := self._next()) is not None:
            error = self._done(job)
            with self._lock:
                job.error = error
                if not error and self._jobs.get(job.place) is job:
                    del self._jobs[job.place]

    def _done(self, job: Job) -> str:
        """Do it; why it failed, "" where it did not."""
        try:
            job.work(self._seconds)
            sweep(self.home)
            return ""
        except StudioError as error:
            return error.said
        except OSError as error:
            return say("No process could be started: {why}.", why=error.strerror or error)
        except Exception:  # those who wait behind it must not wait for ever
            _log.exception("unforeseen")
            return _UNFORESEEN
        finally:
            job.clear()

    def _next(self) -> Job | None:
        """Whose turn it is; None where nobody waits, and the thread ends with that."""
        with self._lock:
            job = next((job for job in self._jobs.values() if not job.error), None)
            if job is None:
                self._thread = None
            return job

    def _forget(self, place: ReportLocation) -> None:
        """Out of the table; the folder of one that has not begun goes, too."""
        job = self._jobs.pop(place, None)
        if job is not None and job.child is None:
            job.clear()
