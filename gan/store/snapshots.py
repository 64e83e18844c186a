"""The models that a run has kept: snapshots/<step> in its folder, complete once their config.json is there."""

import os
from pathlib import Path

from gan.errors import StudioError
from gan.messages import listed, say, say_n
from gan.store.model_config import CONFIG
from gan.store.places import SNAPSHOTS, TYPED_STEP, is_step


def kept_steps(run: Path) -> list[int]:
    """The steps at which the run in this folder kept a model, the first one first. Links are no snapshots."""
    try:
        with os.scandir(Path(run) / SNAPSHOTS) as entries:
            return sorted(
                int(entry.name)
                for entry in entries
                if is_step(entry.name)
                and entry.is_dir(follow_symlinks=False)
                and os.path.isfile(os.path.join(entry.path, CONFIG))
            )
    except OSError:  # no model yet, or the run was deleted this moment
        return []


def find_snapshot(run: Path, revision: str | None) -> Path:
    """The folder of the model at a step, as its folder is called or as people type it ("500"); None for the newest.

    Raises StudioError where no model was kept then, where `revision` is no step, and for links.
    """
    if revision is None:
        steps = kept_steps(run)
        if not steps:
            raise StudioError(
                say("The run {name} has kept no model yet.", name=run.name), "Wait until it keeps its first one."
            )
        return _without_links(run, snapshot_path(run, steps[-1]))
    if not TYPED_STEP.fullmatch(revision):
        raise StudioError(
            say("{revision!r} is not a step of the run {name}.", revision=revision[:60], name=run.name),
            "Give the number of a step that it kept.",
        )
    folder = snapshot_path(run, int(revision))
    if not (folder / CONFIG).is_file():
        raise _not_kept(run, int(revision))
    return _without_links(run, folder)


def is_start(folder: Path) -> bool:
    """Whether a snapshot was kept before the first step."""
    return int(folder.name) == 0


def snapshot_path(run: Path, step: int) -> Path:
    """The model folder of a step in a run's folder, or where it would be."""
    return Path(run) / SNAPSHOTS / f"{step:07d}"


def _not_kept(run: Path, step: int) -> StudioError:
    """Names the nearest ones, before and after."""
    steps = kept_steps(run)
    near = [*[s for s in steps if s < step][-1:], *[s for s in steps if s > step][:1]]
    fault = say("Step {step} of the run {name} was not kept.", step=step, name=run.name)
    if not near:
        return StudioError(fault, "It has kept no model yet.")
    return StudioError(
        fault,
        say_n(
            "The nearest one it kept: {names}.",
            "The nearest ones it kept: {names}.",
            len(near),
            names=listed(near, "{before} and {last}"),
        ),
    )


def _without_links(run: Path, folder: Path) -> Path:
    """The folder, unless the way from the folder of all runs to it goes over a link: that could lead anywhere."""
    root = os.path.realpath(run.parent)
    if os.path.realpath(folder) != os.path.join(root, run.name, SNAPSHOTS, folder.name):
        raise StudioError(
            say("The run {name} holds a link in place of a folder.", name=run.name), "Copy the folder itself there."
        )
    return folder
