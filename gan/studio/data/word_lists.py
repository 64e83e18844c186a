"""Training words from a text file, one word a line, and what a person should know of them, in plain words.

Lines that begin with # are remarks: a list's licence can stand in its head. Words are taken as they are written, but
for spaces around them; each counts once.
"""

import codecs
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from gan.errors import StudioError
from gan.kinds.words import DRAWABLE, drawn
from gan.messages import Message, listed, say, say_n
from gan.networks.words import BLANK, one_hot
from gan.store.archives import clean
from gan.store.files import cannot_read, write_text
from gan.store.grids import grid
from gan.studio.data.dataset_doctor import spread
from gan.training.data import Samples

SUFFIX = ".txt"
WORDS = "words.txt"  # of a set of words, as data.npz of pictures
PLACES = 12  # characters that a word of a new model has at most
SHORTEST = 2  # characters
FEWEST = 20  # words
MOST_WORDS = 100_000
MOST_BYTES = 4 * 2**20  # of all the files of a list together: every line of them is held at once
_REMARK = "#"
_SHOWN, _LONGEST_SHOWN = 3, 24  # words that a sentence names, and characters of each
_SHEET, _COLUMNS, _CELL = 36, 4, (240, 54)  # words on a contact sheet, in a row, and pixels of each

# (fewer than, what to expect). 30,000 English words gave pronounceable ones after ten minutes of one core.
EXPECT = (
    (200, "too few: the model will learn these very words by heart, and mix a few of their letters."),
    (2000, "few: expect words much like these, and some that are these."),
    (10000, "enough for words that sound alike; more of them would make the model invent better."),
    (float("inf"), "enough to train from scratch."),
)


@dataclass(frozen=True)
class WordReport:
    """What there is to know of a list: its words, the characters that they are written with, and what was left out, as
    counts and the first few of each."""

    count: int
    longest: int
    symbols: str
    twice: int
    long: int
    long_words: tuple[str, ...]
    short: int
    outside: int
    outside_words: tuple[str, ...]
    strangers: str  # the characters because of which they are outside
    cut: bool

    side = channels = 0  # as reports on pictures have them
    classes: ClassVar[tuple[str, ...]] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values and messages, with the sentences."""
        shown = dict(makes="text", side=self.side, channels=self.channels, classes=[], sentences=list(self.sentences))
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()} | shown

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "WordReport":
        """What `to_json` gave. Raises KeyError or TypeError for anything else."""
        found: dict[str, Any] = {f.name: values[f.name] for f in fields(cls)}
        found |= {name: tuple(value) for name, value in found.items() if isinstance(value, list)}
        return cls(**found)

    @property
    def sentences(self) -> tuple[Message, ...]:
        """The findings in plain words, what to expect first."""
        return self._said(self.long_words, self.outside_words)

    @property
    def nameless(self) -> tuple[Message, ...]:
        """Likewise without any of the words, which may be private: for logs."""
        return self._said((), ())

    def _said(self, long: Sequence[str], outside: Sequence[str]) -> tuple[Message, ...]:
        """The findings, with the words that are named of those that are too long and of those outside."""
        said = (
            self._expect(),
            self._letters(),
            self._cut(),
            self._twice(),
            self._long(long),
            self._short(),
            self._outside(outside),
        )
        return tuple(text for text in said if text)

    def _expect(self) -> Message:
        words = next(words for most, words in EXPECT if self.count < most)
        count = say_n("{n:,} different word", "{n:,} different words", self.count)
        return say("{count}: {what}", count=count, what=say(words))

    def _letters(self) -> Message:
        return say(
            "They have up to {longest} characters and are written with {count} different ones: {symbols}",
            longest=self.longest,
            count=len(self.symbols),
            symbols=self.symbols,
        )

    def _cut(self) -> Message | None:
        return say("Only the first {most:,} words were taken.", most=MOST_WORDS) if self.cut else None

    def _twice(self) -> Message | None:
        if not self.twice:
            return None
        return say_n(
            "{n:,} line repeats a word, which counts once.", "{n:,} lines repeat words, which count once.", self.twice
        )

    def _long(self, words: Sequence[str]) -> Message | None:
        if not self.long:
            return None
        if not words:
            return say_n(
                "{n:,} word is too long and was left out.", "{n:,} words are too long and were left out.", self.long
            )
        return say_n(
            "{n:,} word is too long and was left out: {names}.",
            "{n:,} words are too long and were left out: {names}.",
            self.long,
            names=_named(words, self.long),
        )

    def _short(self) -> Message | None:
        if not self.short:
            return None
        return say_n(
            "{n:,} word of a single character was left out.",
            "{n:,} words of a single character were left out.",
            self.short,
        )

    def _outside(self, words: Sequence[str]) -> Message | None:
        if not self.outside:
            return None
        if not words:
            return say_n(
                "{n:,} word was left out for characters that the model does not know or that cannot be drawn here "
                "({strangers}).",
                "{n:,} words were left out for characters that the model does not know or that cannot be drawn here "
                "({strangers}).",
                self.outside,
                strangers=self.strangers,
            )
        return say_n(
            "{n:,} word was left out for characters that the model does not know or that cannot be drawn here "
            "({strangers}): {names}.",
            "{n:,} words were left out for characters that the model does not know or that cannot be drawn here "
            "({strangers}): {names}.",
            self.outside,
            strangers=self.strangers,
            names=_named(words, self.outside),
        )


@dataclass(frozen=True)
class WordList:
    """Words, each once, in the order of their file, and the report on it."""

    words: tuple[str, ...]
    report: WordReport

    def samples(self, symbols: str = "", places: int = 0) -> Samples:
        """The words one-hot, bool (n, symbols, places), as a model of those symbols and places has them, or in as many
        as they need."""
        symbols, places = symbols or BLANK + self.report.symbols, places or max(self.report.longest, 4)
        return Samples(one_hot(self.words, symbols, places), symbols=symbols)


def read_words(path: Path, symbols: str = "", places: int = 0, fewest: int = FEWEST) -> WordList:
    """The words in a text file. symbols, places: those of a base, which knows no others.

    Raises StudioError for what is no text, and where fewer than `fewest` words are left.
    """
    lines, _ = _lines(Path(path), "", MOST_BYTES)
    words = dict.fromkeys(lines)
    return _chosen(words, len(lines) - len(words), symbols, places, fewest)


def take_words(
    files: Sequence[tuple[Path, str]], into: Path, progress: Callable[[int], None] | None = None
) -> WordReport:
    """The words of text files, each with what its owner calls it, written into/words.txt. `progress` is told how many
    files are read. Raises StudioError, also where they are larger than MOST_BYTES together."""
    words: dict[str, None] = {}
    left, lines = MOST_BYTES, 0
    for number, (path, name) in enumerate(files):
        if progress:
            progress(number)
        found, size = _lines(path, name, left)
        left, lines = left - size, lines + len(found)
        words |= dict.fromkeys(found)
    chosen = _chosen(words, lines - len(words), "", 0, FEWEST)
    write_text(into / WORDS, "".join(f"{word}\n" for word in chosen.words))
    return chosen.report


def word_sheet(words: Sequence[str]) -> np.ndarray:
    """Some of the words side by side, uint8 (height, width, 3)."""
    some = [words[row] for row in spread(len(words), _SHEET)]
    return grid(drawn(some, [[1.0] * len(word) for word in some], _CELL), _COLUMNS)


def _chosen(words: Iterable[str], twice: int, symbols: str, places: int, fewest: int) -> WordList:
    """See `read_words`. words: different ones; twice: the lines that repeated any of them."""
    known = frozenset(symbols) - {BLANK} if symbols else DRAWABLE
    most = places or PLACES
    outside = [word for word in words if not known.issuperset(word)]
    fits = [word for word in words if known.issuperset(word)]
    long = [word for word in fits if len(word) > most]
    short = [word for word in fits if len(word) < SHORTEST]
    kept = [word for word in fits if SHORTEST <= len(word) <= most]
    strangers = Counter(letter for word in outside for letter in set(word) if letter not in known)
    used = kept[:MOST_WORDS]
    report = WordReport(
        len(used),
        max(map(len, used), default=0),
        "".join(sorted(set().union(*used))),
        twice,
        len(long),
        _examples(long),
        len(short),
        len(outside),
        _examples(outside),
        "".join(map(_visible, dict(strangers.most_common(12)))),
        len(kept) > MOST_WORDS,
    )
    if len(used) < fewest:
        raise StudioError(
            say("{count:,} of these words can be learned from, which is too few.", count=len(used)),
            _why_few(report, fewest),
        )
    return WordList(tuple(used), report)


def _why_few(report: WordReport, fewest: int) -> Message:
    """What to do where hardly any word is left."""
    if report.outside:
        return say(
            "Give at least {fewest} words of 2 to {most} letters; those with {strangers} were left out.",
            fewest=fewest,
            most=PLACES,
            strangers=report.strangers,
        )
    return say("Give at least {fewest} words of 2 to {most} letters, one a line.", fewest=fewest, most=PLACES)


def _lines(path: Path, name: str, most: int) -> tuple[list[str], int]:
    """The lines that hold something and are no remarks, without the spaces around them, and the file's bytes, at most
    so many. Raises StudioError."""
    name = clean(name or path.name)
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise cannot_read(name, error) from error
    if len(data) > most:
        megabytes = MOST_BYTES // 2**20
        raise StudioError(
            say("{name} is larger than {most_bytes} MB.", name=name, most_bytes=megabytes)
            if most == MOST_BYTES
            else say("The text files together are larger than {most_bytes} MB.", most_bytes=megabytes),
            "Choose some of its words.",
        )
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        raise StudioError(
            say("{name} is no text in UTF-8.", name=name), "Save it as plain text in UTF-8, one word a line."
        ) from error
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith(_REMARK)], len(data)


def _visible(letter: str) -> str:
    return "␣" if letter == BLANK else letter if letter.isprintable() else "?"


def _examples(words: Sequence[str]) -> tuple[str, ...]:
    """The first few, cut: a line without an end is not carried on."""
    return tuple(word if len(word) <= _LONGEST_SHOWN else word[: _LONGEST_SHOWN - 1] + "…" for word in words[:_SHOWN])


def _named(words: Sequence[str], count: int) -> Message:
    names = listed(words)
    return say("{names} and {count:,} more", names=names, count=count - len(words)) if count > len(words) else names
