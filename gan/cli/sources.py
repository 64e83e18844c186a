"""Models as a person names them on the command line: a bundled name, any folder, a run, or user/repo on the Hub."""

import os
from pathlib import Path

from gan.cli.progress import ProgressBar
from gan.studio.folder import CONFIG
from gan.studio.runs import kept_snapshots, snapshot_path


def known_models(args):
    """The models of this command: those that `main` was given, else the bundled ones and the Hub.

    The Hub is asked as the person who is signed in on this computer, whose own models may be private.
    """
    if args.models is None:
        from gan.studio.hub import Hub  # commands that need no model must not need the Hub's client
        from gan.studio.models import Models

        args.models = Models(hub=Hub(token=None))
    return args.models


def open_model(args, source: str, revision: str | None = None):
    """The model that `source` names, loaded; a download shows on stderr. Raises StudioError."""
    models = known_models(args)
    with ProgressBar() as bar:
        return models.get(_as_folder(models, source), revision, bar.show)


def model_folder(args, source: str) -> Path:
    """The folder of that model, fetched where need be. Raises StudioError."""
    models = known_models(args)
    with ProgressBar() as bar:
        return models.resolve(_as_folder(models, source), progress=bar.show)


def _as_folder(models, source: str) -> str:
    """`source`, written as a path where it is a folder with a model, so that ./ need not be typed in front.

    A bundled model goes before a folder of the same name. A run stands for its newest snapshot.
    """
    folder = Path(source).expanduser()
    if source in models.names() or not (folder / CONFIG).is_file():
        return source
    steps = kept_snapshots(folder)
    folder = snapshot_path(folder, steps[-1]) if steps else folder
    return str(folder) if folder.is_absolute() else os.path.join(os.curdir, folder)
