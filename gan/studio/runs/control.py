"""How a run's worker and whoever watches it talk: small files in the run's folder, beside its lock.

status.json   written by whoever holds the lock: what the run is doing, at least once a second
control.json  written by the page: what it should do; read by the worker between two steps
watched       touched by the page while somebody looks at the run
"""

import contextlib
import dataclasses
import logging
import math
import os
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from gan.errors import StudioError
from gan.field_metadata import from_values
from gan.messages import packed, say, unpacked
from gan.store.fields import filled
from gan.store.files import MISSING, file_in, read_table, touch, unreadable, write_json
from gan.studio.runs.locks import RunLock
from gan.training.config import TrainConfig

_LOG = logging.getLogger(__name__)
INHERITED = "GAN_STUDIO_RUN_LOCK"
"""The environment variable that names the open lock which a worker was born with."""

RESTING = "resting"  # the status of a run between two of its turns: see worker/lent.py
_STATUS, _CONTROL = "status.json", "control.json"
_BEAT = 1.0  # seconds between two words of a worker that has no news
_OTHERS = (".control.json.", ".job.json.")  # unfinished files of the page, which may be about to get their names
_WATCHED = "watched"
_ATTENTION = 10.0  # seconds that somebody who looked still counts as watching


@dataclass(frozen=True)
class Status:
    """What a worker says of its run. `applied` is the number of the last change that it made."""

    status: str = "running"
    sentence: str = ""
    pid: int = 0
    started: float = 0.0  # seconds since 1970, as are heartbeat and since (when `status` last changed)
    heartbeat: float = 0.0
    since: float = 0.0
    step: int = 0
    saved: int = 0  # the step that was last saved
    until: int | None = None
    minutes: float = 0.0  # of training, in all pieces of the run
    seconds_left: float | None = None
    speed: float = 0.0  # steps a second
    pictures: float = 0.0  # pictures a second
    kind: str = "cpu"  # of device
    device: str = ""
    memory: int = 0  # bytes
    applied: int = 0
    train: dict = field(default_factory=dict)  # the TrainConfig's values that are in force
    offer: dict = field(default_factory=dict)  # those with which a run that did not fit in memory may go on


def read_status(path: Path) -> Status | None:
    """The last word of a worker, or None where there is none. Raises StudioError where it cannot be read."""
    return _read(Path(path) / _STATUS, Status)


def write_status(path: Path, status: Status) -> None:
    """Only for whoever holds the lock."""
    _write(Path(path) / _STATUS, status)


@dataclass(frozen=True)
class Control:
    """What a run should do: `want` is run, pause or stop; `changes` are [number, {name: value}], oldest first."""

    want: str = "run"
    since: float = 0.0
    changes: tuple = ()

    def __post_init__(self) -> None:
        for change in self.changes:
            if not (isinstance(change, (list, tuple)) and len(change) == 2 and type(change[0]) is int):
                raise StudioError("A change is a number and a table of settings.")
            from_values(TrainConfig, change[1])


def read_control(path: Path) -> Control:
    """What the page wants; to run on where it has said nothing. Raises StudioError where it cannot be read."""
    return _read(Path(path) / _CONTROL, Control) or Control()


def heard_control(path: Path) -> Control:
    """Likewise for who goes on in any case: a wish that cannot be read is none."""
    try:
        return read_control(path)
    except StudioError as error:
        _LOG.warning("%s Until then nothing is wanted of the run.", error)
        return Control()


def write_control(path: Path, control: Control) -> None:
    """Tell the worker, which looks between two steps."""
    _write(Path(path) / _CONTROL, control)


def forget_wish(path: Path) -> None:
    """A new worker heeds no stop or pause that was meant for one before it; changes it makes still."""
    control = read_control(path)
    if control.want != "run":
        write_control(path, dataclasses.replace(control, want="run"))


def touch_watched(path: Path) -> None:
    """Somebody looks at this run: the page says so at least every few seconds while that is so."""
    with contextlib.suppress(StudioError):  # deleted meanwhile, or not to be written: looking needs no right to write
        touch(Path(path) / _WATCHED)


def is_watched(path: Path) -> bool:
    """Whether somebody looked within the last ten seconds."""
    try:
        return time.time() - os.stat(Path(path) / _WATCHED).st_mtime < _ATTENTION
    except OSError:
        return False


class Worker:
    """The worker's side: holds the lock, tells how it goes, hears what is wanted.

    Use as a context: an error that ends it becomes the run's last word. A worker that was started by the page was born
    with the lock; any other takes it with `take`, before which nothing is written.
    """

    def __init__(self, path: Path):
        self.path = Path(path)
        self._lock: RunLock | None = None
        self._seen: tuple[int, int] | None = None  # the file of wishes that was read last, and when it was written
        self._pace: deque[tuple[float, int]] = deque(maxlen=10)  # when, and at which step
        self.status, self.minutes_before = Status(), 0.0
        self._next = 0.0
        self._watched, self._looked = False, -math.inf
        fd = os.environ.pop(INHERITED, "")
        if fd.isdigit():
            os.set_inheritable(int(fd), False)
            self._begin(RunLock(int(fd)))

    def take(self) -> None:
        """Raises StudioError where another process works on this run."""
        if self._lock is None:
            self._begin(RunLock.take(self.path))
            forget_wish(self.path)

    def tell(self, **news) -> None:
        """Write the status now, with what is new in it."""
        now = time.time()
        if news.get("status", self.status.status) != self.status.status:
            news["since"] = now
        self.status = dataclasses.replace(self.status, heartbeat=now, **news)
        write_status(self.path, self.status)
        self._next = time.monotonic() + _BEAT

    def is_due(self) -> bool:
        """Whether it is time to tell something. Costs nothing: ask after every step."""
        return time.monotonic() >= self._next

    def is_watched(self) -> bool:
        """Whether somebody looks at this run. Looks at the disk at most once a second: ask after every step."""
        if time.monotonic() - self._looked >= _BEAT:
            self._watched, self._looked = is_watched(self.path), time.monotonic()
        return self._watched

    def pace(self, step: int) -> float:
        """Steps a second over the last ten calls."""
        self._pace.append((time.monotonic(), step))
        (first, a), (last, b) = self._pace[0], self._pace[-1]
        return (b - a) / (last - first) if last > first else 0.0

    def forget_pace(self) -> None:
        """After a pause or a jump back the pace is measured anew."""
        self._pace.clear()

    def orders(self) -> Control | None:
        """What is wanted, where that is new; else None. Costs a look at the file's date: ask before every step."""
        try:
            facts = os.stat(self.path / _CONTROL)
        except FileNotFoundError:
            return None
        seen = facts.st_ino, facts.st_mtime_ns
        if seen == self._seen:
            return None
        self._seen = seen
        control = heard_control(self.path)
        return dataclasses.replace(control, changes=tuple(c for c in control.changes if c[0] > self.status.applied))

    def _begin(self, lock: RunLock) -> None:
        try:
            before, now = read_status(self.path) or Status(), time.time()
        except StudioError:  # not ours to write over; nor is the last word of a run that has not begun
            lock.release()
            raise
        lock.write_pid(os.getpid())
        self._lock = lock
        _sweep(self.path)
        self.status = dataclasses.replace(before, status="starting", pid=os.getpid(), started=now, speed=0.0, offer={})
        self.minutes_before = self.status.minutes
        self.tell(status="running", sentence=say("Starting."))

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, kind, error, trace) -> None:
        if self._lock is None:
            return
        try:
            if isinstance(error, Exception):
                self.fail(error)
        finally:
            self._lock.release()

    def fail(self, error: Exception) -> None:
        """Say that this is what the run broke of. The disk may be why that cannot be written: the error itself then
        goes on up to the log, where it is read."""
        broke = say("It broke: {kind}: {error}", kind=type(error).__name__, error=str(error)[:1000])
        said = error.said if isinstance(error, StudioError) else broke
        with contextlib.suppress(StudioError):
            self.tell(status="failed", sentence=said, seconds_left=None)


def _sweep(path: Path) -> None:
    """Remove what a killed worker was in the middle of writing."""
    for part in path.rglob(".*.part"):
        if not part.name.startswith(_OTHERS):
            with contextlib.suppress(FileNotFoundError):
                part.unlink()


def _read(path: Path, cls):
    """The dataclass in a JSON file, without names that this version does not know; None where there is none.

    Raises StudioError where it cannot be read.
    """
    try:
        return filled(cls, unpacked(read_table(path)), file_in(path))
    except StudioError as error:
        if error.code == MISSING:
            return None
        raise error if error.code else unreadable(file_in(path), error.message) from error


def _write(path: Path, value) -> None:
    write_json(path, packed(dataclasses.asdict(value)), indent=None)
