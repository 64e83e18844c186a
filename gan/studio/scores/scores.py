"""Scores as the page asks for them: of a run or of an open model, kept, being taken, or to be taken.

Everything takes and gives plain values. What is `asked` about is {"run": id}, or {"model": id, "rev": its revision or
"", "set": id of a set of pictures or ""}; `visitor` is the secret of whoever asks.
"""

from pathlib import Path

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import say
from gan.store.files import make_folder
from gan.studio.runs.workshop import Workshop
from gan.studio.scores.more_data import MoreData
from gan.studio.scores.queue import ScoreQueue
from gan.studio.scores.subjects import OfModel, OfRun
from gan.studio.scores.table import plain

MOST_MINUTES = 30.0  # for the scores of one model where several share a processor


class Scores:
    """Of the models and runs of a workshop."""

    def __init__(self, workshop: Workshop):
        self.shop, self._home = workshop, workshop.supervisor.root / ".scores"
        self.line = ScoreQueue(self._home, 60 * MOST_MINUTES if workshop.shared else None)
        self.more_data = MoreData(workshop, self.line)

    def close(self) -> None:
        """End what is being taken."""
        self.line.close()

    def about(self, asked: dict, visitor: str) -> dict:
        """{"status", "position", "done", "error": of what would be scored now, see ScoreLine.state, but "ready" where
        that is kept; "may": whether the visitor may act on it; "step": the newest of a run; "report": see table.plain,
        or None; "scored": the step that it is of; "came": whether it came with the model}."""
        subject = self._subject(asked, visitor)
        place, report = subject.kept or (None, None)
        told = self.line.state(subject.place) if subject.place else dict(status="none")
        if told["status"] == "none" and place is not None and place == subject.place:
            told = dict(status="ready")
        if told["status"] == "failed" and not subject.may:
            told = dict(status="none")  # the reason is the owner's to know
        pairs = subject.sees and place is not None and place.nearest.is_file()
        return dict(
            may=subject.may,
            step=subject.step,
            scored=subject.scored,
            report=report and plain(report, pairs, subject.kind),
            came=report is not None and place is None,
            **told,
        )

    def start(self, asked: dict, visitor: str) -> None:
        """Have it scored, unless it is already. Raises StudioError where that cannot be."""
        subject = self._mine(asked, visitor)
        task = subject.task()
        if subject.kept is None or subject.kept[0] != task.place:
            make_folder(self._home)
            self.line.add(task, visitor, self.shop.shared)

    def stop(self, asked: dict, visitor: str) -> None:
        """End it, or take it out of the line. Raises StudioError where it is not being scored."""
        place = self._mine(asked, visitor).place
        if place is None:
            raise StudioError("This is not being scored.")
        self.line.stop(place)

    def nearest(self, asked: dict, visitor: str) -> Path:
        """A file: the samples most like a training picture in a row, those below. Raises StudioError where there is
        none."""
        subject = self._subject(asked, visitor)
        if not subject.sees:
            raise StudioError(
                say("Only whoever gave these {things} can see them.", things=subject.kind.plural),
                "The numbers are for everybody.",
            )
        place, _ = subject.kept or (None, None)
        if place is None or not place.nearest.is_file():
            raise StudioError("There are no such pictures.", "Score the model first.")
        return place.nearest

    def _subject(self, asked: dict, visitor: str) -> OfRun | OfModel:
        run, model, revision, pictures = (asked.get(name) or "" for name in ("run", "model", "rev", "set"))
        for text in (run, model, revision, pictures):
            if not isinstance(text, str):
                raise StudioError(say("{text} names nothing that can be scored.", text=show(text)), "Reload the page.")
        return (
            OfRun(self.shop, run, visitor)
            if run
            else OfModel(self.shop, self._home, model, revision, pictures, visitor)
        )

    def _mine(self, asked: dict, visitor: str) -> OfRun | OfModel:
        """Likewise, to act on it. Raises StudioError for a run of another visitor."""
        subject = self._subject(asked, visitor)
        if not subject.may:
            raise StudioError("Only whoever started this run can do that.", "Anyone may watch it.")
        return subject
