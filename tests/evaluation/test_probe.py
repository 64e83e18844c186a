"""The linear classifier."""

import torch
from evaluation.painters import draw

from gan.evaluation.probe import Probe

CENTRES = torch.tensor([[0.0, 0, 0], [5, 0, 0], [0, 500, 0]])


def kinds(n: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows around three centres in features of very different scales, of which the third says nothing."""
    labels = torch.arange(n) % 3
    return CENTRES[labels] + draw(seed, n, 3) * torch.tensor([1.0, 50, 0]) + torch.tensor([0.0, 0, 7]), labels


def test_what_can_be_told_apart_is():
    probe = Probe(*kinds(300, 0), 3)
    assert probe.right(*kinds(600, 1)).mean() > 0.98


def test_wrong_classes_are_wrong():
    rows, labels = kinds(300, 1)
    right = Probe(*kinds(300, 0), 3).right(rows, (labels + 1) % 3)
    assert right.mean() < 0.02 and set(right.tolist()) <= {0.0, 1.0}


def test_chance_is_no_knowledge():
    """Labels that have nothing to do with the rows are guessed as well as by a die."""
    rows = draw(2, 3000, 4)
    labels = torch.arange(3000) % 5
    assert abs(float(Probe(rows[:1500], labels[:1500], 5).right(rows[1500:], labels[1500:]).mean()) - 0.2) < 0.04


def test_a_class_without_any_picture_is_never_seen():
    rows, labels = kinds(300, 0)
    assert Probe(rows, labels, 4).right(rows, torch.full_like(labels, 3)).sum() == 0


def test_the_same_pictures_give_the_same_classifier():
    rows = draw(3, 200, 3)
    labels = (rows[:, 0] + 0.3 * draw(4, 200) > 0).long()
    once, again = (Probe(rows, labels, 2).right(rows, labels) for _ in range(2))
    assert torch.equal(once, again)
