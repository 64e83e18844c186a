"""Pictures that a model has not seen, found in it: how far the nearest sample is, how far the found one, and the time.

    python tests/bench/own_pictures.py --model people --data people-heldout.npz --out found.png

The pictures are drawn from the file by a fixed seed; none is left out. `--out` shows them above what was found.
"""

import argparse
import io
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gan.store.grids import grid  # noqa: E402
from gan.studio.engine import Engine  # noqa: E402
from gan.studio.inversion import CLOSE, VERY_CLOSE, FoundPicture, Inversions  # noqa: E402
from gan.studio.library.loaded import Models  # noqa: E402


def drawn(path: Path, count: int) -> np.ndarray:
    """`count` pictures of a file's, (count, side, side, channels) uint8, always the same."""
    with np.load(path) as file:
        images = file["images"]
    return images[np.random.default_rng(0).permutation(len(images))[:count]]


def sought(inversions: Inversions, model: str, picture: np.ndarray) -> tuple[FoundPicture, float]:
    """What is found of a picture at last, and the processor's seconds that it took."""
    file, begun = io.BytesIO(), time.process_time()
    Image.fromarray(picture.squeeze()).save(file, "PNG")
    *_, found = inversions.seek(model, None, file.getvalue(), "picture.png")
    return found, time.process_time() - begun


def sheet(pictures: np.ndarray, found: np.ndarray, columns: int) -> np.ndarray:
    """Rows of pictures, each above what was found of it."""
    pictures = np.broadcast_to(pictures, found.shape)  # grey ones are found in three channels
    rows, blank = [], np.zeros((-len(pictures) % columns, *found.shape[1:]), found.dtype)
    pictures, found = np.concatenate([pictures, blank]), np.concatenate([found, blank])
    for at in range(0, len(pictures), columns):
        rows += [*pictures[at : at + columns], *found[at : at + columns]]
    return grid(np.stack(rows), columns, gap=2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", type=Path, required=True, help="an .npz of pictures that it has not seen")
    parser.add_argument("--count", type=int, default=20, help="how many of them (default 20)")
    parser.add_argument("--out", type=Path, help="a PNG: the pictures, and below each what was found")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    models = Models()
    inversions, pictures = Inversions(models), drawn(asked.data, asked.count)
    sought(inversions, asked.model, pictures[0])  # samples and feature network are made once for all
    rows = []
    for number, picture in enumerate(pictures, 1):
        rows.append(sought(inversions, asked.model, picture))
        found, seconds = rows[-1]
        print(f"{number:>2}  {found.begun:.1%} -> {found.apart:.1%}, {seconds:.1f} s", flush=True)
    begun, apart = (np.array([getattr(found, name) for found, _ in rows]) for name in ("begun", "apart"))
    between = np.sqrt(np.square(np.diff(pictures.astype(float), axis=0)).mean(axis=(1, 2, 3))) / 255
    print(
        f"{asked.model}: nearest sample {begun.mean():.1%}, found {apart.mean():.1%} (median {np.median(apart):.1%}, "
        f"worst {apart.max():.1%}), {apart.mean() / begun.mean():.2f} of it; from picture to picture "
        f"{between.mean():.1%}. Very close {np.sum(apart <= VERY_CLOSE)}, close "
        f"{np.sum((apart > VERY_CLOSE) & (apart <= CLOSE))} of {len(rows)}. "
        f"{np.mean([seconds for _, seconds in rows]):.1f} s of one core each."
    )
    if asked.out:
        made = Engine(models).render([found.recipe for found, _ in rows])
        Image.fromarray(sheet(pictures, made[..., :3], min(10, asked.count))).save(asked.out)


if __name__ == "__main__":
    main()
