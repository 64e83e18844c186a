"""What this studio remembers of the models that were opened in it: a small table on disk, so that a restart forgets
nothing.

    recent = RecentModels(Path("runs/.shelf.json"))
    recent.put(RecentModel("ada/faces", "0123...", title="Faces"))
    recent.entries()                # opened last at the end

It holds facts for the page and no weights: those lie in the Hub's cache and among the uploads.
"""

import logging
import threading
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from gan.errors import StudioError
from gan.field_metadata import from_values, knob, to_values
from gan.latents.seeds import LAST_SEED
from gan.messages import say
from gan.store.files import MISSING, read_table, unreadable, write_json

MOST = 200  # models that are remembered
_MOST_BYTES = 2 * 1024**2  # of the table: ten times what MOST models need
_LETTERS = 300  # of a text: titles and licences come from strangers
_VERSION = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RecentModel:
    """What a card on the page shows of a model, without a look at its files."""

    id: str = knob("", "Its source: user/repo on the Hub, or the id of an upload.")
    revision: str | None = knob(None, "The commit of a model of the Hub.")
    title: str = knob("", "What it is called.")
    kind: str = knob("", "What kind of network it is.")
    licence: str = knob("", "Under which terms the weights may be used.")
    makes: str = knob("picture", "What its samples are: a name in gan/kinds/table.py.")
    origin: str = knob("", "Where it was found.")
    megabytes: float = knob(0.0, "The size of its files.", low=0, unit="MB")
    width: int = knob(0, "The width of its pictures.", low=0, unit="pixels")
    height: int = knob(0, "Their height.", low=0, unit="pixels")
    classes: int = knob(0, "How many classes one can ask for.", low=0)
    any_classes: bool = knob(True, "Whether training can go on from it with other classes, or with none.")
    psi: float = knob(1.0, "The truncation it looks best with.", low=-1, high=2)
    seed: int = knob(0, "The seed it opens with.", low=0, high=LAST_SEED)
    layout: bool = knob(False, "Whether its layers can be connected in other ways.")
    pixel_art: bool = knob(False, "Enlarge its pictures with hard edges.")


def recent_model_of(about: dict) -> RecentModel:
    """The entry of a model, from the plain values that the page knows of it: see library.about."""
    texts = {"title", "kind", "licence", "origin"}
    same = {field.name for field in fields(RecentModel)} - texts - {"classes"}
    values: dict[str, Any] = {name: about[name] for name in same}
    values |= {name: str(about[name])[:_LETTERS] for name in texts}
    return RecentModel(**values, classes=len(about["classes"]))


def _of_before(row: Any) -> Any:
    """A row as this version writes it: earlier ones took no model with classes to train from."""
    return {"any_classes": not row.get("classes"), **row} if isinstance(row, dict) else row


class RecentModels:
    """The entries of one studio, at most `most`; those opened longest ago go first. Threads may share it.

    path: the table's file, None for a recent that lasts as long as the app. A file that cannot be read is not written
    over: what is opened meanwhile joins it once somebody has mended it. One that cannot be written costs no more than
    the memory of it. The log says so.
    """

    def __init__(self, path: Path | None = None, most: int = MOST):
        self._path, self._most, self._lock = path and Path(path), most, threading.Lock()
        self._entries: dict[tuple, RecentModel] = {}
        self._known: dict = {}  # what a newer version says in the table beside the models
        self._others: list = []  # rows that cannot be read, which are kept as they are
        self._join()

    def entries(self) -> list[RecentModel]:
        """One entry for each model, of several commits the one opened last; opened last at the end."""
        with self._lock:
            newest = {entry.id: entry for entry in self._entries.values()}
            order = {id: at for at, (id, _) in enumerate(self._entries)}
        return sorted(newest.values(), key=lambda entry: order[entry.id])

    def revisions(self, id: str) -> list[str | None]:
        """The commits of a model that were opened, opened last at the end. [None] for an upload, [] where it is not
        here."""
        with self._lock:
            return [revision for name, revision in self._entries if name == id]

    def put(self, entry: RecentModel) -> None:
        """Remember that a model was opened now."""
        with self._lock:
            self._entries.pop((entry.id, entry.revision), None)
            self._entries[entry.id, entry.revision] = entry
            while len(self._entries) > self._most:
                del self._entries[next(iter(self._entries))]
            self._write()

    def remove(self, id: object) -> bool:
        """Forget a model and all its commits. Returns whether it was here."""
        with self._lock:
            mine = [key for key in self._entries if key[0] == id]
            for key in mine:
                del self._entries[key]
            if mine:
                self._write()
            return bool(mine)

    def _join(self) -> None:
        """Take in what the table on disk says; newer entries of this app's go behind. `_whole`: whether that worked."""
        self._whole = True
        if self._path is None:
            return
        try:
            table = read_table(self._path, self._path.name, _MOST_BYTES)
            if table.get("shelf") != _VERSION or not isinstance(table.get("books"), list):
                raise unreadable(self._path.name, say("it is no list of models"), newer=True)
        except StudioError as error:
            self._whole = error.code == MISSING
            if not self._whole:
                _log.warning("The list of models that were opened is left as it is: %s", error)
            return
        self._known, self._others = table, []
        rows = []
        for row in table["books"][-self._most :]:
            try:
                rows.append(from_values(RecentModel, _of_before(row)))
            except StudioError as error:
                _log.warning("One of the models that were opened is left out of the list: %s", error)
                self._others.append(row)
        self._entries = {(entry.id, entry.revision): entry for entry in rows} | self._entries

    def _write(self) -> None:
        if self._path is None:
            return
        if not self._whole:
            self._join()
        if not self._whole:
            return
        books = [*self._others, *map(to_values, self._entries.values())]
        table = {**self._known, "shelf": _VERSION, "books": books}
        try:
            write_json(self._path, table, indent=1)
        except StudioError as error:
            _log.warning("The list of models that were opened is not saved: %s", error)
