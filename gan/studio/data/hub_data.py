"""Training pictures from a dataset on the Hugging Face Hub: the picture files and zips of its repository, or those in
its parquet tables where it has no others.

    files = fetch_pictures(Hub(), "user/name", None, into=run / "fetched")
    report = intake(files, into=run / "data", side=64)

Nothing of a dataset is run.
"""

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.hf_api import RepoSibling

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import link_or_copy, make_folder, read_table, write_json
from gan.studio.data.hub_choice import choose
from gan.studio.data.parquet_tables import ENDING, pictures_of_tables
from gan.studio.hub.client import Hub, Progress, commit_of
from gan.studio.hub.refusals import (
    DATASET,
    MODEL,
    UNREACHABLE,
    check_id,
    is_commit,
    is_unwell,
    sentence,
    split_revision,
)

_HOSTS = ("huggingface.co", "www.huggingface.co", "hf.co")
_PLACE = re.compile(r"datasets/([^/]+/[^/]+)(?:/tree/([^/]+)(/.*)?)?/?")
_NOTE = ".gan-studio.json"  # beside the files of a commit in the cache: the names and sizes of all it has
TABLES = "pictures.zip"  # what the pictures of tables are called
_LFS = b"version https://git-lfs"


class Fetched(list):
    """Paths of the files that were fetched, and what is said of them: `left_out` are sentences on the others, `id` is
    the dataset's and `commit` the sha of the one commit that all are from."""

    def __init__(self, paths: Iterable[Path], id: str, commit: str, left_out: tuple[str, ...]):
        super().__init__(paths)
        self.id, self.commit, self.left_out = id, commit, left_out


def fetch_pictures(
    hub: Hub, dataset: str, revision: str | None, into: Path, progress: Progress | None = None
) -> Fetched:
    """The pictures and zips of a dataset as files below `into`, for gan.studio.intake.intake.

    `dataset` is user/name, user/name@revision or the address of its page. At most 2,000 files and 1 GB are fetched, by
    way of the cache: a commit that is there needs no network, a branch one question, or, where the Hub cannot be
    reached, is taken as it was last seen. `progress` is told on this thread, and ends it by raising. Raises
    StudioError.
    """
    source = read_dataset_id(dataset, revision)
    progress = progress or (lambda fraction, text: None)
    progress(0.0, say("Asking the Hub for {id}", id=source.id))
    commit, sizes, is_here = _listing(hub, source)
    chosen, left_out = choose(source.id, sizes, source.folder)
    # What is here already is asked for by its commit, which makes no request.
    paths = hub.download(DATASET, source.id, commit if is_here else source.revision, commit, chosen, progress)
    if not is_here:
        _note(paths[0], next(iter(chosen)), sizes)
    if all(map(_is_pointer, paths)):
        raise StudioError(
            say("{id} holds Git LFS pointers in place of its pictures.", id=source.id),
            "Its author has to upload the pictures themselves: choose another dataset.",
        )
    if all(path.name.lower().endswith(ENDING) for path in paths):
        zip_file = make_folder(into) / TABLES
        said = pictures_of_tables(source.id, paths, zip_file, progress)
        return Fetched([zip_file], source.id, commit, (*left_out, *said))
    # Links in the cache become files; a folder for each, since names may come twice and disks may not tell A from a.
    own = [link_or_copy(path, make_folder(into / f"{i:04d}") / path.name) for i, path in enumerate(paths)]
    return Fetched(own, source.id, commit, left_out)


@dataclass(frozen=True)
class HubDataset:
    """A dataset on the Hub, and the folder in it to look in: "", or its path with a slash behind."""

    id: str
    revision: str
    folder: str = ""


def read_dataset_id(dataset: str, revision: str | None = None) -> HubDataset:
    """What a person gave for a dataset. Raises StudioError; nothing is asked."""
    name, folder = dataset.strip(), ""
    if name.startswith("datasets/"):
        name = f"{_HOSTS[0]}/{name}"
    if "://" in name or name.partition("/")[0].lower() in _HOSTS:
        name, written, folder = _read_address(name)
        if written and revision not in (None, written):
            raise StudioError(
                say(
                    "The address already names the revision {written!r}, and {revision!r} was asked for.",
                    written=written,
                    revision=revision,
                ),
                "Give only one of them.",
            )
        revision = written or revision
    name, revision = split_revision(name, revision)
    revision = "main" if revision is None else revision
    check_id(name, revision, DATASET)
    return HubDataset(name, revision, folder)


def _read_address(address: str) -> tuple[str, str | None, str]:
    """(id, revision, folder) of a page of the Hub. Only these are taken: whose server is asked is not up to an
    address."""
    bare = address.partition("://")[2] or address
    host, _, path = re.split(r"[?#]", bare)[0].partition("/")
    if host.lower() not in _HOSTS:
        raise StudioError(
            say("{address!r} is not an address of the Hugging Face Hub.", address=address[:120]),
            "Give user/name, or the address of its page on huggingface.co.",
        )
    found = _PLACE.fullmatch(path)
    if not found:
        raise StudioError(
            say("{address!r} is not the address of a dataset.", address=address[:120]),
            "That of a dataset looks like https://huggingface.co/datasets/user/name.",
        )
    folder = unquote(found[3] or "").strip("/")
    return found[1], unquote(found[2]) if found[2] else None, folder and f"{folder}/"


def _listing(hub: Hub, source: HubDataset) -> tuple[str, dict[str, int], bool]:
    """(commit, {name: bytes} of all its files, whether all that is wanted of them is in the cache)."""
    noted = _noted(hub, source, source.revision)
    if noted and is_commit(source.revision):
        return noted
    try:
        info = hub.ask(DATASET, source.id, source.revision, hub.patience)
        sizes = _sizes(info.siblings or ())
    except (*UNREACHABLE, HfHubHTTPError) as error:
        if noted and is_unwell(error):
            return noted
        if isinstance(error, RepositoryNotFoundError) and _is_model(hub, source.id):
            raise StudioError(
                say("{id} is a model and not a dataset.", id=source.id),
                "Start from it as a base, and choose a dataset for the pictures.",
            ) from error
        raise sentence(error, DATASET, source.id, source.revision, stranger=hub.token is False) from error
    return _noted(hub, source, commit_of(info)) or (commit_of(info), sizes, False)


def _sizes(files: Iterable[RepoSibling]) -> dict[str, int]:
    """0 where the Hub does not say. Raises ValueError where something else than the Hub answers."""
    sizes = {file.rfilename: file.size if type(file.size) is int else 0 for file in files}
    if not all(isinstance(name, str) for name in sizes):
        raise ValueError("a name that is none")
    return sizes


def _is_model(hub: Hub, id: str) -> bool:
    try:
        hub.ask(MODEL, id, "main")
    except (*UNREACHABLE, HfHubHTTPError):
        return False
    return True


def _note(path: Path, name: str, sizes: dict[str, int]) -> None:
    """Keep what the commit lists beside its files; `path` is where the file `name` is in the cache."""
    with contextlib.suppress(StudioError):  # a cache that cannot be written costs a question the next time
        write_json(path.parents[name.count("/")] / _NOTE, sizes, indent=None)


def _noted(hub: Hub, source: HubDataset, revision: str) -> tuple[str, dict[str, int], bool] | None:
    """The listing as it was noted, if all that is wanted is still in the cache."""
    paths = hub.cached(DATASET, source.id, revision, (_NOTE,))
    if not paths:
        return None
    try:
        sizes = read_table(paths[0])
        chosen, _ = choose(source.id, sizes, source.folder)
    except (AttributeError, TypeError, StudioError):  # not what was noted here, or nothing wanted
        return None
    return (paths[0].parent.name, sizes, True) if hub.cached(DATASET, source.id, revision, list(chosen)) else None


def _is_pointer(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_LFS)) == _LFS
