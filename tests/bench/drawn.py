"""A set of drawn pictures with the factors that each was drawn from.

    python tests/bench/drawn.py faces --count 40000 --out faces.npz
    python tests/bench/drawn.py faces --count 10000 --seed 1 --out faces-heldout.npz

writes `images` (uint8) and, beside them, `factors` (float32) and `factor_names`; of faces also the label `look`, a
mood with or without glasses. Seeds never draw the same.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np  # noqa: E402 (after the path)

from gan.studio.data.drawn.drawers import DRAWERS, drawer  # noqa: E402

_AT_ONCE = 2000  # pictures of one seed of the drawer
_SEEDS = 1000  # of it that belong to one of ours: two million pictures
MOODS = {"happy": 0.5, "calm": 0.0, "sad": -1.0}  # from which smile on: nearly half of all, three tenths, a quarter
LOOKS = (*MOODS, *(f"{mood} with glasses" for mood in MOODS))


def looks(factors: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """The class of each face, a place in `LOOKS`: (count,) of factors (count, number of names)."""
    smile, glasses = (factors[:, names.index(name)] for name in ("smile", "glasses"))
    mood = (smile[:, None] < list(MOODS.values())).sum(axis=1)
    return mood + len(MOODS) * (glasses > 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=list(DRAWERS))
    parser.add_argument("--count", type=int, default=40_000)
    parser.add_argument("--side", type=int, default=64, help="pixels (default 64)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    draws, parts = drawer(asked.kind), []
    for k in range(-(-asked.count // _AT_ONCE)):
        count = min(_AT_ONCE, asked.count - k * _AT_ONCE)
        parts.append(draws.drawn_set(count, asked.side, _SEEDS * asked.seed + k)[:2])
    images, factors = (np.concatenate(column) for column in zip(*parts, strict=True))
    told = {}
    if asked.kind == "faces":
        told = dict(labels=looks(factors, draws.names)[:, None], label_names=np.array([f"look:{','.join(LOOKS)}"]))
    np.savez(asked.out, images=images, factors=factors, factor_names=np.array(draws.names), **told)
    print(f"{len(images)} pictures of {asked.side} x {asked.side} pixels, {len(draws.names)} factors each")


if __name__ == "__main__":
    main()
