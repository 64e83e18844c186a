"""The model that a measurement is asked for: a folder, or the name of one in weights/."""

from pathlib import Path

from gan.networks.contract import Generator
from gan.store.model_folder import load_generator, read_config

_WEIGHTS = Path(__file__).resolve().parents[2] / "weights"


def home_of(name: str) -> Path:
    """Where it is."""
    shipped = _WEIGHTS / name
    return shipped if shipped.is_dir() else Path(name).resolve()


def generator_of(name: str) -> Generator:
    """Its generator, ready to paint."""
    home = home_of(name)
    return load_generator(home, read_config(home, name), name)
