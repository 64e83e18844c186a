"""The game: exact resume, its records against a loop written by hand, and that it learns."""

import copy
import dataclasses
import math

import numpy as np
import pytest
import torch
from torch.nn.functional import softplus
from training import failures, games

from gan.errors import StudioError
from gan.networks.registry import build_discriminator, build_generator
from gan.store.saved_state import load_state, save_state
from gan.training.augment import AUGMENTATIONS, augment
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.losses import LOSSES
from gan.training.penalties import PENALTIES
from gan.training.random_source import RandomSource
from gan.training.records import GridRecord, StepRecord
from gan.training.trainer import Trainer

EVERYTHING = dict(
    d_steps=2,
    mirror=True,
    augment=tuple(AUGMENTATIONS),
    augment_p=0.6,
    penalty_every=3,
    penalty_weight=2.0,
    ada_target=0.5,
    ada_kimg=0.1,
    style_mixing=0.5,
    path_length=2.0,
    path_every=2,
    grid_every=4,
    record_every=3,
    ema_kimg=0.05,
    ema_rampup=0.5,
    g_lr=1e-3,
    d_lr=1e-3,
)


def all_numbers(trainer: Trainer) -> dict[str, torch.Tensor]:
    """Every tensor that a state holds, by its path."""
    found = {}

    def visit(value, path):
        if isinstance(value, torch.Tensor):
            found[path] = value.clone()
        elif isinstance(value, dict):
            for key, inner in value.items():
                visit(inner, f"{path}/{key}")
        elif isinstance(value, (list, tuple)):
            for i, inner in enumerate(value):
                visit(inner, f"{path}/{i}")

    visit(trainer.state_dict(), "")
    return found


def same(a: Trainer, b: Trainer) -> None:
    mine, theirs = all_numbers(a), all_numbers(b)
    assert mine.keys() == theirs.keys() and len(mine) > 20
    assert not [name for name in mine if not torch.equal(mine[name], theirs[name])]


def same_record(a, b) -> bool:
    if isinstance(a, GridRecord):
        return isinstance(b, GridRecord) and a.step == b.step and np.array_equal(a.samples, b.samples)
    return a == b


@pytest.mark.parametrize(
    "penalty, loss", [("r1", "non-saturating"), ("gradient", "non-saturating"), ("r1+r2", "relativistic")]
)
@pytest.mark.parametrize(
    "name, classes", [("mlp", 3), ("points", 0), ("dcgan", 0), ("styled", 3), ("stylegan2", 3), ("stack", 3)]
)
def test_stopping_and_resuming_is_not_stopping_bit_for_bit(name, classes, penalty, loss, tmp_path):
    """With everything on, and stopped between two records; the saved state goes through a file."""
    whole = games.trainer(name, classes, penalty=penalty, loss=loss, **EVERYTHING)
    records = list(whole.run(11))
    first = games.trainer(name, classes, penalty=penalty, loss=loss, **EVERYTHING)
    parts = list(first.run(5))
    save_state(first.state_dict(), tmp_path / "state.safetensors")
    torch.manual_seed(99)
    torch.rand(7)  # what else happens in the program does not matter
    second = Trainer(*games.pair(name, classes), games.data(name, classes), first.config)
    with torch.no_grad():
        for weight in (*second.generator.parameters(), *second.discriminator.parameters()):
            weight.zero_()
    second.load_state_dict(load_state(tmp_path / "state.safetensors"))
    parts += list(second.run(11))
    same(whole, second)
    assert [(type(r), r.step) for r in records] == [
        (GridRecord, 0),
        (StepRecord, 3),
        (GridRecord, 4),
        (StepRecord, 6),
        (GridRecord, 8),
        (StepRecord, 9),
    ]
    assert len(parts) == len(records) and all(map(same_record, records, parts))


def test_leaving_the_iterator_and_calling_again_goes_on():
    whole, pieces = games.trainer("mlp", **EVERYTHING), games.trainer("mlp", **EVERYTHING)
    list(whole.run(7))
    for record in pieces.run(7):
        if record.step == 3:
            break
    assert pieces.step == 3
    for step in range(4, 8):
        list(pieces.run(step))
    same(whole, pieces)
    assert list(pieces.run(7)) == [] and list(pieces.run(2)) == []


def test_a_loaded_state_is_shared_with_nobody():
    one = games.trainer("mlp")
    list(one.run(3))
    state, at = one.state_dict(), copy.deepcopy(one.state_dict())
    two, three = games.trainer("mlp"), games.trainer("mlp")
    two.load_state_dict(state)
    three.load_state_dict(at)
    list(one.run(6))
    list(two.run(6))
    list(three.run(6))
    same(one, two)
    same(one, three)


def test_the_seed_is_all_the_chance_there_is():
    runs = {}
    for seed, noise in ((0, 1), (0, 2), (1, 1)):
        trainer = games.trainer("stylegan2", seed=seed, augment=("flip", "cutout"))
        torch.manual_seed(noise)
        np.random.seed(noise)
        runs[seed, noise] = list(trainer.run(3))
    assert runs[0, 1] == runs[0, 2] != runs[1, 1]


def bare_loop(generator, discriminator, samples: Samples, config: TrainConfig, steps: int):
    """The same game by hand: non-saturating loss with lazy R1, or a relativistic one with R1 and R2 as Huang et al.
    2024 give it; Adam. One dict for each step, and the averaged weights."""
    paired = config.loss == "relativistic"
    g, d = (network.train().to(memory_format=torch.channels_last) for network in (generator, discriminator))
    told = []
    betas = (config.beta1, config.beta2)
    g_adam = torch.optim.Adam(g.parameters(), lr=config.g_lr, betas=betas, fused=True)
    d_adam = torch.optim.Adam(d.parameters(), lr=config.d_lr, betas=betas, fused=True)
    rng, n, update = torch.Generator().manual_seed(config.seed), config.batch_size, 0
    average = [p.detach().clone() for p in g.parameters()]

    def noise(shape):
        return torch.randn(shape, generator=rng)

    def one_hot(rows):
        return torch.eye(samples.num_classes)[samples.labels[rows]] if samples.num_classes else None

    def draw():
        return torch.randint(len(samples), (n,), generator=rng)

    def pictures():
        rows = draw()
        x = samples.x[rows].float() / 127.5 - 1
        return augment(x, ("flip",), 1.0, RandomSource(rng)) if config.mirror else x, one_hot(rows)

    def paint(real_c):
        z = torch.randn(n, g.z_dim, generator=rng)
        c = real_c if paired else one_hot(draw()) if samples.num_classes else None
        return g(z, c, noise), c

    def judge(x, c):
        return d(augment(x, config.augment, config.augment_p, RandomSource(rng)), c)

    def slopes(x, c):
        x.requires_grad_(True)
        (slope,) = torch.autograd.grad(judge(x, c).sum(), x, create_graph=True)
        return slope.square().sum()

    for step in range(1, steps + 1):
        sums = dict(loss_d=0.0, accuracy_real=0.0, accuracy_fake=0.0, penalty=0.0)
        for _ in range(config.d_steps):
            real, c = pictures()
            fake, fake_c = paint(c)
            fake = fake.detach()
            real_logits, fake_logits = judge(real, c), judge(fake, fake_c)
            loss = softplus(-real_logits).mean() + softplus(fake_logits).mean()
            if paired:
                loss = softplus(-(real_logits - fake_logits)).mean()
            total, cut = loss, (real_logits.mean() + fake_logits.mean()) / 2 if paired else 0
            if update % config.penalty_every == 0:
                penalty = slopes(real, c) / n / 2
                if config.penalty == "r1+r2":
                    penalty = penalty + slopes(fake, fake_c) / n / 2
                total = loss + penalty * config.penalty_weight * config.penalty_every
                sums["penalty"] += penalty.item() / config.d_steps
            update += 1
            d_adam.zero_grad()
            total.backward()
            norm_d = sum(p.grad.double().square().sum() for p in d.parameters()).sqrt().item()
            d_adam.step()
            sums["loss_d"] += loss.item() / config.d_steps
            sums["accuracy_real"] += (real_logits > cut).double().mean().item() / config.d_steps
            sums["accuracy_fake"] += (fake_logits < cut).double().mean().item() / config.d_steps
        g_adam.zero_grad()
        if paired:
            real, c = pictures()
            real_logits = judge(real, c).detach()
            loss_g = softplus(-(judge(*paint(c)) - real_logits)).mean()
        else:
            loss_g = softplus(-judge(*paint(None))).mean()
        loss_g.backward()
        norm_g = sum(p.grad.double().square().sum() for p in g.parameters()).sqrt().item()
        g_adam.step()
        half_life = min(config.ema_kimg * 1000, step * n * config.ema_rampup)
        keep = 0.5 ** (n / half_life)
        average = [keep * a + (1 - keep) * p.detach() for a, p in zip(average, g.parameters(), strict=True)]
        told.append(
            sums | dict(step=step, images=step * n, loss_g=loss_g.item(), grad_norm_d=norm_d, grad_norm_g=norm_g)
        )
    return told, average


@pytest.mark.parametrize(
    "classes, more", [(0, {}), (3, dict(mirror=True, augment=("contrast", "cutout"), augment_p=0.6))]
)
@pytest.mark.parametrize("game", [{}, dict(loss="relativistic", penalty="r1+r2")], ids=["classic", "R3GAN"])
@pytest.mark.parametrize("name", ["mlp", "dcgan", "stylegan2"])
def test_records_are_those_of_a_loop_written_by_hand(name, game, classes, more):
    knobs = dict(d_steps=2, penalty_every=3, penalty_weight=0.7, ema_kimg=0.05, ema_rampup=0.5) | game | more
    trainer = games.trainer(name, classes, **knobs)
    records = list(trainer.run(8))
    want, average = bare_loop(*games.pair(name, classes), games.data(name, classes), trainer.config, 8)
    for record, told in zip(records, want, strict=True):
        for key, value in told.items():
            assert getattr(record, key) == pytest.approx(value, rel=2e-4, abs=1e-5), (record.step, key)
    for mine, theirs in zip(trainer.ema.average.parameters(), average, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-5)


def test_a_record_is_the_mean_over_its_steps():
    each = list(games.trainer("mlp").run(6))
    threes = list(games.trainer("mlp", record_every=3).run(6))
    for record, steps in zip(threes, (each[:3], each[3:]), strict=True):
        for key in ("loss_d", "loss_g", "accuracy_real", "accuracy_fake", "penalty"):
            assert getattr(record, key) == pytest.approx(sum(getattr(s, key) for s in steps) / 3, rel=1e-5)
        assert (record.step, record.grad_norm_d, record.grad_norm_g) == (
            steps[-1].step,
            steps[-1].grad_norm_d,
            steps[-1].grad_norm_g,
        )
        assert all(type(v) in (int, float) for v in dataclasses.asdict(record).values())


def judged(trainer: Trainer) -> int:
    """How many batches the discriminator is shown in a step of both."""
    seen = []
    trainer.discriminator.register_forward_pre_hook(lambda module, inputs: seen.append(len(inputs[0])))
    trainer.play()
    return len(seen)


@pytest.mark.parametrize("loss", LOSSES)
def test_training_pictures_are_judged_for_the_generator_only_where_its_loss_looks_at_them(loss):
    """Real and fake for the discriminator, fake for the generator, and real only for a relativistic one."""
    assert judged(games.trainer("mlp", loss=loss, penalty="none")) == 3 + (loss == "relativistic")


@pytest.mark.parametrize("penalty", ["none", *PENALTIES])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_and_penalty_plays_without_breaking(loss, penalty):
    trainer = games.trainer("mlp", loss=loss, penalty=penalty, record_every=5, g_lr=1e-3, d_lr=1e-3)
    weights = [p for n in (trainer.generator, trainer.discriminator) for p in n.parameters() if p.dim() > 1]
    before = [p.detach().clone() for p in weights]  # a last bias adds to real and fake alike: it may stay
    for record in trainer.run(20):
        values = dataclasses.asdict(record)
        assert all(math.isfinite(v) for v in values.values()) and record.grad_norm_d > 0 and record.grad_norm_g > 0
        assert 0 <= record.accuracy_real <= 1 and (penalty == "none") == (record.penalty == 0)
    assert all(not torch.equal(a, b) for a, b in zip(before, weights, strict=True))


def test_the_grid_is_the_averaged_generator_at_the_seeds_from_zero():
    trainer = games.trainer("stylegan2", classes=3, grid_every=2, grid_size=5)
    grids = [r for r in trainer.run(4) if isinstance(r, GridRecord)]
    assert [g.step for g in grids] == [0, 2, 4] and grids[0].samples.shape == (5, 3, 8, 8)
    z = torch.tensor(np.stack([np.random.RandomState(s).randn(4) for s in range(5)]), dtype=torch.float32)
    with torch.no_grad():
        x = trainer.ema.average(z, torch.eye(3)[[0, 1, 2, 0, 1]])
    np.testing.assert_array_equal(grids[-1].samples, x.numpy())
    assert not np.array_equal(grids[0].samples, grids[-1].samples)


def test_grids_do_not_change_the_game():
    with_grids, without = games.trainer("mlp", grid_every=1), games.trainer("mlp", grid_every=0)
    steps = [r for r in with_grids.run(4) if isinstance(r, StepRecord)]
    assert steps == list(without.run(4))


def test_networks_and_data_must_fit():
    small, points = games.pair("mlp"), games.pair("points")
    config = TrainConfig()
    for pair, samples, words in [
        ((points[0], small[1]), games.data("mlp"), r"generator works on .* \(2,\), the data has \(1, 8, 8\)"),
        ((small[0], points[1]), games.data("mlp"), "discriminator works on samples of shape"),
        (small, games.data("points"), "the data has"),
        (small, games.data("mlp", classes=3), "The generator has 0 classes, the discriminator 0 and the data 3"),
        (games.pair("mlp", 3), games.data("mlp"), "has 3 classes"),
        (small, games.data("mlp", n=0), "nothing to learn from"),
    ]:
        with pytest.raises(StudioError, match=words):
            Trainer(*pair, samples, config)


def test_it_learns_where_points_lie():
    """Points near (1.5, -1): after 400 steps the averaged generator's mean and spread are those of the data."""
    x = torch.tensor([1.5, -1.0]) + 0.3 * torch.randn(512, 2, generator=torch.Generator().manual_seed(2))
    trainer = Trainer(
        *games.pair("points"),
        Samples(x),
        TrainConfig(batch_size=64, g_lr=2e-3, d_lr=2e-3, penalty_weight=0.1, ema_kimg=2.0, grid_size=400, grid_every=0),
    )
    start = trainer.grid().samples
    list(trainer.run(400))
    end = trainer.grid().samples
    assert np.linalg.norm(start.mean(axis=0) - [1.5, -1.0]) > 1
    assert np.linalg.norm(end.mean(axis=0) - [1.5, -1.0]) < 0.2
    assert np.all((end.std(axis=0) > 0.15) & (end.std(axis=0) < 0.5))


@pytest.mark.parametrize("seed", [0, 1])
def test_r3gan_finds_all_eight_heaps_of_a_ring(seed):
    """A heap counts when it has 2 % of the samples. Six trials found all for the first time at step 300 to 700."""
    torch.manual_seed(seed)
    networks = dict(image_shape=[2], hidden=[64, 64])
    trainer = Trainer(
        build_generator("mlp", networks | dict(z_dim=2, tanh=False)),
        build_discriminator("mlp", networks),
        failures.ring(),
        TrainConfig(
            loss="relativistic",
            penalty="r1+r2",
            penalty_every=4,
            batch_size=64,
            g_lr=1e-3,
            d_lr=1e-3,
            beta2=0.9,
            ema_kimg=5.0,
            seed=seed,
            grid_every=0,
            grid_size=400,
            signals_every=0,
            record_every=100,
        ),
    )
    list(trainer.run(1500))
    angle = torch.arange(8) * (2 * math.pi / 8)
    heaps = torch.stack([angle.cos(), angle.sin()], dim=1) * 1.5
    distance, heap = torch.cdist(torch.from_numpy(trainer.grid().samples), heaps).min(dim=1)
    assert (torch.bincount(heap[distance < 0.2], minlength=8) >= 8).all()


def test_it_learns_the_classes_of_small_pictures():
    """Class 0 is dark and class 1 bright: asked for either, the averaged generator paints it."""
    rng = torch.Generator().manual_seed(3)
    labels = torch.arange(64) % 2
    x = (40 + 170 * labels[:, None, None, None] + torch.randint(-15, 16, (64, 1, 8, 8), generator=rng)).to(torch.uint8)
    trainer = Trainer(
        *games.pair("mlp", 2),
        Samples(x, labels, 2),
        TrainConfig(batch_size=32, g_lr=2e-3, d_lr=2e-3, ema_kimg=1.0, grid_size=40, grid_every=0, record_every=100),
    )
    list(trainer.run(300))
    pixels = (trainer.grid().samples.reshape(40, -1).mean(axis=1) + 1) * 127.5  # classes 0, 1, 0, 1, ...
    assert abs(np.mean(pixels[::2]) - 40) < 25 and abs(np.mean(pixels[1::2]) - 210) < 25
