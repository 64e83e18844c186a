import pytest
import torch

from gan.errors import StudioError
from gan.evaluation.reader import prepared
from gan.studio.data.drawn.drawers import drawn_set
from gan.studio.scores.drawn_traits import drawn_traits


@pytest.fixture(scope="module")
def traits():
    return drawn_traits("faces", (3, 16, 16), count=900, passes=9)


def test_factors_are_read_off_drawings_that_it_has_not_seen(traits):
    pictures, values, columns = drawn_set(60, 16, seed=5)
    names = [name.replace("_", " ") for name in columns]
    assert list(traits) == names and "hair length" in traits
    for name in ("skin", "hair length"):
        assert traits[name].told > 0.9 and "learnt from drawings" in traits[name].by
        assert traits[name].least == pytest.approx(values[:, names.index(name)].std(), rel=0.3)
        read = traits[name].of(prepared(torch.from_numpy(pictures)))
        assert torch.corrcoef(torch.stack([read, torch.from_numpy(values[:, names.index(name)])]))[0, 1] > 0.9


def test_pictures_that_follow_are_read_anew_and_the_way_back_stands_open(traits):
    one, other = torch.zeros(2, 3, 16, 16), torch.ones(2, 3, 16, 16)
    read = traits["skin"].of
    assert torch.equal(read(one), read(one)) and not torch.equal(read(one), read(other))
    for name in ("skin", "smile"):
        leaf = one.clone().requires_grad_()
        traits[name].of(leaf).sum().backward()
        assert leaf.grad.abs().sum() > 0


def test_what_cannot_be_read_is_said():
    with pytest.raises(StudioError, match="square colour pictures"):
        drawn_traits("faces", (1, 28, 28))
    with pytest.raises(StudioError, match="Nobody here can draw"):
        drawn_traits("horses", (3, 16, 16))
