"""Whole reports on generators of which one knows how good they are."""

import dataclasses
import gc
import math

import pytest
import torch
from evaluation.painters import Copyist, Look, Painter, Swapping, reals

from gan.errors import StudioError
from gan.evaluation import gathering, scoring
from gan.evaluation.gathering import paint
from gan.evaluation.scoring import FEWEST, evaluate
from gan.networks.registry import build_generator

N = 600


def report(generator, pictures=None, **options):
    return evaluate(generator.eval(), Look(), pictures or reals(2 * N), N, **options)


@pytest.fixture(scope="module")
def perfect():
    return report(Painter())


@pytest.fixture(scope="module")
def collapsed():
    painter = Painter()
    painter.scale.data.fill_(0.05)
    return report(painter)


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_how_far_for_equal_numbers_is_no_matter_of_which_are_drawn(seed):
    """One draw of each gives a perfect model 2.07, 0.51 and 5.07 times the distance of two halves."""
    assert 0.5 < report(Painter(), reals(2 * N, seed=seed)).ratio < 2


def test_chance_alone_tells_a_perfect_model_from_the_pictures(perfect):
    assert 0.5 < perfect.ratio < 2
    for name in ("precision", "recall", "density", "coverage", "diversity", "nearer", "memorised"):
        ours, best = perfect.scores[name], perfect.real[name]
        assert abs(ours.value - best.value) <= 1.5 * (ours.margin + best.margin), name
    assert abs(perfect.scores["kernel"].value) <= 2 * perfect.scores["kernel"].margin
    assert (perfect.samples, perfect.pictures, perfect.training, perfect.features) == (N, 2 * N, 2 * N, "a look")


def test_a_perfect_model_has_nothing_to_do_with_classes(perfect):
    assert "classes" not in perfect.scores and set(perfect.scores) == set(perfect.real)
    assert all(math.isfinite(e.value) and 0 <= e.margin < 1 for e in (*perfect.scores.values(), *perfect.real.values()))


def test_a_collapsed_model_is_precise_and_nothing_else(perfect, collapsed):
    scores = collapsed.scores
    assert scores["precision"].value > 0.9 and scores["recall"].value < 0.05 and scores["coverage"].value < 0.3
    assert scores["diversity"].value < 0.1 and collapsed.ratio > 20
    assert scores["frechet"].low > perfect.scores["frechet"].high
    assert scores["kernel"].low > perfect.scores["kernel"].high


def test_a_copyist_is_found(perfect):
    training = reals(300, seed=1)
    copies, honest = (
        report(Copyist(training), reals(600), training=training),
        report(Painter(), reals(600), training=training),
    )
    assert copies.scores["memorised"].low > 0.95 and copies.scores["nearer"].low > 0.95
    assert copies.real["memorised"].high < 0.75 and honest.scores["memorised"].high < 0.75
    assert honest.scores["nearer"].value == pytest.approx(0.5, abs=0.08)
    assert all(apart < 0.2 for _, _, apart in copies.nearest) and copies.training == 300


def test_training_pictures_that_differ_are_the_floor():
    """Others than those that are compared with are further off than chance; the model that copies them is as far."""
    pictures, training = reals(600), reals(600, seed=1)
    darker = dataclasses.replace(training, x=(training.x * 0.9).to(torch.uint8))
    far, near = (report(Copyist(one), pictures, training=one) for one in (darker, training))
    assert far.floor_ratio > 5 > near.floor_ratio
    assert far.ratio == pytest.approx(far.floor_ratio, rel=0.25)
    assert far.floor["frechet"].low > near.floor["frechet"].high
    assert set(far.floor) == set(far.scores) - {"memorised", "nearer"}


def test_without_other_training_pictures_or_with_few_there_is_no_floor(perfect):
    few = report(Painter(), reals(600), training=reals(N - 1, seed=1))
    for found in (perfect, few):
        assert found.floor == {} and math.isnan(found.floor_ratio)


def test_the_nearest_are_shown_nearest_first_and_are_what_they_say():
    training = reals(300, seed=1)
    copyist = Copyist(training)
    found = report(copyist, reals(600), training=training).nearest
    assert [apart for _, _, apart in found] == sorted(apart for _, _, apart in found) and len(found) == 6
    for seed, place, _ in found:
        apart = (paint(copyist, [seed]) - (training.x.float() / 127.5 - 1)).abs().mean(dim=(1, 2, 3))
        assert int(apart.argmin()) == place


def test_the_training_pictures_are_copied_where_no_others_are_given():
    pictures = reals(400)
    assert report(Copyist(pictures), pictures).scores["memorised"].value > 0.95


@pytest.mark.parametrize("training", [None, reals(400, seed=2, classes=3)])
def test_classes_that_are_swapped(training):
    """Two of three classes are painted for each other: a third is right."""
    pictures = reals(600, classes=3)
    right, swapped = (report(kind(3), pictures, training=training) for kind in (Painter, Swapping))
    assert right.scores["classes"].value > 0.97 and right.real["classes"].value > 0.97
    assert swapped.scores["classes"].value == pytest.approx(1 / 3, abs=0.07)
    assert swapped.real["classes"] == right.real["classes"]


def test_classes_are_asked_for_as_often_as_the_pictures_have_them():
    """Fréchet's distance would else be that of other shares."""
    pictures = reals(600, classes=3)
    few = torch.cat([torch.nonzero(pictures.labels == 0)[:, 0], torch.nonzero(pictures.labels == 1)[:80, 0]])
    uneven = dataclasses.replace(pictures, x=pictures.x[few], labels=pictures.labels[few])
    assert report(Painter(3), uneven).ratio < 3
    assert (
        report(Painter(3), dataclasses.replace(uneven, labels=None)).ratio > 20
    )  # without labels: each class as often


def test_psi_0_is_one_picture():
    still = report(Painter(), psi=0.0)
    assert still.scores["diversity"].value < 1e-5 and still.scores["recall"].value == 0 and still.psi == 0
    assert still.scores["frechet"].value > 10 * still.real["frechet"].value


def test_the_same_call_gives_the_same_report(perfect):
    assert report(Painter()) == perfect


def test_progress_ends_at_1():
    shares = []
    report(Painter(), reals(200), training=reals(100, seed=1), told=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1 and 0 < shares[0] < 0.2


def test_whoever_is_told_may_end_it():
    class Enough(Exception):
        pass

    def told(share):
        if share > 0.3:
            raise Enough

    with pytest.raises(Enough):
        report(Painter(), told=told)


def test_a_model_that_has_broken_down():
    painter = Painter()
    painter.scale.data.fill_(torch.nan)
    with pytest.raises(StudioError, match="no numbers"):
        report(painter)


@pytest.mark.parametrize(
    "counts, what",
    [
        ((FEWEST - 1, 100, 100), "samples"),
        ((100, FEWEST - 1, 100), "pictures"),
        ((100, 100, FEWEST - 1), "training pictures"),
    ],
)
def test_too_few(counts, what):
    n, pictures, training = counts
    with pytest.raises(StudioError, match=f"{FEWEST - 1} {what}"):
        evaluate(Painter(), Look(), reals(pictures), n, reals(training))


def test_just_enough():
    """Some scores cannot be taken from so few; those that can are numbers."""
    few = evaluate(Painter(), Look(), reals(FEWEST), FEWEST)
    assert math.isfinite(few.scores["frechet"].value) and math.isfinite(few.scores["precision"].value)
    assert math.isnan(few.scores["precision"].margin) and math.isnan(few.real["kernel"].value)


@pytest.mark.parametrize("where", ["pictures", "training"])
def test_classes_that_the_model_does_not_know(where):
    known, unknown = reals(30, classes=3), reals(30, classes=3)
    unknown.labels[5] = 7
    pictures, training = (unknown, known) if where == "pictures" else (known, unknown)
    with pytest.raises(StudioError, match="class 7, and the model has 3"):
        evaluate(Painter(3), Look(), pictures, 20, training)


def test_margins_of_many_features_come_from_some_rows_and_are_no_narrower(monkeypatch):
    """Eigenvalues of thousands of features take seconds each."""
    pictures, few = reals(1200), report(Painter(), reals(1200)).scores["frechet"]
    monkeypatch.setattr(scoring, "_WIDE", 1)
    monkeypatch.setattr(scoring, "_FEW", 150)
    rough = report(Painter(), pictures).scores["frechet"]
    assert rough.value == few.value and 0.7 * few.margin < rough.margin < 4 * few.margin


def test_points_are_no_pictures():
    points = build_generator("mlp", {"image_shape": [2], "hidden": [8], "num_classes": 0, "z_dim": 2})
    with pytest.raises(StudioError, match="points"):
        evaluate(points, Look(), reals(20), 20)


def test_more_samples_than_are_kept_need_no_more_memory(monkeypatch):
    """As 50,000 need no more than 5,000, here with a twentieth of both: what all tensors hold when all is gathered."""
    monkeypatch.setattr(gathering, "KEPT", 250)
    few, many = _held_in_the_end(250), _held_in_the_end(2500)
    assert many - few < 1000
    monkeypatch.setattr(gathering, "KEPT", 2500)
    assert _held_in_the_end(2500) - few > 2000 * 4 * Look.dim  # so keeping them all would be seen


def _held_in_the_end(n: int) -> int:
    held = []
    evaluate(Painter(), Look(), reals(40), n, told=lambda share: held.append(_held()) if share == 1 else None)
    return held[-1]


def _held() -> int:
    """Bytes of all tensors that there are."""
    storages = [o.untyped_storage() for o in gc.get_objects() if issubclass(type(o), torch.Tensor)]
    return sum({s.data_ptr(): s.nbytes() for s in storages}.values())
