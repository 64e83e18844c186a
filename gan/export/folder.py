"""What every exported folder shares: it is written whole or not at all, and it holds the model's card."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from gan.errors import StudioError
from gan.export.words import UNTITLED
from gan.messages import say
from gan.store.files import cannot_read, link_or_copy, make_folder, write_bytes
from gan.store.model_config import CARD
from gan.store.passing import passing_folder
from gan.studio.library.loaded import Model

SAMPLES = "samples.webp"  # a picture that cards show
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@contextlib.contextmanager
def written_folder(folder: Path, last: str) -> Iterator[Path]:
    """An empty folder to fill in the block. What it holds is kept in `folder`, a new or an empty one, when the block
    ends, the file `last` at the end; nothing is where the block fails.

    Raises StudioError for a folder that holds something, before the block runs, and where the disk does not take it.
    """
    folder = Path(folder).absolute()
    check_empty(folder)
    with passing_folder(next(parent for parent in folder.parents if parent.is_dir()), ".exporting-") as part:
        yield part
        _keep(part, folder, last)


def check_empty(folder: Path) -> None:
    """Raise StudioError where a folder holds something already, or is none."""
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise cannot_read(str(folder), error) from error
    if taken:
        raise StudioError(say("{out} is there already.", out=folder), "Choose a new folder with --out.")


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
    return _FRONT_MATTER.sub("", card.read_text(encoding="utf-8")) if card.is_file() else f"# {title_of(model)}\n"


def copy_samples(model: Model, into: Path) -> None:
    """The picture that its card shows, where it has one."""
    if (samples := model.path / SAMPLES).is_file():
        write_bytes(into / SAMPLES, samples.read_bytes())


def _keep(part: Path, folder: Path, last: str) -> None:
    files = sorted((file for file in part.rglob("*") if file.is_file()), key=lambda file: file.name == last)
    kept: list[Path] = []
    try:
        for file in files:
            kept.append(folder / file.relative_to(part))
            make_folder(kept[-1].parent)
            link_or_copy(file, kept[-1])
    except BaseException:
        for file in kept:
            file.unlink(missing_ok=True)
        raise
