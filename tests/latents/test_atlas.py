import numpy as np
import pytest
import torch

from gan.errors import StudioError
from gan.latents.atlas import arrange


def apart(features, order, side):
    """How far neighbours on the map are, beside how far any two are."""
    cells = features[order].reshape(side, side, -1)
    near = [(cells[1:] - cells[:-1]).norm(dim=-1).mean(), (cells[:, 1:] - cells[:, :-1]).norm(dim=-1).mean()]
    return float(sum(near) / 2 / torch.cdist(features, features).mean())


def test_neighbours_on_the_map_are_alike_and_every_picture_has_one_cell():
    features = torch.from_numpy(np.random.RandomState(3).randn(100, 3)).float()
    order = arrange(features)
    assert sorted(order) == list(range(100)) and order == arrange(features.clone())
    assert apart(features, order, 10) < 0.6 < 0.8 < apart(features, list(range(100)), 10)


def test_the_corners_of_a_plane_stay_corners():
    y, x = torch.meshgrid(torch.arange(6.0), torch.arange(6.0), indexing="ij")
    plane = torch.stack([3 * x.flatten(), y.flatten()], dim=1)
    mixed = torch.from_numpy(np.random.RandomState(0).permutation(36))
    order = arrange(plane[mixed])
    assert apart(plane[mixed], order, 6) < 1.2 * apart(plane, list(range(36)), 6)


def test_what_is_no_square_is_refused():
    with pytest.raises(StudioError, match="5 pictures make no square"):
        arrange(torch.randn(5, 2))
