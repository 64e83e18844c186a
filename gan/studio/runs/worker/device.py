"""What a worker computes on."""

import torch

from gan.errors import StudioError
from gan.messages import say
from gan.studio.runs.torchrun import own_card
from gan.training.team import Team


def set_up(name: str, threads: int | None, team: Team) -> torch.device:
    """The device of this process, "auto" for the graphics card where there is one, with as many processor threads as
    were asked for. Raises StudioError where it cannot be used."""
    if threads:
        torch.set_num_threads(threads)
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda":
        name = own_card(team)
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise StudioError(say("The device {name!r} cannot be used here.", name=name), "Try --device cpu.") from error
    if device.type == "cuda":
        torch.backends.cudnn.benchmark = True
    return device
