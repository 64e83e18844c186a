"""What a run is doing, as anyone can read it from its folder.

waiting -> running <-> paused -> stopping -> done | stopped, and from any of them failed (it says why) or interrupted
(it was killed). Runs that have ended can be put in line again; all but the done ones without saying how far.
"""

import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from gan.errors import NO_RUN, StudioError
from gan.messages import as_message, say, say_n
from gan.store.run_folder import is_run, public_base
from gan.studio.runs.control import Status, read_control, read_status
from gan.studio.runs.jobs import Job, read_job
from gan.studio.runs.locks import is_alive, worker_pid
from gan.studio.runs.queue import Ticket

LIVE = ("running", "paused", "stopping")
ENDED = ("done", "stopped", "failed", "interrupted")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SILENT = 60.0  # seconds without a word after which it is said


@dataclass(frozen=True)
class RunState:
    """A run at this moment. `position` is its place in the line, 1 for the next; 0 where it does not wait."""

    id: str
    status: str
    position: int = 0
    step: int = 0
    saved: int = 0  # the step that was last saved, from which a killed run goes on
    until: int | None = None
    minutes: float = 0.0  # of training so far
    seconds_left: float | None = None
    speed: float = 0.0  # steps a second
    pictures: float = 0.0  # pictures a second
    device: str = ""
    kind: str = "cpu"
    memory: int = 0  # bytes
    sentence: str = ""
    title: str = ""
    model: str = ""  # the base, or the family where it started from scratch
    parent: str = ""  # the run that it branched from
    created: float = 0.0  # seconds since 1970
    pid: int | None = None
    applied: int = 0  # the number of the last change that was made
    train: dict = field(default_factory=dict)  # the TrainConfig's values in force, once it has begun
    offer: dict = field(
        default_factory=dict
    )  # what to change before it is continued, where it failed for want of memory

    @property
    def is_live(self) -> bool:
        """Whether a process works on it."""
        return self.status in LIVE


def run_folder(root: Path, id: str) -> Path:
    """The folder of a run below `root`. Raises StudioError where there is none, whatever was typed."""
    if not isinstance(id, str) or not _NAME.fullmatch(id) or not is_run(Path(root) / id):
        raise StudioError(
            say("There is no run called {id!r}.", id=str(id)[:100]), "It may have been deleted.", code=NO_RUN
        )
    return Path(root) / id


def read_state(path: Path, line: list[Ticket]) -> RunState:
    """The state of the run in the folder `path`; `line` is who waits."""
    alive = is_alive(path)  # first: what the dead told last is then read, and not what they told before
    told, job = read_status(path), read_job(path)
    position = _position(path, job, line) if not alive else 0
    status, sentence = _live(path, told) if alive else _ended(path, told, job, position)
    facts = told or Status(until=job.spec.steps if job else None, kind=job.kind if job else "cpu")
    going = status == "running"
    return RunState(
        path.name,
        status,
        position,
        facts.step,
        facts.saved,
        job.spec.steps if job and position else facts.until,
        facts.minutes,
        facts.seconds_left if going else None,
        facts.speed if going else 0.0,
        facts.pictures if going else 0.0,
        facts.device,
        facts.kind,
        facts.memory if alive else 0,
        sentence,
        **_names(path, job),
        pid=worker_pid(path) if alive else None,
        applied=facts.applied,
        train=facts.train,
        offer=facts.offer if status == "failed" else {},
    )


def _live(path: Path, told: Status | None) -> tuple[str, str]:
    pid = worker_pid(path)
    if told is None or told.pid != pid:
        return "running", say("Starting.")
    if told.status not in LIVE or read_control(path).want == "stop":
        return "stopping", say("Saving, then stopping.")
    silent = time.time() - told.heartbeat
    if silent > _SILENT:
        return told.status, say("It has said nothing for {silent:.0f} seconds.", silent=silent)
    return told.status, as_message(told.sentence)


def _ended(path: Path, told: Status | None, job: Job | None, position: int) -> tuple[str, str]:
    if position:
        after = say_n("It comes after {n} other.", "It comes after {n} others.", position - 1)
        return "waiting", say("It is next in line.") if position == 1 else after
    if told is None:
        words = _last_words(path)
        return (
            ("failed", as_message(words))
            if words
            else ("interrupted" if job else "stopped", say("It was cut off before it began."))
        )
    if told.status in LIVE:
        return "interrupted", say(
            "It was cut off after step {step}; all up to step {saved} is saved.", step=told.step, saved=told.saved
        )
    return told.status, as_message(told.sentence)


def _position(path: Path, job: Job | None, line: list[Ticket]) -> int:
    """Among those who wait for the same device."""
    place = 0
    for ticket in line:
        other = job if ticket.id == path.name else read_job(path.with_name(ticket.id))
        place += other is not None and job is not None and other.kind == job.kind
        if ticket.id == path.name:
            return place
    return 0


def _names(path: Path, job: Job | None) -> dict:
    if job is not None:
        return dict(
            title=job.spec.title,
            model=public_base(job.spec.base) or job.spec.family,
            parent=job.parent,
            created=job.created,
        )
    try:
        values = json.loads((path / "config.json").read_text(encoding="utf-8"))
        return dict(
            title=str(values.get("about", {}).get("title", "")),
            model=str(public_base(values["base"]) or values["family"]),
            created=(path / "config.json").stat().st_mtime,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _last_words(path: Path) -> str:
    """Of a worker that ended before it could say anything in its status; "" where there are none."""
    try:
        lines = (path / "log.txt").read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")
