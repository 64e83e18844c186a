"""A folder that a person names: written whole or not at all, and never over something."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import cannot_read, link_or_copy, make_folder
from gan.store.passing import passing_folder


@contextlib.contextmanager
def written_folder(folder: Path, last: str) -> Iterator[Path]:
    """An empty folder to fill in the block. What it holds is kept in `folder`, a new or an empty one, when the block
    ends, the file `last` at the end; nothing is where the block fails.

    Raises StudioError for a folder that holds something, before the block runs, and where the disk does not take it.
    """
    folder = Path(folder).absolute()
    check_empty(folder)
    with passing_folder(next(parent for parent in folder.parents if parent.is_dir()), ".part-") as part:
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
