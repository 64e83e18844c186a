"""What the page orders, checked, and the run that comes of it: a preset's settings with a person's own on top."""

import dataclasses
from dataclasses import dataclass, field

from gan.errors import StudioError
from gan.field_metadata import from_values, knob, show, to_values
from gan.messages import say
from gan.networks.contract import parameter_count
from gan.networks.names import ANY_CLASSES, FROM_SCRATCH
from gan.networks.registry import family
from gan.store.model_config import ModelConfig
from gan.studio.data.set_readers import AnyReport
from gan.studio.data.sound_report import SoundReport
from gan.studio.data.training_file import LABEL
from gan.studio.data.word_lists import WordReport
from gan.studio.runs import presets
from gan.studio.runs.classics import CLASSICS
from gan.studio.runs.half_precision import COARSE, is_proposed
from gan.studio.runs.hardware import find_device
from gan.studio.runs.jobs import RunSpec
from gan.studio.runs.new_discriminators import WARMUP, with_discriminator
from gan.studio.runs.other_classes import wrong_classes
from gan.training.config import TrainConfig

GRID_SECONDS = 1.0  # between two grids at first
_MOST_PINS = 64
_COUNTED = {
    "picture": say("{count:,} pictures: {source}"),
    "text": say("{count:,} words: {source}"),
    "sound": say("{count:,} sounds: {source}"),
}
_TABLES = {"train": dict, "pins": list}


@dataclass(frozen=True)
class Order:
    """A run as the page asks for it. Its names and values may be anybody's: make it with `read_order`."""

    set: str = knob("", "The pictures to learn from.")
    base: str = knob("", "Start from this model.")
    family: str = knob("", "Start from scratch with this family of networks.", choices=("", *FROM_SCRATCH))
    classic: str = knob("", "Start from scratch with this pair of networks.", choices=("", *CLASSICS))
    preset: str = knob("good", "How thorough.", choices=tuple(presets.PRESETS))
    steps: int | None = knob(
        None, "Stop after this step; that of the preset where there is none.", low=1, high=10_000_000
    )
    title: str = knob("", "What the model will be called.")
    device: str = knob("auto", "What to compute on.")
    train: dict = field(default_factory=dict)  # values of TrainConfig, beside those of the preset
    pins: list = field(default_factory=list)  # recipes as JSON, which come first in the grids


@dataclass(frozen=True)
class ContinueOrder:
    """How much further a run shall go that has ended."""

    steps: int | None = knob(None, "Up to this step.", low=1, high=10_000_000)
    minutes: float | None = knob(None, "For so much more training.", low=0.01, high=7 * 24 * 60, unit="minutes")


@dataclass(frozen=True)
class BranchOrder:
    """What a branch starts from, and what is different in it."""

    step: int | None = knob(None, "The step of a snapshot.", low=0, high=10_000_000)
    steps: int | None = knob(None, "Stop after this step.", low=1, high=10_000_000)
    title: str | None = knob(None, "What its model will be called.")

    def changes(self) -> dict:
        """The fields of RunSpec that are not the other run's."""
        return {name: value for name, value in (("steps", self.steps), ("title", self.title)) if value is not None}


def read_order(values: dict) -> Order:
    """The order in a table from anybody; names without a value are left to their defaults. Raises StudioError."""
    given = {name: value for name, value in values.items() if value is not None}
    tables = {name: given.pop(name) for name in _TABLES if name in given}
    for name, value in tables.items():
        if not isinstance(value, _TABLES[name]):
            raise StudioError(say("{name} cannot be {value}.", name=name, value=show(value)), "Reload the page.")
    if len(tables.get("pins", ())) > _MOST_PINS:
        raise StudioError(say("There can be at most {most_pins} pins.", most_pins=_MOST_PINS), "Unpin some pictures.")
    order = dataclasses.replace(from_values(Order, given), **tables)
    if order.classic:
        order = dataclasses.replace(order, family=CLASSICS[order.classic].family)
    if bool(order.base) == bool(order.family):
        raise StudioError("A run starts from a family of networks or from a base.", "Choose one of the two.")
    return order


def read_values(cls, values: dict):
    """`ContinueOrder` or `BranchOrder` from a table from anybody; names without a value are left to their defaults.
    Raises StudioError."""
    return from_values(cls, {name: value for name, value in values.items() if value is not None})


def spec_of(order: Order, base: ModelConfig | None, report: AnyReport, source: str) -> RunSpec:
    """The run that is ordered, on the pictures of a report, from `source`; `base` is the config of the order's base, if
    it has one.

    A pair from scratch learns the classes that the pictures are sorted into, and so does a base with classes, which
    forgets its own where there are none; a base without any leaves them. Raises StudioError for settings that cannot
    be, and for a base that cannot go on with other classes than its own.
    """
    pictures, sorted_into = report.count, len(report.classes)
    classes = base.build_generator("meta").num_classes if base else sorted_into
    if classes not in (0, sorted_into) and base and base.family not in ANY_CLASSES:
        raise wrong_classes(order.base, classes, sorted_into)
    name = base.family if base else order.family
    steps, train = preset(order.preset, name, base, pictures, order.device, order.classic, sorted_into)
    steps = order.steps or steps
    classic = CLASSICS.get(order.classic)
    if classic and (report.side, report.channels) != (classic.side, classic.channels):
        raise wrong_size(report.side)
    return RunSpec(
        family=order.family,
        base=order.base,
        steps=steps,
        train={**train, **order.train},
        net=classic.net if classic else {},
        label=None if not sorted_into else LABEL if classes and not classic else "none",
        device=order.device,
        grid_seconds=GRID_SECONDS,
        snapshot_steps=max(1, steps // presets.moments(_weights(base, order.base))),
        title=order.title,
        about_data=say(_COUNTED[makes_of(report)], count=pictures, source=source),
        summary=say("Fine-tuned from {base}.", base=order.base) if base else "",
        licence=_licence(order.base, base),
    )


def makes_of(report: AnyReport) -> str:
    """What a report is on: a name in gan/kinds/table.py."""
    return "text" if isinstance(report, WordReport) else "sound" if isinstance(report, SoundReport) else "picture"


def check_kind(report: AnyReport, name: str) -> None:
    """Raise StudioError for what is to be learned by networks that make something else."""
    given, makes = makes_of(report), family(name).makes
    if given != makes:
        raise StudioError(*_MISFITS[given, makes])


_GIVE_WORDS = say("Give a text file of words, one a line.")
_GIVE_SOUNDS = say("Give WAV files, or a zip of them.")
_MISFITS = {
    ("text", "picture"): ("These are words, and this base makes pictures.", "Start from the family of words."),
    ("text", "sound"): ("These are words, and this base makes sounds.", "Start from the family of words."),
    ("sound", "picture"): ("These are sounds, and this base makes pictures.", "Start from the family of sounds."),
    ("sound", "text"): ("These are sounds, and this base makes words.", "Start from the family of sounds."),
    ("picture", "text"): ("This base makes words, and these are pictures.", _GIVE_WORDS),
    ("picture", "sound"): ("This base makes sounds, and these are pictures.", _GIVE_SOUNDS),
}
"""Sentence and hint where what is given and what a base makes differ."""


def _weights(base: ModelConfig | None, label: str) -> int:
    """How many numbers a snapshot of the pair holds, a discriminator that is to be new among them; pairs from scratch
    are small.

    Raises StudioError where there can be no discriminator for a base without one.
    """
    if base is None:
        return 0
    base = base if base.discriminator else with_discriminator(base, label)
    return parameter_count(base.build_generator("meta")) + parameter_count(base.build_discriminator("meta"))


def wrong_size(side: int) -> StudioError:
    """That data were read for something else than what a run starts from."""
    return StudioError(
        say("What you gave was read at {side} x {side} for another model.", side=side),
        "Wait until it is read anew.",
    )


def preset(
    key: str,
    name: str,
    base: ModelConfig | None,
    pictures: int,
    device: str = "auto",
    classic: str = "",
    classes: int | None = None,
) -> tuple[int, dict]:
    """See presets.settings, with those of a classic where one is named; a discriminator that is to be new has its
    warm-up before the steps that were meant.

    classes: how many the pictures are sorted into, None where that is not known yet: then as for those of the base.
    No block is frozen of a discriminator that is new, which knows nothing yet that could be kept, nor of one whose
    classes change: in some families the first block is told the class.
    """
    generator = base.build_generator("meta") if base else None
    shape = generator.image_shape if generator else ()
    side = {"side": max(shape[1:])} if len(shape) == 3 else {}  # of pairs from scratch it is small
    steps, train = presets.settings(key, name, base is not None, pictures, device=find_device(device), **side)
    if device == "auto" and is_proposed(name):  # what the page shows is for no other
        train |= {"precision": COARSE}
    if classic:
        train |= to_values(from_values(TrainConfig, {**train, **CLASSICS[classic].train}))
    if generator and generator.num_classes and classes not in (None, generator.num_classes):
        train |= {"freeze_d": 0}
    if base is None or base.discriminator is not None:
        return steps, train
    return steps + WARMUP, {**train, "warmup_steps": WARMUP, "freeze_d": 0}


def _licence(name: str, base: ModelConfig | None) -> str:
    """What binds whoever passes the result on: the base's terms go on, and the data's are their owners' business."""
    if base is None or not base.licence:
        return ""
    return say("That of {name} ({licence}), and whatever the training data allow.", name=name, licence=base.licence)
