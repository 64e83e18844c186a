"""A run is a folder: config.json, events.jsonl, grids/<step>.webp, snapshots/<step>/ and state.safetensors.

Whoever trains writes it; pages and people only read it. Each snapshot is a model folder like those in weights/.
"""

import dataclasses
import functools
import json
import math
import operator
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image

from gan.errors import StudioError
from gan.knobs import from_values, to_values
from gan.networks.pixels import to_pixels
from gan.studio.files import make_folder, whole_file
from gan.studio.folder import ModelConfig, write_model
from gan.studio.media import grid
from gan.studio.states import load_state, save_state
from gan.training.config import TrainConfig
from gan.training.doctor import Diagnosis, Doctor
from gan.training.records import ChangeRecord, GridRecord, Record, SignalRecord, StepRecord
from gan.training.trainer import Trainer

_KINDS = {"step": StepRecord, "signal": SignalRecord, "change": ChangeRecord}     # a line's "kind"; step where it has none
_SETTINGS, _EVENTS, _STATE = "config.json", "events.jsonl", "state.safetensors"
Event = StepRecord | SignalRecord | ChangeRecord


@dataclass(frozen=True)
class RunSettings:
    """What a run was started with, as config.json holds it: enough to build the same trainer again."""

    data: str                       # the path of the training pictures
    label: str | None               # which label gives the class
    base: str | None                # the model it started from
    family: str
    generator: dict
    discriminator: dict
    classes: tuple[str, ...]
    train: dict                     # the TrainConfig's values
    about: dict = dataclasses.field(default_factory=dict)   # title, summary, licence and data of the model


class Run:
    """One run's folder. Create a new one with `Run.create`, open a written one with `Run.open`."""

    def __init__(self, path: Path, settings: RunSettings):
        self.path, self.settings = Path(path), settings

    @staticmethod
    def check_free(path: Path) -> None:
        """Raise StudioError where a run, or a file, is already there."""
        path = Path(path)
        if path.exists() and not path.is_dir():
            raise StudioError(f"{path} is a file.", "A run is a folder: choose another --out.")
        if (path / _SETTINGS).exists():
            raise StudioError(f"There already is a run at {path}.",
                              "Add --resume to continue it, or choose another --out.")

    @classmethod
    def create(cls, path: Path, settings: RunSettings) -> "Run":
        """A new folder. Raises StudioError where a run is already there, or where the folder cannot be made."""
        cls.check_free(path)
        path = make_folder(path)
        text = json.dumps({"studio": 1, "kind": "run", **dataclasses.asdict(settings)}, indent=2, ensure_ascii=False)
        with whole_file(path / _SETTINGS) as part:
            part.write_text(text + "\n", encoding="utf-8")
        return cls(path, settings)

    @classmethod
    def open(cls, path: Path) -> "Run":
        """A run that was created before. Raises StudioError where there is none that can be read."""
        path = Path(path)
        try:
            values = json.loads((path / _SETTINGS).read_text(encoding="utf-8"))
            values = {f.name: values[f.name] for f in dataclasses.fields(RunSettings)}
            return cls(path, RunSettings(**{**values, "classes": tuple(values["classes"])}))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StudioError(f"There is no run at {path}.", "Give the folder that an earlier --out named.") from error

    def write(self, record: Record) -> None:
        """Append a record to events.jsonl; a grid becomes a picture."""
        if isinstance(record, GridRecord):
            self._write_grid(record)
        else:
            with (self.path / _EVENTS).open("a", encoding="utf-8") as file:
                file.write(_line(record))

    def events(self) -> list[Event]:
        """All records so far but the grids, in order; after a crash a half-written last line is left out."""
        path = self.path / _EVENTS
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        records = []
        for line in lines:
            try:
                values = json.loads(line)
            except ValueError:
                continue
            kind = _KINDS[values.pop("kind", "step")]
            records.append(kind(**{k: math.nan if v is None else v for k, v in values.items()}))
        return records

    def steps(self) -> list[StepRecord]:
        """The step records among the events."""
        return [r for r in self.events() if isinstance(r, StepRecord)]

    def config(self) -> TrainConfig:
        """The settings in force: those that the run was started with, and all changes since."""
        changes = [r.changes for r in self.events() if isinstance(r, ChangeRecord)]
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

    def is_saved(self) -> bool:
        """Whether there is a state to resume from."""
        return (self.path / _STATE).exists()

    def save(self, trainer: Trainer) -> None:
        """Write everything that resuming needs."""
        save_state(trainer.state_dict(), self.path / _STATE)

    def load(self, trainer: Trainer) -> None:
        """Put the saved state into the trainer.

        Raises StudioError where nothing was saved, or what was saved is broken or belongs to other networks.
        """
        state = load_state(self.path / _STATE)
        try:
            trainer.load_state_dict(state)
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise StudioError(f"The state saved in {self.path} does not fit the networks of its {_SETTINGS}.",
                              "Start a new run, from a snapshot if there is one.") from error

    def restore(self, trainer: Trainer) -> None:
        """Likewise, and forget the events after it, which will happen again. Raises StudioError."""
        self.load(trainer)
        kept = [r for r in self.events() if r.step <= trainer.step]
        with whole_file(self.path / _EVENTS) as part:
            part.write_text("".join(map(_line, kept)), encoding="utf-8")
        self._tell_settings(trainer)

    def snapshot(self, trainer: Trainer, trained: dict) -> Path:
        """Write the averaged generator and the discriminator as a model folder; returns it."""
        s = dataclasses.replace(self.settings, train=to_values(trainer.config))
        config = ModelConfig(s.family, s.generator, s.discriminator, classes=s.classes, trained=trained, **s.about)
        card = model_card(config, s)
        return write_model(self.path / "snapshots" / f"{trainer.step:07d}", config, trainer.ema.average,
                           trainer.discriminator, card)

    def _tell_settings(self, trainer: Trainer) -> None:
        """Make the events say what the state has in force: a change may have come right before or after the save."""
        told, real = to_values(self.config()), to_values(trainer.config)
        if told != real:
            changes = {name: value for name, value in real.items() if value != told[name]}
            self.write(ChangeRecord(trainer.step, changes, "These are the settings that were saved."))

    def _write_grid(self, record: GridRecord) -> None:
        if record.samples.ndim != 4:      # points are not drawn here
            return
        folder = self.path / "grids"
        folder.mkdir(exist_ok=True)
        pixels = to_pixels(torch.from_numpy(record.samples)).numpy()
        pixels = pixels.repeat(3, axis=3) if pixels.shape[3] == 1 else pixels
        picture = grid(pixels, columns=math.ceil(math.sqrt(len(pixels))))
        Image.fromarray(picture).save(folder / f"{record.step:07d}.webp", lossless=True)


def model_card(config: ModelConfig, settings: RunSettings) -> str:
    """README.md of a model that a run made: what it is, from what, and how."""
    rows = {**{k: v for k, v in settings.train.items() if v not in (None, [], ())}, **config.trained}
    table = "\n".join(f"| {name} | {_cell(value)} |" for name, value in rows.items())
    start = f"fine-tuned from {settings.base}" if settings.base else "trained from scratch"
    return (f"# {config.title or 'A trained pair'}\n\n{config.summary}\n\n"
            f"- Family: {config.family}, {start}\n- Training pictures: {config.data or 'not said'}\n"
            f"- Licence: {config.licence or 'not said'}\n\n"
            f"`model.safetensors` is the averaged generator, `discriminator.safetensors` its discriminator.\n\n"
            f"| setting | value |\n|---|---|\n{table}\n")


def _cell(value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _line(record: Event) -> str:
    values = {k: _plain(v) for k, v in dataclasses.asdict(record).items()}
    kind = next(name for name, cls in _KINDS.items() if cls is type(record))
    return json.dumps({"kind": kind, **values}, ensure_ascii=False) + "\n"


def _plain(value):
    """A number as JSON can hold it: not-a-number becomes null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
