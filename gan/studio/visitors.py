"""Visitors: as what they leave on disk names them, and where they come from."""

import hashlib
from contextvars import ContextVar

_address: ContextVar[str] = ContextVar("address", default="")


AT_HOME = ("127.0.0.1", "::")  # the computer that the studio runs on, as doors/shares.py shortens addresses


def digest(owner: str | None) -> str | None:
    """What is kept of a visitor's token: run folders are shown to others."""
    return None if owner is None else hashlib.sha256(owner.encode()).hexdigest()[:32]


def comes_from(address: str) -> None:
    """What is asked from here on is asked from that address: see `address`."""
    _address.set(address)


def address() -> str:
    """Where whoever asks comes from, "" where it is nobody on the network.

    A visitor's token costs nothing, an address does: what each may have is counted by both. It is kept in memory only.
    """
    return _address.get()
