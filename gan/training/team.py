"""Processes that play one game together: each works through its share of every batch, and all go on from the means."""

import json
from collections.abc import Callable
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from gan.errors import StudioError
from gan.messages import say


class TeamBroken(StudioError):
    """Another process of the team has ended, whatever it said itself."""


class Team:
    """Process `rank` of `size`; rank 0 leads. A team of one waits for nobody and sends nothing.

    With more than one, torch.distributed must have been set up before (see gan/studio/runs/torchrun.py).
    """

    def __init__(self, rank: int, size: int) -> None:
        self.rank, self.size = rank, size

    @property
    def leads(self) -> bool:
        """Whether this process tells the others what to do."""
        return self.rank == 0

    def mean(self, tensors: list[Tensor]) -> None:
        """Replace floating-point tensors, alike in shape in all processes, by their means over the team.

        Raises TeamBroken.
        """
        if self.size == 1 or not tensors:
            return
        flat = torch.cat([t.detach().flatten() for t in tensors])
        _collective(dist.all_reduce, flat)
        flat /= self.size
        for tensor, mean in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
            tensor.detach().copy_(mean.view_as(tensor))

    def tell(self, order: str, **values: Any) -> None:
        """The lead's order to all others, who `hear` it; `values` as JSON can hold them. Raises TeamBroken."""
        if self.size > 1 and self.leads:
            letters = json.dumps([order, values]).encode()
            _collective(dist.broadcast, torch.tensor([len(letters)]), 0)
            _collective(dist.broadcast, torch.frombuffer(bytearray(letters), dtype=torch.uint8), 0)

    def hear(self) -> tuple[str, dict[str, Any]]:
        """Wait for what the lead tells next. Raises TeamBroken."""
        length = torch.zeros(1, dtype=torch.int64)
        _collective(dist.broadcast, length, 0)
        letters = torch.zeros(int(length), dtype=torch.uint8)
        _collective(dist.broadcast, letters, 0)
        order, values = json.loads(bytes(letters.tolist()))
        return order, values


ALONE = Team(0, 1)


def _collective(act: Callable[..., Any], *args: Any) -> None:
    try:
        act(*args)
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:
        raise TeamBroken(
            say("Another process of this training has ended."), say("What it said itself tells why.")
        ) from error
