"""What comes with GAN Studio, wherever it lies."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_weights() -> Path:
    """The folder of the models in the box and of the feature network.

    It is weights/ beside gan/ in a checkout, and gan/weights/ in an installation, where pyproject.toml puts it.
    """
    installed = _PACKAGE / "weights"
    return installed if installed.is_dir() else _PACKAGE.parent / "weights"
