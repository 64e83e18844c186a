"""The doctor for sounds: what a person should know of the training sounds before training, in plain words."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from gan.messages import Message, as_message, listed, say, say_n
from gan.networks.spectrograms import RATE, length_of
from gan.studio.data.report_words import classes_words

_NEWER = "unsorted"  # what reports of earlier versions lack
MOST_NAMED = 3  # files that a sentence names

# (fewer than, what to expect). 3,800 drum hits, 480 of each class, gave hits that are told apart after half an hour.
EXPECT = (
    (20, "too few: the model will learn these very sounds by heart and blend between them."),
    (200, "few: expect sounds much like these, and stop early."),
    (1500, "enough to fine-tune a model of sounds; from scratch, expect rough ones."),
    (float("inf"), "enough to train from scratch."),
)

Named = tuple[tuple[str, str], ...]
"""(name, sentence) of the first files of which something is said."""


@dataclass(frozen=True)
class SoundReport:
    """What the doctor found: counts, and the names of the first few of each."""

    count: int
    side: int  # bands, and columns of 8 ms
    seconds: float  # median length of the files
    long: int  # are cut
    rates: tuple[tuple[int, int], ...]  # (sampling rate, how many), the most frequent first
    low: int  # lack tones that the networks could hear
    several: int  # have several channels
    clipped: int
    clipped_files: tuple[str, ...]
    silent: int  # were left out
    silent_files: tuple[str, ...]
    short: int  # were left out
    short_files: tuple[str, ...]
    same: int
    same_pairs: tuple[tuple[str, str], ...]
    broken: int
    broken_files: Named
    others: int
    other_files: Named
    left: int  # were not read, since there are too many
    classes: tuple[str, ...]
    unsorted: str | None = None  # why folders are no classes

    channels = 1  # as reports on pictures have it

    def to_json(self) -> dict[str, Any]:
        """Plain values and messages, with the sentences."""
        return {name: _thawed(value) for name, value in asdict(self).items()} | dict(
            makes="sound", channels=self.channels, sentences=list(self.sentences)
        )

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "SoundReport":
        """What `to_json` gave. Raises KeyError or TypeError for anything else."""
        return cls(**{f.name: _frozen(values[f.name]) for f in fields(cls) if f.name in values or f.name != _NEWER})

    @property
    def sentences(self) -> tuple[Message, ...]:
        """The findings in plain words, what to expect first."""
        said = (
            self._expect(),
            self._taken(),
            self._rates(),
            self._low(),
            self._several(),
            classes_words(self.classes),
            self.unsorted and as_message(self.unsorted),
            _files(
                self.clipped,
                self.clipped_files,
                "{n:,} sound is clipped, its waves are cut off, and the model will learn that rattle: {names}.",
                "{n:,} sounds are clipped, their waves are cut off, and the model will learn that rattle: {names}.",
            ),
            _files(
                self.silent,
                self.silent_files,
                "{n:,} sound is silent and was left out: {names}.",
                "{n:,} sounds are silent and were left out: {names}.",
            ),
            _files(
                self.short,
                self.short_files,
                "{n:,} sound is too short, less than 20 milliseconds, and was left out: {names}.",
                "{n:,} sounds are too short, less than 20 milliseconds, and were left out: {names}.",
            ),
            self._same(),
            _files(
                self.broken,
                [name for name, _ in self.broken_files],
                "{n:,} file could not be read and was left out: {names}.",
                "{n:,} files could not be read and were left out: {names}.",
            ),
            _files(
                self.others,
                [name for name, _ in self.other_files],
                "{n:,} file was left out, not being a WAV file: {names}.",
                "{n:,} files were left out, not being WAV files: {names}.",
            ),
            self._left(),
        )
        return tuple(text for text in said if text)

    def _expect(self) -> Message:
        distinct = self.count - self.same
        words = next(words for most, words in EXPECT if distinct < most)
        count = say_n("{n:,} different sound", "{n:,} different sounds", distinct)
        return say("{count}: {what}", count=count, what=say(words))

    def _taken(self) -> Message:
        whole = f"{length_of(self.side) / RATE:.2g}"
        if not self.long:
            return say("The model hears {whole} seconds of each, from where it begins to be heard.", whole=whole)
        return say_n(
            "The model hears {whole} seconds of each, from where it begins to be heard: {n:,} goes on for longer.",
            "The model hears {whole} seconds of each, from where it begins to be heard: {n:,} go on for longer.",
            self.long,
            whole=whole,
        )

    def _rates(self) -> Message | None:
        if len(self.rates) < 2:
            return None
        rates = listed([f"{rate:,}" for rate, _ in self.rates[:6]])
        return say(
            "Their sampling rates differ ({rates} a second); all are brought to {rate:,}.", rates=rates, rate=RATE
        )

    def _low(self) -> Message | None:
        if not self.low:
            return None
        return say_n(
            "{n:,} has fewer than {rate:,} samples a second: it lacks high tones, which the model will learn, too.",
            "{n:,} have fewer than {rate:,} samples a second: they lack high tones, which the model will learn, too.",
            self.low,
            rate=RATE,
        )

    def _several(self) -> Message | None:
        if not self.several:
            return None
        return say_n(
            "{n:,} has several channels, which are mixed into one.",
            "{n:,} have several channels, which are mixed into one.",
            self.several,
        )

    def _same(self) -> Message | None:
        if not self.same:
            return None
        first, second = self.same_pairs[0]
        return say_n(
            "{n:,} sound is the same as an earlier one: {second} is {first}.",
            "{n:,} sounds are the same as an earlier one, such as {second}, which is {first}.",
            self.same,
            first=first,
            second=second,
        )

    def _left(self) -> Message | None:
        return say("Only the first {count:,} sounds were taken.", count=self.count) if self.left else None


def _files(count: int, names: Sequence[str], one: str, many: str) -> Message | None:
    """What is said of so many files, of which some are named; None where there are none."""
    if not count:
        return None
    shown = listed(list(names[:MOST_NAMED]))
    if count > MOST_NAMED:
        shown = say("{names} and {count:,} more", names=shown, count=count - MOST_NAMED)
    return say_n(one, many, count, names=shown)


def _thawed(value: Any) -> Any:
    return [_thawed(one) for one in value] if isinstance(value, (list, tuple)) else value


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
