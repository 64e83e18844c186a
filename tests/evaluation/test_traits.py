import pytest
import torch

from gan.errors import StudioError
from gan.evaluation.traits import fit


def rows(n=200):
    return torch.randn(n, 6, generator=torch.Generator().manual_seed(0))


def test_a_label_becomes_a_chance_and_a_number_stays_one():
    x = rows()
    label, number = (x[:, 1] > 0).long(), 3 * x[:, 2] + 5
    beard, bright = fit(x, label), fit(x, number)
    other = rows(400)[200:]
    assert beard.binary and beard.told > 0.95 and not bright.binary and bright.told > 0.99
    assert ((beard.say(other) > 0.5) == (other[:, 1] > 0)).double().mean() > 0.95
    assert torch.allclose(bright.say(other), (3 * other[:, 2] + 5).double(), atol=0.05)
    assert torch.allclose(beard.steep(other).sigmoid(), beard.say(other)) and beard.steep(other).std() > 1
    assert torch.equal(bright.steep(other), bright.say(other))


def test_what_cannot_be_told_of_new_pictures_is_known():
    noise = torch.randint(0, 2, (200,), generator=torch.Generator().manual_seed(1))
    assert fit(rows(), noise).told < 0.7


def test_a_trait_that_all_have_is_none():
    with pytest.raises(StudioError, match="the same in all of 200 pictures"):
        fit(rows(), torch.ones(200))
