"""The lessons' games of points, played by the trainer itself."""

from dataclasses import dataclass
from statistics import fmean

import numpy as np
import torch

from gan.field_metadata import from_values
from gan.networks.registry import build_discriminator, build_generator
from gan.studio.lessons.lessons import train_values
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.doctor import Doctor
from gan.training.findings import Diagnosis
from gan.training.records import StepRecord
from gan.training.trainer import Trainer


@dataclass(frozen=True)
class Played:
    """Of a game: the groups found after its steps, the step at which all were found (none: 0) where it was waited for
    that, what the doctor said after its steps and at an earlier one, and means of the last hundred steps: the
    discriminator's loss, and the share of points that it judged rightly."""

    found: int
    all_at: int
    said: Diagnosis
    earlier: Diagnosis
    loss: float
    right: float


def ring(count: int = 4096, seed: int = 0) -> np.ndarray:
    draw = np.random.RandomState(seed)
    angle = 2 * np.pi * draw.randint(8, size=count) / 8
    return 1.5 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.05 * draw.randn(count, 2)


def groups_found(points: np.ndarray) -> int:
    angles = 2 * np.pi * np.arange(8) / 8
    centres = 1.5 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    near = np.linalg.norm(points[:, None] - centres, axis=2) < 0.2
    return int((near.mean(axis=0) >= 0.02).sum())


def played(rules: dict, steps: int, seed: int = 0, earlier: int = 1000, patience: int = 0) -> Played:
    """patience: how many more steps it may take until all groups are found, as the page waits for them."""
    torch.manual_seed(seed)
    generator = build_generator(
        "mlp", dict(image_shape=[2], z_dim=rules["z_dim"], hidden=rules["g_hidden"], tanh=False)
    )
    discriminator = build_discriminator("mlp", dict(image_shape=[2], hidden=rules["d_hidden"]))
    config = from_values(TrainConfig, {**train_values(rules), "seed": seed, "ema_kimg": 0, "grid_every": 0})
    examples = rules.get("examples")
    data = Samples(torch.from_numpy(ring(examples, seed) if examples else ring()).float(), None, 0)
    trainer, doctor = Trainer(generator, discriminator, data, config), Doctor(config)
    said, seen = doctor.diagnosis(), []
    for record in trainer.run(steps):
        doctor.see(record)
        if record.step <= earlier:
            said = doctor.diagnosis()
        if isinstance(record, StepRecord) and record.step > steps - 100:
            seen.append(record)
    z = torch.randn(2048, rules["z_dim"], generator=torch.Generator().manual_seed(1))
    found = now = _found(generator, z)
    while now < 8 and trainer.step < steps + patience:
        for _ in trainer.run(trainer.step + 20):
            pass
        now = _found(generator, z)
    right = fmean((record.accuracy_real + record.accuracy_fake) / 2 for record in seen)
    loss = fmean(record.loss_d for record in seen)
    return Played(found, trainer.step if now == 8 else 0, doctor.diagnosis(), said, loss, right)


def _found(generator: torch.nn.Module, z: torch.Tensor) -> int:
    with torch.no_grad():
        return groups_found(generator(z).numpy())
