"""What this machine has and uses: processors, memory, devices."""

import os
from pathlib import Path

import torch

from gan.errors import StudioError
from gan.messages import listed, say, say_n
from gan.studio.runs.device_names import is_lent, with_number

NOT_ENOUGH = say("There is not enough memory")  # how the sentence begins with which training ends for want of it

_OUT_OF_MEMORY = (
    "can't allocate memory",  # PyTorch on the CPU
    "MPS backend out of memory",
    "CUDA error: out of memory",  # the driver, for what it needs itself
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
    "UR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY",  # Intel's
    "UR_RESULT_ERROR_OUT_OF_RESOURCES",
)
_MOST_THREADS = 8  # small networks gain nothing from more


def idle_threads() -> int:
    """Threads for a run beside a page that renders with one: two that share a core are many times slower than one."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        cores = os.cpu_count() or 1
    given = os.environ.get("CPU_CORES", "")  # what a Space says that it may use
    cores = min(cores, int(given)) if given.isdigit() and int(given) else cores
    return max(1, min(_MOST_THREADS, cores - 1))


def devices() -> list[str]:
    """What can compute here, the fastest first: "cuda:0", "cuda:1" and "cpu", or "mps:0" and "cpu", or "cpu" alone.

    A card that is lent to functions only (see worker/lent.py) is none of them, although PyTorch is told otherwise.
    """
    if is_lent(os.environ):
        return ["cpu"]
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if accelerator is None:
        return ["cpu"]
    return [f"{accelerator.type}:{card}" for card in range(torch.accelerator.device_count())] + ["cpu"]


def has_no_card() -> bool:
    """Whether a run computes on the processor where nobody has chosen: not where a card is lent to it."""
    return devices() == ["cpu"] and not is_lent(os.environ)


def device_choices() -> dict[str, str]:
    """What a run may be told to compute on, with a sentence each; empty where there is nothing to choose."""
    here = devices()
    if len(here) == 1:
        return {}
    named: dict[str, str] = {name: say("{device}.", device=device_name(torch.device(name))) for name in here}
    return {"auto": say("The graphics card that has the fewest runs to do.")} | named


def find_device(name: str) -> str:
    """One of `devices` by what people call it: "auto" for the fastest, "cuda" or "mps" for the first of its kind.

    Raises StudioError for one that is not here.
    """
    here = devices()
    found = here[0] if name == "auto" else with_number(name)
    if found not in here:
        raise StudioError(
            say("The device {name!r} cannot be used here.", name=name[:40]),
            say("Choose one of {names}.", names=listed(["auto", *here])),
        )
    return found


def take_device(name: str, card: int | None = None) -> torch.device:
    """The device of this process from here on; `card` is the number of its own where it is one of a team.

    Raises StudioError where it cannot be used.
    """
    name = find_device(name)
    if card is not None and name != "cpu":
        name = find_device(f"{name.partition(':')[0]}:{card}")
    device = torch.device(name)
    try:
        torch.zeros(1, device=device)
        if device.type != "cpu":
            torch.accelerator.set_device_index(device)
    except (RuntimeError, AssertionError) as error:
        raise StudioError(say("The device {name!r} cannot be used here.", name=name), "Try --device cpu.") from error
    torch.backends.cudnn.benchmark = device.type == "cuda"
    return device


def device_name(device: torch.device) -> str:
    """A device in words: what its maker calls it where PyTorch knows."""
    if device.type == "cpu":
        threads = torch.get_num_threads()
        return say_n("{n} CPU thread", "{n} CPU threads", threads)
    if device.type == "mps":
        return "Apple GPU"
    name_of = getattr(torch.get_device_module(device), "get_device_name", str)
    return name_of(device)


def finish_work(device: torch.device) -> None:
    """Wait until the device has done all that it was given: only then does a clock tell what took how long."""
    if device.type != "cpu":
        torch.accelerator.synchronize(device)


def memory(device: torch.device) -> int:
    """Bytes in use: of the graphics card where there is one, else of this process; 0 where nobody can tell."""
    if device.type != "cpu":
        return _reserved(device)
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def peak_memory(device: torch.device) -> int:
    """The most bytes that were in use at any time, likewise."""
    if device.type != "cpu":
        return _reserved(device)
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def _reserved(device: torch.device) -> int:
    """The most bytes that PyTorch took of a graphics card; of Apple's, which keep no such count, those it has now."""
    tools = torch.get_device_module(device)
    if hasattr(tools, "max_memory_reserved"):
        return tools.max_memory_reserved(device)
    return tools.driver_allocated_memory() if hasattr(tools, "driver_allocated_memory") else 0


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory is used up; PyTorch has a type of its own only for that of its own
    allocator."""
    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or (
        isinstance(error, RuntimeError) and any(text in str(error) for text in _OUT_OF_MEMORY)
    )
