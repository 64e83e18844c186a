"""How many samples of a model of faces have the look that was asked for: the mood, and glasses or none.

    python tests/bench/looks.py --model faces [--count 1200]

A small network that first learns from drawings (two minutes of a core) reads smile and glasses off the samples, the
looks by turns, and off as many drawings of which they are known, which tells how well it reads.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np  # noqa: E402 (after the path)
import torch  # noqa: E402
from drawn import LOOKS, MOODS, looks  # noqa: E402
from shipped import home_of  # noqa: E402

from gan.studio.data.drawn.drawers import drawer  # noqa: E402
from gan.studio.engine import Engine  # noqa: E402
from gan.studio.library.loaded import Models  # noqa: E402
from gan.studio.recipes import Recipe  # noqa: E402
from gan.studio.scores.drawn_traits import drawn_traits  # noqa: E402

_SIDE, _SEED = 64, 5_000  # a seed of the drawer that no set has
_AT_ONCE = 100
_RIMS = 0.15  # the least that is read of glasses: the factor is 0 for none, and the thinnest rims are hardly seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="faces", help="a folder, or a name in weights/ (default faces)")
    parser.add_argument("--count", type=int, default=1_200)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    draws = drawer("faces")
    drawn, factors, _ = draws.drawn_set(asked.count, _SIDE, _SEED)
    wanted = np.arange(asked.count) % len(LOOKS)
    home = str(home_of(asked.model))
    recipes = [Recipe(home, seed=i, psi=1.0, label=int(label)) for i, label in enumerate(wanted)]
    engine = Engine(Models())
    made = np.concatenate([engine.render(recipes[at : at + _AT_ONCE]) for at in range(0, asked.count, _AT_ONCE)])
    read = drawn_traits("faces", (3, _SIDE, _SIDE))
    for name, pictures, truth in (("drawings", drawn, looks(factors, draws.names)), ("samples", made, wanted)):
        x = torch.from_numpy(pictures[..., :3].transpose(0, 3, 1, 2).copy()).float() / 127.5 - 1
        with torch.no_grad():
            smile, glasses = (
                np.concatenate([read[of].of(part).numpy() for part in x.split(_AT_ONCE)]) for of in ("smile", "glasses")
            )
        said = looks(np.stack([smile, np.where(glasses > _RIMS, glasses, 0)], axis=1), ("smile", "glasses"))
        n = len(MOODS)
        mood, rims = (said % n == truth % n).mean(), (said // n == truth // n).mean()
        far = (abs(said % n - truth % n) == n - 1).mean()
        print(f"{name:>9}: right mood {mood:.1%} (the opposite {far:.1%}), glasses or none {rims:.1%}")


if __name__ == "__main__":
    main()
