"""Pictures a second of `Trainer` beside two loops with the same networks: one written by hand, and PyTorch's DCGAN
example's.

    python tests/bench/training.py [--steps 16] [--rounds 5] [--families mlp,dcgan] [--device cpu] [--threads 1]
                                   [--precision bfloat16]

The bare loop has the same losses, penalty, fused Adam, EMA and layout in memory: a ratio of 1 means that records,
statistics and the choice of everything by configuration cost nothing. The tutorial's loop (tutorial.py) plays without
a penalty and in float32, and `Trainer` beside it without a penalty and in `--precision`. "tutorial" are that example's
own networks. All play in turns, so that whatever else the machine does slows all; each round is `steps` steps of each,
the table shows the medians over the rounds, and the ratios are the medians of the rounds' own. On a graphics card there
is more to tell (on_gpu.py).
"""

import argparse
import statistics
import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import on_gpu  # noqa: E402 (after the path)
import torch  # noqa: E402
from machine import Foreign  # noqa: E402
from torch.nn.functional import softplus  # noqa: E402
from tutorial import GAME, TutorialDiscriminator, TutorialGenerator, TutorialLoop  # noqa: E402

from gan.networks.registry import build_discriminator, build_generator  # noqa: E402
from gan.training.config import DEFAULTS, TrainConfig  # noqa: E402
from gan.training.data import Samples  # noqa: E402
from gan.training.trainer import Trainer  # noqa: E402

SHAPES = {  # of a picture; settings of the generator and of the discriminator
    "mlp": ((1, 28, 28), dict(image_shape=[1, 28, 28]), dict(image_shape=[1, 28, 28])),
    "dcgan": ((3, 32, 32), dict(side=32, width=16), dict(side=32, width=16)),
    "stylegan2": ((3, 32, 32), dict(side=32, channel_max=64, z_dim=64, w_dim=64), dict(side=32, channel_max=64)),
    "tutorial": ((3, 64, 64), None, None),
}


def pair(family: str, device: str):
    """Fresh networks."""
    _, g, d = SHAPES[family]
    if family == "tutorial":
        return TutorialGenerator().to(device), TutorialDiscriminator().to(device)
    return build_generator(family, g).to(device), build_discriminator(family, d).to(device)


def settings(family: str, **changes) -> TrainConfig:
    return TrainConfig(
        **(GAME if family == "tutorial" else DEFAULTS[family]) | dict(grid_every=0, signals_every=0) | changes
    )


class BareLoop:
    """What one would write by hand for one game: non-saturating loss, lazy R1, Adam, EMA. No records, no choices."""

    def __init__(self, generator, discriminator, pictures, config: TrainConfig):
        self.g, self.d, self.pictures, self.config = generator.train(), discriminator.train(), pictures, config
        for network in (self.g, self.d) if pictures.device.type == "cpu" else ():
            network.to(memory_format=torch.channels_last)
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
            if config.penalty == "r1" and self.step % config.penalty_every == 0:
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


def seconds(play, *args) -> float:
    started = time.perf_counter()
    play(*args)
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - started


class Played:
    """`Trainer` with the other loops' only method."""

    def __init__(self, generator, discriminator, pictures, config: TrainConfig):
        self.trainer = Trainer(generator, discriminator, Samples(pictures), config)

    def play(self, steps: int) -> None:
        for _ in self.trainer.run(self.trainer.step + steps):
            pass


def beside(one, other, steps: int, rounds: int) -> tuple[float, float, float]:
    """(steps a second of the one, of the other, how many times as fast the one is)."""
    one.play(1), other.play(1)  # the penalty, which comes first, leaves memory as large as it will be
    times = []
    for i in range(rounds):
        took = {loop: seconds(loop.play, steps) for loop in ((one, other) if i % 2 else (other, one))}
        times.append((took[one], took[other]))
    median = [steps / statistics.median(column) for column in zip(*times, strict=True)]
    return *median, statistics.median(b / a for a, b in times)


def line(family: str, steps: int, rounds: int, device: str, precision: str) -> str:
    """A row of the table."""
    pictures = torch.randint(0, 256, (512, *SHAPES[family][0]), dtype=torch.uint8, device=device)
    with_all, plain = settings(family), settings(family, penalty="none", precision=precision)
    compared = []
    for kind, config in ((BareLoop, with_all), (TutorialLoop, plain)):
        ours, theirs = (loop(*pair(family, device), pictures, config) for loop in (Played, kind))
        compared.append(beside(ours, theirs, steps, rounds))
    cells = "".join(
        f"{with_all.batch_size * ours:>11.1f} {with_all.batch_size * theirs:>9.1f} {ratio:>6.3f}"
        for ours, theirs, ratio in compared
    )
    return f"{family:<10} {with_all.batch_size:>5}{cells}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=16, help="steps in each turn (default 16)")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each (default 5)")
    parser.add_argument("--families", default=",".join(SHAPES))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--precision", default="float32", help="of Trainer beside the tutorial (default float32)")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    foreign = Foreign()
    print(f"pictures/s       {'Trainer':>10} {'bare':>9} {'ratio':>6} {'no penalty':>10} {'tutorial':>9} {'ratio':>6}")
    for family in args.families.split(","):
        print(line(family, args.steps, args.rounds, args.device, args.precision), flush=True)
        if args.device == "cuda":
            pictures = torch.randint(0, 256, (512, *SHAPES[family][0]), dtype=torch.uint8, device="cuda")
            print(*on_gpu.table(partial(pair, family, "cuda"), pictures, settings(family)), sep="\n", flush=True)
    print(foreign.sentence())


if __name__ == "__main__":
    main()
