"""Where a model comes from, as far as its own files say: the models that it was trained on from, and their terms."""

import contextlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub.errors import HfHubHTTPError

from gan.errors import StudioError
from gan.store.files import read_table
from gan.store.model_config import CONFIG, MOST_TEXT_BYTES, ModelConfig
from gan.store.model_folder import read_config
from gan.store.places import SNAPSHOTS
from gan.store.run_folder import Run
from gan.store.run_reading import is_run
from gan.store.snapshots import find_snapshot
from gan.studio.hub.licences import UNKNOWN, Terms, read_terms
from gan.studio.hub.refusals import MODEL, UNREACHABLE, split_revision
from gan.studio.library.hub_models import licence_of
from gan.studio.library.loaded import Models
from gan.studio.library.uploads import find_upload
from gan.studio.runs.package import SETTINGS

_MOST_STEPS = 16  # from a model to what it comes from
_ORIGIN = re.compile(r"([\w.-]+/[\w.-]+) at [0-9a-f]{7}\b")  # as gan.studio.library.hub_models writes it
_UNSAID = {UNKNOWN, ""}


@dataclass(frozen=True)
class Provenance:
    """`folder`, `config`: the model itself. `run`: the run that kept it, and `step` when, where one did.

    terms: those of the model that it comes from, None where it was trained here from scratch and its licence is its
    owner's own choice. base: what that is called. data: what that had learnt from, in its own words. on_hub: ids on
    the Hub that it comes from, the nearest first.
    """

    folder: Path
    config: ModelConfig
    run: Run | None = None
    step: int | None = None
    terms: Terms | None = None
    base: str = ""
    data: str = ""
    on_hub: tuple[str, ...] = ()


def provenance(models: Models, source: str, revision: str | None = None) -> Provenance:
    """Of a model as a person names it. Raises StudioError where there is no such model."""
    folder = models.resolve(source, revision)
    place = models.places.find(source, revision)
    on_hub = (place.id,) if place.folder is None else ()
    return _of_folder(models, folder, _name(source), on_hub, _MOST_STEPS)


def _of_folder(models: Models, folder: Path, name: str, on_hub: tuple[str, ...], steps: int) -> Provenance:
    config = read_config(folder, name)
    run = _run_of(folder)
    if run is None and (on_hub or not (folder / SETTINGS).is_file()):  # what others say of it there binds nobody
        found = _ORIGIN.match(config.origin)
        if models.places.uploads and find_upload(models.places.uploads, name) == folder:  # an id that says nothing
            name = config.title or name
        terms = read_terms(name, config.licence, changed=False)
        return Provenance(
            folder, config, None, None, terms, name, config.data, on_hub or ((found[1],) if found else ())
        )
    step = int(folder.name) if run else None
    base = run.settings.base if run else _base_in(folder / SETTINGS)
    if not base:
        return Provenance(folder, config, run, step)
    there = _local(models, base, folder) if steps else None
    if there is None:
        return Provenance(folder, config, run, step, *_of_far(models, base, config))
    return Provenance(folder, config, run, step, *_of_near(models, there, _name(base), config, steps - 1))


Roots = tuple[Terms | None, str, str, tuple[str, ...]]
"""The fields of Provenance from `terms` on."""


def _of_near(models: Models, folder: Path, name: str, heir: ModelConfig, steps: int) -> Roots:
    """What `heir` comes from: a model in a folder of this computer, and what that comes from itself."""
    try:
        base = _of_folder(models, folder, name, (), steps)
    except StudioError:  # it was damaged since, or is being deleted: what its heir says is left
        return read_terms(name, heir.licence), name, "", ()
    terms = base.terms
    if terms is not None:
        words = terms.words and _joined(terms.words, base.config.licence, heir.licence)
        terms = read_terms(name if base.run else terms.name, words)
    return terms, name, base.config.data, base.on_hub


def _of_far(models: Models, base: str, heir: ModelConfig) -> Roots:
    """Likewise where the base is a model on the Hub, or gone."""
    name = _name(base)
    if name.count("/") != 1:
        return read_terms(name, heir.licence), name, "", ()
    id, revision = split_revision(name, None)
    try:
        words = licence_of(models.hub.ask(MODEL, id, revision or "main"))
    except (*UNREACHABLE, HfHubHTTPError):
        return read_terms(id, heir.licence), id, "", (id,)
    return read_terms(id, "" if words in _UNSAID else _joined(words, heir.licence)), id, "", (id,)


def _joined(*words: str) -> str:
    """What is said of terms, without saying it twice."""
    said: list[str] = []
    for text in filter(None, words):
        if not any(text in one for one in said):
            said = [one for one in said if one not in text] + [text]
    return "; ".join(said)


def _local(models: Models, base: str, folder: Path) -> Path | None:
    """The folder of a base that is on this computer."""
    run = _run_of(folder)
    with contextlib.suppress(StudioError):  # it is none of these, or holds no model any more
        if run is not None and is_run(run.path.parent / base):
            return find_snapshot(run.path.parent / base, None)
        place = models.places.find(base, None)
        if place.folder is not None and not place.foreign:
            return place.folder
    path = Path(os.path.expanduser(base))
    if not (models.places.local or run) or not (path / CONFIG).is_file():
        return None
    return find_snapshot(path, None) if is_run(path) else path


def _run_of(folder: Path) -> Run | None:
    path = folder.absolute().parent.parent
    return Run.open(path) if folder.absolute().parent.name == SNAPSHOTS and is_run(path) else None


def _base_in(settings: Path) -> str | None:
    """What a run's package says of its base. Raises StudioError where that cannot be read."""
    base = read_table(settings, most=MOST_TEXT_BYTES).get("base")
    return base if isinstance(base, str) else None


def _name(source: str) -> str:
    """What a source is called elsewhere: not where it lies on this computer."""
    return Path(source).name if source.startswith((".", "~")) or os.path.isabs(source) else source
