"""What every exported folder shares: the model's card and its picture."""

import re
from pathlib import Path

from gan.export.words import UNTITLED
from gan.store.files import write_bytes
from gan.store.model_config import CARD
from gan.studio.library.model import Model

SAMPLES = "samples.webp"  # a picture that cards show
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def title_of(model: Model) -> str:
    """The model's title in one line."""
    return " ".join(model.config.title.split()) or str(UNTITLED)


def terms_of(model: Model) -> str:
    """Its licence, its data and where it came from, as Markdown."""
    config = model.config
    origin = f"- Origin: {config.origin}\n" if config.origin else ""
    licence, data = config.licence or "not said", config.data or "not said"
    return f"- Licence of the weights: {licence}\n- Learnt from: {data}\n{origin}"


def card_of(model: Model) -> str:
    """The model's own README.md, without what it says to the Hub."""
    card = model.path / CARD
    if not card.is_file():
        return f"# {title_of(model)}\n"
    return _FRONT_MATTER.sub("", card.read_text(encoding="utf-8", errors="replace"))


def copy_samples(model: Model, into: Path) -> None:
    """The picture that its card shows, where it has one."""
    if (samples := model.path / SAMPLES).is_file():
        write_bytes(into / SAMPLES, samples.read_bytes())
