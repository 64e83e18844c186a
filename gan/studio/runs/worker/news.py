"""What a worker tells whoever started it, beside what it writes into the run's folder: plain records, no words for a
terminal."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gan.training.findings import Diagnosis
from gan.training.records import StepRecord


@dataclass(frozen=True)
class NewDiscriminator:
    """The base came without a discriminator: one was made, which learns alone for so many steps."""

    base: str
    alone: int


@dataclass(frozen=True)
class PicturesRead:
    """What there is to say of the training pictures, a sentence each: how they were read, what was left out."""

    notes: tuple[str, ...]


@dataclass(frozen=True)
class Warned:
    """Something that is asked for will cost more than it brings; the sentence says what."""

    sentence: str


@dataclass(frozen=True)
class Began:
    """All is read and built; the first step is about to be played."""


@dataclass(frozen=True)
class Progress:
    """A record was due. done: the share (0..1) of this piece of the run; speed: pictures a second."""

    done: float
    speed: float
    record: StepRecord


@dataclass(frozen=True)
class Advice:
    """The doctor says something else than before."""

    step: int
    diagnosis: Diagnosis


@dataclass(frozen=True)
class Setback:
    """The run went back to its last good state; the sentence says why, and how it goes on."""

    sentence: str


@dataclass(frozen=True)
class Ended:
    """All is saved. stopped: because somebody asked for it; finished: whether the last step was played; model: the
    folder of the newest snapshot."""

    run: Path
    step: int
    model: Path
    stopped: bool
    finished: bool


News = NewDiscriminator | PicturesRead | Warned | Began | Progress | Advice | Setback | Ended
Tell = Callable[[News], None]
