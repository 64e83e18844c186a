"""Traits of the composed sets, from the number of the part that was drawn in each layer: what people call a beard, a
hat or a bright coat.

    python tests/bench/traits.py cats.npz --out cats-traits.npz

writes the pictures with a column of `labels` for each trait: 0 and 1, or for colours a number from 0 to 1000. The sets
have a column for each layer (see weights/README.md), parts numbered by the names of their files.
"""

import argparse
from pathlib import Path

import numpy as np

# trait: (layer, numbers of the parts that have it)
PARTS = {
    "Scarf": ("accessories", (0, 7)),
    "Headband": ("accessories", (3, 11)),
    "Bow": ("accessories", (4, 12)),
    "Hat": ("accessories", (5, 13)),
    "Headphones": ("accessories", (6, 14)),
    "Stripes": ("fur", (0, 1)),
    "Dots": ("fur", (9,)),
    "Spectacles": ("eyes", (4, 12)),
    "Shut eyes": ("eyes", (6,)),
    "Lashes": ("eyes", (10, 14)),
    "Big mouth": ("mouth", (3,)),
    "Long hair": ("Top", range(19, 164)),
    "Headwear": ("Top", (*range(2, 19), *range(285, 365))),  # hats, hijabs, turbans
    "Beard": ("FacialHair", range(27)),
}
# trait: (layer, what of its parts' colours)
COLOURS = {
    "Coat brightness": ("body", "brightness"),
    "Coat warmth": ("body", "warmth"),
    "Skin brightness": ("Body", "brightness"),
    "Hair brightness": ("Top", "brightness"),
    "Clothes brightness": ("Cloth", "brightness"),
    "Clothes warmth": ("Cloth", "warmth"),
    "Body brightness": ("bodies", "brightness"),
    "Body warmth": ("bodies", "warmth"),
    "Glasses brightness": ("glasses", "brightness"),
    "Glasses warmth": ("glasses", "warmth"),
    "Background warmth": ("backgrounds", "warmth"),
}


def colour(images: np.ndarray, parts: np.ndarray, kind: str) -> np.ndarray:
    """For each picture how bright, or how warm, the pictures with its part are on average, scaled to 0 to 1000."""
    x = images.reshape(len(images), -1, 3).astype(np.float32).mean(axis=1)
    value = x @ np.float32([0.299, 0.587, 0.114]) if kind == "brightness" else x[:, 0] - x[:, 2]
    means = np.zeros(parts.max() + 1)
    for part in np.unique(parts):
        means[part] = value[parts == part].mean()
    low, high = means[np.unique(parts)].min(), means[np.unique(parts)].max()
    return np.round((means[parts] - low) / (high - low) * 1000)


def traits(images: np.ndarray, labels: np.ndarray, layers: list[str]) -> dict[str, np.ndarray]:
    """Each trait whose layer the set has: (count,)."""
    columns = {layer.lstrip("0123456789"): labels[:, i] for i, layer in enumerate(layers)}
    found = {name: np.isin(columns[layer], list(parts)) for name, (layer, parts) in PARTS.items() if layer in columns}
    return found | {
        name: colour(images, columns[layer], kind) for name, (layer, kind) in COLOURS.items() if layer in columns
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a composed set: images, labels, label_names")
    parser.add_argument("--count", type=int, default=6000, help="how many of its pictures (default 6000)")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    with np.load(asked.data) as file:
        images, labels = file["images"][: asked.count], file["labels"][: asked.count]
        found = traits(images, labels, [str(name) for name in file["label_names"]])
    columns = np.stack(list(found.values()), axis=1).astype(np.int16)
    np.savez_compressed(asked.out, images=images, labels=columns, label_names=np.array(list(found)))
    print(f"{len(images)} pictures: " + ", ".join(f"{name} {row.mean():.2f}" for name, row in found.items()))


if __name__ == "__main__":
    main()
