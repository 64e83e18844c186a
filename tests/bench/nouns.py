"""Nouns with 32 heads that one knows at once, and the head as the label: z is the clothes, the glasses and the
background, and leaves the head to you.

    python tests/bench/nouns.py nouns.npz --out nouns-heads.npz --without other.npz

keeps those pictures of a composed set (see weights/README.md), with --without only the combinations of parts that are
not in another one. The other parts stay as further labels.
"""

import argparse
from pathlib import Path

import numpy as np

# Of 250, numbered by the names of their files, edition after edition.
HEADS = {
    **{"cat": 36, "fox": 88, "frog": 89, "owl": 143, "bear": 10, "rabbit": 169, "mouse": 132, "cow": 59},
    **{"zebra": 233, "duck": 75, "flamingo": 86, "chicken": 45, "shark": 187, "whale": 229, "crab": 60},
    **{"unicorn": 214, "banana": 5, "cherries": 44, "pineapple": 157, "watermelon": 224, "burger": 27, "pizza": 160},
    **{"doughnut": 72, "cake": 28, "flower": 87, "cactus": 181, "mushroom": 134, "rainbow": 170, "crown": 63},
    **{"robot": 177, "heart": 101, "UFO": 212},
}


def chosen(parts: np.ndarray, heads: np.ndarray, taken: set[tuple[int, ...]]) -> np.ndarray:
    """Which pictures have one of the heads, and parts that are not taken: (count,) of bool."""
    fresh = np.array([tuple(row) not in taken for row in parts.tolist()])
    return np.isin(heads, list(HEADS.values())) & fresh


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a composed set: images, labels, label_names")
    parser.add_argument("--without", type=Path, help="leave out what this set has as well")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    taken = set()
    if asked.without:
        with np.load(asked.without) as file:
            taken = set(map(tuple, file["labels"].tolist()))
    with np.load(asked.data) as file:
        parts, layers = file["labels"], [str(name) for name in file["label_names"]]
        heads = parts[:, layers.index("heads")]
        kept = chosen(parts, heads, taken)
        images = file["images"][kept]
    numbers = {number: label for label, number in enumerate(HEADS.values())}
    labels, at = parts[kept], layers.index("heads")
    labels[:, at] = [numbers[head] for head in labels[:, at].tolist()]
    layers[at] = "head:" + ",".join(HEADS)
    layers = [{"accessories": "shirt"}.get(layer, layer) for layer in layers]  # cats have accessories, too
    np.savez_compressed(asked.out, images=images, labels=labels, label_names=np.array(layers))
    print(f"{len(images)} pictures, {np.bincount(labels[:, at]).min()} of each head at least")


if __name__ == "__main__":
    main()
