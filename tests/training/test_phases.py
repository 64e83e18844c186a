"""Which parts of the pair learn: frozen blocks, and the generator that waits for a new discriminator."""

import copy

import pytest
import torch
from training import games
from training.test_trainer import same

from gan.training.trainer import Trainer


def moved(network: torch.nn.Module, before: dict) -> set[str]:
    """The names of what is no longer as it was."""
    return {name for name, now in network.state_dict().items() if not torch.equal(now, before[name])}


def copied(network: torch.nn.Module) -> dict:
    return copy.deepcopy(network.state_dict())


def frozen(trainer: Trainer) -> set[str]:
    blocks = trainer.discriminator.blocks()[: trainer.config.freeze_d]
    inside = {id(p) for block in blocks for p in block.parameters()}
    return {name for name, p in trainer.discriminator.named_parameters() if id(p) in inside}


@pytest.mark.parametrize("penalty", ["r1", "gradient"])
@pytest.mark.parametrize("name", ["mlp", "dcgan", "stylegan2"])
def test_the_first_blocks_keep_what_they_know(name, penalty):
    trainer = games.trainer(name, freeze_d=1, penalty=penalty, penalty_every=1, g_lr=1e-3, d_lr=1e-3, accumulate=3)
    before, names = copied(trainer.discriminator), frozen(trainer)
    (last,) = (r for r in trainer.run(4) if r.step == 4)
    others = {n for n, p in trainer.discriminator.named_parameters() if n not in names}
    assert names and moved(trainer.discriminator, before) == others
    assert last.penalty > 0 and last.grad_norm_d > 0
    assert all(trainer.discriminator.get_parameter(n).grad is None for n in names)


def test_more_blocks_than_there_are_leave_the_head():
    trainer = games.trainer("dcgan", freeze_d=8)
    before = copied(trainer.discriminator)
    list(trainer.run(2))
    assert {name.split(".")[0] for name in moved(trainer.discriminator, before)} == {"last", "out"}


def test_blocks_freeze_and_thaw_while_the_game_goes_on():
    """Adam remembers slopes of before: they must not move what is frozen, and are there again when it thaws."""
    trainer = games.trainer("stylegan2", beta1=0.9, g_lr=1e-2, d_lr=1e-2)
    list(trainer.run(3))
    trainer.change(freeze_d=1)
    before, names = copied(trainer.discriminator), frozen(trainer)
    memory = {n: trainer.optimizer_d.state[trainer.discriminator.get_parameter(n)]["exp_avg"].clone() for n in names}
    list(trainer.run(6))
    assert names and not moved(trainer.discriminator, before) & names
    assert all(
        torch.equal(trainer.optimizer_d.state[trainer.discriminator.get_parameter(n)]["exp_avg"], memory[n])
        for n in names
    )
    trainer.change(freeze_d=0)
    list(trainer.run(7))
    assert moved(trainer.discriminator, before) >= names


@pytest.mark.parametrize("name", ["mlp", "stylegan2"])
def test_a_run_with_frozen_blocks_and_a_warm_up_resumes_bit_for_bit(name):
    knobs = dict(freeze_d=1, warmup_steps=4, record_every=2)
    whole, first, second = (games.trainer(name, **knobs) for _ in range(3))
    records = list(whole.run(7))
    list(first.run(3))
    second.load_state_dict(first.state_dict())
    assert records[1:] == list(second.run(7))
    same(whole, second)


@pytest.mark.parametrize("name", ["mlp", "stylegan2"])
def test_the_generator_waits_while_a_new_discriminator_warms_up(name):
    trainer = games.trainer(name, warmup_steps=3, g_lr=1e-3, d_lr=1e-3)
    before, average = copied(trainer.generator), copied(trainer.ema.average)
    discriminator = copied(trainer.discriminator)
    records = list(trainer.run(3))
    assert not moved(trainer.generator, before) and not moved(trainer.ema.average, average)
    assert moved(trainer.discriminator, discriminator)
    assert [(r.loss_g, r.grad_norm_g) for r in records] == 3 * [(0.0, 0.0)] and all(r.grad_norm_d > 0 for r in records)
    (record,) = trainer.run(4)
    assert record.grad_norm_g > 0 and moved(trainer.generator, before) and moved(trainer.ema.average, average)
    assert trainer.images == 4 * 6


def test_the_first_record_after_it_is_the_mean_of_the_steps_in_which_the_generator_learned():
    each = list(games.trainer("mlp", warmup_steps=2).run(4))
    (together,) = games.trainer("mlp", warmup_steps=2, record_every=4).run(4)
    assert together.loss_g == pytest.approx((each[2].loss_g + each[3].loss_g) / 2, rel=1e-5)
    assert together.loss_d == pytest.approx(sum(r.loss_d for r in each) / 4, rel=1e-5)


def test_a_warm_up_can_be_cut_short():
    trainer = games.trainer("mlp", warmup_steps=100)
    before = copied(trainer.generator)
    list(trainer.run(2))
    trainer.change(warmup_steps=0)
    list(trainer.run(3))
    assert moved(trainer.generator, before)
