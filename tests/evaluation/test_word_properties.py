"""Properties of words, on words for which they can be counted."""

import pytest
import torch

from gan.evaluation.word_properties import measures
from gan.networks.words import ENGLISH, one_hot

WORDS = ["trees", "audio", "xyz", "places", "s"]


@pytest.mark.parametrize(
    "name, wanted",
    [
        ("length", [5, 5, 3, 6, 1]),
        ("vowels", [2 / 5, 4 / 5, 0, 2 / 6, 0]),
        ("ends-in-s", [1, 0, 0, 1, 1]),
        ("ends-in-o", [0, 1, 0, 0, 0]),
    ],
)
def test_what_is_read_of_words(name, wanted):
    of = measures(ENGLISH)[name]
    assert of(one_hot(WORDS, ENGLISH, 6).float()).tolist() == pytest.approx(wanted)


def test_they_can_be_followed_uphill():
    x = (one_hot(WORDS, ENGLISH, 6) * 0.9 + 0.1 / 27).requires_grad_()
    for of in measures(ENGLISH).values():
        assert torch.autograd.grad(of(x).sum(), x)[0].abs().sum() > 0
