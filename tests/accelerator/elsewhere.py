"""A device that is not the CPU, made of Python: what lies on it is refused where a graphics card would refuse it.

PyTorch lets one device be added ("privateuse1", here called "elsewhere"). Its tensors hold an ordinary one and compute
with it, so that numbers are real: nothing is skipped, as with "meta" or fake tensors, where a program reads a value.
Everything that reaches PyTorch's operators is looked at on the way:

- tensors of two devices in one operation are refused, but for copies and numbers (tensors without dimensions);
- float64 is refused, which Apple's graphics cards have not;
- random numbers are drawn by a generator of the device itself;
- memory of the device is no numpy array.

`operators` are the names of all that was done there. A device is added to a process for good, and before its first
backward pass: use this in a process of its own.
"""

import functools

import torch
from torch.utils._pytree import tree_flatten, tree_map, tree_unflatten
from torch.utils.backend_registration import _DummyBackendModule, _setup_privateuseone_for_python_backend

NAME = "elsewhere"
DEVICE = torch.device("cpu")  # until `add`
operators: set[str] = set()

_COARSE = (
    torch.ops.aten.linear.default,
    torch.ops.aten.conv2d.default,
    torch.ops.aten.conv_transpose2d.input,
    torch.ops.aten.matmul.default,
    torch.ops.aten.mm.default,
    torch.ops.aten.bmm.default,
    torch.ops.aten.addmm.default,
    torch.ops.aten.baddbmm.default,
)
_all_others = torch.library.Library("_", "IMPL")
_CPU = torch.device("cpu")
_COPIES = {"aten::_to_copy", "aten::to", "aten::copy_"}
_DOUBLE = (torch.float64, torch.complex128)
_library = torch.library.Library("aten", "IMPL")
_BEGINNINGS = (  # what needs no tensor of the device to begin with; torch.zeros and all the others are made of these
    torch.ops.aten.empty.memory_format,
    torch.ops.aten.empty_strided.default,
    torch.ops.aten._to_copy.default,
    torch.ops.aten.copy_.default,
)
_PlainGenerator = torch.Generator
_generators: dict[int, torch.Generator] = {}  # those of the device


class Elsewhere(torch.Tensor):
    """A tensor that says that it is on the device; `inner` lies on the CPU."""

    inner: torch.Tensor
    __torch_function__ = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, inner: torch.Tensor):
        if inner.dtype in _DOUBLE:
            raise TypeError(f"This device has no {inner.dtype}.")
        with torch.inference_mode(inner.is_inference()):  # a view of a weight is none that was made there
            made = torch.Tensor._make_wrapper_subclass(
                cls,
                inner.size(),
                strides=inner.stride(),
                storage_offset=inner.storage_offset(),
                dtype=inner.dtype,
                layout=inner.layout,
                device=DEVICE,
            )
        made.inner = inner
        return made

    def tolist(self):
        """Which PyTorch gives for every device, but not for tensors made of Python."""
        return self.cpu().tolist()

    @classmethod
    def __torch_dispatch__(cls, operator, types, args=(), kwargs=None):
        return _act(operator, args, kwargs or {})


class _Generator(torch.Generator):
    """torch.Generator("elsewhere"), which draws the numbers of one on the CPU."""

    def __new__(cls, device="cpu"):
        if torch.device(device).type != NAME:
            return super().__new__(_PlainGenerator, device)
        made = super().__new__(cls, "cpu")
        _generators[made._cdata] = made  # operators are given a copy of the object, but not of what it stands for
        return made

    @property
    def device(self) -> torch.device:
        return DEVICE


class _Module(_DummyBackendModule):
    """torch.elsewhere, as torch.cuda."""

    def get_amp_supported_dtype(self) -> list[torch.dtype]:
        return [torch.bfloat16, torch.float16]

    def synchronize(self, device=None) -> None:
        pass


def add() -> torch.device:
    """Add the device to this process."""
    global DEVICE
    _setup_privateuseone_for_python_backend(NAME, backend_module=_Module())
    DEVICE = torch.device(NAME, 0)
    torch.Generator = _Generator
    torch.accelerator.synchronize = lambda device=None: None  # everything is done at once here
    for operator in _BEGINNINGS:
        _library.impl(operator, functools.partial(_begin, operator), "PrivateUse1")
    for operator in _COARSE:
        _library.impl(operator, functools.partial(_coarse, operator), "AutocastPrivateUse1")
    _all_others.fallback(torch.library.fallthrough_kernel, "AutocastPrivateUse1")
    return DEVICE


def _coarse(operator, *args, **numbers):
    """What autocast does to the operators that it makes faster."""
    coarse = torch.get_autocast_dtype(NAME)
    with torch.autocast(NAME, enabled=False):
        return operator(*(value.to(coarse) if isinstance(value, torch.Tensor) else value for value in args), **numbers)


def _begin(operator, *args, **kwargs):
    return _act(operator, args, kwargs)


def _act(operator, args, kwargs):
    """One operation, wherever it belongs."""
    name = operator._schema.name
    values, shape = tree_flatten((args, kwargs))
    there = [value for value in values if isinstance(value, Elsewhere)]
    asked = [value for value in values if isinstance(value, torch.device)]
    target = (asked or [tensor.device for tensor in there] or [_CPU])[0]
    if not there and target.type != NAME:
        return operator(*args, **kwargs)
    operators.add(f"{name}.{operator._schema.overload_name}".rstrip("."))
    _refuse_mistakes(name, values, target)
    args, kwargs = tree_unflatten([_on_cpu(value) for value in values], shape)
    known = {id(tensor.inner): tensor for tensor in there}
    stays = target.type == NAME or name == "aten::copy_"

    def wrapped(value):
        if not stays or not isinstance(value, torch.Tensor):
            return value
        return known[id(value)] if id(value) in known else Elsewhere(value)

    return tree_map(wrapped, operator(*args, **kwargs))


def _on_cpu(value):
    """What is passed on instead of a value of the device."""
    return value.inner if isinstance(value, Elsewhere) else _CPU if isinstance(value, torch.device) else value


def _refuse_mistakes(name: str, values: list, target: torch.device) -> None:
    for value in values:
        plain = isinstance(value, torch.Tensor) and not isinstance(value, Elsewhere)
        if plain and value.dim() and name not in _COPIES:
            raise RuntimeError(f"{name}: expected all tensors to be on {DEVICE}, but found one on {value.device}.")
        if isinstance(value, _PlainGenerator) and value._cdata not in _generators:
            raise RuntimeError(f"{name}: a generator of {value.device} draws no numbers for {target}.")
