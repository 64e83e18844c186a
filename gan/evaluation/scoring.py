"""Score a model: its samples against real pictures, and real pictures against each other."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.evaluation.copying import Nearest, Training, nearer
from gan.evaluation.distances import distances
from gan.evaluation.features import Extractor
from gan.evaluation.gathering import Gathered, Told, of_pictures, of_samples
from gan.evaluation.intervals import Estimate, drawn_anew, of_mean, of_share
from gan.evaluation.kernel import kernel_distances
from gan.evaluation.manifold import overlap
from gan.evaluation.moments import frechet, frechet_of
from gan.evaluation.probe import Probe
from gan.evaluation.report import Report
from gan.messages import Message, say
from gan.networks.contract import Generator

FEWEST = 12  # pictures, and samples, below which no score means anything
_GRID = 36  # samples in a grid, within which they are to differ
_PARTS = 8  # in which scores are taken to see how they vary
_DRAWS = 6  # of halves, by which distances are compared
_SHOWN = 6  # samples most like a training picture, that are shown beside it
_WIDE = 512  # features from which on eigenvalues take seconds, so that margins come
_FEW = 1000  # from so many rows only
_PROBED = 100_000  # pictures that a classifier learns from


@dataclass(frozen=True)
class Reals:
    """Real pictures uint8 (n, channels, height, width), what they are called, to people, since sounds come as pictures,
    too, and their classes (n,) where they have any."""

    x: Tensor
    things: Message
    labels: Tensor | None = None


def evaluate(
    generator: Generator,
    extractor: Extractor,
    pictures: Reals,
    n: int,
    training: Reals | None = None,
    psi: float = 1.0,
    told: Callable[[float], None] = lambda share: None,
) -> Report:
    """Score the samples of seeds 0 to n - 1 against `pictures`, which the model has best never seen.

    `training` are those it was trained on; None says that they are `pictures` themselves. `extractor` maps pictures
    (n, channels, height, width) in [-1, 1] to features (n, dim). What training pictures reach in the samples' place,
    as many of them as there are samples, is the report's floor; of fewer there is none, since distances grow where
    there are fewer. `told` hears which share is done and may raise to end
    it. Everything is drawn from fixed seeds: the same call gives the same report. Raises StudioError where there is
    too little to compare, or samples that are no numbers.
    """
    check_pictures(generator)
    _check(generator, pictures, training, n)
    parts = [n, len(pictures.x), 0 if training is None else len(training.x)]
    parts_told = _shares(parts, told)
    asked = classes_asked(generator, pictures.labels, n)
    fake, real, learnt = (Gathered(extractor.dim) for _ in range(3))
    for seeds, rows in of_samples(extractor, generator, n, psi, asked, parts_told[0]):
        _check_numbers(rows)
        fake.add(rows, None if asked is None else asked[seeds])
    known = torch.empty(len((training or pictures).x), extractor.dim)
    for places, rows in of_pictures(extractor, pictures.x, parts_told[1]):
        real.add(rows, None if pictures.labels is None else pictures.labels[places])
        if training is None:
            known[places] = rows
    if training is not None:
        for places, rows in of_pictures(extractor, training.x, parts_told[2]):
            known[places] = rows
            learnt.add(rows[: max(0, n - learnt.moments.n)])

    scores, best = _of_crowds(real, fake)
    copies, usual, nearest = _of_copies(Training(known), fake.rows, None if training is None else real.rows)
    scores, best = scores | copies, best | usual
    if asked is not None and pictures.labels is not None:
        scores["classes"], best["classes"] = _of_classes(real, fake, training, known, generator.num_classes)
    floor = _like(real, learnt) if learnt.moments.n == n else {}
    ratios = _ratio(real, fake), _ratio(real, learnt) if floor else torch.nan
    return Report(
        extractor.name, n, len(pictures.x), len(known), psi, scores, best, ratios[0], nearest, floor, ratios[1]
    )


def check_pictures(generator: Generator) -> None:
    """Raise StudioError for a model that cannot be scored, before anything is read for it."""
    if len(generator.image_shape) != 3:
        raise StudioError("This model makes points, not pictures.", "Only models of pictures can be scored.")


def _of_crowds(real: Gathered, fake: Gathered) -> tuple[dict[str, Estimate], dict[str, Estimate]]:
    """The scores of how alike the two are as crowds, and those of the two halves of the real pictures."""
    halves = real.half(0), real.half(1)
    return _like(real, fake), _alike(*halves) | {"frechet": _apart(frechet_of(*halves), *halves)}


def _like(real: Gathered, crowd: Gathered) -> dict[str, Estimate]:
    """How like the real pictures a crowd is."""
    return _alike(real.rows, crowd.rows) | {"frechet": _frechet(real, crowd)}


def _alike(real: Tensor, fake: Tensor) -> dict[str, Estimate]:
    """All but the Fréchet distance."""
    return _overlap(real, fake) | {"kernel": of_mean(kernel_distances(real, fake)), "diversity": _diversity(real, fake)}


def _overlap(real: Tensor, fake: Tensor) -> dict[str, Estimate]:
    """Precision, recall, density and coverage. Rows share the balls they lie in, so the margin is that of eight parts'
    mean."""
    n = min(len(real), len(fake))
    real, fake = real[:n], fake[:n]
    found, parts = (
        overlap(real, fake),
        [overlap(*part) for part in zip(real.tensor_split(_PARTS), fake.tensor_split(_PARTS), strict=True)],
    )

    def estimate(name: str) -> Estimate:
        means = torch.stack([getattr(part, name).mean() for part in parts])
        return Estimate(float(getattr(found, name).mean()), of_mean(means).margin)

    return {name: estimate(name) for name in ("precision", "recall", "density", "coverage")}


def _diversity(real: Tensor, fake: Tensor) -> Estimate:
    """How much samples differ over how much real pictures do; relative margins add up as squares."""
    usual, varied = of_mean(_varied(real)), of_mean(_varied(fake))
    if not usual.value:
        return Estimate(torch.nan, torch.nan)
    ratio = varied.value / usual.value
    return Estimate(ratio, (varied.margin**2 + (ratio * usual.margin) ** 2) ** 0.5 / usual.value)


def _varied(rows: Tensor) -> Tensor:
    """The mean distance between two of each grid of 36: (grids,)."""
    grids = rows.split(_GRID)[: max(len(rows) // _GRID, 1)]
    return torch.stack([distances(grid, grid).sum() / (len(grid) * (len(grid) - 1)) for grid in grids])


def _frechet(real: Gathered, fake: Gathered) -> Estimate:
    """From all there were; how sure that is, from those that are kept."""
    shrink = max((len(crowd.rows) / crowd.moments.n) ** 0.5 for crowd in (real, fake))
    return _apart(frechet(real.moments, fake.moments), real.rows, fake.rows, shrink)


def _apart(value: float, real: Tensor, fake: Tensor, shrink: float = 1.0) -> Estimate:
    if real.shape[1] <= _WIDE:
        return drawn_anew(frechet_of, value, (real, fake), 100, shrink)
    few = real[:_FEW], fake[:_FEW]
    narrower = max(len(some) / len(rows) for some, rows in zip(few, (real, fake), strict=True)) ** 0.5
    return drawn_anew(frechet_of, value, few, 10, shrink * narrower)


def _ratio(real: Gathered, fake: Gathered) -> float:
    """The samples' Fréchet distance from half of the real pictures, over that between both halves, for equal numbers.

    Both are means over several draws: from one to the next the ratio moves by a third.
    """
    chance, between, apart = torch.Generator().manual_seed(0), 0.0, 0.0
    n = min(len(real.rows) // 2, len(fake.rows))
    for _ in range(_DRAWS if real.rows.shape[1] <= _WIDE else 1):
        first, second = real.rows[torch.randperm(len(real.rows), generator=chance)[: 2 * n]].split(n)
        samples = fake.rows[torch.randperm(len(fake.rows), generator=chance)[:n]]
        between += frechet_of(first, second)
        apart += (frechet_of(first, samples) + frechet_of(second, samples)) / 2
    return apart / between if between else torch.nan


def _of_copies(
    training: Training, fake: Tensor, held_out: Tensor | None
) -> tuple[dict[str, Any], dict[str, Any], list[tuple[int, int, float]]]:
    """Scores of copying, those of new pictures, and the samples that are most like a training picture."""
    found = training.nearest(fake)
    new = training.among_themselves(len(fake)) if held_out is None else training.nearest(held_out)
    often = drawn_anew(nearer, nearer(found.apart, new.apart), (found.apart, new.apart), 100)
    scores = {"memorised": of_share(found.copied), "nearer": often}
    return scores, {"memorised": of_share(new.copied), "nearer": Estimate(0.5, 0.0)}, _most_alike(found, new)


def _most_alike(found: Nearest, new: Nearest) -> list[tuple[int, int, float]]:
    usual = new.apart.median().clamp_min(1e-12)
    seeds = found.apart.argsort()[:_SHOWN]
    return [(int(seed), int(found.row[seed]), float(found.apart[seed] / usual)) for seed in seeds]


def _of_classes(
    real: Gathered, fake: Gathered, training: Reals | None, known: Tensor, classes: int
) -> tuple[Estimate, Estimate]:
    """How often a classifier sees the class that was asked for, and how often it is right on pictures it has not
    learnt from."""
    if training is not None and training.labels is not None:
        some = torch.randperm(len(known), generator=torch.Generator().manual_seed(1))[:_PROBED]
        probe, rest = Probe(known[some], training.labels[some], classes), slice(None)
    else:
        probe, rest = Probe(real.half(0), real.labels[0 : len(real.half(0)) * 2 : 2], classes), slice(1, None, 2)
    return of_share(probe.right(fake.rows, fake.labels)), of_share(probe.right(real.rows[rest], real.labels[rest]))


def classes_asked(generator: Generator, labels: Tensor | None, n: int) -> Tensor | None:
    """Which class each of n samples is asked for, (n,): as often as the pictures' `labels` have them, without those
    all in turn. None for a model without classes."""
    if not generator.num_classes:
        return None
    if labels is None:
        return torch.arange(n) % generator.num_classes
    return labels[torch.randint(len(labels), (n,), generator=torch.Generator().manual_seed(0))]


def _shares(parts: list[int], told: Callable[[float], None]) -> list[Told]:
    """For each part something to be told how much of it is done, which passes on the share of all."""

    def after(start: int) -> Told:
        return lambda done: told((start + done) / sum(parts))

    return [after(start) for start in itertools.accumulate(parts[:-1], initial=0)]


def _check(generator: Generator, pictures: Reals, training: Reals | None, n: int) -> None:
    real, learnt, things = len(pictures.x), len((training or pictures).x), pictures.things
    for count, said in (
        (real, say("Scores cannot be taken from {count} {things}.", count=real, things=things)),
        (n, say("Scores cannot be taken from {count} samples.", count=n)),
        (learnt, say("Scores cannot be taken from {count} training {things}.", count=learnt, things=things)),
    ):
        if count < FEWEST:
            raise StudioError(
                said,
                say("There must be at least {fewest}, better thousands.", fewest=FEWEST),
            )
    for labels in (pictures.labels, None if training is None else training.labels):
        if generator.num_classes and labels is not None and int(labels.max()) >= generator.num_classes:
            raise StudioError(
                say(
                    "The {things} have a class {labels}, and the model has {num_classes}, counted from 0.",
                    things=pictures.things,
                    labels=int(labels.max()),
                    num_classes=generator.num_classes,
                ),
                say("Score it with {things} of the classes that it knows.", things=pictures.things),
            )


def _check_numbers(rows: Tensor) -> None:
    if not bool(rows.isfinite().all()):
        raise StudioError(
            "Some of this model's samples are no numbers.", "Its training broke down; score an earlier snapshot."
        )
