"""A run is a folder: config.json, events.jsonl, grids/<step>.webp, snapshots/<step>/ and state.safetensors.

Whoever trains writes it; pages and people only read it. Each snapshot is a model folder like those in weights/.
"""

import dataclasses
import functools
import logging
import math
import operator
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from gan.errors import StudioError
from gan.field_metadata import from_values, to_values
from gan.kinds.table import is_pictures, kind_of
from gan.messages import say
from gan.networks.contract import Generator
from gan.networks.pixels import shrunk
from gan.networks.registry import build_generator
from gan.store.cards import model_card
from gan.store.events import EVENTS, Event, event_line, lines_until, read_events, read_lines
from gan.store.files import (
    append_line,
    make_folder,
    whole_file,
    write_bytes,
    write_json,
    write_text,
)
from gan.store.grids import grid
from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.store.places import SNAPSHOTS, is_step
from gan.store.run_reading import SETTINGS, STATE, VERSION, is_run, read_settings
from gan.store.run_settings import RunSettings
from gan.store.saved_state import load_state, save_state
from gan.store.snapshots import kept_steps, snapshot_path
from gan.training.config import TrainConfig
from gan.training.doctor import Doctor
from gan.training.findings import Diagnosis
from gan.training.records import ChangeRecord, GridRecord, Record, StepRecord
from gan.training.trainer import Trainer

_LOG = logging.getLogger(__name__)
# Every pixel as it is, as cheaply as possible. 6 x 6 cats of 64 pixels on one core: 4 ms, 250 KiB. Pillow's own
# lossless settings take 179 ms for 226 KiB, lossy ones (quality 90, method 0) 6 ms for 61 KiB with errors of up to 87
# grey levels.
_GRID = dict(lossless=True, method=0, quality=0)
# Pixels of a picture's longer side in a grid: 36 of 1024 would take 68 MB and 7 s each time, and a WebP's edge ends at
# 16383, where the 20 in a row of the largest grid take 5120 of 256.
_CELL = 256


class Run:
    """One run's folder. Create a new one with `Run.create`, open a written one with `Run.open`."""

    def __init__(self, path: Path, settings: RunSettings) -> None:
        self.path, self.settings = Path(path), settings

    @staticmethod
    def check_free(path: Path) -> None:
        """Raise StudioError where a run, or a file, is already there."""
        path = Path(path)
        if path.exists() and not path.is_dir():
            raise StudioError(say("{path} is a file.", path=path), "A run is a folder: choose another --out.")
        if (path / SETTINGS).exists():
            raise StudioError(
                say("There already is a run at {path}.", path=path),
                "Add --resume to continue it, or choose another --out.",
            )

    @classmethod
    def create(cls, path: Path, settings: RunSettings) -> "Run":
        """A new folder. Raises StudioError where a run is already there, or where the folder cannot be made."""
        cls.check_free(path)
        path = make_folder(path)
        write_json(path / SETTINGS, {"studio": VERSION, "kind": "run", **dataclasses.asdict(settings)})
        return cls(path, settings)

    @classmethod
    def open(cls, path: Path) -> "Run":
        """A run that was created before. Raises StudioError with the code MISSING where there is none, and UNREADABLE
        where its config.json cannot be read, or is from a newer version."""
        return cls(path, read_settings(path))

    def write(self, record: Record) -> None:
        """Append a record to events.jsonl; a grid becomes a picture."""
        if isinstance(record, GridRecord):
            self._write_grid(record)
        else:
            append_line(self.path / EVENTS, event_line(record))

    def events(self) -> list[Event]:
        """All records so far but the grids, in order; lines that hold none are left out."""
        return read_events(read_lines(self.path / EVENTS))[0]

    def steps(self) -> list[StepRecord]:
        """The step records among the events."""
        return [r for r in self.events() if isinstance(r, StepRecord)]

    def config(self, until: float = math.inf) -> TrainConfig:
        """The settings in force at step `until`, now where it is not given: those of the start, and all changes
        before."""
        changes = [r.changes for r in self.events() if isinstance(r, ChangeRecord) and r.step < until]
        return from_values(TrainConfig, functools.reduce(operator.or_, changes, self.settings.train))

    def doctor(self) -> Doctor:
        """The doctor who has seen all of this run so far."""
        doctor = Doctor(from_values(TrainConfig, self.settings.train))
        for record in self.events():
            doctor.see(record)
        return doctor

    def diagnosis(self) -> Diagnosis:
        """What the doctor says of this run now."""
        return self.doctor().diagnosis()

    def grids(self) -> list[int]:
        """The steps of which there is a grid, in order."""
        return _steps((self.path / "grids").glob("*.webp"))

    def grid_path(self, step: int) -> Path:
        """Where the grid of a step is, or would be: pictures in reading order, `grids.columns_of` them in a row."""
        return self.path / "grids" / f"{step:07d}.webp"

    def text_path(self, step: int) -> Path:
        """Where what the samples of that grid read is, one a line, or would be: only of a model of words."""
        return self.grid_path(step).with_suffix(".txt")

    def snapshots(self) -> list[int]:
        """The steps at which the model was kept, in order: complete ones only."""
        return kept_steps(self.path)

    def snapshot_path(self, step: int) -> Path:
        """The model folder of a step, or where it would be."""
        return snapshot_path(self.path, step)

    def is_saved(self) -> bool:
        """Whether there is a state to resume from."""
        return (self.path / STATE).exists()

    def save(self, trainer: Trainer) -> None:
        """Write everything that resuming needs."""
        save_state(trainer.state_dict(), self.path / STATE)

    def load(self, trainer: Trainer) -> None:
        """Put the saved state into the trainer.

        Raises StudioError where nothing was saved, or what was saved is broken or belongs to other networks.
        """
        state = load_state(self.path / STATE)
        try:
            trainer.load_state_dict(state)
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise StudioError(
                say(
                    "The state saved in {path} does not fit the networks of its {settings}.",
                    path=self.path,
                    settings=SETTINGS,
                ),
                "Start a new run, from a snapshot if there is one.",
            ) from error

    def restore(self, trainer: Trainer) -> None:
        """Likewise, and forget the events and grids after it, which will happen again. Raises StudioError."""
        self.load(trainer)
        for step in self.grids():
            if step > trainer.step:
                self.grid_path(step).unlink()
                self.text_path(step).unlink(missing_ok=True)
        write_bytes(self.path / EVENTS, lines_until(read_lines(self.path / EVENTS), trainer.step))
        self._tell_settings(trainer)

    def snapshot(self, trainer: Trainer, trained: dict[str, Any]) -> Path:
        """Write the averaged generator and the discriminator as a model folder; returns it."""
        s = dataclasses.replace(self.settings, train=to_values(trainer.config))
        config = ModelConfig(s.family, s.generator, s.discriminator, classes=s.classes, trained=trained, **s.about)
        card = model_card(config, s)
        return write_model(self.snapshot_path(trainer.step), config, trainer.ema.average, trainer.discriminator, card)

    @functools.cached_property
    def _maker(self) -> Generator:
        """What the run trains, without its weights: it knows how its samples are shown."""
        return build_generator(self.settings.family, self.settings.generator, "meta")

    def _tell_settings(self, trainer: Trainer) -> None:
        """Make the events say what the state has in force: a change may have come right before or after the save."""
        told, real = to_values(self.config()), to_values(trainer.config)
        if told != real:
            changes = {name: value for name, value in real.items() if value != told[name]}
            self.write(ChangeRecord(trainer.step, changes, say("These are the settings that were saved.")))

    def _write_grid(self, record: GridRecord) -> None:
        kind, generator = kind_of(self._maker), self._maker
        canvas = kind.canvas(generator)
        if canvas is None:  # points are not drawn here
            return
        make_folder(self.path / "grids")
        x = torch.from_numpy(record.samples)
        x = shrunk(x, _CELL) if is_pictures(generator) else x
        pixels = kind.draw(generator, x, canvas.within(_CELL))
        if kind.read is not None:  # first: whoever sees the picture may ask for the text
            write_text(self.text_path(record.step), "".join(f"{text}\n" for text in kind.read(generator, x)))
        with whole_file(self.grid_path(record.step)) as part:
            Image.fromarray(grid(pixels)).save(part, "WEBP", **_GRID)


def _steps(paths: Iterable[Path]) -> list[int]:
    """The numbers that paths are named after, sorted as numbers; other names are somebody else's."""
    return sorted(int(path.stem) for path in paths if re.fullmatch(r"[0-9]{7,}", path.stem))


def first_of_tuned(folder: Path) -> Path | None:
    """The first snapshot of the run that this folder is a snapshot of, if the run started from another model; else
    None.

    A run that keeps its start has that model itself at step 0 (`is_start`). Settings that cannot be read cost the run
    its base, not its pictures.
    """
    run = folder.parent.parent
    if folder.parent.name != SNAPSHOTS or not is_step(folder.name) or not is_run(run):
        return None
    try:
        base = Run.open(run).settings.base
    except StudioError as error:
        _LOG.warning("%s", error)
        return None
    steps = kept_steps(run) or [int(folder.name)]  # none: the run is being deleted
    return snapshot_path(run, steps[0]) if base else None
