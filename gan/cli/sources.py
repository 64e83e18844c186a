"""Models and data as a person names them on the command line.

A model: a bundled name, any folder, a run, somebody else's checkpoint, or user/repo on the Hub. Data: a path, or
hub:user/name for a dataset on the Hub, so that a path which is mistyped is not asked for there, or example:name for the
pictures that the page offers to those who have none.
"""

import os
import sys
from pathlib import Path

from gan.cli.progress import ProgressBar
from gan.cli.speech import spoken
from gan.store.files import make_folder
from gan.store.model_config import CONFIG, ModelConfig
from gan.store.passing import temporary_folder
from gan.store.shipped import shipped_weights
from gan.store.snapshots import kept_steps, snapshot_path
from gan.studio.library.bundled import bundled_cards

_ON_THE_HUB = "hub:"
_EXAMPLE = "example:"


class CommandSources:
    """The models and data of one command. `models` (a studio Models) replaces the bundled ones and the Hub.

    The Hub is asked as the person who is signed in on this computer, whose own models may be private. Downloads show
    on stderr. Methods raise StudioError.
    """

    def __init__(self, models=None) -> None:
        self._models = models

    @property
    def models(self):
        """The models, which are looked up only where a command needs any."""
        if self._models is None:
            from gan.studio.hub.client import Hub
            from gan.studio.library.loaded import Models

            self._models = Models(hub=Hub(token=None))
        return self._models

    def cards(self) -> dict[str, tuple[Path, ModelConfig]]:
        """The models in the box: the folder of each, and what it says of itself. Nothing is loaded that computes."""
        return bundled_cards((shipped_weights(),) if self._models is None else self._models.places.roots)

    def open(self, source: str, revision: str | None = None):
        """The model that `source` names, loaded."""
        with ProgressBar() as bar:
            return self.models.get(on_disk(self.models, source), revision, bar.show)

    def folder(self, source: str) -> Path:
        """The folder of that model, fetched where need be."""
        with ProgressBar() as bar:
            return self.models.resolve(on_disk(self.models, source), progress=bar.show)

    def data(self, source: str, run: Path, side: int | None, channels: int | None) -> Path:
        """Where the training pictures are. Those of a dataset on the Hub become the run's own data.npz.

        What there is to say of them goes to stderr.
        """
        if source.startswith(_EXAMPLE):
            return _drawn_example(source.removeprefix(_EXAMPLE), run / "data", side or 64, channels or 3)
        if not source.startswith(_ON_THE_HUB):
            return Path(source)
        from gan.studio.data.hub_data import fetch_pictures
        from gan.studio.data.intake import intake
        from gan.studio.data.training_file import DATA

        with temporary_folder(make_folder(run.absolute().parent), ".fetched-") as folder:
            with ProgressBar() as bar:
                found = fetch_pictures(self.models.hub, source.removeprefix(_ON_THE_HUB), None, folder, bar.show)
            report = intake(found, run / "data", side or 64, channels or 3)
        print(*spoken([*found.left_out, *report.sentences]), sep="\n", file=sys.stderr)
        return run / "data" / DATA

    def fetched_data(self, source: str, run: Path) -> Path:
        """Likewise, once the lead of a team has asked for it with `data`: nothing is fetched twice."""
        from gan.studio.data.training_file import DATA

        return run / "data" / DATA if source.startswith((_ON_THE_HUB, _EXAMPLE)) else Path(source)


def _drawn_example(name: str, into: Path, side: int, channels: int) -> Path:
    """The pictures that the page offers under that name, as a run's own. Raises StudioError."""
    from gan.studio.data.examples import find_example
    from gan.studio.data.made_pictures import example
    from gan.studio.data.training_file import DATA

    example(find_example(name).pictures(side), into, side, channels)
    return into / DATA


def on_disk(models, source: str) -> str:
    """`source`, written as a path where it is a checkpoint or a folder with a model, so that ./ need not be typed in
    front.

    A bundled model goes before a folder of the same name. A run stands for its newest snapshot.
    """
    path = Path(os.path.expanduser(source))
    if source in models.names() or not (os.path.isfile(path) or _holds_a_model(path)):
        return source
    steps = kept_steps(path) if (path / CONFIG).is_file() else []
    path = snapshot_path(path, steps[-1]) if steps else path
    return str(path) if path.is_absolute() else os.path.join(os.curdir, path)


def _holds_a_model(folder: Path) -> bool:
    from gan.studio.library.file_choice import choose

    if os.path.isfile(folder / CONFIG):
        return True
    return (
        os.path.isdir(folder)
        and choose({file.name: file.stat().st_size for file in folder.iterdir() if file.is_file()}) is not None
    )
