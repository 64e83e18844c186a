"""What a run is doing, as anyone can read it from its folder.

waiting -> running <-> paused -> stopping -> done | stopped, and from any of them failed (it says why) or interrupted
(it was killed). Runs that have ended can be put in line again; all but the done ones without saying how far.
"""

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from gan.errors import NO_RUN, StudioError
from gan.messages import also, as_message, say, say_n
from gan.store.events import EVENTS
from gan.store.files import MISSING, cannot_read
from gan.store.run_reading import is_run, public_base, read_settings
from gan.store.run_settings import RunSettings
from gan.store.snapshots import kept_steps
from gan.studio.runs.control import RESTING, Status, heard_control, read_control, read_status
from gan.studio.runs.device_names import LENT
from gan.studio.runs.jobs import Job, known_job, read_job
from gan.studio.runs.locks import is_alive, worker_pid
from gan.studio.runs.queue import Ticket

LIVE = ("running", "paused", "stopping")
UNREADABLE = "unreadable"  # a file of it cannot be read: its sentence says which, and nothing is done to it meanwhile
ENDED = ("done", "stopped", "failed", "interrupted")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PROGRESS = re.compile(r"\[[# ]{20}\]|Step \d+:")  # lines of a log that say how it goes, not how it ended
_LOG_BYTES = 64 * 2**10  # of a log's end, which are looked at
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
    last_words: str = ""  # the end of its log, where its worker died before it could say why
    train: dict = field(default_factory=dict)  # the TrainConfig's values in force, once it has begun
    # What to change before it is continued, where it failed for want of memory.
    offer: dict = field(default_factory=dict)
    lent: bool = False  # whether it is played in turns, on a card that is lent for them

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


def read_states(root: Path, line: list[Ticket]) -> list[RunState]:
    """All runs below `root`, the newest first; `line` is who waits. Raises StudioError where `root` is away."""
    try:
        folders = [path for path in root.iterdir() if is_run(path)]
    except OSError as error:
        raise cannot_read(say("The folder of the runs, {name},", name=root.name), error) from error
    states = (read_state(path, line) for path in folders)
    return sorted(states, key=lambda s: (s.created, s.id), reverse=True)


def read_state(path: Path, line: list[Ticket]) -> RunState:
    """The state of the run in the folder `path`; `line` is who waits. A run that cannot be read has the status
    UNREADABLE, and its sentence says why."""
    try:
        return _read_state(path, line)
    except StudioError as error:
        return RunState(path.name, UNREADABLE, sentence=error.said, **_known(path))
    except OSError as error:
        sentence = cannot_read(say("The run {name}", name=path.name), error).said
        return RunState(path.name, UNREADABLE, sentence=sentence, **_known(path))


def _known(path: Path) -> dict:
    """What can be told of a run of which something cannot be read."""
    job = known_job(path)
    try:
        return _names(path, job) if job else {"created": path.stat().st_mtime}
    except (StudioError, OSError):
        return {}


def _read_state(path: Path, line: list[Ticket]) -> RunState:
    alive = is_alive(path)  # first: what the dead told last is then read, and not what they told before
    job = known_job(path) if alive else read_job(path)  # who works on it goes on, whatever befell the files since
    settings = None if alive and job else _settings(path)
    told = _told(path, alive)
    position = _position(path, job, line) if not alive else 0
    status, sentence = _live(path, told) if alive else _ended(path, told, job, position)
    facts = told or _unsaid(path, job)
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
        **_names(path, job, settings),
        pid=worker_pid(path) if alive else None,
        last_words=_last_words(path, told.heartbeat) if told and status == "interrupted" else "",
        applied=facts.applied,
        train=facts.train,
        offer=facts.offer if status == "failed" else {},
        lent=job is not None and job.kind == LENT,
    )


def _live(path: Path, told: Status | None) -> tuple[str, str]:
    pid = worker_pid(path)
    if told is None or told.pid != pid:
        return "running", say("Starting.")
    if told.status not in LIVE or heard_control(path).want == "stop":
        return "stopping", say("Saving, then stopping.")
    silent = time.time() - told.heartbeat
    if silent > _SILENT:
        return told.status, say("It has said nothing for {silent:.0f} seconds.", silent=silent)
    return told.status, as_message(told.sentence)


def _ended(path: Path, told: Status | None, job: Job | None, position: int) -> tuple[str, str]:
    if position and job and job.kind == LENT:
        return "waiting", as_message(told.sentence) if told and told.status == RESTING else say("It waits for a card.")
    if position:
        after = say_n("It comes after {n} other.", "It comes after {n} others.", position - 1)
        return "waiting", say("It is next in line.") if position == 1 else after
    if told is None:
        return _silent(path, job)
    if told.status == RESTING:  # somebody took it out of the line
        return "stopped", as_message(told.sentence)
    if told.status in LIVE:
        cut = say(
            "It was cut off after step {step}; all up to step {saved} is saved.", step=told.step, saved=told.saved
        )
        return "interrupted", also(cut, _last_words(path, since=told.heartbeat))
    return told.status, as_message(told.sentence)


def _silent(path: Path, job: Job | None) -> tuple[str, str]:
    """Of a run that has no status.json: it never got so far, or somebody has removed it."""
    if steps := kept_steps(path):
        return "interrupted" if job else "stopped", say(
            "Its status.json is missing; the newest model that it kept is of step {step}.", step=steps[-1]
        )
    words = _last_words(path)
    if words:
        return "failed", as_message(words)
    return "interrupted" if job else "stopped", say("It was cut off before it began.")


def _position(path: Path, job: Job | None, line: list[Ticket]) -> int:
    """Among those who wait for the same device."""
    place = 0
    for ticket in line:
        other = job if ticket.id == path.name else known_job(path.with_name(ticket.id))
        place += other is not None and job is not None and other.kind == job.kind
        if ticket.id == path.name:
            return place
    return 0


def _settings(path: Path) -> RunSettings | None:
    """What its config.json says, None where it has not begun. Raises StudioError where that cannot be read."""
    try:
        return read_settings(path)
    except StudioError as error:
        if error.code != MISSING or _has_begun(path):
            raise
        return None


def _has_begun(path: Path) -> bool:
    return bool(kept_steps(path)) or (path / EVENTS).exists()


def _told(path: Path, alive: bool) -> Status | None:
    """The last word of its worker; where it works, one that cannot be read is soon followed by another."""
    try:
        told = read_status(path)
        if not alive:
            read_control(path)  # raises: nobody could act on it
        return told
    except StudioError:
        if not alive:
            raise
        return None


def _unsaid(path: Path, job: Job | None) -> Status:
    """What is known of a run that has no status."""
    step = max(kept_steps(path), default=0)
    return Status(step=step, saved=step, until=job.spec.steps if job else None, kind=job.kind if job else "cpu")


def _names(path: Path, job: Job | None, settings: RunSettings | None = None) -> dict:
    if job is not None:
        return dict(
            title=job.spec.title,
            model=public_base(job.spec.base) or job.spec.family,
            parent=job.parent,
            created=job.created,
        )
    if settings is None:
        return {}
    return dict(
        title=str(settings.about.get("title", "")),
        model=public_base(settings.base) or settings.family,
        created=(path / "config.json").stat().st_mtime,
    )


def _last_words(path: Path, since: float = 0.0) -> str:
    """Of a worker that ended before it could say so in its status, as its log has them; "" where there are none.

    Words from before `since` (seconds since 1970), and how far it was, are not the last of it.
    """
    try:
        with (path / "log.txt").open("rb") as log:
            if os.fstat(log.fileno()).st_mtime < since - 1:
                return ""
            log.seek(max(0, os.fstat(log.fileno()).st_size - _LOG_BYTES))
            lines = log.read().decode("utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return "" if since and _PROGRESS.match(last) else last[:300]
