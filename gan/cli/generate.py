"""`gan generate`: pictures go into a grid in one file, or each into a PNG that carries its recipe."""

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from gan.cli.pictures import (
    PictureOptions,
    another,
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
from gan.kinds.kind import Canvas
from gan.kinds.table import canvas_of, kind_of
from gan.latents.seeds import MOST_SEEDS, parse_seeds
from gan.messages import say, say_n
from gan.store.files import whole_file, write_bytes, write_text
from gan.store.grids import columns_of, grid
from gan.store.wav_file import wav_bytes
from gan.studio.contact_sheets import picture_names, sheet_zip
from gan.studio.engine import Engine
from gan.studio.mixes import COLOURS, mix_grid
from gan.studio.picture_sizes import MOST_PIXELS
from gan.studio.png_recipes import png_bytes
from gan.studio.recipes import Recipe

_FORMATS = {"png": "PNG", "webp": "WEBP", "jpg": "JPEG", "jpeg": "JPEG"}
_ZIP, _TEXT, _SOUND = "zip", "txt", "wav"
_LONGEST = {"PNG": 2**31 - 1, "WEBP": 16383, "JPEG": 65500}  # pixels of an edge that a file can have
_AT_ONCE = 32  # pictures between two looks at the progress bar


def act(
    sources: CommandSources,
    out: str,
    recipe: Path | None,
    columns: int | None,
    mix_grid: str | None,
    address: str,
    **options,
) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    path, kind = read_out(out, _FORMATS if mix_grid is not None else (*_FORMATS, _ZIP, _TEXT, _SOUND))
    if columns is not None and columns < 1:
        raise StudioError(
            say("A grid cannot have {columns} columns.", columns=columns),
            "Give 1 or more, or leave --columns out.",
        )
    saved = read_saved(recipe) if recipe else None
    asked = PictureOptions.of(options)
    if mix_grid is not None:
        if columns is not None or asked.style_seed is not None or asked.style_file is not None:
            raise StudioError(
                "--mix-grid says itself what its columns and second pictures are.", "Leave out --columns and --style."
            )
        return _make_mix_grid(asked, sources, saved, mix_grid, path, kind)
    model, recipes = finished(asked, sources, seeded(asked, saved), fresh=saved is None)
    recipes = with_style(asked, recipes)
    make_room(path, kind)
    if kind == _TEXT:
        return _write_texts(path, Engine(sources.models), recipes)
    if kind == _SOUND:
        return _write_sounds(path, Engine(sources.models), recipes)
    with ProgressBar() as bar:
        batches = _render(Engine(sources.models), model, recipes, asked.size, bar)
        if kind is None:
            _write_each(path, recipes, batches)
        elif kind == _ZIP:
            _write_zip(path, recipes, batches, address, columns)
        else:
            only = recipes[0] if len(recipes) == 1 else None  # a single picture carries its recipe
            columns = min(columns or columns_of(len(recipes)), len(recipes))
            _write_grid(path, _FORMATS[kind], len(recipes), batches, columns, model.config.pixel_art, only)
    if kind is None and kind_of(model.generator).hear is not None:
        return _write_each_sound(path, Engine(sources.models), recipes)
    tell(say_n("{n} picture in {path}", "{n} pictures in {path}", len(recipes), path=path))


def _write_texts(out: Path, engine: Engine, recipes: Sequence[Recipe]) -> None:
    """What the samples read, one a line."""
    texts = engine.texts(recipes)
    write_text(out, "".join(f"{text}\n" for text in texts))
    tell(say_n("{n} word in {path}", "{n} words in {path}", len(texts), path=out))


def _write_sounds(out: Path, engine: Engine, recipes: Sequence[Recipe]) -> None:
    """What the samples sound like, one after the other."""
    parts = [engine.sounds(recipes[at : at + _AT_ONCE]) for at in range(0, len(recipes), _AT_ONCE)]
    write_bytes(out, wav_bytes(np.concatenate(parts).reshape(-1)))
    tell(say_n("{n} sound in {path}", "{n} sounds in {path}", len(recipes), path=out))


def _write_each_sound(folder: Path, engine: Engine, recipes: Sequence[Recipe]) -> None:
    """A WAV file beside each picture."""
    for name, recipe in zip(picture_names(recipes), recipes, strict=True):
        write_bytes((folder / name).with_suffix(f".{_SOUND}"), wav_bytes(engine.sounds([recipe])[0]))
    tell(
        say_n(
            "{n} sound with its picture in {path}",
            "{n} sounds with their pictures in {path}",
            len(recipes),
            path=folder,
        )
    )


def _make_mix_grid(
    asked: PictureOptions, sources: CommandSources, saved: Recipe | None, seeds: str, out: Path, kind: str | None
) -> None:
    """Write the grid of all mixes of some seeds with others, the pictures themselves along its upper and left edges."""
    if kind is None:
        raise StudioError(
            "A mixing grid is one picture, and --out is a folder.", "Give a file, such as --out grid.png."
        )
    rows = seeded(asked, saved)
    pictures = rows + [another(rows[0], seed) for seed in parse_seeds(seeds)]
    model, pictures = finished(asked, sources, pictures, fresh=saved is None)
    rows, columns = pictures[: len(rows)], pictures[len(rows) :]
    if len(rows) * len(columns) > MOST_SEEDS:
        raise StudioError(
            say("A grid of {count} x {count2} mixes is too large.", count=len(rows), count2=len(columns)),
            "Give fewer --seeds or fewer columns.",
        )
    mixes = mix_grid(rows, columns, asked.mix.get("mix", COLOURS))
    shown = list(columns)
    for i, row in enumerate(rows):
        shown += [replace(row, style=None, mix=()), *mixes[i * len(columns) : (i + 1) * len(columns)]]
    make_room(out, kind)
    with ProgressBar() as bar:
        batches = _after_a_blank(_render(Engine(sources.models), model, shown, asked.size, bar))
        _write_grid(out, _FORMATS[kind], len(shown) + 1, batches, len(columns) + 1, model.config.pixel_art)
    tell(say("{rows} x {columns} mixes in {out}", rows=len(rows), columns=len(columns), out=out))


def _after_a_blank(batches: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    """The batches, and before them one white picture: the corner of a mixing grid."""
    first = next(batches)
    yield np.full_like(first[:1], 255)
    yield first
    yield from batches


def _at_once(canvas: Canvas, size: int | None) -> int:
    """How many pictures the engine takes at once, at their own size where none is given."""
    return max(1, min(_AT_ONCE, MOST_PIXELS // (size**2 if size else canvas.height * canvas.width)))


def _render(
    engine: Engine, model, recipes: Sequence[Recipe], size: int | None, bar: ProgressBar
) -> Iterator[np.ndarray]:
    """The pictures in batches that the engine takes at once. The first holds one, which shows their shape early."""
    count = _at_once(canvas_of(model.generator), size)
    starts = [0, *range(1, len(recipes), count)]
    for at, end in zip(starts, [*starts[1:], len(recipes)], strict=True):
        bar.show(at / len(recipes), say("{at} of {count} pictures", at=at, count=len(recipes)))
        yield engine.render(recipes[at:end], size)


def _write_each(folder: Path, recipes: Sequence[Recipe], batches: Iterator[np.ndarray]) -> None:
    names = picture_names(recipes)
    pictures = (picture for batch in batches for picture in batch)
    for name, recipe, picture in zip(names, recipes, pictures, strict=True):
        write_bytes(folder / name, png_bytes(picture, recipe))


def _write_zip(
    out: Path, recipes: Sequence[Recipe], batches: Iterator[np.ndarray], address: str, columns: int | None
) -> None:
    with whole_file(out) as part:
        first = next(batches)
        _check_size("PNG", len(recipes), min(columns or columns_of(len(recipes)), len(recipes)), *first.shape[1:3])
        part.write_bytes(sheet_zip(np.concatenate([first, *batches]), recipes, address, columns))


def _write_grid(
    out: Path,
    form: str,
    count: int,
    batches: Iterator[np.ndarray],
    columns: int,
    lossless: bool,
    recipe: Recipe | None = None,
) -> None:
    with whole_file(out) as part:  # first, so that hours of painting do not end with a place that cannot be written
        first = next(batches)
        _check_size(form, count, columns, *first.shape[1:3])
        whole = grid(np.concatenate([first, *batches]), columns)
        part.write_bytes(png_bytes(whole, recipe) if form == "PNG" else _encoded(whole, form, lossless))


def _check_size(form: str, count: int, columns: int, height: int, width: int) -> None:
    """Raise a StudioError unless memory and the file's format have room for all the pictures in one."""
    if count * width * height > MOST_PIXELS:
        raise StudioError(
            say(
                "{count} pictures of {width} x {height} pixels are too large for one grid.",
                count=count,
                width=width,
                height=height,
            ),
            "Give a folder as --out, fewer seeds or a smaller --size.",
        )
    longest = max(columns * width, math.ceil(count / columns) * height)
    if longest > _LONGEST[form]:
        raise StudioError(
            say("A {form} file cannot be {longest} pixels long.", form=form, longest=longest),
            "Write a .png, or change --columns.",
        )


def _encoded(picture: np.ndarray, form: str, lossless: bool) -> bytes:
    """The file's bytes. Pillow writes JPEG straight to a disk without noticing that it is full, so it writes to memory.

    JPEG has no transparency, which becomes white.
    """
    image, file = Image.fromarray(picture), io.BytesIO()
    if form == "JPEG" and image.mode == "RGBA":
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    image.save(file, form, quality=92, **(dict(lossless=lossless) if form == "WEBP" else dict(subsampling=0)))
    return file.getvalue()
