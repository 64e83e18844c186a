"""Models and data as a person names them on the command line.

A model: a bundled name, any folder, a run, somebody else's checkpoint, or user/repo on the Hub. Data: a path, or
hub:user/name for a dataset on the Hub, so that a path which is mistyped is not asked for there.
"""

import os
import sys
import tempfile
from pathlib import Path

from gan.cli.progress import ProgressBar
from gan.store.files import make_folder
from gan.store.model_folder import CONFIG
from gan.store.snapshots import kept_steps, snapshot_path
from gan.studio.data.intake import DATA, intake
from gan.studio.library.file_choice import choose

_ON_THE_HUB = "hub:"


def known_models(args):
    """The models of this command: those that `main` was given, else the bundled ones and the Hub.

    The Hub is asked as the person who is signed in on this computer, whose own models may be private.
    """
    if args.models is None:
        from gan.studio.hub.client import Hub
        from gan.studio.library.loaded import Models

        args.models = Models(hub=Hub(token=None))
    return args.models


def open_model(args, source: str, revision: str | None = None):
    """The model that `source` names, loaded; a download shows on stderr. Raises StudioError."""
    models = known_models(args)
    with ProgressBar() as bar:
        return models.get(on_disk(models, source), revision, bar.show)


def model_folder(args, source: str) -> Path:
    """The folder of that model, fetched where need be. Raises StudioError."""
    models = known_models(args)
    with ProgressBar() as bar:
        return models.resolve(on_disk(models, source), progress=bar.show)


def local_data(args, side: int | None, channels: int | None) -> Path:
    """Where `args.data` is. The pictures of a dataset on the Hub become the run's own data.npz, which it then names.

    What there is to say of them goes to stderr. Raises StudioError.
    """
    source = str(args.data)
    if source.startswith(_ON_THE_HUB):
        from gan.studio.data.hub_data import fetch_pictures

        with tempfile.TemporaryDirectory(prefix=".fetched-", dir=make_folder(args.out.absolute().parent)) as folder:
            with ProgressBar() as bar:
                files = fetch_pictures(
                    known_models(args).hub, source.removeprefix(_ON_THE_HUB), None, Path(folder), bar.show
                )
            report = intake(files, args.out / "data", side or 64, channels or 3)
        print(*files.left_out, *report.sentences, sep="\n", file=sys.stderr)
        args.data = args.out / "data" / DATA
    return args.data


def fetched_data(args) -> Path | None:
    """Where `args.data` is once the lead of a team has asked for it with `local_data`: nothing is fetched twice."""
    return args.out / "data" / DATA if str(args.data).startswith(_ON_THE_HUB) else args.data


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
    if os.path.isfile(folder / CONFIG):
        return True
    return (
        os.path.isdir(folder)
        and choose({file.name: file.stat().st_size for file in folder.iterdir() if file.is_file()}) is not None
    )
