"""Steps a second of `Trainer` beside a bare hand-written loop with the same networks, losses, penalty, Adam and EMA.

    python tests/bench/training.py [--steps 32] [--rounds 9] [--families mlp,dcgan] [--device cpu] [--threads 1]

Both play in turns, so that whatever else the machine does slows both; each round is `steps` steps of each, and the
table shows the medians over the rounds. The ratio is the median of the rounds' own ratios: 1 means that records,
statistics and the choice of everything by configuration cost nothing.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch  # noqa: E402 (after the path)
from torch.nn.functional import softplus  # noqa: E402

from gan.networks.registry import build_discriminator, build_generator  # noqa: E402
from gan.training.config import DEFAULTS, TrainConfig  # noqa: E402
from gan.training.data import Samples  # noqa: E402
from gan.training.trainer import Trainer  # noqa: E402

GAMES = {
    "mlp": ((1, 28, 28), dict(image_shape=[1, 28, 28]), dict(image_shape=[1, 28, 28])),
    "dcgan": ((3, 32, 32), dict(side=32, width=16), dict(side=32, width=16)),
    "stylegan2": ((3, 32, 32), dict(side=32, channel_max=64, z_dim=64, w_dim=64), dict(side=32, channel_max=64)),
}


class BareLoop:
    """What one would write by hand for one game: non-saturating loss, lazy R1, Adam, EMA. No records, no choices."""

    def __init__(self, generator, discriminator, pictures, config: TrainConfig):
        self.g, self.d, self.pictures, self.config = generator.train(), discriminator.train(), pictures, config
        betas = (config.beta1, config.beta2)
        self.g_adam = torch.optim.Adam(self.g.parameters(), lr=config.g_lr, betas=betas, fused=True)
        self.d_adam = torch.optim.Adam(self.d.parameters(), lr=config.d_lr, betas=betas, fused=True)
        self.ema = [p.detach().clone() for p in self.g.parameters()]
        self.rng = torch.Generator(pictures.device).manual_seed(config.seed)
        self.step = 0

    def samples(self):
        z = torch.randn(self.config.batch_size, self.g.z_dim, generator=self.rng, device=self.pictures.device)
        return self.g(z, None, self.noise)

    def noise(self, shape):
        return torch.randn(shape, generator=self.rng, device=self.pictures.device)

    def play(self, steps: int) -> None:
        config, n = self.config, self.config.batch_size
        for _ in range(steps):
            self.d.requires_grad_(True)
            rows = torch.randint(len(self.pictures), (n,), generator=self.rng, device=self.pictures.device)
            real = self.pictures[rows].float() / 127.5 - 1
            with torch.no_grad():
                fake = self.samples()
            loss = softplus(-self.d(real)).mean() + softplus(self.d(fake)).mean()
            if self.step % config.penalty_every == 0:
                real.requires_grad_(True)
                (slope,) = torch.autograd.grad(self.d(real).sum(), real, create_graph=True)
                loss = loss + slope.square().sum() / n / 2 * (config.penalty_weight * config.penalty_every)
            self.d_adam.zero_grad(set_to_none=True)
            loss.backward()
            self.d_adam.step()

            self.d.requires_grad_(False)
            loss = softplus(-self.d(self.samples())).mean()
            self.g_adam.zero_grad(set_to_none=True)
            loss.backward()
            self.g_adam.step()

            self.step += 1
            half_life = min(config.ema_kimg * 1000, self.step * n * config.ema_rampup)
            with torch.no_grad():
                torch._foreach_lerp_(self.ema, list(self.g.parameters()), 1 - 0.5 ** (n / half_life))


def play_trainer(trainer: Trainer, steps: int) -> None:
    for _ in trainer.run(trainer.step + steps):
        pass


def seconds(play, *args) -> float:
    started = time.perf_counter()
    play(*args)
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - started


def measure(family: str, steps: int, rounds: int, device: str) -> tuple[float, float, float]:
    """(trainer's steps/s, bare loop's steps/s, ratio)."""
    shape, g_values, d_values = GAMES[family]
    pictures = torch.randint(0, 256, (512, *shape), dtype=torch.uint8, device=device)
    config = TrainConfig(**DEFAULTS[family], grid_every=0)
    pairs = [(build_generator(family, g_values).to(device), build_discriminator(family, d_values).to(device))
             for _ in range(2)]
    trainer, bare = Trainer(*pairs[0], Samples(pictures), config), BareLoop(*pairs[1], pictures, config)
    play_trainer(trainer, 8), bare.play(8)
    times = []
    for i in range(rounds):
        order = [("trainer", play_trainer, trainer, steps), ("bare", bare.play, steps)]
        took = {name: seconds(*call) for name, *call in (order if i % 2 else order[::-1])}
        times.append((took["trainer"], took["bare"]))
    median = [steps / statistics.median(column) for column in zip(*times)]
    return *median, statistics.median(b / t for t, b in times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=32, help="steps in each turn (default 32)")
    parser.add_argument("--rounds", type=int, default=9, help="turns of each (default 9)")
    parser.add_argument("--families", default=",".join(GAMES))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    print(f"{'family':<10} {'batch':>5} {'Trainer steps/s':>16} {'bare steps/s':>13} {'ratio':>6}")
    for family in args.families.split(","):
        trainer, bare, ratio = measure(family, args.steps, args.rounds, args.device)
        print(f"{family:<10} {DEFAULTS[family]['batch_size']:>5} {trainer:>16.2f} {bare:>13.2f} {ratio:>6.3f}",
              flush=True)


if __name__ == "__main__":
    main()
