"""What families of networks are called, for whoever lists or checks them without building any: see `registry`."""

from gan.errors import StudioError
from gan.messages import listed, say

FROM_SCRATCH = ("mlp", "dcgan", "stylegan2", "words", "sounds")  # those that one would start a new training with
ANY_CLASSES = ("mlp", "dcgan", "words", "sounds")  # those whose trained pairs go on with other classes: new_classes.py
FAMILY_NAMES = (*FROM_SCRATCH, "lightweight", "stack", "fastgan")


def check_family(name: str) -> None:
    """Raise StudioError where there is no family of that name."""
    if name not in FAMILY_NAMES:
        raise StudioError(
            say("There is no family of networks called {name!r}.", name=str(name)[:60]),
            say("The families are {names}.", names=listed(FAMILY_NAMES)),
        )
