"""All scores of a model, beside those that real pictures reach among themselves."""

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from gan.evaluation.intervals import Estimate
from gan.evaluation.metrics import METRICS


@dataclass(frozen=True)
class Report:
    """Scores of samples, and of real pictures against each other: what a perfect model would reach.

    `scores` and `real` go by the names in METRICS; each has those that could be taken. `ratio` is the samples' Fréchet
    distance from half of the real pictures over that between both halves, for equal numbers. `nearest`: (seed, place
    of the training picture, distance over the usual distance of a new picture), nearest first. `floor` and
    `floor_ratio` are what the training pictures reach in the samples' place, where they are others than `pictures` and
    at least as many as the samples: about what whoever learns them perfectly reaches. `unknown`: what classes of the
    pictures are called that the model has not, for which all were compared without classes.
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
    floor: dict[str, Estimate] = field(default_factory=dict)
    floor_ratio: float = math.nan
    unknown: tuple[str, ...] = ()

    def to_values(self) -> dict[str, Any]:
        """Plain values, as JSON takes them: None for what is no number."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> "Report":
        """The inverse; KeyError, TypeError or ValueError where that is not what they are."""
        tables = {
            name: {key: _estimate(told[key]) for key in METRICS if key in told}
            for name, told in (
                ("scores", values["scores"]),
                ("real", values["real"]),
                ("floor", values.get("floor", {})),  # older reports have none
            )
        }
        nearest = [(_whole(seed), _whole(place), _number(apart)) for seed, place, apart in values["nearest"]]
        return cls(
            str(values["features"]),
            _whole(values["samples"]),
            _whole(values["pictures"]),
            _whole(values["training"]),
            float(values["psi"]),
            tables["scores"],
            tables["real"],
            _number(values["ratio"]),
            nearest,
            tables["floor"],
            _number(values.get("floor_ratio")),
            tuple(_text(name) for name in values.get("unknown", ())),
        )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(v) for name, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _estimate(values: dict[str, Any]) -> Estimate:
    return Estimate(_number(values["value"]), _number(values["margin"]))


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text.")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number.")
    return value
