"""Layouts in memory: chosen for processors, kept through training, and never able to change what is learnt."""

import copy

import pytest
import torch
from training import games

from gan.training.memory_format import lay_out


def last(x):
    return x.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("name", ["dcgan", "stylegan2", "stack"])
def test_on_processors_the_maps_lie_innermost_and_stay_there(name):
    trainer = games.trainer(name)
    list(trainer.run(3))
    for network in (trainer.generator, trainer.discriminator, trainer.ema.average):
        weights = [p for p in network.parameters() if p.dim() == 4]
        assert weights and all(map(last, weights))
    for optimizer in (trainer.optimizer_g, trainer.optimizer_d):
        assert all(last(v) for s in optimizer.state.values() for v in s.values() if v.dim() == 4)


@pytest.mark.parametrize("name", ["dcgan", "stylegan2", "stack"])
def test_a_state_that_was_kept_in_another_layout_goes_on_alike(name):
    """Files keep no layouts: what comes back from them has the maps outermost."""
    one, two = games.trainer(name), games.trainer(name)
    list(one.run(3))
    state = copy.deepcopy(one.state_dict())
    for optimizer in ("optimizer_g", "optimizer_d"):
        for memory in state[optimizer]["state"].values():
            memory.update({k: v.contiguous() for k, v in memory.items()})
    two.load_state_dict(state)
    assert list(one.run(6)) == list(two.run(6))
    assert all(map(torch.equal, one.generator.parameters(), two.generator.parameters()))


def test_an_optimizer_is_laid_out_as_its_weights():
    weight = torch.nn.Parameter(torch.randn(4, 3, 2, 2).contiguous(memory_format=torch.channels_last))
    optimizer = torch.optim.Adam([weight])
    optimizer.state[weight] = dict(step=torch.tensor(1.0), exp_avg=torch.randn(4, 3, 2, 2))
    before = optimizer.state[weight]["exp_avg"]
    lay_out(optimizer)
    after = optimizer.state[weight]["exp_avg"]
    assert not last(before) and last(after) and torch.equal(before, after)
