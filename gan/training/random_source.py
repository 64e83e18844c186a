"""Random numbers of a batch that is worked through in parts: every part sees the draws that the whole batch would
see."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class RandomSource:
    """Draws for part `part` of `parts` equal ones of a batch, which holds every `parts`-th row of it: part, part +
    parts, ...

    Shapes begin with the rows of this part; numbers are drawn for the rows of all parts and the others' are left out.
    So one generator in one state gives to all parts together what it would give to the batch in one piece. Every
    `parts`-th row, and not neighbours, because the minibatch standard deviation compares row i with row i + n / size:
    where that size divides a part, too (with 4, parts of 4, 8, 12, ...), the groups are those of the whole batch.
    """

    generator: torch.Generator
    part: int = 0
    parts: int = 1
    total: int | None = None  # rows of the whole batch where the parts need not be equal

    def rand(self, *shape: int) -> Tensor:
        """Numbers in [0, 1)."""
        return self._mine(torch.rand(self._whole(shape), generator=self.generator, device=self.generator.device))

    def randn(self, *shape: int) -> Tensor:
        """Numbers ~ N(0, 1)."""
        return self._mine(torch.randn(self._whole(shape), generator=self.generator, device=self.generator.device))

    def randint(self, low: int, high: int, *shape: int) -> Tensor:
        """Whole numbers from `low` to `high` - 1."""
        whole = torch.randint(low, high, self._whole(shape), generator=self.generator, device=self.generator.device)
        return self._mine(whole)

    def another(self, total: int) -> "RandomSource":
        """For the same part of another batch, of `total` rows. A part without any may leave it: all parts go on
        alike."""
        seed = torch.randint(2**62, (), generator=self.generator, device=self.generator.device)
        return RandomSource(torch.Generator(self.generator.device).manual_seed(int(seed)), self.part, self.parts, total)

    @property
    def rows(self) -> int:
        """How many rows of `total` this part holds."""
        assert self.total is not None, "only `another` says how many rows there are"
        return len(range(self.part, self.total, self.parts))

    def _whole(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        return self.total or shape[0] * self.parts, *shape[1:]

    def _mine(self, whole: Tensor) -> Tensor:
        return whole[self.part :: self.parts] if self.parts > 1 else whole
