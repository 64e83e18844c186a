"""`gan interpolate`: a path through keyframes becomes a film, or a folder of its frames."""

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from gan.cli.options import given_texts
from gan.cli.pictures import (
    PictureOptions,
    finished,
    make_room,
    read_out,
    read_saved,
    seeded,
    with_style,
)
from gan.cli.progress import ProgressBar
from gan.cli.sources import CommandSources
from gan.cli.speech import tell
from gan.errors import StudioError
from gan.messages import say, say_n
from gan.store.files import write_bytes, write_text
from gan.store.wav_file import wav_bytes
from gan.studio.engine import Engine
from gan.studio.film_formats import FILMS
from gan.studio.ladders import ladder
from gan.studio.morphs import beats, morph
from gan.studio.path_recipes import PathRecipe
from gan.studio.png_recipes import png_bytes
from gan.studio.recipes import Recipe

_TEXT, _SOUND = "txt", "wav"


def act(sources: CommandSources, out: str, saved: list[Path] | None, fps: int, **options) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    file, kind = read_out(out, (*FILMS, _TEXT, _SOUND))
    asked = PictureOptions.of(options)
    if (asked.seeds is None) == (saved is None):
        raise StudioError("A film needs either --seeds or --keyframes.", "For example --seeds 1,5,9.")
    keyframes = _keyframes(asked, saved)
    if not 2 <= len(keyframes) <= 64:
        raise StudioError(
            say("A film needs 2 to 64 keyframes, not {count}.", count=len(keyframes)),
            "Give more --seeds, or more files with --keyframes." if len(keyframes) < 2 else "Give fewer of them.",
        )
    path = PathRecipe(keyframes, **given_texts(options, PathRecipe))
    model, recipes = finished(asked, sources, path.keyframes, fresh=saved is None)
    path = replace(path, keyframes=tuple(with_style(asked, recipes)))
    make_room(file, kind)
    if kind == _TEXT:
        return _write_ladder(file, Engine(sources.models), path)
    if kind == _SOUND:
        return _write_morph(file, Engine(sources.models), path, fps)
    with ProgressBar() as bar:
        frames = Engine(sources.models).frames(path, asked.size)
        _writer(kind, path, model.config.pixel_art)(
            file,
            frames,
            fps,
            lambda done: bar.show(
                done / path.frame_count, say("{at} of {count} frames", at=done, count=path.frame_count)
            ),
        )
    tell(say("{count} frames in {file}", count=path.frame_count, file=file))


def _write_ladder(out: Path, engine: Engine, path: PathRecipe) -> None:
    """The words on the way, one a line."""
    rungs = ladder([text for some in engine.frame_texts(path) for text in some])
    write_text(out, "".join(f"{rung['text']}\n" for rung in rungs))
    tell(say_n("{n} word in {path}", "{n} words in {path}", len(rungs), path=out))


def _write_morph(out: Path, engine: Engine, path: PathRecipe, fps: int) -> None:
    """The sounds on the way, a beat apart."""
    if fps < 1:
        raise StudioError(say("--fps cannot be {fps}.", fps=fps), "Give a number above 0.")
    chosen = beats(path.frame_count, fps)
    sounds = [sound for some in engine.frame_sounds(path, chosen) for sound in some]
    write_bytes(out, wav_bytes(morph(sounds)))
    tell(say_n("{n} sound in {path}", "{n} sounds in {path}", len(sounds), path=out))


def _keyframes(asked: PictureOptions, saved: list[Path] | None) -> tuple[Recipe, ...]:
    if saved is None:
        return tuple(seeded(asked))
    recipes = [read_saved(file) for file in saved]
    return tuple(replace(r, model=asked.model, revision=None) if asked.model else r for r in recipes)


def _writer(kind: str | None, path: PathRecipe, pixel_art: bool) -> Callable:
    """How to write the film: write(out, frames, fps, progress). PNGs of keyframes carry their recipes."""
    if kind is None:
        return functools.partial(_write_folder, recipes=path.keyframe_recipes())
    options: dict[str, dict[str, Any]] = {
        "zip": dict(recipes=path.keyframe_recipes()),
        "webp": dict(lossless=pixel_art),
    }
    return functools.partial(FILMS[kind], **options.get(kind, {}))


def _write_folder(folder: Path, batches, fps: int, progress: Callable[[int], None], recipes: dict[int, Recipe]) -> None:
    """Every frame as a PNG, 00000.png onwards, as in the zip."""
    for number, frame in enumerate(frame for batch in batches for frame in batch):
        write_bytes(folder / f"{number:05}.png", png_bytes(frame, recipes.get(number)))
        progress(number + 1)
