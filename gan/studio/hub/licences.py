"""The licences that a model can be published under, and what the terms of the model that it came from leave of them.

    terms = read_terms("cats", "CC BY 4.0 (the cats are by David Revoy)")
    terms.check(LICENCES["cc0-1.0"])      # StudioError: CC0 1.0 would loosen the terms of cats, which are CC BY 4.0.

Each licence is a set of duties that whoever passes the work on has. What comes from a model under one licence may be
passed on under another only where that has all of its duties. This is a table, and no lawyer.
"""

import re
from dataclasses import dataclass
from enum import Enum

from gan.errors import StudioError
from gan.messages import listed, say


class Duty(Enum):
    """What a licence asks of whoever passes the work on."""

    NAME = "name its authors"
    CHANGES = "say what was changed"
    NOT_FOR_MONEY = "use it without commercial purpose"
    SAME = "pass on what is made from it under the same licence"
    UNCHANGED = "pass it on unchanged only"
    USES = "keep its list of uses that are not allowed"


@dataclass(frozen=True)
class Licence:
    """`id`: the Hub's name for it. `marks`: a regular expression that finds it in somebody's words."""

    id: str
    title: str
    duties: frozenset[Duty]
    marks: str

    def leaves(self, other: "Licence") -> bool:
        """Whether what comes from a model under this licence may be under the other one."""
        if self.id == other.id:
            return True
        return Duty.SAME not in self.duties and self.duties <= other.duties


_NAMED = Duty.NAME, Duty.CHANGES


def _licence(id: str, title: str, marks: str, *duties: Duty) -> Licence:
    return Licence(id, title, frozenset(duties), marks)


_CC = r"\bcc[- ]?by"
_N, _S = r"[- ]nc", r"[- ]sa"
_TABLE = (
    _licence("cc0-1.0", "CC0 1.0", r"\bcc[- ]?0\b|\bcc[- ]zero\b|\bpublic domain\b"),
    _licence("mit", "MIT", r"\bmit\b", Duty.NAME),
    _licence("apache-2.0", "Apache 2.0", r"\bapache\b", *_NAMED),
    _licence("bsd-3-clause", "BSD 3-Clause", r"\bbsd\b", Duty.NAME),
    _licence("cc-by-4.0", "CC BY 4.0", rf"{_CC}(?!(?:{_N}|{_S}|[- ]nd)\b)\b", *_NAMED),
    _licence("cc-by-sa-4.0", "CC BY-SA 4.0", rf"{_CC}{_S}\b", *_NAMED, Duty.SAME),
    _licence("cc-by-nc-4.0", "CC BY-NC 4.0", rf"{_CC}{_N}\b(?!{_S}\b|[- ]nd\b)", *_NAMED, Duty.NOT_FOR_MONEY),
    _licence("cc-by-nc-sa-4.0", "CC BY-NC-SA 4.0", rf"{_CC}{_N}{_S}\b", *_NAMED, Duty.NOT_FOR_MONEY, Duty.SAME),
    _licence("cc-by-nd-4.0", "CC BY-ND 4.0", rf"{_CC}[- ]nd\b", *_NAMED, Duty.SAME, Duty.UNCHANGED),
    _licence(
        "cc-by-nc-nd-4.0",
        "CC BY-NC-ND 4.0",
        rf"{_CC}{_N}[- ]nd\b",
        *_NAMED,
        Duty.NOT_FOR_MONEY,
        Duty.SAME,
        Duty.UNCHANGED,
    ),
    _licence("gpl-3.0", "GPL 3.0", r"(?<![la])\bgpl\b|(?<![la])\bgpl-?v?3", *_NAMED, Duty.SAME),
    _licence("agpl-3.0", "AGPL 3.0", r"\bagpl", *_NAMED, Duty.SAME),
    _licence("openrail", "OpenRAIL", r"\bopenrail\b(?!-m)", *_NAMED, Duty.SAME, Duty.USES),
    _licence("creativeml-openrail-m", "CreativeML OpenRAIL-M", r"\bopenrail-m\b", *_NAMED, Duty.SAME, Duty.USES),
)
LICENCES = {licence.id: licence for licence in _TABLE}
"""Those that one can choose, by the Hub's names for them."""

AS_BASE = "other"
"""The choice of passing on the terms that a model came with, in their own words."""
UNKNOWN = "unknown"
"""The Hub's word for terms that nobody has said. It is no choice: only private repositories may have it."""
_UNCHANGED = say("It may be passed on unchanged only, and this model was made from it.")


@dataclass(frozen=True)
class Terms:
    """What is said of a model that another one came from, or that was brought here. `name`: what it is called.
    `words`: what it says itself, "" for nothing. `named`: the licences in these words. `changed`: whether what is to be
    published was trained on from it."""

    name: str
    words: str
    named: tuple[Licence, ...]
    changed: bool = True

    @property
    def choices(self) -> list[str]:
        """The ids that may be chosen, the closest one first; none where the words are missing."""
        if not self.words:
            return []
        if not self.named:
            return [AS_BASE]
        fit = [id for id, one in LICENCES.items() if all(base.leaves(one) for base in self.named)]
        own = [one.id for one in self.named if one.id in fit]
        return list(dict.fromkeys([*own, *fit, AS_BASE]))

    def check(self, choice: str, private: bool) -> None:
        """Raise StudioError unless it may be published under that choice, in a sentence that names both."""
        if self.changed and any(Duty.UNCHANGED in one.duties for one in self.named):
            raise StudioError(say("{name} is under {words}.", name=self.name, words=self.words), _UNCHANGED)
        if not self.words:
            self._check_unsaid(choice, private)
        elif choice not in self.choices:
            raise StudioError(
                say(
                    "{title} would loosen the terms of {name}, which are: {words}.",
                    title=title_of(choice),
                    name=self.name,
                    words=self.words.rstrip("."),
                ),
                say("Choose {choices}.", choices=listed(self.choices, "{before} or {last}")),
            )

    def _check_unsaid(self, choice: str, private: bool) -> None:
        if choice != UNKNOWN:
            raise StudioError(
                say("{title} cannot be given to what comes from {name}.", title=title_of(choice), name=self.name),
                say("{name} does not say its terms: ask its author.", name=self.name),
            )
        if not private:
            raise StudioError(
                say("{name} does not say under which terms it may be used.", name=self.name),
                "What comes from it can be kept on the Hub in private; ask its author before you show it.",
            )


def read_terms(name: str, words: str, changed: bool = True) -> Terms:
    """The terms of a model called `name`, from what it says of its licence: licences that are named count together."""
    words = " ".join(words.split())
    found = [(place.start(), one) for one in _TABLE if (place := re.search(one.marks, words.lower()))]
    return Terms(name, words, tuple(one for _, one in sorted(found, key=lambda pair: pair[0])), changed)


def title_of(choice: str) -> str:
    """A choice, for people."""
    if choice in LICENCES:
        return LICENCES[choice].title
    return {AS_BASE: say("The terms of its base"), UNKNOWN: say("No licence")}.get(choice, choice[:40])


def check_choice(choice: str) -> None:
    """Raise StudioError for what is no licence that can be chosen."""
    if choice not in (*LICENCES, AS_BASE):
        raise StudioError(
            say("{choice!r} is not a licence that can be chosen.", choice=choice[:40]),
            say("Choose {choices}.", choices=listed([*LICENCES, AS_BASE], "{before} or {last}")),
        )
