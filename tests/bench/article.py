"""The article's pair as its article gives it, and what keeps it from collapsing: several seeds of each way to play.

    python tests/bench/article.py [--ways "NAME;..."] [--seeds 0,1,2,3,4] [--steps 1000] [--data FILE.npz]
        [--precision bfloat16] [--picture FILE]

The pair is fully connected, as in 2014: z of 100, a generator of 256-512-1024-784, a discriminator of 1024-512-256-1,
28 x 28 grey pixels. One thread. It learns the digits that we draw ourselves, or those of --data. Of each seed: how
varied 500 samples are (1: as much as the digits), how many of the ten digits make at least 2 % of them, judged by the
nearest of 2,000 training pictures, and how far that nearest one is (1: as far as from one training picture to the
next). A pair that has collapsed is hardly varied and knows one digit or none; one that makes noise is far from all.
"""

import argparse
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np  # noqa: E402 (after the path)
import torch  # noqa: E402
from PIL import Image  # noqa: E402
from torch import nn  # noqa: E402

from gan.networks.mlp import MLPDiscriminator, MLPDiscriminatorConfig, MLPGenerator, MLPGeneratorConfig  # noqa: E402
from gan.networks.pixels import to_pixels  # noqa: E402
from gan.store.grids import grid  # noqa: E402
from gan.studio.data.datasets import read_dataset  # noqa: E402
from gan.studio.data.drawn.drawers import drawer  # noqa: E402
from gan.training.config import TrainConfig  # noqa: E402
from gan.training.data import Samples  # noqa: E402
from gan.training.losses import Loss, non_saturating_g, softplus  # noqa: E402
from gan.training.trainer import Trainer  # noqa: E402

SAMPLES, KNOWN = 500, 2000
ARTICLE = dict(g_lr=1e-4, d_lr=1e-4, beta1=0.9, beta2=0.999, batch_size=64, penalty="none", ema_kimg=0.0)


@dataclass(frozen=True)
class Way:
    """What differs from the article: settings, and what no setting says."""

    train: dict = field(default_factory=dict)
    smooth: float = 0.0  # what the discriminator is told of real pictures is 1 - smooth (Salimans et al. 2016)
    dropout: float = 0.0  # in the discriminator


_R1 = dict(penalty="r1", penalty_weight=1.0, penalty_every=4)
_CALM = dict(beta1=0.0, beta2=0.99)
_FAST = dict(g_lr=1e-3, d_lr=1e-3)
WAYS = {
    "as the article has it": Way(),
    "dropout 0.3 in the discriminator": Way(dropout=0.3),
    "real is 0.9": Way(smooth=0.1),
    "rates 2e-4, beta1 0.5": Way(dict(g_lr=2e-4, d_lr=2e-4, beta1=0.5)),
    "rates 1e-3, beta1 0, beta2 0.99": Way(_FAST | _CALM),
    "R1": Way(_R1),
    "R1 of 10": Way(_R1 | dict(penalty_weight=10.0)),
    "R1, rates 1e-3": Way(_R1 | _FAST),
    "R1, rates 2e-4, beta1 0, beta2 0.99": Way(_R1 | _CALM | dict(g_lr=2e-4, d_lr=2e-4)),
    "R1, rates 1e-3, beta1 0, beta2 0.99": Way(_R1 | _FAST | _CALM),
    "the same, average of 2,000 pictures": Way(_R1 | _FAST | _CALM | dict(ema_kimg=2.0)),
}


class DroppingDiscriminator(MLPDiscriminator):
    """With dropout behind each hidden layer, as later versions of the article's program have it."""

    def __init__(self, config: MLPDiscriminatorConfig, share: float):
        super().__init__(config)
        self.drop = nn.Dropout(share)

    def features(self, x, c=None):
        h = x.flatten(1)
        for layer in self.hidden:
            h = self.drop(nn.functional.leaky_relu(layer(h), 0.2))
        return h


def smoothed(share: float) -> Loss:
    """Cross-entropy with real pictures said to be real for 1 - share only."""

    def d(real, fake):
        return (1 - share) * softplus(-real).mean() + share * softplus(real).mean() + softplus(fake).mean()

    return Loss(d, non_saturating_g, "Salimans et al. 2016", "")


def trainer_of(way: Way, data: Samples, seed: int, precision: str = "float32") -> Trainer:
    torch.manual_seed(seed)
    generator = MLPGenerator(MLPGeneratorConfig())
    config = MLPDiscriminatorConfig()
    discriminator = DroppingDiscriminator(config, way.dropout) if way.dropout else MLPDiscriminator(config)
    quiet = dict(seed=seed, precision=precision, grid_every=0, signals_every=0, record_every=100)
    settings = {**ARTICLE, **way.train, **quiet}
    trainer = Trainer(generator, discriminator, data, TrainConfig(**settings))
    if way.smooth:
        trainer.game.loss = smoothed(way.smooth)
    return trainer


@torch.no_grad()
def measured(trainer: Trainer, data: Samples, digits: np.ndarray) -> dict[str, float]:
    """The three numbers of a trained pair."""
    generator = trainer.ema.average
    z = torch.tensor(np.stack([np.random.RandomState(i).randn(100) for i in range(SAMPLES)]), dtype=torch.float32)
    x = generator(z).flatten(1)
    known = (data.x[:KNOWN].float() / 127.5 - 1).flatten(1)
    near = torch.cdist(x, known)
    found = np.bincount(digits[:KNOWN][near.argmin(dim=1).numpy()], minlength=10)
    between = torch.cdist(known, known).fill_diagonal_(torch.inf)
    return dict(
        variety=float(torch.pdist(x).mean() / torch.pdist(known[:SAMPLES]).mean()),
        digits=int((found >= 0.02 * SAMPLES).sum()),
        nearest=float(near.amin(dim=1).median() / between.amin(dim=1).median()),
    )


def pictures(path: Path | None, count: int = 8000) -> tuple[Samples, np.ndarray]:
    """Digits, uint8 (n, 1, 28, 28), and which each is."""
    if path is not None:
        found = read_dataset(path, 28, 1).samples
        some = torch.randperm(len(found), generator=torch.Generator().manual_seed(0))[:count]
        return Samples(found.x[some]), found.labels[some].numpy()
    drawn, values, _ = drawer("digits").drawn_set(count, 28)
    return Samples(torch.from_numpy(drawn[..., 0]).unsqueeze(1)), values[
        :, drawer("digits").names.index("digit")
    ].round().astype(int)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ways", default=";".join(WAYS), help="which ways to play, with semicolons (default: all)")
    parser.add_argument("--seeds", default="0,1,2,3,4", help="which seeds (default 0,1,2,3,4)")
    parser.add_argument("--steps", type=int, default=1000, help="of each (default 1000)")
    parser.add_argument("--precision", default="float32", help="float32 or bfloat16 (default float32)")
    parser.add_argument("--data", type=Path, help="an .npz of digits with labels instead of those that we draw")
    parser.add_argument("--picture", type=Path, help="keep 20 samples of each way, a row each, of the first seed")
    args = parser.parse_args()

    torch.set_num_threads(1)
    data, digits = pictures(args.data)
    rows = []
    print(f"{args.steps} steps; {'way':<28}{'variety':>18}{'digits of ten':>18}{'nearest':>18}{'CPU s':>7}")
    for name in args.ways.split(";"):
        found, began = [], time.process_time()
        for seed in map(int, args.seeds.split(",")):
            trainer = trainer_of(WAYS[name], data, seed, args.precision)
            last = [record for record in trainer.run(args.steps) if hasattr(record, "loss_d")][-1]
            found.append(measured(trainer, data, digits))
            if len(found) == 1:
                rows.append(to_pixels(trainer.ema.average(torch.randn(20, 100)).detach()).numpy())
        columns = {key: [one[key] for one in found] for key in found[0]}
        spread = {key: f"{min(v):.2f} {statistics.median(v):.2f} {max(v):.2f}" for key, v in columns.items()}
        seconds = (time.process_time() - began) / len(found)
        print(
            f"{name:<40}{spread['variety']:>18}{' '.join(map(str, columns['digits'])):>18}{spread['nearest']:>18}"
            f"{seconds:>7.0f}  D {last.loss_d:.2f} {last.accuracy_real:.0%} {last.accuracy_fake:.0%} "
            f"G {last.loss_g:.2f}",
            flush=True,
        )
    if args.picture:
        Image.fromarray(grid(np.concatenate(rows).repeat(3, axis=3), 20)).save(args.picture)


if __name__ == "__main__":
    main()
