"""The lessons' games of points, played by the trainer itself."""

import numpy as np
import torch

from gan.field_metadata import from_values
from gan.networks.registry import build_discriminator, build_generator
from gan.studio.lessons.lessons import train_values
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.trainer import Trainer


def ring(count: int = 4096, seed: int = 0) -> np.ndarray:
    draw = np.random.RandomState(seed)
    angle = 2 * np.pi * draw.randint(8, size=count) / 8
    return 1.5 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.05 * draw.randn(count, 2)


def groups_found(points: np.ndarray) -> int:
    angles = 2 * np.pi * np.arange(8) / 8
    centres = 1.5 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    near = np.linalg.norm(points[:, None] - centres, axis=2) < 0.2
    return int((near.mean(axis=0) >= 0.02).sum())


def played(rules: dict, steps: int, seed: int = 0) -> int:
    torch.manual_seed(seed)
    generator = build_generator(
        "mlp", dict(image_shape=[2], z_dim=rules["z_dim"], hidden=rules["g_hidden"], tanh=False)
    )
    discriminator = build_discriminator("mlp", dict(image_shape=[2], hidden=rules["d_hidden"]))
    values = {**train_values(rules), "seed": seed, "ema_kimg": 0, "grid_every": 0, "signals_every": 0}
    examples = rules.get("examples")
    data = Samples(torch.from_numpy(ring(examples, seed) if examples else ring()).float(), None, 0)
    trainer = Trainer(generator, discriminator, data, from_values(TrainConfig, values))
    for _ in trainer.run(steps):
        pass
    with torch.no_grad():
        z = torch.randn(2048, rules["z_dim"], generator=torch.Generator().manual_seed(1))
        return groups_found(generator(z).numpy())
