"""Blending two sets of weights: exact at both ends, range by range, for every family."""

import copy

import pytest
import torch
from families import build, latents
from networks.test_contract import CASES

from gan.errors import StudioError
from gan.latents.blending import RANGES, blend


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def pair(request):
    """A generator and another with other numbers in every place."""
    base, _ = build(*request.param)
    tuned = copy.deepcopy(base)
    with torch.no_grad():
        for tensor in tuned.state_dict().values():
            tensor.add_(torch.randn(tensor.shape))
    return base, tuned


def numbers(generator) -> dict:
    return generator.state_dict()


def same(a, b) -> bool:
    return numbers(a).keys() == numbers(b).keys() and all(
        torch.equal(t, numbers(b)[name]) for name, t in numbers(a).items()
    )


def test_both_ends_are_exact(pair):
    base, tuned = pair
    assert same(blend(base, tuned, (0, 0, 0)), base) and same(blend(base, tuned, (1, 1, 1)), tuned)
    z, c = latents(base, 3)
    assert torch.equal(blend(base, tuned, (0, 0, 0))(z, c), base(z, c))
    assert torch.equal(blend(base, tuned, (1, 1, 1))(z, c), tuned(z, c))


@pytest.mark.parametrize("amount", [-0.5, 0.25, 1.5])
def test_between_and_beyond(pair, amount):
    base, tuned = pair
    for name, tensor in numbers(blend(base, tuned, (amount,) * 3)).items():
        a, b = numbers(base)[name], numbers(tuned)[name]
        assert torch.allclose(tensor, a + amount * (b - a), atol=1e-6), name


def test_each_range_has_its_own_amount(pair):
    base, tuned = pair
    stages = base.stages()
    for part in range(len(RANGES)):
        amounts = [float(i == part) for i in range(len(RANGES))]
        mixed = blend(base, tuned, amounts)
        for i, stage in enumerate(mixed.stages()):
            source = tuned if i * 3 // len(stages) == part else base
            for module, wanted in zip(stage, source.stages()[i], strict=True):
                assert same(module, wanted)


def test_coarse_and_fine_layers_of_two_models_go_together():
    base, tuned = build("stylegan2", 0)[0], build("stylegan2", 0)[0]
    with torch.no_grad():
        tuned.state_dict()["synthesis.b16.torgb.bias"].add_(3.0)
    z, _ = latents(base, 2)
    assert torch.equal(blend(base, tuned, (1, 1, 0))(z), base(z))
    assert torch.allclose(blend(base, tuned, (0, 0, 1))(z), base(z) + 3, atol=1e-5)


def test_the_average_w_is_blended_too():
    base, tuned = build("stylegan2", 0)[0], build("stylegan2", 0)[0]
    tuned.state_dict()["mapping.w_avg"].fill_(2.0)
    assert blend(base, tuned, (0.5, 0, 0)).center().unique().tolist() == [1.0]


def test_it_is_for_pictures_and_takes_nothing_from_the_two(pair):
    base, tuned = pair
    base.settle(), tuned.settle()
    tuned.requires_grad_(True)
    before = copy.deepcopy(numbers(base)), copy.deepcopy(numbers(tuned))
    z, c = latents(base, 2)
    pictures = tuned(z, c)
    mixed = blend(base, tuned, (0.5, 0.5, 0.5))
    assert not mixed.training and not any(p.requires_grad for p in mixed.parameters())
    assert torch.allclose(mixed(z, c), mixed.settle()(z, c), atol=1e-4)
    with torch.no_grad():
        for tensor in numbers(mixed).values():
            tensor.zero_()
    assert all(torch.equal(t, before[0][n]) for n, t in numbers(base).items())
    assert all(torch.equal(t, before[1][n]) for n, t in numbers(tuned).items())
    assert torch.equal(tuned(z, c), pictures) and tuned.training is False


def test_the_layout_in_memory_is_kept():
    base, tuned = (build("dcgan", 0)[0].to(memory_format=torch.channels_last) for _ in range(2))
    mixed = blend(base, tuned, (0.3, 0.3, 0.3))
    assert mixed.convs[0].weight.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize(
    "one, other",
    [
        (("mlp", 0), ("dcgan", 0)),
        (("mlp", 0), ("mlp", 3)),
        (("stylegan2", 0), ("stylegan2", 3)),
        (("mlp", 0), ("points", 0)),
    ],
)
def test_other_architectures_are_refused(one, other):
    with pytest.raises(StudioError, match="built differently"):
        blend(build(*one)[0], build(*other)[0], (1, 1, 1))


@pytest.mark.parametrize("amounts", [(), (1,), (1, 1, 1, 1)])
def test_three_amounts(amounts):
    with pytest.raises(StudioError, match=f"3 amounts, not {len(amounts)}"):
        blend(build("mlp", 0)[0], build("mlp", 0)[0], amounts)
