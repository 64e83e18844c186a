"""Scores as files: <name>.json with the report's values, and <name>.png with the samples most like a training
picture."""

import logging
import os
from dataclasses import dataclass
from pathlib import Path

from gan.errors import StudioError
from gan.evaluation.report import Report
from gan.store.files import MISSING, cannot_write, make_folder, read_table
from gan.store.model_config import WEIGHTS

_LOG = logging.getLogger(__name__)
_MOST = 200  # scores of visitors that are kept


@dataclass(frozen=True)
class ReportLocation:
    """Where the scores of one model against one set of pictures are kept."""

    folder: Path
    name: str

    @property
    def report(self) -> Path:
        return self.folder / f"{self.name}.json"

    @property
    def nearest(self) -> Path:
        return self.folder / f"{self.name}.png"

    def read(self, model: Path) -> Report | None:
        """What is kept of the model in that folder; None where nothing is, or where its weights are newer: those are
        others."""
        try:
            if self.report.stat().st_mtime_ns < (model / WEIGHTS).stat().st_mtime_ns:
                return None
            return read_report(read_table(self.report))
        except OSError:
            return None
        except StudioError as error:
            if error.code != MISSING:
                _LOG.warning("These scores are left out: %s", error)
            return None

    def keep(self, report: Path, nearest: Path) -> None:
        """Take in files that lie on the same disk. Raises StudioError where the folder above is gone, or cannot be
        written."""
        if not self.folder.parent.is_dir():  # a run that was deleted stays so
            raise StudioError("What was scored has been deleted meanwhile.")
        make_folder(self.folder, parents=False)
        try:
            if nearest.exists():  # which models of words have none of
                os.replace(nearest, self.nearest)
            os.replace(report, self.report)  # at the end: where there is a report, all is there
        except FileNotFoundError as error:
            raise StudioError("What was scored has been deleted meanwhile.") from error
        except OSError as error:
            raise cannot_write(self.report, error) from error


def read_report(values: dict) -> Report | None:
    """The report in plain values, None where these are none or hold no score: a model's config.json may say
    anything."""
    try:
        report = Report.from_values(values)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return report if report.scores else None


def sweep(home: Path) -> None:
    """Let the oldest scores in the folders of `home` go, but for so many."""
    kept = sorted(home.glob("[!.]*/*.json"), key=written)
    for report in kept[:-_MOST]:
        report.unlink(missing_ok=True)
        report.with_suffix(".png").unlink(missing_ok=True)


def written(path: Path) -> float:
    """When, in seconds since 1970."""
    try:
        return path.stat().st_mtime
    except OSError:  # another thread has let it go
        return 0.0
