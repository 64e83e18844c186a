"""Whether a folder is a run, and what it was started with: what can be known of a run without what trains it.

Nothing here imports torch, so that lists of runs come at once. `run_folder` writes and plays runs.
"""

import os
import re
import stat
from pathlib import Path
from typing import Any

from gan.errors import StudioError
from gan.field_metadata import from_values, show
from gan.messages import say
from gan.store.events import EVENTS
from gan.store.fields import filled
from gan.store.files import MISSING, file_in, read_table, unreadable
from gan.store.run_settings import RunSettings
from gan.training.config import TrainConfig

SETTINGS, STATE, VERSION = "config.json", "state.safetensors", 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TELLTALES = ("job.json", SETTINGS, EVENTS, "status.json", STATE)  # any of them makes a folder a run


def read_settings(path: Path) -> RunSettings:
    """What the run in a folder was started with. Raises StudioError with the code MISSING where there is none, and
    UNREADABLE where its config.json cannot be read, or is from a newer version."""
    path = Path(path)
    try:
        return _settings(read_table(path / SETTINGS), file_in(path / SETTINGS))
    except StudioError as error:
        if error.code != MISSING or is_run(path):
            raise
        raise StudioError(
            say("There is no run at {path}.", path=path), "Give the folder that an earlier --out named.", MISSING
        ) from error


def public_base(base: str | None) -> str | None:
    """What a run started from, as anybody may know it: without the folders of this computer."""
    return Path(base).name if base and os.path.isabs(os.path.expanduser(base)) else base


def is_saved(path: Path) -> bool:
    """Whether a folder holds a run that can go on: one that was begun, and saved since."""
    return all((path / name).exists() for name in (SETTINGS, STATE))


def forget_unsaved(path: Path) -> None:
    """A run that was killed before its first save begins anew: what it was begun with is taken away."""
    if not is_saved(path):
        (path / SETTINGS).unlink(missing_ok=True)


def is_run(path: Path) -> bool:
    """Whether a folder is a run, begun or not; also one that lost a file, and one that nobody here may look into."""
    try:
        return bool(_NAME.fullmatch(path.name)) and any(_is_there(path / name) for name in _TELLTALES)
    except OSError:
        return os.path.isdir(path)


def _is_there(file: Path) -> bool:
    """Whether that is a file. Raises OSError where that is not to be known."""
    try:
        return stat.S_ISREG(os.stat(file).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _settings(values: dict[str, Any], called: str) -> RunSettings:
    """What config.json says. Raises StudioError where it is of a newer version, or not of a run."""
    if values.get("studio", VERSION) != VERSION:
        why = say("it says studio: {version}, where {known} is known", version=show(values["studio"]), known=VERSION)
        raise unreadable(called, why, newer=True)
    settings = filled(RunSettings, values, called)
    try:
        from_values(TrainConfig, settings.train)
    except StudioError as error:
        raise unreadable(called, error.message, newer=True) from error
    return settings
