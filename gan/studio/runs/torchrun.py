"""The processes that `torchrun` started, as one team.

It tells each of them its place in environment variables (https://docs.pytorch.org/docs/stable/elastic/run.html); a
process that was started alone has none of them, and is a team of one.
"""

import contextlib
import datetime
import os
import sys
from collections.abc import Iterator

import torch
import torch.distributed as dist

from gan.training.team import ALONE, Team

# Others wait as long as the lead is paused; torchrun ends those who wait in vain.
_PATIENCE = datetime.timedelta(days=30)


@contextlib.contextmanager
def team_of_processes() -> Iterator[Team]:
    """In this block the processes can talk to each other. Small words go by the CPU, gradients by the fastest way
    there is.

    A process of a team ends with the block, where that ends well: then all is written and said, and PyTorch's own
    threads, when they are taken down one by one, abort the process now and then ("terminate called without an active
    exception").
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield ALONE
        return
    dist.init_process_group(_ways(), timeout=_PATIENCE)
    with contextlib.ExitStack() as broken:
        broken.callback(dist.destroy_process_group)
        yield Team(dist.get_rank(), size)
        dist.barrier()  # nobody leaves while another still listens
        broken.pop_all()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def own_card(team: Team) -> int | None:
    """The number of the graphics card of this process: each process of a team has one of its own."""
    return int(os.environ["LOCAL_RANK"]) if team.size > 1 else None


def _ways() -> str:
    """By which library the processes talk from processor to processor, and from card to card where each has its own.

    Each takes that card, else all of them would talk, and take memory, on the first.
    """
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if accelerator is None or torch.accelerator.device_count() < int(os.environ["LOCAL_WORLD_SIZE"]):
        return "gloo"
    torch.accelerator.set_device_index(int(os.environ["LOCAL_RANK"]))
    return f"cpu:gloo,{accelerator.type}:{dist.get_default_backend_for_device(accelerator)}"
