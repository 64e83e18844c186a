"""Sets of training pictures that visitors of the page bring: received, read, looked at, and kept for a day.

A set is a folder below `root`: set.json (whose it is), names.jsonl and in/ (what came, under numbers), and once it was
read data.npz and report.json. No name that a visitor chose is used as a path. Whatever came is read again when another
base wants its pictures in another size.
"""

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan.errors import StudioError
from gan.messages import also, packed, say, unpacked
from gan.store.archives import clean
from gan.store.files import (
    MISSING,
    append_line,
    cannot_read,
    cannot_write,
    make_folder,
    new_file,
    read_table,
    write_json,
)
from gan.studio.courtesy import step_back
from gan.studio.data.any_files import take_files
from gan.studio.data.dataset_doctor import contact_sheet
from gan.studio.data.npz_arrays import Arrays
from gan.studio.data.set_readers import AnyReport, Reader, Tell, in_turn
from gan.studio.data.set_records import (
    ABOUT_THEM,
    AGAIN,
    NAMES,
    PICTURES,
    REPORT,
    SET,
    ages_of,
    named,
    no_longer_kept,
    owner_of,
    report_of,
    told_of,
)
from gan.studio.data.set_room import sets_to_remove
from gan.studio.data.shared_turn import SharedTurn
from gan.studio.data.sound_file import FILE as SOUNDS
from gan.studio.data.sound_file import sound_sheet
from gan.studio.data.sound_report import SoundReport
from gan.studio.data.training_file import DATA, pictures_of
from gan.studio.data.upload_limits import UploadLimits, count
from gan.studio.data.word_lists import WORDS, WordReport, read_words, word_sheet
from gan.studio.visitors import address, digest

MOST_READ = 60  # sets of one address at once, one at a time while the others wait
SHEET = 36  # pictures on a contact sheet
_FILES: dict[type, str] = {WordReport: WORDS, SoundReport: SOUNDS}
_GONE = ".gone-"  # begins the names of sets that are being removed


@dataclass
class _Reading:
    """A set that is being read, or was. The error stands until it turns out well."""

    address: str = ""  # of whoever asked for it
    done: int = 0
    words: str = ""
    error: str = also(say("Reading what you gave broke off."), AGAIN)
    over: bool = False
    in_turn: bool = False


class PictureSets:
    """The sets below `root`. Acting on one takes the token of the visitor who made it, or None for whoever runs the
    app."""

    def __init__(self, root: Path):
        self.root = Path(root)
        self._readings: dict[str, _Reading] = {}
        self._tallies: dict[str, UploadLimits] = {}
        self._from: dict[str, str] = {}  # set -> the address from which it was asked for
        self._owners: dict[str, str | None] = {}  # set -> whose it is, where that was looked up
        self._lock, self._turn = threading.Lock(), SharedTurn()

    def new(self, visitor: str, about: str = "") -> str:
        """An empty set and its id. `about` says where its pictures come from, where they are no files of the visitor.

        Raises StudioError where there is no room for it.
        """
        make_folder(self.root)
        id = secrets.token_hex(12)
        with self._lock:  # nobody meets half a set
            self._sweep(digest(visitor))
            self._make(id, packed({"owner": digest(visitor), "about": about}))
            self._from[id] = address()
        for path in self.root.glob(_GONE + "*"):  # gigabytes take a while, so nobody waits for it
            shutil.rmtree(path, ignore_errors=True)
        return id

    def _make(self, id: str, told: dict) -> None:
        """The folder of a new set, all of it or nothing. Raises StudioError."""
        folder = make_folder(self.root / id)
        try:
            make_folder(folder / "in")
            write_json(folder / SET, told, indent=None)
        except StudioError:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    async def receive(self, id: str, visitor: str | None, name: str, parts: AsyncIterator[bytes]) -> int:
        """Keep one file that arrives in parts; the number of files so far. Raises StudioError where it is too much.

        Of a file that does not arrive whole nothing stays.
        """
        limits = await asyncio.to_thread(self._limits, id, visitor)
        path, came, whole = self.root / id / "in" / limits.begin(), 0, False
        try:
            with new_file(path) as file:
                async for part in parts:
                    came += len(part)
                    limits.add(len(part))
                    file.write(part)
                file.flush()
                await asyncio.to_thread(self._name, id, visitor, path.name, name)
            whole = True
        except StudioError:
            self._folder(id, visitor)  # raises where the set is gone
            raise
        finally:
            if not whole:  # also where whoever sent it went away
                limits.files, limits.bytes = limits.files - 1, limits.bytes - came
        return limits.files

    def files(self, id: str, visitor: str | None) -> list[tuple[Path, str]]:
        """What came whole: (path, what it is called), in the order of its numbers. One whose name cannot be read goes
        by its number. Raises StudioError where the files cannot be read at all."""
        folder = self._folder(id, visitor)
        try:
            there = {path.name for path in (folder / "in").iterdir()}
            lines = (folder / NAMES).read_bytes().split(b"\n") if (folder / NAMES).exists() else None
        except OSError as error:
            raise cannot_read(PICTURES, error) from error
        names = dict(row for row in map(named, lines or ()) if row)
        if lines is None or sum(bool(line.strip()) for line in lines) > len(names):
            names = {number: f"picture {number}" for number in there} | names
        return [(folder / "in" / number, name) for number, name in sorted(names.items()) if number in there]

    def read(self, id: str, visitor: str | None, side: int, channels: int, reader: Reader | None = None) -> None:
        """Begin to read the set in that size, in a thread. `about` tells how it goes.

        Without a `reader` the files that came are read. What was read before in another size is replaced.
        """
        folder = self._folder(id, visitor)
        reader = reader or in_turn(lambda *how: take_files(self.files(id, visitor), *how))
        with self._lock:
            if id in self._readings and not self._readings[id].over:
                raise StudioError("They are being read already.", "Wait until that is done.")
            here = address()
            if here and sum(one.address == here and not one.over for one in self._readings.values()) >= MOST_READ:
                raise StudioError("Many sets from your address are being read already.", "Wait until some are done.")
            reading = self._readings[id] = _Reading(here)
        work = (folder, reading, reader, side, channels)
        try:
            (folder / REPORT).unlink(missing_ok=True)
            threading.Thread(target=self._read, args=work, name="pictures", daemon=True).start()
        except BaseException:  # nobody reads it, so that it may be read again
            reading.over = True
            raise

    def about(self, id: str, visitor: str | None) -> dict:
        """{"status": empty, reading, ready or failed, "done": pictures read, "words": what is done, "error",
        "report"}."""
        folder, reading = self._folder(id, visitor), self._readings.get(id)
        if reading is not None and not reading.over:
            return dict(status="reading", done=reading.done, words=reading.words)
        if reading is not None and reading.error:
            return dict(status="failed", error=reading.error)
        try:
            report = unpacked(read_table(folder / REPORT, ABOUT_THEM))
            report_of(report)
            return dict(status="ready", report=report)
        except StudioError as error:
            return dict(status="empty") if error.code == MISSING else dict(status="failed", error=error.said)

    def data(self, id: str, visitor: str | None) -> tuple[Path, AnyReport]:
        """The pictures to train on, and what is known of them. Raises StudioError where they are not read yet.

        Whoever asks still uses the set, so it stays longer.
        """
        told = self.about(id, visitor)
        if told["status"] != "ready":
            raise StudioError("What you gave is not ready yet.", told.get("error") or say("Wait until they are read."))
        folder = self._folder(id, visitor)
        os.utime(folder)
        report = report_of(told["report"])
        path = folder / _FILES.get(type(report), DATA)
        if not path.is_file():
            raise StudioError("What was read is no longer there.", AGAIN)
        return path, report

    def source(self, id: str, visitor: str | None) -> str:
        """Where its pictures come from, "" for files of the visitor."""
        return told_of(self._folder(id, visitor))["about"]

    def sheet(
        self, id: str, visitor: str | None, augment: tuple[str, ...] = (), p: float = 1.0, mirror: bool = False
    ) -> np.ndarray:
        """What the networks will see of it: uint8 (height, width, 3 or 4)."""
        path, report = self.data(id, visitor)
        if isinstance(report, WordReport):
            return word_sheet(read_words(path, fewest=1).words)
        if isinstance(report, SoundReport):
            return sound_sheet(Arrays(path, path.name))
        return contact_sheet(pictures_of(path, SHEET), augment, p, min(SHEET, report.count), mirror=mirror)

    def _read(self, folder: Path, reading: _Reading, reader: Reader, side: int, channels: int) -> None:
        def tell(done: int, words: str = "") -> None:
            reading.done, reading.words = done, words
            if reading.in_turn:
                self._turn.rest()  # a set of large pictures takes minutes, and others wait

        step_back()
        try:
            report = reader(folder, side, channels, tell, self._in_turn(reading, tell))
            write_json(folder / REPORT, packed(report.to_json()), indent=None)
            reading.error = ""
        except StudioError as error:
            reading.error = error.said
        except OSError as error:  # the disk, or the set was swept away meanwhile
            reading.error = cannot_write(folder / DATA, error).said
        finally:
            reading.over = True

    @contextlib.contextmanager
    def _in_turn(self, reading: _Reading, tell: Tell) -> Iterator[None]:
        if not self._turn.is_free:
            tell(0, say("Waiting: others are read first."))
        with self._turn.of(reading.address):
            tell(0)
            reading.in_turn = True
            try:
                yield
            finally:
                reading.in_turn = False

    def _limits(self, id: str, visitor: str | None) -> UploadLimits:
        folder = self._folder(id, visitor)
        with self._lock:
            self._folder(id, visitor)  # it may have made room while one waited
            if id not in self._tallies:
                self._tallies[id] = count(folder / "in")
            return self._tallies[id]

    def _name(self, id: str, visitor: str | None, number: str, name: str) -> None:
        """Note what the file of that number is called."""
        line = json.dumps([number, clean(name.replace("\\", "/").rpartition("/")[2])])
        with self._lock:
            append_line(self._folder(id, visitor) / NAMES, line)

    def _folder(self, id: str, visitor: str | None) -> Path:
        folder = self.root / str(id)
        if not (isinstance(id, str) and len(id) == 24 and id.isalnum()):
            raise no_longer_kept()
        owner = told_of(folder)["owner"]
        if visitor is not None and owner != digest(visitor):
            raise StudioError("These are somebody else's pictures.", "Give your own.")
        return folder

    def _sweep(self, owner: str | None) -> None:
        """Take away the sets that a new one of this owner leaves no room for. Only under the lock.

        They get another name, under which whoever is out of the lock removes them. Raises StudioError: see set_room.
        """
        ages = ages_of(self.root, self._owners)
        self._owners = {id: self._owners.get(id) or owner_of(self.root / id) for id in ages}
        mine = {id for id, whose in self._owners.items() if whose == owner}
        here = address()
        near = {id for id in ages if here and self._from.get(id) == here}
        for id in sets_to_remove(ages, mine, near):
            if id not in self._readings or self._readings[id].over:
                self._readings.pop(id, None)
                self._tallies.pop(id, None)
                self._from.pop(id, None)
                (self.root / id).rename(self.root / (_GONE + secrets.token_hex(8)))
