"""Adaptive augmentation (Karras et al. 2020, "Training generative adversarial networks with limited data", section 3).

A discriminator that learns few pictures by heart is ever surer of them. So the share p of pictures that are changed
grows while the mean sign of its logits for training pictures lies above a target, and shrinks below it.
"""

from typing import Any

import torch
from torch import Tensor

from gan.training.config import TrainConfig

EVERY = 4  # updates of the discriminator between two looks


class Ada:
    """What adapts: `p`, from 0 to augment_p, and what was seen of the discriminator since the last look."""

    def __init__(self, device: torch.device | str) -> None:
        self.p = 0.0
        self._right = torch.zeros([], device=device)  # shares of training pictures that it judged rightly, summed
        self._updates = 0

    def see(self, right: Tensor, config: TrainConfig) -> None:
        """After an update in which a share `right` of the training pictures was judged rightly; nothing where p is
        fixed.

        The mean sign of the logits is 2 right - 1. p moves by as much as takes it from 0 to 1 in ada_kimg.
        """
        if not config.ada_target:
            return
        self._right += right
        self._updates += 1
        if self._updates == EVERY:
            sign = 2 * float(self._right) / EVERY - 1
            towards = (sign > config.ada_target) - (sign < config.ada_target)
            p = self.p + towards * EVERY * config.batch_size / (config.ada_kimg * 1000)
            self.p = min(max(p, 0.0), config.augment_p)
            self._right.zero_()
            self._updates = 0

    def share(self, config: TrainConfig) -> float:
        """To which share of the pictures each change is made now; 0 where there are no changes."""
        if not config.changes:
            return 0.0
        return min(self.p, config.augment_p) if config.ada_target else config.augment_p

    def state_dict(self) -> dict[str, Any]:
        """All that the next update depends on, as plain values and a tensor."""
        return dict(p=self.p, right=self._right, updates=self._updates)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """The inverse of `state_dict`."""
        self.p, self._updates = state["p"], state["updates"]
        self._right.copy_(state["right"])
