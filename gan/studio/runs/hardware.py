"""What this machine has and uses: processors, memory, devices."""

import os
from pathlib import Path

import torch

NOT_ENOUGH = "There is not enough memory"  # how the sentence begins with which training ends for want of it

_OUT_OF_MEMORY = (
    "can't allocate memory",  # PyTorch on the CPU
    "CUDA error: out of memory",  # the driver, for what it needs itself
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
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


def device_name(device: torch.device) -> str:
    """A device in words."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return f"{threads} CPU thread{'s' if threads > 1 else ''}"


def finish_work(device: torch.device) -> None:
    """Wait until the device has done all that it was given: only then does a clock tell what took how long."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def memory(device: torch.device) -> int:
    """Bytes in use: of the graphics card where there is one, else of this process; 0 where nobody can tell."""
    if device.type == "cuda":
        return torch.cuda.max_memory_reserved(device)
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def peak_memory(device: torch.device) -> int:
    """The most bytes that were in use at any time, likewise."""
    if device.type == "cuda":
        return torch.cuda.max_memory_reserved(device)
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory is used up; PyTorch has a type of its own only for that of its own
    allocator."""
    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or (
        isinstance(error, RuntimeError) and any(text in str(error) for text in _OUT_OF_MEMORY)
    )
