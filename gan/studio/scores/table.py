"""A report as the page shows it: plain values, and what they say."""

import math
from collections.abc import Sequence

from gan.evaluation.features import FeatureNet
from gan.evaluation.metrics import METRICS
from gan.evaluation.report import Report
from gan.kinds.kind import Kind
from gan.messages import Message, listed, say
from gan.store.archives import clean

_NAMED = 5  # classes that a sentence names
_SHAKY = 500  # samples or pictures below which the numbers are


def plain(report: Report, pairs: bool, kind: Kind) -> dict:
    """Everything in plain values, no number being None; `nearest` is empty where there are no `pairs` to show. kind:
    of the model that was scored.

    rows: {"name", "title", "help", "digits", "value", "margin", "real", "real_margin", "floor", "floor_margin"} in the
    order of METRICS; the last two, as floor_ratio, are None where the training pictures were not told apart. notes:
    what there is to say of how they were compared.
    """
    rows = [
        dict(
            name=name,
            title=say(metric.title),
            help=metric.about(kind.plural),
            digits=metric.digits,
            **_numbers(report, name),
        )
        for name, metric in METRICS.items()
        if name in report.scores
    ]
    return dict(
        rows=rows,
        ratio=_number(report.ratio),
        floor_ratio=_number(report.floor_ratio),
        copies=copies(report),
        samples=report.samples,
        pictures=report.pictures,
        shaky=min(report.samples, report.pictures) < _SHAKY,
        makes=kind.name,
        own=report.features == FeatureNet.name,
        psi=report.psi,
        notes=[without_classes(report.unknown, kind)] if report.unknown else [],
        nearest=[dict(seed=seed, apart=_number(apart)) for seed, _, apart in report.nearest] if pairs else [],
    )


def without_classes(unknown: Sequence[str], kind: Kind, training: bool = False) -> Message:
    """That real samples were compared without their classes, or what a model was trained on, since it has none that are
    called so."""
    names = listed([*(clean(name) for name in unknown[:_NAMED]), *(["..."] if len(unknown) > _NAMED else [])])
    if training:
        return say(
            "The model has no class called {names}: the training {things} are compared without classes.",
            names=names,
            things=kind.plural,
        )
    return say(
        "The model has no class called {names}: the {things} are compared without classes.",
        names=names,
        things=kind.plural,
    )


def copies(report: Report) -> int | None:
    """How many of the samples are copies beyond what chance explains; None where nobody looked.

    Of new pictures a share of `real` is nearer to a training picture than any other training picture is, and so are
    all copies: of a share c of copies c + (1 - c) real is seen. It counts where the intervals of both shares do not
    meet.
    """
    if not {"memorised"} <= set(report.scores) & set(report.real):
        return None
    seen, usual = report.scores["memorised"], report.real["memorised"]
    if not seen.low > usual.high:
        return 0
    return round(report.samples * (seen.value - usual.value) / (1 - usual.value))


def _numbers(report: Report, name: str) -> dict:
    columns = {"value": report.scores[name], "real": report.real.get(name), "floor": report.floor.get(name)}
    margins = {"value": "margin", "real": "real_margin", "floor": "floor_margin"}
    values = {column: _number(told.value) if told else None for column, told in columns.items()}
    return values | {margins[column]: _number(told.margin) if told else None for column, told in columns.items()}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
