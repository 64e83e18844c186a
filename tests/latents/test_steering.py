import pytest
import torch

from gan.latents.directions import Directions
from gan.latents.steering import REACH, steer
from gan.networks.contract import Generator


class Bent(Generator):
    """Two layers; of the first layer's w one value lights the left half of a picture, and a bit of the right one, once
    it is large; another one the right half."""

    def __init__(self):
        super().__init__()
        self.z_dim = self.w_dim = 4
        self.num_ws, self.num_classes, self.image_shape = 2, 0, (1, 4, 4)
        self.gain = torch.nn.Parameter(torch.ones(1))

    def synthesis(self, w, noise="const"):
        left, right = torch.sigmoid(4 * w[:, 0, 0] - 2), torch.sigmoid(w[:, 0, 1])
        return torch.stack([left, left, right + left / 2, right], dim=1)[:, None, None].expand(-1, 1, 4, -1)


def read(x):
    """The left and the right half, each in about its deviation."""
    return torch.stack([x[..., :2].mean(dim=(1, 2, 3)) / 0.35, x[..., 2:].mean(dim=(1, 2, 3)) / 0.25], dim=1)


@pytest.mark.parametrize("own", [0, 1])
def test_a_move_changes_its_own_property_and_leaves_the_other(own):
    generator, w = Bent().eval(), torch.randn(256, 1, 4).expand(-1, 2, -1)
    like = Directions(torch.eye(4)[:1], torch.ones(1), "named", layers=((0,),))
    with torch.no_grad():
        covariance = torch.cov(w[:, 0].T)
        found = steer(generator, read, own, w, covariance, like, 2.0)
        assert torch.equal(found.vectors, steer(generator, read, own, w, covariance, like, 2.0).vectors)
        up, down = (read(generator.synthesis(found.apply(w, torch.full((256, 1), side)))) for side in (2.0, -2.0))
    change = ((up - down) / 2).mean(dim=0)
    assert change[own] > 0.8 and abs(change[1 - own]) < 0.25 * change[own]
    assert found.layers == ((0,),) and found.vectors.norm() == pytest.approx(1, abs=1e-5)
    assert found.scales[0] == pytest.approx(REACH / 2, rel=0.2)  # of w as round as this
    assert found.vectors[0, 2:].norm() < 0.35  # what does nothing
