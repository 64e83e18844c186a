"""A run as the page shows it: what its folder holds, read on from where one was, and thinned for curves.

Many may watch a run, and each asks every second or so. Its events are read once, however many ask.
"""

import dataclasses
import math
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

from gan.errors import StudioError
from gan.field_metadata import from_values
from gan.messages import as_message
from gan.networks.registry import build_generator, family
from gan.store.events import EVENTS, read_event
from gan.store.files import MISSING, cannot_read, file_in
from gan.store.run_folder import Run
from gan.store.run_reading import public_base
from gan.studio.diagnoses import plain_diagnosis, plain_number
from gan.studio.runs.state import run_folder
from gan.training.config import TrainConfig
from gan.training.doctor import Doctor
from gan.training.records import ChangeRecord, Record, SignalRecord, StepRecord
from gan.training.styles import idle_knobs

POINTS = 240  # of each curve, an even number: when it is reached, they are halved
RUNS = 32  # that are remembered
STEP_CURVES = (
    "loss_d",
    "loss_g",
    "accuracy_real",
    "accuracy_fake",
    "grad_norm_d",
    "grad_norm_g",
    "augment_p",
    "path_length",
)
SIGNAL_CURVES = ("diversity", "nearest", "apart", "leak")


class Curves:
    """Values over steps. Where there are more points than can be seen, neighbours are averaged, a gap staying a gap."""

    def __init__(self, names: tuple[str, ...]):
        self.names = names
        self.steps: list[int] = []
        self.values: dict[str, list[float]] = {name: [] for name in names}
        self._every = 1  # how many records make a point
        self._open: list[Record] = []  # those that do not make one yet

    def add(self, record: Record) -> None:
        """The next record, later than all before."""
        self._open.append(record)
        if len(self._open) < self._every:
            return
        self.steps.append(record.step)
        for name in self.names:
            self.values[name].append(_mean(getattr(r, name) for r in self._open))
        self._open = []
        if len(self.steps) == POINTS:
            self._halve()

    def plain(self) -> dict:
        """As JSON holds it: {"step": [...], name: [...]}, no number being null."""
        return {
            "step": list(self.steps),
            **{name: [plain_number(v) for v in values] for name, values in self.values.items()},
        }

    def _halve(self) -> None:
        pairs = len(self.steps) // 2
        for name, values in self.values.items():
            self.values[name] = [_mean(values[2 * i : 2 * i + 2]) for i in range(pairs)]
        self.steps = self.steps[1::2]
        self._every *= 2


class Watch:
    """One run's events, read on at each call of `view`."""

    def __init__(self, path: Path):
        self.run = Run.open(path)
        self._lock = threading.Lock()
        self._idle = list(idle_knobs(build_generator(self.run.settings.family, self.run.settings.generator, "meta")))
        self._start_over()

    def view(self) -> dict:
        """Plain values: curves, the newest records, what was changed, grids, snapshots, the diagnosis, knobs that do
        nothing, and how many lines of its events could not be read ("skipped")."""
        with self._lock:
            self._read_on()
            grids = self.run.grids()
            return dict(
                curves=self._steps.plain(),
                signals=self._signals.plain(),
                last=_values(self._last),
                changes=self._changes[-20:],
                diagnosis=plain_diagnosis(self._doctor.diagnosis()),
                grids=grids,
                snapshots=self.run.snapshots(),
                base=public_base(self.run.settings.base),
                family=self.run.settings.family,
                makes=family(self.run.settings.family).makes,
                pixel_art=bool(self.run.settings.about.get("pixel_art")),
                classes=list(self.run.settings.classes),
                idle=self._idle,
                skipped=self._skipped,
            )

    def _start_over(self) -> None:
        self._at, self._skipped = 0, 0
        self._file: int | None = None  # its inode
        self._steps, self._signals = Curves(STEP_CURVES), Curves(SIGNAL_CURVES)
        self._last: StepRecord | None = None
        self._path = math.nan
        self._changes: list[dict] = []
        self._doctor = Doctor(from_values(TrainConfig, self.run.settings.train))

    def _read_on(self) -> None:
        """All whole lines after those that were read. A run that went back has another file, which is read anew."""
        try:
            with (self.run.path / EVENTS).open("rb") as file:
                facts = os.fstat(file.fileno())
                if facts.st_ino != self._file or facts.st_size < self._at:
                    self._start_over()
                self._file = facts.st_ino
                file.seek(self._at)
                lines = file.read().split(b"\n")
        except FileNotFoundError:
            return
        except OSError as error:
            raise cannot_read(file_in(self.run.path / EVENTS), error) from error
        for line in lines[:-1]:  # what stands after the last end of a line is being written
            self._at += len(line) + 1
            record = read_event(line)
            if record is not None:
                self._see(record)
            elif line.strip():
                self._skipped += 1

    def _see(self, record: Record) -> None:
        self._doctor.see(record)
        if isinstance(record, StepRecord):
            self._last = record
            self._steps.add(dataclasses.replace(record, path_length=self._length(record)))
        elif isinstance(record, SignalRecord):
            self._signals.add(record)
        elif isinstance(record, ChangeRecord):
            self._changes.append(dict(step=record.step, changes=record.changes, reason=as_message(record.reason)))

    def _length(self, record: StepRecord) -> float:
        """The record's path length; where it measured none, the one before, and no number where none is asked for."""
        asked = self._doctor.config.path_length > 0 or record.path_length > 0
        self._path = (record.path_length or self._path) if asked else math.nan
        return self._path


class Watches:
    """The watches of a root's runs."""

    def __init__(self, root: Path):
        self.root, self._lock = Path(root), threading.Lock()
        self._watches: OrderedDict[str, Watch] = OrderedDict()

    def view(self, id: str) -> dict | None:
        """See Watch.view; None where the run's worker has not begun yet. StudioError where there is no such run."""
        folder = run_folder(self.root, id)
        with self._lock:
            watch = self._watches.get(id)
            if watch is None or not (folder / "config.json").is_file():
                watch = self._begin(id, folder)
            if watch is None:
                return None
            self._watches.move_to_end(id)
            while len(self._watches) > RUNS:
                self._watches.popitem(last=False)
        return watch.view()

    def _begin(self, id: str, folder: Path) -> Watch | None:
        self._watches.pop(id, None)
        try:
            watch = self._watches[id] = Watch(folder)
        except StudioError as error:
            if error.code != MISSING:
                raise
            return None  # no config yet: it waits, or is starting
        return watch


def _values(record: StepRecord | None) -> dict | None:
    return None if record is None else {name: plain_number(value) for name, value in dataclasses.asdict(record).items()}


def _mean(values: Iterable[float]) -> float:
    values = list(values)
    return sum(values) / len(values)
