"""What can be scored on the page: a run against its own pictures, and an open model against those that a visitor
brings.

Both have a `place` where the scores will be, None where nothing can be scored yet; `may`: whether the visitor may have
it scored; `sees`: whether the training data are the visitor's own; `step`: the run's step that will be scored; `kind`
of its samples; `kept`: the scores that there are and their place, None where they came with the model; `scored`: the
step that these are of; and `task()`: raises StudioError where it cannot be done.
"""

import hashlib
from functools import cached_property
from pathlib import Path

from gan.errors import StudioError
from gan.evaluation.report import Report
from gan.evaluation.scoring import FEWEST
from gan.kinds.kind import Kind
from gan.kinds.table import KINDS, kind_of
from gan.messages import say
from gan.networks.registry import family
from gan.store.snapshots import kept_steps, snapshot_path
from gan.studio.runs.state import run_folder
from gan.studio.runs.workshop import Workshop
from gan.studio.scores.job import Task
from gan.studio.scores.reports import ReportLocation, read_report, written
from gan.studio.visitors import digest

FolderCache = tuple[ReportLocation | None, Report] | None


class OfRun:
    """A run's newest snapshot. Its scores are in its own folder, for whoever may watch it. Raises StudioError where
    there is no such run."""

    def __init__(self, shop: Workshop, id: str, visitor: str):
        self._supervisor, self._id, self._folder = shop.supervisor, id, run_folder(shop.supervisor.root, id)
        self._steps = kept_steps(self._folder)
        self.step = self._steps[-1] if self._steps else None
        self.place = None if self.step is None else self._place(self.step)
        self.may = not shop.shared or shop.supervisor.owns(id, visitor)
        self.sees = not shop.shared or shop.supervisor.sees(id, visitor)

    @cached_property
    def kept(self) -> FolderCache:
        """Those of the latest snapshot that has any."""
        for step in reversed(self._steps):
            if (report := self._place(step).read(snapshot_path(self._folder, step))) is not None:
                return self._place(step), report
        return None

    @cached_property
    def kind(self) -> Kind:
        return KINDS[family(self._supervisor.run(self._id).settings.family).makes]

    @property
    def scored(self) -> int | None:
        place, _ = self.kept or (None, None)
        return None if place is None else int(place.name)

    def task(self) -> Task:
        if self.place is None or self.step is None:
            raise StudioError("This run has kept no model yet.", "Wait until it keeps its first one.")
        settings = self._supervisor.run(self._id).settings
        if not Path(settings.data).exists():
            raise StudioError(
                say("The training {things} of this run are no longer there.", things=self.kind.plural),
                "Without them there is nothing to compare with.",
            )
        return Task(snapshot_path(self._folder, self.step), Path(settings.data), settings.label, self.place)

    def _place(self, step: int) -> ReportLocation:
        return ReportLocation(self._folder / "scores", f"{step:07d}")


class OfModel:
    """An open model. Its scores against the set called `pictures` lie in `home`, in a folder of the visitor's. Raises
    StudioError where the model is not open, or the set is not the visitor's."""

    may, sees, step, scored = True, True, None, None

    def __init__(self, shop: Workshop, home: Path, source: str, revision: str, pictures: str, visitor: str):
        self._sets, self._owner = shop.sets, visitor if shop.shared else None
        if pictures:
            self._sets.about(pictures, self._owner)
        self._model, self._pictures, self._folder = (
            shop.library.get(source, revision or None),
            pictures,
            home / str(digest(visitor)),
        )
        self._name = hashlib.sha256(f"{self._model.id}@{self._model.revision}".encode()).hexdigest()[:24]
        self.place = ReportLocation(self._folder, f"{self._name}-{pictures}") if pictures else None

    @property
    def kind(self) -> Kind:
        return kind_of(self._model.generator)

    @cached_property
    def kept(self) -> FolderCache:
        """Those against that set; without one the visitor's newest, or else what came with the model."""
        for place in [self.place] if self.place else self._newest_first():
            if (report := place.read(self._model.path)) is not None:
                return place, report
        told = read_report(self._model.config.scores)
        return None if self.place or told is None else (None, told)

    def task(self) -> Task:
        if self.place is None:
            raise StudioError(
                say("There are no {things} to compare it with.", things=self.kind.plural), "Give some first."
            )
        data, report = self._sets.data(self._pictures, self._owner)
        if report.count < FEWEST:
            raise StudioError(
                say("Scores cannot be taken from {count} {things}.", count=report.count, things=self.kind.plural),
                say("Give at least {fewest}; hundreds are better.", fewest=FEWEST),
            )
        return Task(self._model.path, data, None, self.place)

    def _newest_first(self) -> list[ReportLocation]:
        files = sorted(self._folder.glob(f"{self._name}-*.json"), key=written, reverse=True)
        return [ReportLocation(self._folder, file.stem) for file in files]
