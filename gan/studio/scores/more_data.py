"""Whether a GAN's samples help a classifier, as the page asks it of a set of pictures with classes.

Everything takes and gives plain values; `visitor` is the secret of whoever asks.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

from gan.errors import StudioError
from gan.field_metadata import from_values
from gan.messages import say
from gan.store.files import MISSING, read_table
from gan.studio.runs.orders import makes_of
from gan.studio.runs.workshop import Workshop
from gan.studio.scores.job import held, words
from gan.studio.scores.queue import ScoreQueue
from gan.studio.scores.reports import ReportLocation, written
from gan.studio.visitors import digest
from gan.training.more_data_report import MoreDataReport
from gan.training.more_data_settings import MoreDataSettings

MINUTES = 12.0  # after which no further seed begins
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Experiment:
    """A set to be tried, how many labelled pictures of each class there are, and where to keep what comes of it."""

    data: Path
    labelled: int
    place: ReportLocation

    def command(self, folder: Path) -> list[str]:
        options = dict(data=held(self.data, folder), labelled=self.labelled, minutes=MINUTES)
        return ["augment", *words(options, folder, "samples-out")]


class MoreData:
    """Experiments with the sets of a workshop, in the line in which scores are taken."""

    def __init__(self, shop: Workshop, line: ScoreQueue):
        self._shop, self._line = shop, line

    def about(self, set: str, visitor: str) -> dict:
        """{"status", "position", "done", "error": see ScoreQueue.state, but "ready" where there is a report, and
        "report": plain values, or None}. Raises StudioError where the set is not the visitor's."""
        place = self._place(set, visitor)
        told, report = self._line.state(place), self._report(set, visitor, place)
        if told["status"] == "none" and report is not None:
            told = dict(status="ready")
        return dict(report=report and _plain(report), **told)

    def start(self, set: str, labelled: object, visitor: str) -> None:
        """Try it with so many labelled pictures of each class. Raises StudioError where that cannot be."""
        place = self._place(set, visitor)
        data, report = self._shop.sets.data(set, self._owner(visitor))
        if makes_of(report) != "picture":
            raise StudioError("Only pictures can be tried.", "Give pictures, sorted into folders, one for each class.")
        if len(report.classes) < 2:
            raise StudioError(
                "These pictures have no classes.", "Sort them into folders, one for each class, and give those."
            )
        settings = from_values(MoreDataSettings, {} if labelled is None else {"labelled": labelled})
        self._line.add(Experiment(data, settings.labelled, place), visitor, self._shop.shared)

    def stop(self, set: str, visitor: str) -> None:
        """End it, or take it out of the line. Raises StudioError where it is not being tried."""
        self._line.stop(self._place(set, visitor))

    def samples(self, set: str, visitor: str) -> Path:
        """A PNG: samples of both GANs. Raises StudioError where there is none."""
        place = self._place(set, visitor)
        if not place.nearest.is_file():
            raise StudioError("There are no such pictures.", "Try it first.")
        return place.nearest

    def _report(self, set: str, visitor: str, place: ReportLocation) -> MoreDataReport | None:
        """What is kept of these pictures; None where they were read anew since."""
        if self._shop.sets.about(set, self._owner(visitor))["status"] != "ready":
            return None
        data, _ = self._shop.sets.data(set, self._owner(visitor))
        return _read(place) if written(place.report) >= written(data) else None

    def _owner(self, visitor: str) -> str | None:
        return visitor if self._shop.shared else None

    def _place(self, set: str, visitor: str) -> ReportLocation:
        self._shop.sets.about(set, self._owner(visitor))
        return ReportLocation(self._line.home / str(digest(visitor)), f"more-{set}")


def _read(place: ReportLocation) -> MoreDataReport | None:
    try:
        return MoreDataReport.from_values(read_table(place.report))
    except StudioError as error:
        if error.code != MISSING:
            _LOG.warning("This experiment is left out: %s", error)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        _LOG.warning("This experiment is left out: %s", error)
    return None


def _plain(report: MoreDataReport) -> dict:
    """What the page shows."""
    missing = len(report.left)
    late = say("There was time for {done} of {wanted} seeds.", done=len(report.right), wanted=report.settings.seeds)
    return dict(bars=report.bars, verdicts=report.verdicts, how=report.how, late=late if missing else "")
