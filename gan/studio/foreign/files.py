"""Readers of foreign files."""

from pathlib import Path

from gan.errors import StudioError


def read_tree(path: Path, name: str) -> object:
    """What the file holds. Raises StudioError."""
    raise StudioError(f"{name} is in a format that is not read here.", "Give a GAN Studio model.")
