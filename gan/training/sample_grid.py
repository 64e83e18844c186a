"""The pictures of a run's grid: latents that stay the same from the first step to the last."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.latents.sampling import seeds_to_z, truncate
from gan.networks.contract import Generator


@dataclass(frozen=True, eq=False)
class GridLatents:
    """n pictures as their latents, which any generator of the same kind can paint.

    z (n, z_dim); c (n, num_classes), None without classes; psi (n,) their truncation; move (n, num_ws, w_dim) how far
    each is moved in w after that, None where none is.
    """

    z: Tensor
    c: Tensor | None
    psi: Tensor
    move: Tensor | None = None

    def __len__(self) -> int:
        return len(self.z)

    def __getitem__(self, rows: slice) -> "GridLatents":
        return self._each(lambda part: part[rows])

    def to(self, device: torch.device) -> "GridLatents":
        """The same on another device."""
        return self._each(lambda part: part.to(device))

    def _each(self, change: Callable[[Tensor], Tensor]) -> "GridLatents":
        c, move = (None if part is None else change(part) for part in (self.c, self.move))
        return GridLatents(change(self.z), c, change(self.psi), move)

    def then(self, more: "GridLatents") -> "GridLatents":
        """These pictures, and those of `more` behind them."""
        c = None if self.c is None or more.c is None else torch.cat([self.c, more.c])
        moves = [some.move for some in (self, more) if some.move is not None]
        if moves:
            still = moves[0].new_zeros(1, *moves[0].shape[1:])
            moves = [still.expand(len(some), -1, -1) if some.move is None else some.move for some in (self, more)]
        return GridLatents(
            torch.cat([self.z, more.z]), c, torch.cat([self.psi, more.psi]), torch.cat(moves) if moves else None
        )

    def paint(self, generator: Generator) -> Tensor:
        """x (n, *image_shape), with the noise that is stored with the weights."""
        w = generator.mapping(self.z, self.c)
        w = truncate(w, generator.center(self.c), self.psi)
        return generator.synthesis(w if self.move is None else w + self.move)

    def check_fit(self, generator: Generator) -> None:
        """Raise StudioError where that generator takes other latents."""
        g, n = generator, len(self)
        wanted = ((n, g.z_dim), (n, g.num_classes) if g.num_classes else None, (n,), (n, g.num_ws, g.w_dim))
        shapes = [None if part is None else tuple(part.shape) for part in self._parts()]
        if shapes != [*wanted[:3], None if self.move is None else wanted[3]]:
            raise StudioError(
                "The pictures pinned for the grid were made with another kind of generator.",
                "Start the run without them.",
            )

    def _parts(self) -> tuple[Tensor | None, ...]:
        return self.z, self.c, self.psi, self.move


def first_seeds(n: int, generator: Generator) -> GridLatents:
    """Seeds 0, 1, 2, ... as the field's tools draw them, untruncated; classes in turn."""
    count = generator.num_classes
    c = torch.eye(count)[torch.arange(n) % count] if count else None
    return GridLatents(seeds_to_z(range(n), generator.z_dim), c, torch.ones(n))
