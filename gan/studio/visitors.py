"""Visitors, as what they leave on disk names them."""

import hashlib


def digest(owner: str | None) -> str | None:
    """What is kept of a visitor's token: run folders are shown to others."""
    return None if owner is None else hashlib.sha256(owner.encode()).hexdigest()[:32]
