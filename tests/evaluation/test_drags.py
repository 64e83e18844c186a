import math

import pytest
import torch
from blobs import Blobs

from gan.errors import StudioError
from gan.evaluation import drags as module
from gan.evaluation.drags import drags
from gan.networks.registry import build_generator


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(module, "_OTHERS", 12)


def test_a_spot_that_follows_is_measured_to_arrive():
    rows = list(drags(Blobs(), 3))
    assert sum(one.reached for one in rows) >= 2
    assert all(7 <= math.dist(one.handle, one.target) <= 9 for one in rows)
    assert all(one.inside > one.outside < one.usual for one in rows if one.reached)
    assert any(one.reached_by_patch for one in rows)
    again = next(drags(Blobs(), 1))
    assert again.now == rows[0].now and torch.equal(again.after, rows[0].after)


def test_what_does_not_follow_is_measured_not_to(monkeypatch):
    from gan.latents import dragging

    monkeypatch.setattr(dragging, "STEPS", 5)
    still = Blobs()
    still.places = lambda w: torch.tensor([[24.0, 24.0], [44.0, 44.0]]) + 0 * w.sum()
    (row,) = drags(still, 1)
    assert not row.reached and not row.reached_by_patch and row.inside == row.outside == 0


def test_a_handle_that_has_nowhere_to_go_does_not_count_as_one_that_arrived():
    broken = Blobs()
    broken.places = lambda w: torch.full((2, 2), math.nan)
    for generator in (Blobs(side=4), broken):
        with pytest.raises(StudioError, match="Nothing can be measured"):
            next(drags(generator))


def test_a_model_without_maps_is_refused():
    with pytest.raises(StudioError, match="no feature maps"):
        next(drags(build_generator("mlp", dict(image_shape=[1, 16, 16], z_dim=6, hidden=[8]))))
