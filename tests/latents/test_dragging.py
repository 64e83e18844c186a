import math

import pytest
import torch
from blobs import Blobs

from gan.errors import StudioError
from gan.latents import dragging
from gan.latents.dragging import STEPS, deviation, drag, inside, painter, spread_over, usual_radius
from gan.networks.registry import build_generator

START, GOAL = (24.0, 24.0), (31.0, 20.0)
ONES = torch.ones(1, 5)


def dragged(generator, handle=START, target=GOAL, radius=None):
    w = torch.zeros(1, 1, 5)
    found = list(drag(painter(generator, w), ONES, handle, target, radius))
    return found, generator.places(w + spread_over(generator, found[-1].offset))


def test_the_spot_goes_where_it_is_pulled_and_the_other_one_stays():
    found, (first, second) = dragged(Blobs())
    assert math.dist(first.tolist(), GOAL) <= 2 and found[-1].far <= 1
    assert math.dist(second.tolist(), (44, 44)) <= 2  # although one value of w moves both
    assert [one.steps for one in found] == list(range(len(found))) and found[-1].done == 1
    assert found[0].handle == START and not found[0].offset.any()
    assert found[-1].far == min(one.far for one in found)


def test_what_may_change_does():
    _, (_, held) = dragged(Blobs())
    _, (_, free) = dragged(Blobs(), radius=64)
    assert math.dist(free.tolist(), (44, 44)) > 2 * math.dist(held.tolist(), (44, 44))


def test_twice_the_side_is_twice_as_far():
    found, (first, _) = dragged(Blobs(side=128), (48.0, 48.0), (62.0, 40.0))
    assert found[-1].far <= 2 and math.dist(first.tolist(), (62, 40)) <= 4


def test_what_does_not_follow_is_said_after_all_steps():
    found, (first, _) = dragged(Blobs(follows=False))
    assert first.tolist() == list(START) and found[-1].far > 3 and found[-1].steps == STEPS and found[-1].done == 1


def test_nothing_is_pulled_where_the_handle_is_there():
    found, _ = dragged(Blobs(), START, START)
    assert len(found) == 1 and not found[0].offset.any()


@pytest.mark.parametrize(
    "handle, target, radius, words",
    [
        ((-1, 3), GOAL, None, "The handle lies outside the picture."),
        (START, (3, 64), None, "The target lies outside the picture."),
        ((math.nan, 3), GOAL, None, "The handle lies outside the picture."),
        (START, GOAL, 0, "The circle of what may change has no such radius."),
        (START, GOAL, math.nan, "The circle of what may change has no such radius."),
    ],
)
def test_what_cannot_be_is_said(handle, target, radius, words):
    with pytest.raises(StudioError, match=words):
        next(drag(painter(Blobs(), torch.zeros(1, 1, 5)), ONES, handle, target, radius))


def test_a_model_without_maps_and_a_broken_one_are_said():
    plain = build_generator("mlp", dict(image_shape=[1, 16, 16], z_dim=6, hidden=[8]))
    with pytest.raises(StudioError, match="no feature maps"):
        next(drag(painter(plain, torch.zeros(1, 1, 6)), torch.ones(1, 6), (3, 3), (9, 9)))
    with pytest.raises(StudioError, match="not numbers"):
        list(drag(painter(Blobs(), torch.full((1, 1, 5), math.nan)), ONES, START, GOAL))


def test_what_may_change_is_a_circle_around_the_way():
    circle = inside(64, torch.tensor([20.0, 30.0]), torch.tensor([40.0, 30.0]), usual_radius(64))
    ends = [(30, 20), (30, 40), (18, 30), (42, 30), (30, 8), (30, 52)]  # (y, x) at its rim, each way
    assert all(circle[y, x] for y, x in ends)
    assert not any(circle[y, x] for y, x in [(30, 7), (30, 53), (17, 30), (43, 30), (19, 10)])
    assert inside(64, torch.zeros(2), torch.zeros(2), 2.0).sum() == 6  # a quarter of a disc


def test_the_coarser_half_of_the_layers_moves_and_the_class_does_not(monkeypatch):
    styled = build_generator("dcgan", dict(side=32, num_classes=3, style_layers=1, z_dim=7, width=4)).eval()
    far = deviation(styled)
    assert far.shape == (2, 7) and styled.num_ws == 4 and (far > 0).all()
    added = spread_over(styled, torch.ones(2, 7))
    assert added.shape == (4, 10) and added[:2, :7].all() and not added[2:].any() and not added[:, 7:].any()
    monkeypatch.setattr(dragging, "MOST_LAYERED", 20)  # too many for a link: all move alike
    added = spread_over(styled, torch.ones(1, 7))
    assert deviation(styled).shape == (1, 7) and added[:, :7].all() and not added[:, 7:].any()
