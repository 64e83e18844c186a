"""What was measured of dragging points on a model's pictures: a table for people, and what the model keeps of it.

rows = list(timed_drags(model))
keep_drags(model.path, rows, "python -m gan drag ...")      # the page then offers it, if enough handles arrive
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor

from gan.evaluation.drags import Drag, drags
from gan.networks.pixels import to_pixels
from gan.store.cards import put_section, read_card
from gan.store.files import whole_file
from gan.store.grids import grid
from gan.store.model_folder import keep_facts

SECTION = "drag points"
_LARGER = 256  # pixels a side that pictures in strips have at least
_HANDLE, _TARGET = (230, 40, 40), (30, 170, 60)
Colour = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class TimedDrag:
    """A drag, and how many seconds it took."""

    drag: Drag
    seconds: float


def timed_drags(model) -> Iterator[TimedDrag]:
    """Ten drags on a model's pictures, one by one. Raises StudioError where it has nothing to drag by."""
    begun = time.monotonic()
    for one in drags(model.generator):
        now = time.monotonic()
        yield TimedDrag(one, now - begun)
        begun = now


def facts(rows: Sequence[TimedDrag]) -> dict:
    """Plain numbers for the model's config: how many of `count` handles reached their targets, by their features and by
    their patches; means of the pixels they were from it, of the change without the circle, within it, and without it
    between two seeds (0 to 1), of steps and seconds."""
    all_drags = [row.drag for row in rows]
    return {
        "count": len(rows),
        "reached": sum(one.reached for one in all_drags),
        "reached_by_patch": sum(one.reached_by_patch for one in all_drags),
        "pixels": _mean([one.far for one in all_drags], 1),
        "pixels_by_patch": _mean([one.by_patch for one in all_drags], 1),
        "outside": _mean([one.outside for one in all_drags], 4),
        "inside": _mean([one.inside for one in all_drags], 4),
        "between_seeds": _mean([one.usual for one in all_drags], 4),
        "steps": _mean([one.steps for one in all_drags], 0),
        "seconds": _mean([row.seconds for row in rows], 1),
    }


def line(row: TimedDrag, number: int) -> str:
    """One drag in a line."""
    one = row.drag
    return (
        f"{number:>2}  {one.far:4.1f} px by feature, {one.by_patch:4.1f} by patch; change outside {one.outside:.1%}, "
        f"inside {one.inside:.1%}, between seeds {one.usual:.1%}; {one.steps} steps, {row.seconds:.1f} s"
    )


def keep_drags(folder: Path, rows: Sequence[TimedDrag], command: str) -> None:
    """Write what was measured into the config.json of the model in `folder`, and as a table into its card. Raises
    StudioError where that fails."""
    card, found = read_card(folder), facts(rows)
    keep_facts(folder, drags=found)
    put_section(folder, card, SECTION, card_text(found, command))


def card_text(found: dict, command: str) -> str:
    """The table in Markdown, what its columns mean, and the command that makes it again."""
    return (
        "Ten drags that nobody chose (Pan et al. 2023, DragGAN): of ten seeds each time the strongest corner is the "
        "handle, and its target lies an eighth of the side further, where the model's own pictures have most to offer. "
        "*reached*: in how many of them the handle ends within 3 pixels (of 64) of its target, by its features; *by "
        "patch*: by where the patch of pixels around it is found again, which is sterner, since what is dragged may "
        "change its look. *outside*: the mean change outside the circle of what may change; *between seeds*: that "
        "between two pictures. The page offers the tool where 8 of 10 are reached and the change outside is at most an "
        "eighth of that.\n\n"
        "| reached | mean distance | by patch | mean distance | outside | inside | between seeds | steps | seconds |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        f"| {found['reached']} of {found['count']} | {found['pixels']} px | {found['reached_by_patch']} of "
        f"{found['count']} | {found['pixels_by_patch']} px | {found['outside']:.1%} | {found['inside']:.1%} | "
        f"{found['between_seeds']:.1%} | {found['steps']:g} | {found['seconds']:g} |\n\n"
        f"```\n{command}\n```"
    )


def strips(rows: Sequence[TimedDrag], path: Path) -> None:
    """Before and after of each drag side by side, with handles in red and targets in green, as a PNG."""
    pictures = []
    for row in rows:
        one = row.drag
        pictures += [
            _marked(one.before, (one.handle, _HANDLE), (one.target, _TARGET)),
            _marked(one.after, (one.now, _HANDLE), (one.target, _TARGET)),
        ]
    with whole_file(path) as part:
        Image.fromarray(grid(np.stack(pictures), 4, gap=4)).save(part, "PNG")


def _marked(x: Tensor, *points: tuple[tuple[float, float], Colour]) -> np.ndarray:
    """The picture (channels, side, side), larger, with a cross at each point."""
    pixels = to_pixels(x[None])[0].numpy()
    pixels = pixels.repeat(3, axis=2) if pixels.shape[2] == 1 else pixels[..., :3]
    larger = max(1, -(-_LARGER // pixels.shape[0]))
    pixels = pixels.repeat(larger, axis=0).repeat(larger, axis=1)
    for place, colour in points:
        x0, y0 = (int((value + 0.5) * larger) for value in place)
        pixels[max(0, y0 - 1) : y0 + 2, max(0, x0 - 6) : x0 + 7] = colour
        pixels[max(0, y0 - 6) : y0 + 7, max(0, x0 - 1) : x0 + 2] = colour
    return pixels


def _mean(values: Sequence[float], digits: int) -> float:
    return round(sum(values) / len(values), digits)
