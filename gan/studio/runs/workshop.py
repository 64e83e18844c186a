"""Training as the page offers it: pictures, a plan with its price in minutes, runs to watch and to act on.

Everything takes and gives plain values, so that it can be asked over HTTP. `visitor` is the secret token of whoever asks:
anybody may watch a run, only who started it may act on it. Where the app serves its own computer only (`shared` off),
whoever sits there may do everything.
"""

import contextlib
import dataclasses
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from gan.errors import StudioError
from gan.knobs import show, table
from gan.networks.registry import FROM_SCRATCH, build_generator, family
from gan.studio.data.hub_data import fetch_pictures
from gan.studio.data.intake import intake, sample_from
from gan.studio.data.sets import Reader, Sets, Tell, Turn, in_turn
from gan.studio.data.unpack import clean
from gan.studio.engine import Engine
from gan.studio.models.folder import ModelConfig
from gan.studio.models.library import Library
from gan.studio.runs.budget import Budget, measure
from gan.studio.runs.control import touch_watched
from gan.studio.runs.jobs import RunSpec, device_kind, keep_base
from gan.studio.runs.orders import Fork, Further, Order, preset, read_order, read_values, spec_of
from gan.studio.runs.package import package
from gan.studio.runs.pins import PINS, kept_fixed
from gan.studio.runs.presets import PRESETS
from gan.studio.runs.prices import Prices
from gan.studio.runs.state import RunState, run_folder
from gan.studio.runs.watch import Watches
from gan.studio.runs.workers import Workers
from gan.training.config import TrainConfig
from gan.training.styles import idle_knobs

_COSTLY = ("batch_size", "accumulate", "precision", "d_steps", "penalty", "penalty_every", "augment", "augment_p", "ada_target",
           "style_mixing", "path_length", "path_every", "mirror", "freeze_d", "grid_every", "grid_size", "signals_every")
MOST_MINUTES = 120.0      # of a run where several share a device, before the next has its turn


class Workshop:
    """Runs below `root`, and sets of pictures to make them from."""

    def __init__(self, library: Library, engine: Engine, root: Path, shared: bool = False):
        self.library, self.engine, self.shared = library, engine, shared
        self.workers = Workers(root, lambda base: library.get(base).path, one_each=shared)
        self.sets, self.watches = Sets(self.workers.root / ".sets"), Watches(self.workers.root)
        self._prices = Prices()

    def watch(self) -> "Workshop":
        """Let the line of runs move on, until `close`."""
        self.workers.watch()
        return self

    def close(self) -> None:
        """Stop watching. Runs go on."""
        self.workers.close()

    # Pictures

    def new_set(self, visitor: str) -> str:
        """An empty set for files of the visitor."""
        return self.sets.new(visitor)

    def read_set(self, id: str, visitor: str, base: str, side: int) -> None:
        """Read the files that came, for that base, or in that size where there is none."""
        self.sets.read(id, self._may(visitor), *self._shape(base, side))

    def set_from_hub(self, visitor: str, dataset: str, base: str, side: int) -> str:
        """A set of the picture files of a dataset on the Hub."""
        def read(into: Path, side: int, channels: int, tell: Tell, turn: Turn):
            with tempfile.TemporaryDirectory(dir=into) as folder:
                found = fetch_pictures(self.library.models.hub, dataset, None, Path(folder), lambda done, words: tell(0, words))
                with turn:
                    report = intake(found, into, side, channels, tell)
            return dataclasses.replace(report, cut=" ".join(filter(None, (report.cut, *found.left_out))) or None)

        return self._drawn(visitor, f"{dataset} on the Hugging Face Hub", read, base, side)

    def set_from_model(self, visitor: str, source: str, count: int, base: str, side: int) -> str:
        """A set of pictures that another model makes."""
        model = self.library.get(source)
        read = in_turn(lambda *how: sample_from(self.engine, model, count, 0, *how))
        return self._drawn(visitor, f"pictures made by the model {clean(model.config.title or model.id)}", read, base, side)

    def about_set(self, id: str, visitor: str) -> dict:
        """See Sets.about."""
        return self.sets.about(id, self._may(visitor))

    # Plans

    def bases(self) -> list[dict]:
        """What one can start from: the models that are open, and the families of networks."""
        models = [{name: row[name] for name in ("id", "title", "pair", "channels", "classes")} | dict(side=row["width"])
                  for row in self.library.about_all() if row["width"] == row["height"]]
        return models + [dict(family=kind.name, about=kind.about) for kind in map(family, FROM_SCRATCH)]

    def plan(self, base: str, family_name: str, pictures: int) -> dict:
        """{preset: {"steps", "train"}} for so many pictures, "pair": whether the base has its discriminator, and "idle": knobs that
        do nothing for it."""
        config = self._config(base) if base else None
        name = config.family if config else family(family_name).name
        rows = {key: preset(key, name, config, pictures) for key in PRESETS}
        generator = config.build_generator("meta") if config else build_generator(name, family(name).fresh, "meta")
        return dict(presets={key: dict(steps=steps, train=train) for key, (steps, train) in rows.items()},
                    pair=config is None or config.discriminator is not None, family=name, idle=list(idle_knobs(generator)))

    def budget(self, values: dict, visitor: str) -> dict:
        """What the run would cost, from steps that are timed now: {"sentence", "accumulate": what had to be set, ...}."""
        order = read_order(values)
        spec, data = self._spec(order, visitor)
        states = self.workers.list()
        alone = not any(state.is_live and state.kind == device_kind(spec.device) for state in states)
        key = (order.set, data.stat().st_mtime_ns, spec.base, spec.family, alone,
               *(str(spec.train.get(name)) for name in _COSTLY))
        budget = self._prices.ask(key, visitor, lambda is_late: self._tried(spec, data, alone=alone, is_late=is_late))
        busy = any(state.status == "running" for state in states)
        words = budget.sentence(spec.steps) + _cut(budget, spec)
        return {**dataclasses.asdict(budget), "sentence": words, "busy": busy}

    def start(self, values: dict, visitor: str) -> str:
        """Put the run in line and return its id."""
        order = read_order(values)
        spec, data = self._spec(order, visitor)
        return self.workers.start(spec, data, visitor, order.pins)

    # Runs

    def runs(self, visitor: str) -> list[dict]:
        """All runs, the newest first."""
        return [self._plain(state, visitor) for state in self.workers.list()]

    def view(self, id: str, visitor: str, watched: bool = False) -> dict:
        """One run with all that the page shows of it: see Watch.view; "begun" is off before its worker has begun."""
        state, folder = self.workers.state(id), self.workers.root / id
        if watched and state.is_live:
            touch_watched(folder)
        with _there(folder):
            seen = self.watches.view(id)
            cells = _cells(folder, state.train.get("grid_size", 0), len((seen or {}).get("classes", ())))
        return {"state": self._plain(state, visitor), "begun": seen is not None, "cells": cells, **(seen or {})}

    def act(self, id: str, what: str, values: dict, visitor: str) -> dict:
        """Do one of ACTS. Returns {} or, for a branch, {"id": the new run}."""
        if what not in ACTS:
            raise StudioError(f"A run cannot be told to {show(what)}.", f"It can be told to {', '.join(ACTS)}.")
        return ACTS[what](self.workers, id, values, self._may(visitor), visitor) or {}

    def pack(self, id: str, step: int | None, into: Path) -> Path:
        """The run's model as a zip, for anybody."""
        run = self.workers.run(id)
        with _there(run.path):
            return package(run, step, into)

    def grid(self, id: str, step: int) -> Path:
        """The file of a grid. Raises StudioError where that was not kept."""
        path = self.workers.run(id).grid_path(step)
        if not path.is_file():
            raise StudioError(f"There is no grid of step {step}.", "Choose another moment.")
        return path

    def _may(self, visitor: str) -> str | None:
        return visitor if self.shared else None

    def _plain(self, state: RunState, visitor: str) -> dict:
        return {**dataclasses.asdict(state), "live": state.is_live, "mine": self.workers.owns(state.id, self._may(visitor))}

    def _config(self, base: str) -> ModelConfig:
        """Of an open model."""
        return self.library.get(base).config

    def _shape(self, base: str, side: int) -> tuple[int, int]:
        """(side, channels) of the pictures that a base makes; of a pair from scratch the side is asked for."""
        if not base:
            return side, 3
        shape = self._config(base).build_generator("meta").image_shape
        if len(shape) != 3 or shape[1] != shape[2]:
            raise StudioError(f"{base} makes no square pictures.", "Choose another base.")
        return shape[2], shape[0]

    def _drawn(self, visitor: str, about: str, reader: Reader, base: str, side: int) -> str:
        shape = self._shape(base, side)      # may raise: before there is a set, and an older one has made room
        id = self.sets.new(visitor, about)
        self.sets.read(id, self._may(visitor), *shape, reader)
        return id

    def _spec(self, order: Order, visitor: str) -> tuple[RunSpec, Path]:
        """The run that is ordered, and its training pictures."""
        data, report = self.sets.data(order.set, self._may(visitor))
        source = self.sets.source(order.set, self._may(visitor)) or "the trainer's own"
        spec = spec_of(order, self._config(order.base) if order.base else None, report.count, source)
        if order.base and self._shape(order.base, report.side) != (report.side, report.channels):
            raise StudioError(f"These pictures were read at {report.side} x {report.side} for another model.",
                              "Wait until they are read anew.")
        return (dataclasses.replace(spec, minutes=MOST_MINUTES) if self.shared else spec), data

    def _tried(self, spec: RunSpec, data: Path, **how) -> Budget:
        """A trial, with files of its own of the base: those in the cache of the Hub are links, which no worker follows."""
        if not spec.base:
            return measure(spec, data, None, **how)
        with tempfile.TemporaryDirectory(prefix=".trial-", dir=self.workers.root) as folder:
            return measure(spec, data, Path(keep_base(self.library.get(spec.base).path, Path(folder))), **how)


def _cut(budget: Budget, spec: RunSpec) -> str:
    """What is to be said where the time of a run ends before its steps do."""
    if spec.minutes is None or spec.steps / budget.steps_per_second <= 60 * spec.minutes:
        return ""
    return f" A run ends after {spec.minutes:.0f} minutes here, since others wait; it may be continued."


@contextlib.contextmanager
def _there(folder: Path) -> Iterator[None]:
    """Whoever looks at a run while it is deleted hears that there is none."""
    try:
        yield
    except FileNotFoundError:
        run_folder(folder.parent, folder.name)      # raises where it is gone
        raise


def _cells(folder: Path, count: int, classes: int) -> list[dict]:
    """What each picture of the grids is of: the recipes that were pinned, then the seeds in their order."""
    fixed = kept_fixed(folder)
    pins = json.loads((folder / PINS).read_text(encoding="utf-8"))[:len(fixed.z)] if fixed and (folder / PINS).exists() else []
    label = (lambda i: {"label": i % classes}) if classes else (lambda i: {})
    return [{**pin, "pin": i + 1} for i, pin in enumerate(pins)] + [
        {"seed": i, **label(i)} for i in range(max(0, count - len(pins)))]


def _branch(workers: Workers, id: str, values: dict, owner: str | None, visitor: str) -> dict:
    """Anybody may branch from what anybody may watch; the new run is the visitor's."""
    fork = read_values(Fork, values)
    cap = {} if owner is None else {"minutes": MOST_MINUTES}
    return dict(id=workers.branch(id, fork.step, visitor, **fork.changes(), **cap))


def _continue(workers: Workers, id: str, values: dict, owner: str | None, visitor: str) -> None:
    further = read_values(Further, values)
    minutes = further.minutes
    if owner is not None and (further.steps or minutes):      # a turn as long as the first, at the end of the line
        minutes = min(minutes or MOST_MINUTES, MOST_MINUTES)
    workers.continue_(id, owner, further.steps, minutes)


ACTS = {
    "pause": lambda workers, id, values, owner, visitor: workers.pause(id, owner),
    "resume": lambda workers, id, values, owner, visitor: workers.resume(id, owner),
    "stop": lambda workers, id, values, owner, visitor: workers.stop(id, owner),
    "delete": lambda workers, id, values, owner, visitor: workers.delete(id, owner),
    "change": lambda workers, id, values, owner, visitor: workers.change(id, values, owner),
    "continue": _continue,
    "branch": _branch,
}
"""What a run can be told to do: functions of (workers, id, values, owner, visitor)."""


def knob_rows() -> list[dict]:
    """Every knob of a run as the page's forms need it, how many steps it takes first."""
    rows = [table(RunSpec)["steps"], *table(TrainConfig).values()]
    return [dict(name=k.name, kind=k.kind.__name__, many=k.many, help=k.help, low=k.low, high=k.high, step=k.step, unit=k.unit,
                 choices=list(k.choices)) for k in rows]
