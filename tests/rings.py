"""The lessons' games of points, played by the trainer itself."""

from dataclasses import dataclass

import numpy as np
import torch

from gan.field_metadata import from_values
from gan.networks.registry import build_discriminator, build_generator
from gan.studio.lessons.lessons import train_values
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.doctor import Doctor
from gan.training.findings import Diagnosis
from gan.training.trainer import Trainer


@dataclass(frozen=True)
class Played:
    """Of a game: the groups found at its end, and what the doctor said then and at an earlier step."""

    found: int
    said: Diagnosis
    earlier: Diagnosis


def ring(count: int = 4096, seed: int = 0) -> np.ndarray:
    draw = np.random.RandomState(seed)
    angle = 2 * np.pi * draw.randint(8, size=count) / 8
    return 1.5 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.05 * draw.randn(count, 2)


def groups_found(points: np.ndarray) -> int:
    angles = 2 * np.pi * np.arange(8) / 8
    centres = 1.5 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    near = np.linalg.norm(points[:, None] - centres, axis=2) < 0.2
    return int((near.mean(axis=0) >= 0.02).sum())


def played(rules: dict, steps: int, seed: int = 0, earlier: int = 1000) -> Played:
    torch.manual_seed(seed)
    generator = build_generator(
        "mlp", dict(image_shape=[2], z_dim=rules["z_dim"], hidden=rules["g_hidden"], tanh=False)
    )
    discriminator = build_discriminator("mlp", dict(image_shape=[2], hidden=rules["d_hidden"]))
    config = from_values(TrainConfig, {**train_values(rules), "seed": seed, "ema_kimg": 0, "grid_every": 0})
    examples = rules.get("examples")
    data = Samples(torch.from_numpy(ring(examples, seed) if examples else ring()).float(), None, 0)
    trainer, doctor = Trainer(generator, discriminator, data, config), Doctor(config)
    said = doctor.diagnosis()
    for record in trainer.run(steps):
        doctor.see(record)
        if record.step <= earlier:
            said = doctor.diagnosis()
    with torch.no_grad():
        z = torch.randn(2048, rules["z_dim"], generator=torch.Generator().manual_seed(1))
        return Played(groups_found(generator(z).numpy()), doctor.diagnosis(), said)
