"""The weights of modules that were pickled whole: their tensors by dotted names, as their state_dict would have named
them."""

from collections.abc import Iterator
from typing import Any

from gan.errors import StudioError
from gan.foreign.found import Inert, Stored
from gan.messages import say

_MOST_NAMES = 100_000  # of modules and tensors
LONGEST = 1000  # letters of a name
_GROUPS = ("_parameters", "_buffers", "_modules")
_PERSISTENT = "torch_utils.persistence._reconstruct_persistent_obj"


def persistent(thing: object) -> tuple[str, dict] | None:
    """(class, what it holds) of an object that carries its own source text, as those of StyleGAN2-ADA and StyleGAN3 do.

    Held are _parameters, _buffers, _modules, and _init_args and _init_kwargs, which it was made with. None for whatever
    else. (torch_utils/persistence.py of NVlabs/stylegan2-ada-pytorch.)
    """
    match thing:
        case Inert(name=name, args=({"class_name": str(word), "state": dict(state)},)) if name == _PERSISTENT:
            return word, state
    return None


def held(thing: object) -> dict | None:
    """What an object of the module kind holds, by attributes; None for what is no module."""
    found = persistent(thing)
    state = found[1] if found else thing.state if isinstance(thing, Inert) else None
    return state if isinstance(state, dict) and isinstance(state.get("_modules"), dict) else None


def module_table(thing: object) -> dict[str, Stored]:
    """Every parameter and buffer in a module and in the modules within it: "synthesis.b4.conv1.weight" and the like.

    Buffers that are not saved are left out, and a module that lies in itself is followed once. Raises StudioError for
    what is no module, and where there are more than 100,000 names, or one of more than 1,000 letters.
    """
    if held(thing) is None:
        raise StudioError(
            say("{thing} is not a module with weights.", thing=_called(thing)), "Choose a file with a generator in it."
        )
    return module_tables({"": thing})


def module_tables(modules: dict[str, Any]) -> dict[str, Stored]:
    """The same of several modules, each by the start of its names: all of them together may have as many names as
    one."""
    table: dict[str, Stored] = {}
    waiting: list[tuple[str, dict, tuple[int, ...]]] = [
        (root, state, ()) for root, module in reversed(modules.items()) if (state := held(module)) is not None
    ]
    seen = 0
    while waiting:
        prefix, state, above = waiting.pop()
        seen += 1 + sum(len(state[group]) for group in _GROUPS if isinstance(state.get(group), dict))
        if seen > _MOST_NAMES or len(prefix) > LONGEST:
            raise StudioError(
                say(
                    "The object {modules!r} consists of more modules than any generator has.",
                    modules=_root(modules, prefix),
                ),
                "It is damaged, or made to do harm.",
            )
        table.update((prefix + word, tensor) for word, tensor in _own(state))
        above = (*above, id(state))
        inner = [
            (f"{prefix}{word}.", held(module)) for word, module in state["_modules"].items() if isinstance(word, str)
        ]
        waiting += [
            (name, module, above) for name, module in reversed(inner) if module is not None and id(module) not in above
        ]
    return table


def _own(state: dict) -> Iterator[tuple[str, Stored]]:
    unsaved = state.get("_non_persistent_buffers_set")
    unsaved = {word for word in unsaved if isinstance(word, str)} if isinstance(unsaved, (list, tuple)) else set()
    for tensors, left_out in ((state.get("_parameters"), set()), (state.get("_buffers"), unsaved)):
        for word, tensor in tensors.items() if isinstance(tensors, dict) else ():
            if isinstance(word, str) and isinstance(tensor, Stored) and word not in left_out:
                yield word, tensor


def _called(thing: object) -> str:
    return say("The object {name!r}", name=thing.name[-60:]) if isinstance(thing, Inert) else say("What was found")


def _root(modules: dict[str, Any], prefix: str) -> str:
    """What the class of the module is called in which names start with `prefix`."""
    return next(module.name for root, module in modules.items() if prefix.startswith(root))[-60:]
