"""Training samples as one tensor."""

from dataclasses import dataclass

import torch
from torch import Tensor

from gan.training.random_source import RandomSource


@dataclass
class Samples:
    """x: uint8 pictures (n, channels, height, width), float points (n, k), or one-hot words, bool (n, symbols, places).
    Sounds are pictures, too: spectrograms, uint8 (n, 1, bands, columns).

    labels: class numbers (n,) or None. symbols: the characters that words are written with, one for each row. sounds:
    whether they are sounds.
    """

    x: Tensor
    labels: Tensor | None = None
    num_classes: int = 0
    symbols: str = ""
    sounds: bool = False

    @property
    def makes(self) -> str:
        """What a family must make to learn from them: a name in gan/kinds/table.py, "picture" also for points."""
        return "text" if self.symbols else "sound" if self.sounds else "picture"

    def __len__(self) -> int:
        return len(self.x)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one sample: (channels, height, width) (k,) or (symbols, places)."""
        return tuple(self.x.shape[1:])

    def to(self, device: torch.device) -> "Samples":
        """The same on another device."""
        labels = None if self.labels is None else self.labels.to(device)
        return Samples(self.x.to(device), labels, self.num_classes, self.symbols, self.sounds)

    def draw(self, n: int, rng: RandomSource) -> tuple[Tensor, Tensor | None]:
        """n samples with replacement, in [-1, 1] or as they are, and their one-hot classes (n, num_classes) or None."""
        rows = rng.randint(0, len(self.x), n)
        x = self.x[rows]
        return (x.float() / 127.5 - 1 if x.dtype == torch.uint8 else x.float()), self._one_hot(rows)

    def draw_classes(self, n: int, rng: RandomSource) -> Tensor | None:
        """One-hot classes as often as the data has them, (n, num_classes), or None."""
        if not self.num_classes:
            return None
        return self._one_hot(rng.randint(0, len(self.x), n))

    def _one_hot(self, rows: Tensor) -> Tensor | None:
        if not self.num_classes or self.labels is None:
            return None
        return torch.nn.functional.one_hot(self.labels[rows], self.num_classes).float()
