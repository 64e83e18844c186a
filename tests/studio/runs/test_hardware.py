"""What errors of memory look like."""

import pytest
import torch

from gan.errors import StudioError
from gan.studio.runs.hardware import device_choices, devices, find_device, is_out_of_memory, take_device


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("MPS backend out of memory (MPS allocated: 17.85 GB, other allocations: 1.2 MB)."),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB."),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:117] . DefaultCPUAllocator: can't allocate memory: "
            "you tried to allocate 9 bytes."
        ),
        RuntimeError(
            "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call."
        ),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
    ],
    ids=lambda error: str(error)[:30],
)
def test_memory_that_is_used_up(error):
    assert is_out_of_memory(error)


def test_a_real_one():
    with pytest.raises((RuntimeError, MemoryError)) as caught:
        torch.empty(2**60, dtype=torch.uint8)
    assert is_out_of_memory(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA error: an illegal memory access was encountered"),
        ValueError("out of memory"),
        RuntimeError("mat1 and mat2 shapes cannot be multiplied"),
    ],
)
def test_other_errors(error):
    assert not is_out_of_memory(error)


class Machine:
    """torch.accelerator of a machine with graphics cards of one kind."""

    def __init__(self, monkeypatch, kind: str, cards: int):
        monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda check_available=False: torch.device(kind))
        monkeypatch.setattr(torch.accelerator, "device_count", lambda: cards)


@pytest.mark.parametrize(
    "kind, cards, here, asked",
    [
        ("cuda", 1, ["cuda:0", "cpu"], {"auto": "cuda:0", "cuda": "cuda:0", "cpu": "cpu"}),
        ("cuda", 2, ["cuda:0", "cuda:1", "cpu"], {"auto": "cuda:0", "cuda:1": "cuda:1"}),
        ("mps", 1, ["mps:0", "cpu"], {"auto": "mps:0", "mps": "mps:0", "mps:0": "mps:0"}),
        ("xpu", 1, ["xpu:0", "cpu"], {"auto": "xpu:0", "xpu": "xpu:0"}),
    ],
)
def test_devices_of_other_machines(monkeypatch, kind, cards, here, asked):
    Machine(monkeypatch, kind, cards)
    assert devices() == here
    assert {name: find_device(name) for name in asked} == asked
    for name in ("abacus", "cuda:7", "", "cpu:1", "meta", "cuda:" * 99):
        with pytest.raises(StudioError, match="cannot be used here") as caught:
            find_device(name)
        assert ", ".join(["auto", *here]) in str(caught.value) and len(str(caught.value)) < 200


def test_a_machine_without_graphics_cards(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda check_available=False: None)
    assert devices() == ["cpu"] and find_device("auto") == "cpu" and take_device("auto") == torch.device("cpu")
    assert take_device("cpu", 3) == torch.device("cpu")  # of a team, each on the processor
    with pytest.raises(StudioError, match="Choose one of auto, cpu."):
        find_device("cuda")


def test_a_card_that_does_not_answer_is_said(monkeypatch):
    """There is none here, whatever this machine is made to say."""
    Machine(monkeypatch, "cuda", 2)
    for name, card in (("auto", None), ("cuda", 1), ("cuda:1", None)):
        with pytest.raises(StudioError, match=f"'cuda:{card or int(name == 'cuda:1')}' cannot be used here"):
            take_device(name, card)
    with pytest.raises(StudioError, match="'cuda:2' cannot be used here"):
        take_device("auto", 2)  # the third process of a team has no card


def test_the_device_is_a_setting_where_there_is_a_choice(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda check_available=False: None)
    assert device_choices() == {}
    Machine(monkeypatch, "mps", 1)
    told = device_choices()
    assert list(told) == ["auto", "mps:0", "cpu"] and told["mps:0"] == "Apple GPU." and "CPU thread" in told["cpu"]
