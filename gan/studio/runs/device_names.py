"""What devices are called."""

from collections.abc import Mapping

LENT = "lent"  # a graphics card that one function at a time is given: see worker/lent.py
LENDER = "SPACES_ZERO_GPU"  # the environment variable by which a Space of the Hub says that it has such a card


def with_number(name: str) -> str:
    """The whole name of a device: "cuda" is "cuda:0"."""
    return name if name in ("cpu", LENT) or ":" in name else f"{name}:0"


def is_lent(environment: Mapping[str, str]) -> bool:
    """Whether there is a graphics card, but only for functions that ask for it."""
    return environment.get(LENDER, "").lower() in ("1", "t", "true")
