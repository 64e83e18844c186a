"""Training as the page offers it: pictures, a plan with its price in minutes, runs to watch and to act on.

Everything takes and gives plain values, so that it can be asked over HTTP. `visitor` is the secret token of whoever
asks: anybody may watch a run and branch from it, only who started it may act on it, and only who gave its pictures may
see them. Where the app serves its own computer only (`shared`
off), whoever sits there may do everything.
"""

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from gan.errors import StudioError
from gan.field_metadata import show, table
from gan.messages import also, say
from gan.networks.names import FROM_SCRATCH
from gan.networks.registry import build_generator, family
from gan.networks.words import WordGenerator
from gan.store.archives import clean
from gan.store.files import file_in, unreadable
from gan.store.grids import is_whole_webp
from gan.store.model_config import ModelConfig
from gan.store.passing import temporary_folder
from gan.studio.data.examples import find_example
from gan.studio.data.hub_data import fetch_pictures
from gan.studio.data.intake import intake
from gan.studio.data.made_pictures import example, sample_from
from gan.studio.data.picture_sets import PictureSets
from gan.studio.data.set_readers import Reader, Tell, Turn, in_turn
from gan.studio.data.set_records import NO_PICTURES
from gan.studio.data.word_lists import WordReport, read_words
from gan.studio.engine import Engine
from gan.studio.library.library import Library
from gan.studio.runs.acts import act_on
from gan.studio.runs.budget import Budget, measure, said_of_end
from gan.studio.runs.budget_cache import BudgetCache
from gan.studio.runs.classics import CLASSICS
from gan.studio.runs.control import touch_watched
from gan.studio.runs.grid_cells import cells_of
from gan.studio.runs.hardware import find_device
from gan.studio.runs.jobs import RunSpec
from gan.studio.runs.limits import MOST_MINUTES
from gan.studio.runs.new_jobs import keep_base
from gan.studio.runs.orders import (
    Order,
    check_kind,
    preset,
    read_order,
    spec_of,
    wrong_size,
)
from gan.studio.runs.package import package
from gan.studio.runs.presets import PRESETS, usual_side
from gan.studio.runs.state import RunState, run_folder
from gan.studio.runs.supervisor import Supervisor
from gan.studio.runs.watch import Watches
from gan.training.config import TrainConfig
from gan.training.styles import idle_knobs

_COSTLY = tuple(name for name, row in table(TrainConfig).items() if row.costly)


class Workshop:
    """Runs below `root`, and sets of pictures to make them from."""

    def __init__(self, library: Library, engine: Engine, root: Path, shared: bool = False, lent: bool = False):
        self.library, self.engine, self.shared = library, engine, shared
        self.supervisor = Supervisor(root, lambda base: library.get(base).path, one_each=shared, lent=lent)
        self.sets, self.watches = PictureSets(self.supervisor.root / ".sets"), Watches(self.supervisor.root)
        self._prices = BudgetCache()

    def watch(self) -> "Workshop":
        """Let the line of runs move on, until `close`."""
        self.supervisor.watch()
        return self

    def close(self) -> None:
        """Stop watching. Runs go on."""
        self.supervisor.close()

    # Pictures

    def new_set(self, visitor: str) -> str:
        """An empty set for files of the visitor."""
        return self.sets.new(visitor)

    def read_set(self, id: str, visitor: str, base: str, side: int, channels: int = 3) -> None:
        """Read the files that came, for that base, or in that size where there is none."""
        self.sets.read(id, self._may(visitor), *self._shape(base, side, channels))

    def set_from_hub(self, visitor: str, dataset: str, base: str, side: int, channels: int = 3) -> str:
        """A set of the picture files of a dataset on the Hub."""

        def read(into: Path, side: int, channels: int, tell: Tell, turn: Turn):
            with temporary_folder(into, ".fetched-") as folder:
                found = fetch_pictures(
                    self.library.models.hub, dataset, None, folder, lambda done, words: tell(0, words)
                )
                with turn:
                    report = intake(found, into, side, channels, tell)
            return dataclasses.replace(report, cut=also(*filter(None, (report.cut, *found.left_out))) or None)

        return self._drawn(
            visitor, say("{dataset} on the Hugging Face Hub", dataset=dataset), read, base, side, channels
        )

    def set_from_model(self, visitor: str, source: str, count: Any, base: str, side: int, channels: int = 3) -> str:
        """A set of pictures that another model makes."""
        model = self.library.get(source)
        read = in_turn(lambda *how: sample_from(self.engine, model, count, 0, *how))
        return self._drawn(
            visitor,
            say("pictures made by the model {name}", name=clean(model.config.title or model.id)),
            read,
            base,
            side,
            channels,
        )

    def set_from_example(self, visitor: str, name: str, base: str, side: int, channels: int = 3) -> str:
        """A set of one of EXAMPLES, for whoever has no pictures at hand."""
        chosen = find_example(name)
        read = in_turn(lambda into, side, channels, tell: example(chosen.pictures(side), into, side, channels, tell))
        return self._drawn(visitor, chosen.about, read, base, side, channels)

    def about_set(self, id: str, visitor: str) -> dict:
        """See PictureSets.about."""
        return self.sets.about(id, self._may(visitor))

    def sheet(self, id: str, visitor: str, augment: tuple[str, ...], p: float, mirror: bool) -> np.ndarray:
        """See Sets.sheet."""
        return self.sets.sheet(id, self._may(visitor), augment, p, mirror)

    # Plans

    def bases(self) -> list[dict]:
        """What one can start from: the models that are open, and the families of networks."""
        models = [
            {name: row[name] for name in ("id", "makes", "pair", "channels", "classes", "any_classes", "side")}
            | dict(title=say(row["title"]))
            for row in self.library.about_all()
            if row["width"] == row["height"] or row["makes"] == "text"
        ]
        side = usual_side()
        families = [
            dict(family=kind.name, about=kind.about, makes=kind.makes)
            | (dict(side=side) if kind.makes == "picture" else {})
            for kind in map(family, FROM_SCRATCH)
        ]
        classics = [
            dict(
                classic=name, family=one.family, title=one.title, about=one.about, side=one.side, channels=one.channels
            )
            for name, one in CLASSICS.items()
        ]
        return models + families + classics

    def plan(self, base: str, family_name: str, pictures: int, classic: str = "", classes: int | None = None) -> dict:
        """{preset: {"steps", "train"}} for so many pictures in so many classes, where that is known yet, "pair":
        whether the base has its discriminator, and "idle": knobs that do nothing for it."""
        config = self._config(base) if base else None
        if classic and classic not in CLASSICS:
            raise StudioError(say("There is no pair called {name}.", name=show(classic)), "Reload the page.")
        name = config.family if config else family(family_name).name
        rows = {key: preset(key, name, config, pictures, classic=classic, classes=classes) for key in PRESETS}
        generator = config.build_generator("meta") if config else build_generator(name, family(name).fresh, "meta")
        return dict(
            presets={key: dict(steps=steps, train=train) for key, (steps, train) in rows.items()},
            pair=config is None or config.discriminator is not None,
            family=name,
            idle=list(idle_knobs(generator)),
        )

    def budget(self, values: dict, visitor: str) -> dict:
        """What the run would cost, from steps that are timed now: {"sentence", "accumulate": what had to be set,
        ...}."""
        order = read_order(values)
        spec, data = self._spec(order, visitor)
        states = self.supervisor.list()
        alone = not any(state.is_live and state.kind == find_device(spec.device) for state in states)
        key = (
            order.set,
            data.stat().st_mtime_ns,
            spec.base,
            spec.family,
            spec.device,
            alone,
            *(str(spec.train.get(name)) for name in _COSTLY),
        )
        budget = self._prices.ask(key, visitor, lambda is_late: self._tried(spec, data, alone=alone, is_late=is_late))
        busy = any(state.status == "running" for state in states)
        words = also(budget.sentence(spec.steps), said_of_end(budget, spec))
        return {**dataclasses.asdict(budget), "sentence": words, "busy": busy}

    def start(self, values: dict, visitor: str) -> str:
        """Put the run in line and return its id."""
        order = read_order(values)
        spec, data = self._spec(order, visitor)
        return self.supervisor.start(spec, data, visitor, order.pins)

    # Runs

    def runs(self, visitor: str) -> list[dict]:
        """All runs, the newest first."""
        return [self._plain(state, visitor) for state in self.supervisor.list()]

    def view(self, id: str, visitor: str, watched: bool = False) -> dict:
        """One run with all that the page shows of it: see Watch.view; "begun" is off before its worker has begun."""
        state, folder = self.supervisor.state(id), self.supervisor.root / id
        if watched and state.is_live:
            touch_watched(folder)
        with _there(folder):
            seen = self.watches.view(id)
            cells, notes = cells_of(folder, state.train.get("grid_size", 0), len((seen or {}).get("classes", ())))
        if seen and seen["skipped"]:
            notes.append(
                say("{count} lines of events.jsonl cannot be read, and are left out here.", count=seen["skipped"])
            )
        return {
            "state": self._plain(state, visitor),
            "begun": seen is not None,
            "cells": cells,
            "notes": notes,
            "shared": self.shared,
            **(seen or {}),
        }

    def act(self, id: str, what: str, values: dict, visitor: str) -> dict:
        """Do one of ACTS. Returns {} or, for a branch, {"id": the new run}."""
        return act_on(self.supervisor, id, what, values, self._may(visitor), visitor)

    def take_turn(self, id: str, visitor: str, play: Callable[[str], object]) -> None:
        """See Supervisor.take_turn."""
        self.supervisor.take_turn(id, self._may(visitor), play)

    def pack(self, id: str, step: int | None, into: Path) -> Path:
        """The run's model as a zip, for anybody."""
        with _there(run_folder(self.supervisor.root, id)):
            return package(self.supervisor.run(id), step, into)

    def grid(self, id: str, step: int) -> Path:
        """The file of a grid. Raises StudioError where that was not kept."""
        path = self.supervisor.run(id).grid_path(step)
        if not path.is_file():
            raise StudioError(say("There is no grid of step {step}.", step=step), "Choose another moment.")
        if not is_whole_webp(path):
            raise unreadable(file_in(path), say("it is damaged or cut short"))
        return path

    def grid_text(self, id: str, step: int) -> Path:
        """The file of what a grid's words are. Raises StudioError where the grid was not kept, or shows pictures."""
        path = self.supervisor.run(id).text_path(step)
        if not path.is_file():
            raise StudioError(say("There are no words of step {step}.", step=step), "Choose another moment.")
        return path

    def _may(self, visitor: str) -> str | None:
        return visitor if self.shared else None

    def _plain(self, state: RunState, visitor: str) -> dict:
        return {
            **dataclasses.asdict(state),
            "live": state.is_live,
            "mine": self.supervisor.owns(state.id, self._may(visitor)),
            "sees": self.supervisor.sees(state.id, self._may(visitor)),
        }

    def _config(self, base: str) -> ModelConfig:
        """Of an open model."""
        return self.library.get(base).config

    def _shape(self, base: str, side: int, channels: int = 3) -> tuple[int, int]:
        """(side, channels) of the pictures that a base makes; of a pair from scratch both are asked for."""
        if not base:
            return side, channels
        generator = self._config(base).build_generator("meta")
        shape = generator.image_shape
        if generator.kind == "text":
            return NO_PICTURES
        if len(shape) != 3 or shape[1] != shape[2]:
            raise StudioError(say("{base} makes no square pictures.", base=base), "Choose another base.")
        return shape[2], shape[0]

    def _drawn(self, visitor: str, about: str, reader: Reader, base: str, side: int, channels: int = 3) -> str:
        shape = self._shape(base, side, channels)  # may raise: before there is a set, and an older one has made room
        if shape == NO_PICTURES:
            raise StudioError("A model of words learns from a list of words.", "Give a text file of words, one a line.")
        if base and family(self._config(base).family).makes == "sound":
            raise StudioError("A model of sounds learns from sounds.", "Give WAV files, or a zip of them.")
        id = self.sets.new(visitor, about)
        self.sets.read(id, self._may(visitor), *shape, reader)
        return id

    def _spec(self, order: Order, visitor: str) -> tuple[RunSpec, Path]:
        """The run that is ordered, and its training pictures."""
        data, report = self.sets.data(order.set, self._may(visitor))
        source = self.sets.source(order.set, self._may(visitor)) or say("the trainer's own")
        config = self._config(order.base) if order.base else None
        check_kind(report, config.family if config else order.family)
        if config and isinstance(report, WordReport):
            report = _known_to(config, data)
        spec = spec_of(order, config, report, source)
        if order.base and self._shape(order.base, report.side) != (report.side, report.channels):
            raise wrong_size(report.side)
        return (dataclasses.replace(spec, minutes=MOST_MINUTES) if self.shared else spec), data

    def _tried(self, spec: RunSpec, data: Path, **how) -> Budget:
        """A trial, with files of its own of the base: those in the cache of the Hub are links, which no worker
        follows."""
        if not spec.base:
            return measure(spec, data, None, **how)
        with temporary_folder(self.supervisor.root, ".trial-") as folder:
            return measure(spec, data, Path(keep_base(self.library.get(spec.base).path, folder)), **how)


def _known_to(config: ModelConfig, words: Path) -> WordReport:
    """The report on a list as a base reads it, which knows its own characters and places only. Raises StudioError where
    too few words are left."""
    generator = config.build_generator("meta")
    assert isinstance(generator, WordGenerator)
    return read_words(words, generator.symbols, generator.image_shape[1]).report


@contextlib.contextmanager
def _there(folder: Path) -> Iterator[None]:
    """Whoever looks at a run while it is deleted hears that there is none."""
    try:
        yield
    except (FileNotFoundError, StudioError):  # of whatever was just to be read
        run_folder(folder.parent, folder.name)  # raises where it is gone
        raise
