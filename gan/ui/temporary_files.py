"""Files that visitors take away: each in a folder of its own among Gradio's temporary files, gone after an hour, or
when the app ends."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from gan.errors import StudioError
from gan.messages import listed, say
from gan.store.files import make_folder
from gan.store.passing import begun_folder, remove_old
from gan.studio.batcher import Batcher
from gan.studio.engine import Engine
from gan.studio.film_formats import FILMS
from gan.studio.path_recipes import PathRecipe

OLDEST = 3600  # seconds that a file waits to be taken away
_MOST_FILM_PIXELS = 500_000_000
_PREFIX = "gan-studio-"
_OWN = f"{_PREFIX}{os.getpid()}-"  # several apps may share the folder


def new_folder(what: str) -> Path:
    """An empty folder for files that the page may offer; older ones are swept away first."""
    home = make_folder(gr.utils.get_upload_folder())
    remove_old(home, f"{_PREFIX}*", OLDEST)
    return begun_folder(home, f"{_OWN}{what}-")


@contextlib.contextmanager
def filled_folder(what: str) -> Iterator[Path]:
    """Likewise, to be filled in the block: it is gone where that fails, also where whoever asked went away."""
    folder = new_folder(what)
    try:
        yield folder
    except BaseException:
        remove(folder)
        raise


def remove_all() -> None:
    """All folders of this process: it ends, and nobody will take them away."""
    for folder in Path(gr.utils.get_upload_folder()).glob(f"{_OWN}*"):
        remove(folder)


def remove(folder: Path) -> None:
    """A folder of `new_folder` that is not needed any more."""
    shutil.rmtree(folder, ignore_errors=True)


def write_film(
    engine: Engine,
    batcher: Batcher,
    path: PathRecipe,
    kind: str,
    fps: int,
    side: int,
    lossless: bool,
    progress=None,
) -> Path:
    """A film as a file of one of FILMS' kinds, `side` pixels on its longer edge. Raises StudioError."""
    if kind not in FILMS:
        raise StudioError(
            say("There is no film of the kind {kind!r}.", kind=kind[:20]),
            say("The kinds are {names}.", names=listed(FILMS)),
        )
    if path.frame_count * side**2 > _MOST_FILM_PIXELS:
        raise StudioError(
            say(
                "A film of {frame_count} frames of {side} x {side} pixels is too large.",
                frame_count=path.frame_count,
                side=side,
            ),
            "Make it shorter or smaller.",
        )
    extras: dict[str, dict[str, Any]] = {"zip": {"recipes": path.keyframe_recipes()}, "webp": {"lossless": lossless}}
    with filled_folder("film") as folder:
        target = folder / f"{path.keyframes[0].model.replace('/', '-')}-film.{kind}"
        frames = batcher.whole_film(engine.frames(path, side))
        FILMS[kind](target, frames, fps=fps, progress=progress, **extras.get(kind, {}))
    return target
