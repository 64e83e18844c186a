"""The line of runs as it moves: one run at a time on each device, and so many that may wait for one.

Nothing here locks: whoever moves the line, or joins it, holds the lock of its root.
"""

import dataclasses
import logging
import math
import subprocess
import time
from pathlib import Path

from gan.errors import StudioError
from gan.messages import say
from gan.store.run_reading import is_run
from gan.studio.runs import control
from gan.studio.runs.control import Status
from gan.studio.runs.device_names import LENT
from gan.studio.runs.jobs import Job, known_job, read_job, write_job
from gan.studio.runs.locks import is_alive
from gan.studio.runs.queue import RunQueue, Ticket
from gan.studio.runs.spawn import start_worker
from gan.studio.runs.state import UNREADABLE, read_state, run_folder
from gan.studio.visitors import address

_LOG = logging.getLogger(__name__)
LENT_MINUTES = 10  # in which nobody took the next turn of a run on a card that is lent
MOST_OF_ADDRESS = 6  # runs that wait, where each visitor may have one: tokens cost nothing


class Line:
    """The line of the runs below `root`, in which at most `most_waiting` wait; with `one_each` at most one of each
    owner and few of one address. A run that is paused for `pause_minutes` gives way to those who wait."""

    def __init__(self, root: Path, most_waiting: int, pause_minutes: float, one_each: bool):
        self.root, self.most_waiting, self.pause_minutes, self.one_each = root, most_waiting, pause_minutes, one_each
        self._queue = RunQueue(root)
        self._from: dict[str, str] = {}  # run -> the address from which it was asked for
        self._children: list[subprocess.Popen] = []

    def tickets(self) -> list[Ticket]:
        """Who waits, in their order."""
        return self._queue.tickets()

    def leave(self, id: str) -> bool:
        """Take a run out of the line; whether it stood there."""
        return self._queue.leave(id)

    def join(self, folder: Path, job: Job) -> None:
        """Write the job into the run's folder, and put the run at the end. StudioError where there is no room."""
        self.check_room(job)
        write_job(folder, job)
        self._queue.join(folder.name)
        self._from[folder.name] = address()

    def move(self) -> None:
        """Start whoever is next on each device that is free."""
        self._children = [child for child in self._children if child.poll() is None]  # the dead are buried
        tickets = self.tickets()
        busy = self._busy() if tickets else set()
        for ticket in tickets:
            try:
                self._serve(ticket, busy)
            except (StudioError, OSError) as error:  # it waits on, and the list says why; those behind it go on
                _LOG.warning("The run %s cannot begin: %s", ticket.id, error)

    def _serve(self, ticket: Ticket, busy: set[str]) -> None:
        """Start whoever holds the ticket, if its device is free. Raises StudioError where it cannot be read, and where
        somebody began to work on it meanwhile."""
        folder, job = self.root / ticket.id, read_job(self.root / ticket.id)
        if job is not None and job.kind == LENT:  # until its owner takes its next turn
            heard = max(ticket.since, _status_of(folder).heartbeat)
            if not is_alive(folder) and time.time() - heard > 60 * LENT_MINUTES:
                ticket.tear()  # its page was closed: it can be continued, and others have the place
            return
        if job is None or is_alive(folder):
            ticket.tear()
        elif job.kind not in busy and read_state(run_folder(self.root, ticket.id), self.tickets()).status != UNREADABLE:
            busy.add(job.kind)
            child = start_worker(folder)
            self._children += [child] if child else []
            ticket.tear()

    def check_room(self, job: Job) -> None:
        """Raise StudioError where this job may not wait, too."""
        tickets, here = self.tickets(), address()
        waiting = [known_job(self.root / ticket.id) for ticket in tickets]
        if self.one_each and job.owner and any(other is not None and other.owner == job.owner for other in waiting):
            raise StudioError("One of your runs is waiting in line already.", "Let it start, or stop it first.")
        near = sum(self._from.get(ticket.id) == here for ticket in tickets) if here else 0
        if self.one_each and near >= MOST_OF_ADDRESS:
            raise StudioError(say("{count} runs from your address wait in line already.", count=near), self._patience())
        if len(waiting) >= self.most_waiting:
            raise StudioError(say("{count} runs are waiting in line already.", count=len(waiting)), self._patience())

    def _patience(self) -> str:
        """When to try again: as soon as one of those that are made ends, the next one leaves the line."""
        told = [_status_of(folder) for folder in filter(_may_be_alive, filter(is_run, self.root.iterdir()))]
        seconds = [status.seconds_left for status in told if status.seconds_left is not None]
        if not seconds:
            return "Try again later."
        return say("Try again in about {minutes} minutes.", minutes=max(1, math.ceil(min(seconds) / 60)))

    def _busy(self) -> set[str]:
        """The devices that runs are being made on. A run that is paused for long gives way to those who wait."""
        kinds = set()
        for folder in filter(_may_be_alive, filter(is_run, self.root.iterdir())):
            job, told = known_job(folder), _status_of(folder)
            kinds.add(job.kind if job else told.kind)
            wish = control.heard_control(folder)
            if told.status == "paused" and wish.want == "pause" and time.time() - told.since > 60 * self.pause_minutes:
                control.write_control(folder, dataclasses.replace(wish, want="stop", since=time.time()))
        return kinds


def _may_be_alive(folder: Path) -> bool:
    """Whether some process is known to work on the run; of one that nobody may look into it is not."""
    try:
        return is_alive(folder)
    except StudioError:
        return False


def _status_of(folder: Path) -> Status:
    """What its worker said last, nothing where that cannot be read: the list says so."""
    try:
        return control.read_status(folder) or Status()
    except StudioError:
        return Status()
