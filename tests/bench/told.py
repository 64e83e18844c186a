"""One layer of a composed set as the class that is told: what a cat wears, a person's hair, the head of a noun. The
other layers are left to z.

    python tests/bench/told.py cats.npz --out cats-told.npz
    python tests/bench/told.py nouns.npz --out nouns-told.npz --without other.npz

keeps the pictures whose part has a name here (see weights/README.md), with --without only the combinations of parts
that are not in another set. The other parts stay as further labels.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np

CATS = {  # numbered by the names of their files
    **{"black hat": 5, "red hat": 13, "pink bow": 4, "blue bow": 12, "red headphones": 6, "white headphones": 14},
    **{"red scarf": 0, "blue scarf": 7, "red headband": 3, "bandana": 11, "bell": 1, "barrel": 8, "diamond": 10},
    **{"red collar": 2, "typewriter": 9, "nothing": 15},
}
# How many colours each kind of hair comes in, in the order of the names of its files; "" are single ones, left out.
HAIR = (
    *(("", 3), ("hijab", 16), ("big hair", 11), ("bob", 11), ("bun", 11), ("curls", 11), ("waves", 11)),
    *(("long dreadlocks", 11), ("", 1), ("afro", 11), ("afro and band", 11), ("bob with fringe", 11)),
    *(("chin length", 11), ("", 1), ("long and straight", 11), ("long to one side", 11), ("long with fringe", 11)),
    *(("short dreadlocks", 11), ("wild dreadlocks", 11), ("quiff", 11), ("mullet", 11), ("short curls", 11)),
    *(("short and flat", 11), ("short and round", 11), ("short waves", 11), ("bald on top", 11), ("caesar", 11)),
    *(("side parting", 11), ("turban", 16), ("hat with flaps", 16), ("knitted hat", 16), ("woolly hat", 16)),
    ("hat with ears", 16),
)
COVERED = ("hijab", "turban", "hat with flaps", "knitted hat", "woolly hat", "hat with ears")  # come last
HEADS = {  # of 250, numbered by the names of their files, edition after edition
    **{"cat": 36, "fox": 88, "frog": 89, "owl": 143, "bear": 10, "rabbit": 169, "mouse": 132, "cow": 59},
    **{"zebra": 233, "duck": 75, "flamingo": 86, "chicken": 45, "shark": 187, "whale": 229, "crab": 60},
    **{"unicorn": 214, "banana": 5, "cherries": 44, "pineapple": 157, "watermelon": 224, "burger": 27, "pizza": 160},
    **{"doughnut": 72, "cake": 28, "flower": 87, "cactus": 181, "mushroom": 134, "rainbow": 170, "crown": 63},
    **{"robot": 177, "heart": 101, "UFO": 212},
}


@dataclass(frozen=True)
class Told:
    """The layer whose part is told, what the class is called, and the numbers of each class's parts."""

    layer: str
    name: str
    classes: Mapping[str, Sequence[int]]


def _ranges(counts: Sequence[tuple[str, int]]) -> dict[str, range]:
    ends = pairwise(accumulate((count for _, count in counts), initial=0))
    return {name: range(*end) for (name, _), end in zip(counts, ends, strict=True) if name}


SETS = (
    Told("heads", "head", {name: (number,) for name, number in HEADS.items()}),
    Told("Top", "hair", dict(sorted(_ranges(HAIR).items(), key=lambda kind: kind[0] in COVERED))),
    Told("accessories", "wears", {name: (number,) for name, number in CATS.items()}),  # nouns have these, too
)


def told_of(layers: Sequence[str]) -> tuple[Told, int]:
    """What is told of a set with these layers, and which of them it is. SystemExit where that is nothing."""
    for told in SETS:
        if told.layer in layers:
            return told, layers.index(told.layer)
    raise SystemExit(f"Of the layers {', '.join(layers)} none has names here.")


def classes_of(parts: np.ndarray, told: Told) -> np.ndarray:
    """The class of each part (count,), -1 where it has none."""
    numbers = {part: label for label, known in enumerate(told.classes.values()) for part in known}
    return np.array([numbers.get(part, -1) for part in parts.tolist()], dtype=np.int16)


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
        told, at = told_of(layers)
        classes = classes_of(parts[:, at], told)
        fresh = np.array([tuple(row) not in taken for row in parts.tolist()])
        kept = fresh & (classes >= 0)
        images = file["images"][kept]
    labels = parts[kept]
    labels[:, at] = classes[kept]
    layers[at] = f"{told.name}:" + ",".join(told.classes)
    if told.layer == "heads":
        layers = [{"accessories": "shirt"}.get(layer, layer) for layer in layers]  # cats have accessories, too
    np.savez_compressed(asked.out, images=images, labels=labels, label_names=np.array(layers))
    print(f"{len(images)} pictures, {np.bincount(labels[:, at]).min()} of each {told.name} at least")


if __name__ == "__main__":
    main()
