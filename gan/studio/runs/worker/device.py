"""What a worker computes on."""

import torch

from gan.studio.runs.hardware import take_device
from gan.studio.runs.torchrun import own_card
from gan.training.team import Team


def set_up(name: str, threads: int | None, team: Team) -> torch.device:
    """The device of this process, "auto" for the graphics card where there is one, with as many processor threads as
    were asked for. Raises StudioError where it cannot be used."""
    if threads:
        torch.set_num_threads(threads)
    return take_device(name, own_card(team))
