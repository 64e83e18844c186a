"""Whether a GAN's samples help a classifier (training/more_data.py): with a clock, a file to go on from, pictures."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gan.errors import StudioError
from gan.messages import Message, say
from gan.store.files import read_table
from gan.store.grids import grid
from gan.training.more_data import LabelledPictures, SeedResult, play
from gan.training.more_data_report import MoreDataReport

_MOST_SHOWN = 26  # classes in the picture of samples

Told = Callable[[float, Message], None]
"""Told which share is done, and of what; may raise to end it."""


def begun(out: Path | None, fresh: MoreDataReport) -> MoreDataReport:
    """What a file holds of the same experiment, for seeds that are asked for; else the fresh one. Raises StudioError
    where it is another experiment."""
    if out is None or not out.exists():
        return fresh
    try:
        old = MoreDataReport.from_values(read_table(out))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StudioError(say("{out} holds no such experiment.", out=out), "Choose another --out.") from error
    if _subject(old) != _subject(fresh):
        raise StudioError(
            say("{out} holds an experiment with other pictures or settings.", out=out),
            "Give the same again, or leave out --resume.",
        )
    kept = {seed: row for seed, row in old.right.items() if seed in fresh.settings.all_seeds}
    return replace(fresh, held_out=old.held_out, right=kept)


def played(
    pictures: LabelledPictures, report: MoreDataReport, minutes: float | None, told: Told
) -> Iterator[tuple[MoreDataReport, SeedResult]]:
    """The report with each further seed. None begins that would probably not end within so many minutes, but two are
    always played: of one nothing can be told."""
    began, seeds = time.monotonic(), report.left
    for i, seed in enumerate(seeds):
        late = minutes is not None and i > 0 and (time.monotonic() - began) * (i + 1) / i > 60 * minutes
        if late and len(report.right) >= 2:
            return
        words = say("seed {n} of {count}", n=i + 1, count=len(seeds))
        for step in play(pictures, report.settings, seed):
            if isinstance(step, SeedResult):
                report = report.and_(step)
                yield report, step
            else:
                told((i + step.done) / len(seeds), words)


def sheet(shown: dict[str, Tensor]) -> np.ndarray:
    """Samples of each GAN below each other, the classes side by side: uint8 (height, width, 3)."""
    rows = torch.cat([samples[:, :_MOST_SHOWN] for samples in shown.values()])
    pixels = rows.flatten(0, 1).permute(0, 2, 3, 1).numpy()
    return grid(pixels[..., :3] if pixels.shape[3] > 1 else pixels.repeat(3, axis=3), rows.shape[1])


def _subject(report: MoreDataReport) -> tuple:
    """What must be alike for seeds to be put together: all but which seeds."""
    rules = {name: value for name, value in asdict(report.settings).items() if name not in ("seeds", "first_seed")}
    return report.data, report.classes, report.pictures, rules
