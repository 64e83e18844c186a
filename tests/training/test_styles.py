"""Mixed styles and even paths, against the mathematics written out."""

import pytest
import torch
from training import games

from gan.training.config import TrainConfig
from gan.training.losses import Loss
from gan.training.random_source import RandomSource
from gan.training.records import StepRecord
from gan.training.styles import Paths, mixed, path_lengths, path_penalty


def rng(seed=0) -> RandomSource:
    return RandomSource(torch.Generator().manual_seed(seed))


def test_path_lengths_are_those_of_the_jacobian():
    generator = games.pair("stylegan2")[0].double().eval()
    w = generator.mapping(torch.randn(2, 4, dtype=torch.float64)).detach().requires_grad_(True)
    got = path_lengths(generator.synthesis(w, "none"), w, rng(3))
    y = rng(3).randn(2, 3, 8, 8).double() / 8
    for i in range(2):
        jacobian = torch.autograd.functional.jacobian(
            lambda one: generator.synthesis(one[None], "none")[0], w[i].detach()
        )
        product = torch.einsum("chw,chwlk->lk", y[i], jacobian)
        torch.testing.assert_close(got[i], product.square().sum(dim=1).mean().sqrt())


def test_its_penalty_has_the_slope_of_differences():
    generator = games.pair("stylegan2")[0].double().eval()
    weight = generator._modules["synthesis"].b8.conv0.weight
    w = generator.mapping(torch.randn(2, 4, dtype=torch.float64)).detach().requires_grad_(True)

    def penalty():
        return path_penalty(path_lengths(generator.synthesis(w, "none"), w, rng(3)), torch.tensor(0.02))

    (slope,) = torch.autograd.grad(penalty(), weight)
    way, step = torch.randn(weight.shape, dtype=torch.float64), 1e-5
    values = []
    for sign in (1, -1):
        weight.data += sign * step * way
        values.append(penalty().item())
        weight.data -= sign * step * way
    assert (slope * way).sum().item() == pytest.approx((values[0] - values[1]) / (2 * step), rel=1e-5)


def test_mixed_styles_cross_once_and_move_the_average_once():
    generator = games.pair("stylegan2", 3)[0].train()
    z, c = torch.randn(400, 4), torch.eye(3)[torch.arange(400) % 3]
    before = generator.center().clone()
    w = mixed(generator, z, c, 0.75, rng(1))
    assert not torch.equal(generator.center(), before)
    generator.eval()
    plain, other = generator.mapping(z, c), generator.mapping(rng(1).randn(400, 4), c)
    first, second = torch.isclose(w, plain).all(dim=2), torch.isclose(w, other).all(dim=2)
    assert (first ^ second).all() and first[:, 0].all()
    assert (first[:, 1:] <= first[:, :-1]).all()  # the second style from one layer on
    assert set(first.sum(dim=1).tolist()) == {1, 2, 3, 4} and 0.7 < (~first).any(dim=1).float().mean() < 0.8
    assert torch.equal(mixed(generator, z, c, 0.0, rng(1)), mixed(generator, z, c, 0.0, rng(1)))


def test_the_running_mean_and_what_records_tell():
    trainer = games.trainer("stylegan2", path_length=2.0, path_every=2)
    told = [record.path_length for record in trainer.run(5) if isinstance(record, StepRecord)]
    assert all(length > 0 for length in told) and told[1::2] == told[:-1:2] and len(set(told)) == 3
    usual = 0.0
    for length in told[::2]:
        usual = 0.99 * usual + 0.01 * length
    assert trainer.paths.usual.item() == pytest.approx(usual, rel=1e-5)
    resumed = games.trainer("stylegan2", path_length=2.0, path_every=2)
    resumed.load_state_dict(trainer.state_dict())
    assert list(resumed.run(6))[0].path_length == told[-1]  # nothing was measured in that step
    resumed.change(path_length=0.0)
    assert list(resumed.run(7))[0].path_length == 0


def test_families_without_styles_are_trained_as_without():
    plain, asked = games.trainer("dcgan"), games.trainer("dcgan", path_length=2.0, style_mixing=0.9)
    assert list(plain.run(3)) == list(asked.run(3))
    assert not Paths.due(asked.generator, TrainConfig(path_length=1.0), 0)


def test_paths_become_more_even():
    """Lengths gather around their mean, with a loss that asks for nothing else."""
    trainer = games.trainer("stylegan2", path_length=20.0, path_every=1, d_lr=0.0, g_lr=3e-3, batch_size=12)
    trainer.game.loss = Loss(trainer.game.loss.d, lambda real, fake: 0 * fake.mean(), "", "")

    def lengths():
        w = trainer.generator.mapping(torch.randn(128, 4, generator=torch.Generator().manual_seed(5)))
        return path_lengths(trainer.generator.synthesis(w, "none"), w, rng(6)).detach()

    before = lengths()
    trainer.paths.usual.copy_(before.mean())
    list(trainer.run(25))
    assert lengths().std() < 0.9 * before.std() and lengths().mean().item() == pytest.approx(
        before.mean().item(), rel=0.3
    )
