"""What the scores of a model are called, what each means, and all of them together."""

import math
from dataclasses import asdict, dataclass, field

from gan.evaluation.intervals import Estimate


@dataclass(frozen=True)
class Metric:
    """What a score is called, which value is best ("low", "high", or "real", like that of real pictures), and what it
    says."""

    title: str
    best: str
    help: str
    digits: int = 3


METRICS = {
    "frechet": Metric(
        "Fréchet distance",
        "low",
        "How far the samples as a whole are from the real pictures, in what they look "
        "like and how varied they are; 0 is best. It shrinks with the number of pictures, so compare it only for "
        "the same numbers.",
    ),
    "kernel": Metric(
        "Kernel distance",
        "low",
        "The same question, answered so that it does not depend on the number of pictures; "
        "0 is best, and chance may make it a little less.",
        4,
    ),
    "precision": Metric("Precision", "high", "The share of samples that look like real pictures."),
    "recall": Metric("Recall", "high", "The share of real pictures that look like something the model makes."),
    "density": Metric(
        "Density",
        "real",
        "How thickly real pictures stand around a sample; about 1 for real ones, less where samples look odd.",
    ),
    "coverage": Metric("Coverage", "high", "The share of real pictures that have a sample near by."),
    "diversity": Metric(
        "Diversity",
        "real",
        "How much the samples of one grid differ, beside real pictures; 1 is as much, less means they look alike.",
    ),
    "memorised": Metric(
        "Memorised",
        "real",
        "The share of samples that are nearer to a training picture than any other training "
        "picture is. New real pictures have such a share, too: only more than theirs means copies.",
    ),
    "nearer": Metric(
        "Nearer to the training",
        "real",
        "How often a sample is nearer to the training pictures than a new real "
        "picture is; 0.5 is as often as not, near 1 means copies.",
    ),
    "classes": Metric(
        "Right class", "high", "The share of samples in which a classifier sees the class that was asked for."
    ),
}


@dataclass(frozen=True)
class Report:
    """Scores of samples, and of real pictures against each other: what a perfect model would reach.

    `scores` and `real` go by the names in METRICS; each has those that could be taken. `ratio` is the samples' Fréchet
    distance from half of the real pictures over that between both halves, for equal numbers. `nearest`: (seed, place
    of the training picture, distance over the usual distance of a new picture), nearest first.
    """

    features: str
    samples: int
    pictures: int
    training: int
    psi: float
    scores: dict[str, Estimate]
    real: dict[str, Estimate]
    ratio: float
    nearest: list[tuple[int, int, float]] = field(default_factory=list)

    def to_values(self) -> dict:
        """Plain values, as JSON takes them: None for what is no number."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_values(cls, values: dict) -> "Report":
        """The inverse; KeyError, TypeError or ValueError where that is not what they are."""
        tables = {
            name: {key: _estimate(values[name][key]) for key in METRICS if key in values[name]}
            for name in ("scores", "real")
        }
        nearest = [(_whole(seed), _whole(place), _number(apart)) for seed, place, apart in values["nearest"]]
        counts = {name: _whole(values[name]) for name in ("samples", "pictures", "training")}
        numbers = dict(psi=float(values["psi"]), ratio=_number(values["ratio"]))
        return cls(str(values["features"]), **counts, **numbers, nearest=nearest, **tables)


def _plain(value):
    if isinstance(value, dict):
        return {name: _plain(v) for name, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _estimate(values: dict) -> Estimate:
    return Estimate(_number(values["value"]), _number(values["margin"]))


def _number(value) -> float:
    return math.nan if value is None else float(value)


def _whole(value) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number.")
    return value
