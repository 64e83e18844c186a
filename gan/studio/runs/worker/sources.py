"""Where a worker's models and pictures come from. Names may be anybody's: whoever starts a worker says how they are
understood."""

from pathlib import Path
from typing import Protocol


class Sources(Protocol):
    """Methods raise StudioError where there is nothing of that name."""

    def folder(self, source: str) -> Path:
        """The folder of a model, fetched where need be."""

    def open(self, source: str):
        """The model, loaded: a studio Model."""

    def data(self, source: str, run: Path, side: int | None, channels: int | None) -> Path:
        """The file or folder of training pictures. What has to be fetched becomes the run's own, in its folder."""

    def fetched_data(self, source: str, run: Path) -> Path:
        """Likewise, once the lead of a team has asked for it with `data`: nothing is fetched twice."""
