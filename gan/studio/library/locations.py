"""Where a model lies: reading what somebody gave as its `source`, before anything of it is loaded.

A source is
- the name of a bundled model, or a longer path below one of the roots ("faces", "a-run/snapshots/500");
- the id of a run: its newest snapshot, or the one at the step that the revision names;
- the id of an upload;
- the id of a model on the Hub, "user/repo" or "user/repo@revision";
- a folder or a file on this computer, written as an absolute path or with ./, ../ or ~ in front: only where `local`
allows it,
  since a visitor of a web page may not name paths.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from gan.errors import StudioError
from gan.messages import listed, say
from gan.store.model_config import CONFIG, DISCRIMINATOR, WEIGHTS
from gan.store.model_folder import is_ours
from gan.store.run_reading import is_run
from gan.store.snapshots import find_snapshot
from gan.studio.hub.refusals import check_id, split_revision
from gan.studio.library.bundled import NAME, bundled_names, without_links
from gan.studio.library.uploads import find_upload

_HOW = say("Give the name of a bundled model, or the id of a model on the Hub, such as user/repo.")


@dataclass(frozen=True)
class ModelLocation:
    """Where a source points: a folder or a file on this computer, or (folder None) a model and revision on the Hub.

    run: whether `id` is that of a run. foreign: whether what lies there has to be converted.
    """

    id: str
    revision: str | None = None
    folder: Path | None = None
    run: bool = False
    foreign: bool = False

    @property
    def here(self) -> Path:
        """The folder or file of one that is not on the Hub."""
        assert self.folder is not None, f"{self.id} is on the Hub"
        return self.folder


@dataclass(frozen=True)
class ModelLocations:
    """Where models are looked for on this computer. `runs` and `uploads` are folders, None where there are none."""

    roots: tuple[Path, ...]
    local: bool
    runs: Path | None = None
    uploads: Path | None = None

    def names(self) -> list[str]:
        """The folders right below the roots that hold a model."""
        return bundled_names(self.roots)

    def is_kept(self, name: str) -> bool:
        """Whether this is the id of a run or of an upload."""
        return self._run(name) is not None or self._upload(name) is not None

    def find(self, source: str, revision: str | None) -> ModelLocation:
        """Read a source. Raises StudioError for one that cannot be meant, without going to the network."""
        if not isinstance(source, str) or not 0 < len(source) <= 500 or not source.isprintable():
            raise StudioError(say("{source!r} is not the name of a model.", source=str(source)[:60]), _HOW)
        if source.startswith((".", "~")) or os.path.isabs(source):
            return _pinned_only(self._local(source), revision)
        name, revision = split_revision(source, revision)
        parts = name.split("/")
        if len(parts) == 2:
            check_id(name, "main" if revision is None else revision)
            return ModelLocation(name, revision)
        if not all(NAME.fullmatch(part) for part in parts):  # each is plain, so that none can lead elsewhere
            raise StudioError(say("{name!r} is not the name of a model.", name=name[:80]), _HOW)
        return self._here(name, revision)

    def _here(self, name: str, revision: str | None) -> ModelLocation:
        """The place of a name of plain parts: bundled, a run or an upload, in this order."""
        for root in self.roots:
            if (root / name).is_dir():
                return _pinned_only(ModelLocation(name, folder=without_links(root / name, name)), revision)
        if run := self._run(name):
            folder = find_snapshot(run, revision)
            return ModelLocation(
                name,
                folder.name,
                without_links(folder, say("step {step} of {run}", step=int(folder.name), run=name)),
                run=True,
            )
        if upload := self._upload(name):
            return _pinned_only(ModelLocation(name, folder=without_links(upload, name)), revision)
        bundled = listed(self.names() or [say("none")])
        raise StudioError(
            say("There is no model called {name!r}.", name=name[:80]),
            say("The bundled models are {bundled}; a model on the Hub looks like user/repo.", bundled=bundled),
        )

    def _run(self, name: str) -> Path | None:
        if self.runs is None or not isinstance(name, str) or not NAME.fullmatch(name):
            return None
        return self.runs / name if is_run(self.runs / name) else None

    def _upload(self, name: str) -> Path | None:
        return None if self.uploads is None else find_upload(self.uploads, name)

    def _local(self, source: str) -> ModelLocation:
        if not self.local:
            raise StudioError(say("{source!r} is not the name of a model.", source=source[:80]), _HOW)
        path = Path(os.path.realpath(os.path.expanduser(source)))
        if not (
            os.path.isfile(path) or os.path.isdir(path)
        ):  # what else there may be, such as a pipe, can be read for ever
            raise StudioError(
                say("There is no file or folder {source}.", source=source[:200]),
                "Give a checkpoint, or the folder that it is in.",
            )
        if path.is_file():
            ours = path.name in (CONFIG, WEIGHTS, DISCRIMINATOR) and is_ours(path.parent)
            path = path.parent if ours else path
        else:
            ours = is_ours(path)
        return ModelLocation(source, folder=without_links(path, source) if ours else path, foreign=not ours)


def _pinned_only(place: ModelLocation, revision: str | None) -> ModelLocation:
    """Only the Hub and runs keep older versions."""
    if revision:
        raise StudioError(
            say("{id} has no revisions, and {revision!r} was asked for.", id=place.id, revision=revision[:60]),
            "Only models on the Hub and runs have them; leave the revision out.",
        )
    return place
