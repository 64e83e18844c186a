"""Record the runs that the lesson "From dots to pictures" replays: as many CPU seconds of one thread for each.

    python tests/bench/recordings.py [--seconds 60] [--only convolutional]

Writes gan/studio/lessons/recordings/NAME.webp, its moments one below the other, and recordings.json beside them: when
they were, and how far the samples at the end are from drawn digits that no run has seen (Fréchet distance in our own
features).
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan.evaluation.moments import Moments, frechet  # noqa: E402
from gan.networks.registry import build_discriminator, build_generator  # noqa: E402
from gan.store.grids import grid  # noqa: E402
from gan.studio.data.drawn.drawers import drawn_set  # noqa: E402
from gan.studio.scores.feature_networks import own_features  # noqa: E402
from gan.training.config import TrainConfig  # noqa: E402
from gan.training.data import Samples  # noqa: E402
from gan.training.trainer import Trainer  # noqa: E402

OUT = ROOT / "gan/studio/lessons/recordings"
SHARES = (0, 1 / 40, 1 / 20, 1 / 10, 1 / 5, 3 / 10, 2 / 5, 3 / 5, 4 / 5, 1)  # of the time: when pictures are taken
COLUMNS, SHOWN, SCORED = 6, 30, 500
ARTICLE = dict(
    g_lr=1e-4, d_lr=1e-4, beta1=0.9, beta2=0.999, penalty="none"
)  # Goodfellow et al. 2014's pair, Adam's usual
CONVOLUTIONAL = dict(g_lr=1e-3, d_lr=1e-3, beta1=0.0, beta2=0.99, penalty="r1", penalty_weight=1.0, penalty_every=8)
FAST = dict(g_lr=0.02, d_lr=0.02)
# name: (family, settings of the game, the range of the training pictures' values)
RUNS = {
    "connected": ("mlp", ARTICLE, (-1, 1)),
    "convolutional": ("dcgan", CONVOLUTIONAL, (-1, 1)),
    "connected-same": ("mlp", CONVOLUTIONAL, (-1, 1)),
    "convolutional-fast": ("dcgan", {**CONVOLUTIONAL, **FAST}, (-1, 1)),
    "convolutional-zero": ("dcgan", CONVOLUTIONAL, (0, 1)),
    "connected-fast": ("mlp", {**ARTICLE, **FAST}, (-1, 1)),
    "connected-zero": ("mlp", ARTICLE, (0, 1)),
    "convolutional-bytes": ("dcgan", CONVOLUTIONAL, (0, 255)),
    "connected-bytes": ("mlp", ARTICLE, (0, 255)),
}


def pair(family: str):
    if family == "mlp":
        shape = dict(image_shape=[1, 28, 28])
        return build_generator("mlp", shape), build_discriminator("mlp", shape)
    small = dict(side=28, channels=1, width=8)
    return build_generator("dcgan", small), build_discriminator("dcgan", small)


def record(name: str, seconds: float, digits: np.ndarray, unseen: np.ndarray) -> dict:
    family, rules, (low, high) = RUNS[name]
    torch.manual_seed(0)
    x = torch.from_numpy(digits[..., 0]).float().unsqueeze(1) / 255 * (high - low) + low
    values = {**rules, "batch_size": 64, "loss": "non-saturating", "grid_every": 0, "signals_every": 0, "seed": 0}
    trainer = Trainer(*pair(family), Samples(x, None, 0), TrainConfig(**values))
    z = torch.from_numpy(np.random.RandomState(0).randn(SCORED, 100)).float()

    def pictures(count: int) -> np.ndarray:
        """uint8 (count, 28, 28, 1) of the averaged generator, as whoever put data into that range shows them."""
        with torch.no_grad():
            made = trainer.ema.average(z[:count])
        return ((made - low) / (high - low) * 255).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()

    frames, moments, spent = [], [], 0.0
    for share in SHARES:
        while spent < share * seconds:
            began = time.process_time()
            trainer.play()
            spent += time.process_time() - began
        frames.append(grid(pictures(SHOWN), COLUMNS))
        moments.append(dict(seconds=round(spent, 1), steps=trainer.step))
    OUT.mkdir(exist_ok=True)
    Image.fromarray(np.concatenate(frames).squeeze()).save(OUT / f"{name}.webp", quality=60, method=6)
    return dict(moments=moments, frechet=round(distance(pictures(SCORED), unseen), 2))


def distance(made: np.ndarray, real: np.ndarray) -> float:
    def seen(pictures: np.ndarray) -> Moments:
        with torch.no_grad():
            x = torch.from_numpy(pictures[..., :1]).float().permute(0, 3, 1, 2) / 127.5 - 1
            return Moments.of(torch.cat([own_features()(part) for part in x.split(50)]))

    return frechet(seen(made), seen(real))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", choices=RUNS, nargs="*")
    args = parser.parse_args()
    torch.set_num_threads(1)
    digits, unseen = drawn_set(4000, 28, 0, "digits")[0], drawn_set(2 * SCORED, 28, 1, "digits")[0]
    path = OUT / "recordings.json"
    told = json.loads(path.read_text()) if path.exists() else {}
    told |= {"real": round(distance(unseen[:SCORED], unseen[SCORED:]), 2), "seconds": args.seconds}
    for name in args.only or RUNS:
        told[name] = record(name, args.seconds, digits, unseen[SCORED:])
        print(name, told[name]["moments"][-1], "frechet", told[name]["frechet"], flush=True)
        path.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
