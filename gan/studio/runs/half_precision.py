"""Whether bfloat16 pays on this machine: many processors take it, and compute in it twenty times more slowly."""

import functools
import time

import torch
from torch.nn.functional import conv2d

from gan.messages import Message, say
from gan.studio.runs.hardware import devices, has_no_card

COARSE = "bfloat16"
_WORTH = 1.2  # how many times as fast it has to be to be proposed: what is tried is not quite what is trained
_TRIED = ("dcgan", "stylegan2", "sounds")  # families that were trained in it, and came out as good
_TURNS = 3  # of each, of which the fastest counts: others may be at work


def gain_sentence(times: float) -> Message:
    """What came of trying: bfloat16 is so many times as fast as float32."""
    if times >= 1:
        return say("bfloat16 is {times:.1f} times as fast as float32 here.", times=times)
    return say(
        "bfloat16 is {times:.1f} times slower than float32 here: this processor has no units for it. Choose float32.",
        times=1 / times,
    )


def pays(device: str) -> bool:
    """Whether a device computes faster in bfloat16 than in float32."""
    if device == "cpu":
        return processor_gain() > 1
    return not device.startswith("cuda") or torch.cuda.is_bf16_supported(including_emulation=False)


def is_proposed(family: str) -> bool:
    """Whether a run of a family of networks is proposed in bfloat16 where nobody has chosen a device: on a processor
    that gains by it. How graphics cards do was not measured."""
    return family in _TRIED and has_no_card() and processor_gain() >= _WORTH


def pays_anywhere() -> bool:
    """Whether any device of this machine does."""
    return any(pays(device) for device in devices())


@functools.cache
def processor_gain() -> float:
    """How many times as fast this processor trains a convolution in bfloat16, tried once: 0.03 to 0.3 s."""
    shortest = {dtype: float("inf") for dtype in (torch.float32, torch.bfloat16)}
    for _ in range(_TURNS):
        for dtype in shortest:
            shortest[dtype] = min(shortest[dtype], _seconds(dtype))
    return shortest[torch.float32] / shortest[torch.bfloat16]


def _seconds(dtype: torch.dtype) -> float:
    """Of a convolution and its slopes, with as many maps as small networks have."""
    x = torch.full((8, 32, 32, 32), 0.5, dtype=dtype).to(memory_format=torch.channels_last)
    weight = torch.full((32, 32, 3, 3), 0.5, dtype=dtype, requires_grad=True)
    began = time.perf_counter()
    conv2d(x, weight, padding=1).sum().backward()
    return time.perf_counter() - began
