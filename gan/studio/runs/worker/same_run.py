"""Whether what is asked for of a run that goes on is what it was started with, or changed to since."""

from collections.abc import Iterator
from typing import Any

from gan.errors import StudioError
from gan.field_metadata import from_values, table, to_values
from gan.messages import say
from gan.networks.registry import build_generator, family
from gan.store.run_settings import RunSettings
from gan.studio.runs.worker.networks import asked_values, configs_of
from gan.studio.runs.worker.training_job import NewRun
from gan.training.config import TrainConfig

MAY_DIFFER = {name for name, row in table(TrainConfig).items() if row.live}  # in force from there on, as on the page


def check_same(said: NewRun, s: RunSettings, in_force: TrainConfig) -> None:
    """Raise StudioError where something else is said than the run has; what is left out is nothing said."""
    for name, kept, value in (*_facts(said, s), *_knobs(said, in_force), *_networks(said, s)):
        if value is not None and value != kept and name not in MAY_DIFFER:
            raise StudioError(
                say("This run was started with {name} {kept}, not {value}.", name=name, kept=kept, value=value),
                "A resumed run keeps what cannot change on its way: leave the option out, or start a new run.",
            )


_Rows = Iterator[tuple[str, Any, Any]]
"""Names, what the run has, and what is said."""


def _facts(said: NewRun, s: RunSettings) -> _Rows:
    yield "family", s.family, said.family or None
    yield "base", s.base, said.base_title
    yield "label", s.label, said.label
    shape = build_generator(s.family, s.generator, "meta").image_shape
    channels, side = (shape[0], shape[-1]) if len(shape) == 3 else (None, None)
    yield "side", side, said.side
    yield "channels", channels, said.channels
    for name, text in said.about.items():
        yield name, s.about.get("data" if name == "about_data" else name), text or None


def _knobs(said: NewRun, in_force: TrainConfig) -> _Rows:
    kept = to_values(in_force)
    for name, value in said.train.items():
        yield name, kept[name], value


def _networks(said: NewRun, s: RunSettings) -> _Rows:
    kind = family(s.family)
    for who, values in asked_values(said.net, kind).items():
        kept = to_values(from_values(configs_of(kind)[who], getattr(s, who)))
        for name, value in values.items():
            yield name, kept[name], value
