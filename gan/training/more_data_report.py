"""What came of the experiment in more_data.py over its seeds, with intervals and a verdict."""

from dataclasses import dataclass, field, replace
from typing import Any

from torch import tensor

from gan.evaluation.intervals import Estimate, of_mean
from gan.field_metadata import from_values, to_values
from gan.messages import Message, say
from gan.training.more_data import ARMS, SeedResult
from gan.training.more_data_settings import MoreDataSettings

TITLES = {
    "few": say("labelled pictures alone"),
    "ordinary": say("with ordinary augmentation"),
    "gan": say("and samples of a GAN that saw the labelled pictures"),
    "guessed": say("and unlabelled pictures, their classes guessed, no GAN"),
    "unlabelled": say("and samples of a GAN that saw the unlabelled pictures, too"),
}
COMPARED = (("gan", "ordinary"), ("unlabelled", "ordinary"), ("unlabelled", "guessed"))
"""Which gains are judged, fixed before anything is measured."""
_WITH = {"gan": say("A GAN of the labelled pictures"), "unlabelled": say("A GAN of the unlabelled pictures, too")}
_WITHOUT = {"ordinary": say("ordinary augmentation"), "guessed": say("the same pictures without a GAN")}
_DATA = {"letters": say("Letters"), "digits": say("Digits"), "data.npz": say("Your pictures")}
SMALL = 0.01  # a gain below this would be none, even if it were there
HELPS, DOES_NOT, UNSURE = "helps", "does not", "cannot be told"


@dataclass(frozen=True)
class MoreDataReport:
    """right: for each seed the share of held-out pictures that each classifier names right. data: what the pictures
    were, in words; pictures, held_out: how many there were in all, and held out in each seed."""

    settings: MoreDataSettings
    data: str
    classes: int
    pictures: int
    held_out: int = 0
    right: dict[int, dict[str, float]] = field(default_factory=dict)

    def and_(self, result: SeedResult) -> "MoreDataReport":
        """With one more seed."""
        return replace(self, held_out=result.held_out, right=self.right | {result.seed: result.right})

    @property
    def left(self) -> list[int]:
        """Seeds that have not been played."""
        return [seed for seed in self.settings.all_seeds if seed not in self.right]

    @property
    def arms(self) -> list[str]:
        """Those that every seed has."""
        return [arm for arm in ARMS if self.right and all(arm in row for row in self.right.values())]

    def accuracy(self, arm: str) -> Estimate:
        """The mean over seeds, with Student's 95 % interval."""
        return of_mean(tensor([row[arm] for row in self.right.values()]))

    def gain(self, arm: str, than: str) -> Estimate:
        """How much more it names right, likewise of the differences seed by seed: both saw the same pictures.

        The seeds draw from one pool of pictures, so the interval is over such draws. Over other pictures it would be
        wider (Nadeau and Bengio 2003, "Inference for the generalization error").
        """
        return of_mean(tensor([row[arm] - row[than] for row in self.right.values()]))

    def verdict(self, arm: str, than: str) -> str:
        """DOES_NOT where the whole interval of the gain lies below SMALL, else HELPS where all of it lies above 0, else
        UNSURE."""
        gain = self.gain(arm, than)
        if gain.high < SMALL:
            return DOES_NOT
        return HELPS if gain.low > 0 else UNSURE

    @property
    def verdicts(self) -> list[dict[str, Any]]:
        """{"with", "without": arms, "gain", "margin": shares, "verdict": one of three, "words": a sentence} each."""
        compared = [pair for pair in COMPARED if set(pair) <= set(self.arms)]
        return [self._judged(*pair) for pair in compared]

    @property
    def bars(self) -> list[dict[str, Any]]:
        """{"arm", "title", "value", "margin"} of each classifier."""
        told = [(arm, self.accuracy(arm)) for arm in self.arms]
        return [dict(arm=arm, title=TITLES[arm], value=of.value, margin=_finite(of.margin)) for arm, of in told]

    @property
    def how(self) -> Message:
        """How the numbers were taken."""
        return say(
            "{data}: {labelled} labelled pictures of each of {classes} classes, up to {unlabelled:,} without labels, "
            "{held_out:,} held out. Mean accuracy over {seeds} seeds, each with pictures of its own; 95 % intervals "
            "by Student's t, gains paired seed by seed.",
            data=_DATA.get(self.data, self.data),
            labelled=self.settings.labelled,
            classes=self.classes,
            unlabelled=self.settings.unlabelled,
            held_out=self.held_out,
            seeds=len(self.right),
        )

    def to_values(self) -> dict[str, Any]:
        """Plain values, as JSON takes them, numbers and verdicts together; `from_values` reads the numbers."""
        return dict(
            settings=to_values(self.settings),
            data=self.data,
            classes=self.classes,
            pictures=self.pictures,
            held_out=self.held_out,
            right={str(seed): row for seed, row in self.right.items()},
            bars=self.bars,
            verdicts=self.verdicts,
        )

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> "MoreDataReport":
        """The inverse; KeyError, TypeError, ValueError or StudioError where that is not what they are."""
        right = {int(seed): {arm: float(row[arm]) for arm in row} for seed, row in values["right"].items()}
        if any(set(row) - set(ARMS) for row in right.values()):
            raise ValueError("an unknown arm")
        return cls(
            from_values(MoreDataSettings, values["settings"]),
            str(values["data"]),
            int(values["classes"]),
            int(values["pictures"]),
            int(values["held_out"]),
            right,
        )

    def _judged(self, arm: str, than: str) -> dict[str, Any]:
        gain, verdict = self.gain(arm, than), self.verdict(arm, than)
        words = _sentence(verdict, gain, what=_WITH[arm], than=_WITHOUT[than])
        return {
            "with": arm,
            "without": than,
            "gain": gain.value,
            "margin": _finite(gain.margin),
            "verdict": verdict,
            "words": words,
        }


def _sentence(verdict: str, gain: Estimate, **names: Message) -> Message:
    numbers = {
        name: f"{100 * value:+.1f}" for name, value in (("gain", gain.value), ("low", gain.low), ("high", gain.high))
    }
    if _finite(gain.margin) is None:
        return say("{what}: cannot be told from one seed; {gain} points against {than}.", **names, gain=numbers["gain"])
    if verdict == HELPS:
        return say("{what}: helps. {gain} points against {than} ({low} to {high}).", **names, **numbers)
    if verdict == DOES_NOT:
        return say("{what}: does not help. {gain} points against {than} ({low} to {high}).", **names, **numbers)
    return say("{what}: cannot be told. {gain} points against {than} ({low} to {high}).", **names, **numbers)


def _finite(value: float) -> float | None:
    return value if value == value else None
