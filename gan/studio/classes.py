"""Classes as people name them."""

from collections.abc import Sequence

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import listed, say


def usual_class(seed: int, count: int) -> int | None:
    """The class of a seed where nobody chose one: in turn, since the mixture of all classes looks like none of them."""
    return seed % count if count else None


def read_classes(text: str, model: str, names: Sequence[str], count: int) -> list[int | None]:
    """Classes by name or number, separated by commas; "none" is the mixture. A name may hold commas if it stands alone.

    names: the names that the model gives its `count` classes, or none. Raises StudioError for a class it has not got.
    """
    if not count:
        raise StudioError(say("{model} has no classes.", model=model), "Leave the class out.")
    numbers, named = {str(i): i for i in range(count)}, {name: i for i, name in enumerate(names)}
    known = {"none": None} | numbers | {name.casefold(): i for name, i in named.items()} | named
    parts = [text] if text in known else [part.strip() for part in text.split(",")]
    for part in parts:
        if part not in known and part.casefold() not in known:
            few = listed(names[:12]) if names else say("0 to {last}", last=count - 1)
            few = say("{names} and {count:,} more", names=few, count=len(names) - 12) if len(names) > 12 else few
            raise StudioError(
                say("{model} has no class {part}.", model=model, part=show(part)),
                say("Its classes are {names}.", names=few),
            )
    return [known[part] if part in known else known[part.casefold()] for part in parts]
