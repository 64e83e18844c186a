"""The models that a run has kept: snapshots/<step> in its folder, complete once their config.json is there."""

import logging
import os
import re
from pathlib import Path

from gan.errors import StudioError
from gan.studio.models.folder import CONFIG
from gan.studio.runs.run import Run
from gan.studio.runs.state import is_run

_FOLDER = "snapshots"
_log = logging.getLogger(__name__)
_TYPED = re.compile(r"[0-9]{1,12}")


def kept_steps(run: Path) -> list[int]:
    """The steps at which the run in this folder kept a model, the first one first. Links are no snapshots."""
    try:
        with os.scandir(run / _FOLDER) as entries:
            return sorted(int(entry.name) for entry in entries if _is_step(entry.name)
                          and entry.is_dir(follow_symlinks=False) and os.path.isfile(os.path.join(entry.path, CONFIG)))
    except OSError:      # no model yet, or the run was deleted this moment
        return []


def find_snapshot(run: Path, revision: str | None) -> Path:
    """The folder of the model at a step, as its folder is called or as people type it ("500"); None for the newest.

    Raises StudioError where no model was kept then, where `revision` is no step, and for links.
    """
    if revision is None:
        steps = kept_steps(run)
        if not steps:
            raise StudioError(f"The run {run.name} has kept no model yet.", "Wait until it keeps its first one.")
        return _without_links(run, _snapshot(run, steps[-1]))
    if not _TYPED.fullmatch(revision):
        raise StudioError(f"{revision[:60]!r} is not a step of the run {run.name}.", "Give the number of a step that it kept.")
    folder = _snapshot(run, int(revision))
    if not (folder / CONFIG).is_file():
        raise _not_kept(run, int(revision))
    return _without_links(run, folder)


def first_of_tuned(folder: Path) -> Path | None:
    """The first snapshot of the run that this folder is a snapshot of, if the run started from another model; else None.

    A run that keeps its start has that model itself at step 0 (`is_start`). Settings that cannot be read cost the run its
    base, not its pictures.
    """
    run = folder.parent.parent
    if folder.parent.name != _FOLDER or not _is_step(folder.name) or not is_run(run):
        return None
    try:
        base = Run.open(run).settings.base
    except StudioError as error:
        _log.warning("%s", error)
        return None
    steps = kept_steps(run) or [int(folder.name)]      # none: the run is being deleted
    return _snapshot(run, steps[0]) if base else None


def is_start(folder: Path) -> bool:
    """Whether a snapshot was kept before the first step."""
    return int(folder.name) == 0


def _snapshot(run: Path, step: int) -> Path:
    return run / _FOLDER / f"{step:07d}"


def _is_step(name: str) -> bool:
    """Whether a snapshot's folder may be called so."""
    return bool(_TYPED.fullmatch(name)) and name == f"{int(name):07d}"


def _not_kept(run: Path, step: int) -> StudioError:
    """Names the nearest ones, before and after."""
    steps = kept_steps(run)
    near = [*[s for s in steps if s < step][-1:], *[s for s in steps if s > step][:1]]
    fault = f"Step {step} of the run {run.name} was not kept."
    if not near:
        return StudioError(fault, "It has kept no model yet.")
    return StudioError(fault, f"The nearest {'one' if len(near) == 1 else 'ones'} it kept: {' and '.join(map(str, near))}.")


def _without_links(run: Path, folder: Path) -> Path:
    """The folder, unless the way from the folder of all runs to it goes over a link: that could lead anywhere."""
    root = os.path.realpath(run.parent)
    if os.path.realpath(folder) != os.path.join(root, run.name, _FOLDER, folder.name):
        raise StudioError(f"The run {run.name} holds a link in place of a folder.", "Copy the folder itself there.")
    return folder
