"""A zip's table of contents, held against the file before anything in it is read, and its entries as views of the file.

Python's zipfile believes what a table of contents says of lengths and places, and takes entries that lie in each other.
Here every entry's place is worked out first: none may overlap, none may lie outside. Format: APPNOTE.TXT 6.3, section
4.
"""

import struct
import zlib
from dataclasses import dataclass

from gan.foreign.readers.reading import Reading
from gan.messages import say

_MOST_UNPACKED = 16 * 2**20  # of an entry that is packed: PyTorch packs nothing, but who zips its folder again does
_END, _END_64, _LOCATOR = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
_ROW, _HEAD = struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H")
_ROW_COST = 800
_LATER = 0xFFFFFFFF  # a number that stands in the 64 bit part


@dataclass(frozen=True)
class _Entry:
    """method: 0 stored, 8 deflated. start, packed: where its bytes are. size: of what they unpack to."""

    method: int
    start: int
    packed: int
    size: int


class Zip:
    """The entries of a zip, by their names; folders are left out. Raises StudioError for one that lies about
    anything."""

    def __init__(self, view: memoryview, reading: Reading):
        self._view = view
        self._reading = reading
        self._entries: dict[str, _Entry] = {}
        self._read()

    @property
    def names(self) -> list[str]:
        """In the order of the table of contents."""
        return list(self._entries)

    def read(self, name: str) -> memoryview:
        """An entry's bytes: a view of the file, or a copy where it is packed and small. Raises StudioError."""
        entry = self._entries.get(name)
        if entry is None:
            raise self._reading.broken(say("it has no entry {name}", name=_short(name)))
        there = self._view[entry.start : entry.start + entry.packed]
        if entry.method == 0:
            return there
        if entry.size > _MOST_UNPACKED:
            raise self._reading.broken(say("its entry {name} is packed, which PyTorch never does", name=_short(name)))
        self._reading.spend(entry.size + 1)
        try:
            data = zlib.decompressobj(-15).decompress(there, entry.size + 1)
        except zlib.error as error:
            raise self._reading.broken(say("its entry {name} does not unpack", name=_short(name))) from error
        if len(data) != entry.size:
            raise self._reading.broken(say("its entry {name} is not as long as it says", name=_short(name)))
        return memoryview(data)

    def _read(self) -> None:
        count, size, start = self._end()
        at, spans = start, []
        for _ in range(count):
            self._reading.spend(_ROW_COST)
            at, head, entry, name = self._row(at, start + size, start)
            spans.append((head, entry.start + entry.packed))
            if name in self._entries:
                raise self._reading.broken(say("it has two entries {name}", name=_short(name)))
            if not name.endswith("/"):
                self._entries[name] = entry
        if at != start + size:
            raise self._reading.broken(say("its table of contents is not as long as it says"))
        self._check_spans(spans)

    def _end(self) -> tuple[int, int, int]:
        """(how many entries, length and place of the table of contents), from the file's end."""
        tail = bytes(self._view[-(_END.size + 0xFFFF) :])
        found = tail.rfind(b"PK\5\6")
        if found < 0 or len(tail) - found < _END.size:
            raise self._reading.broken(say("it is a zip file without an end, which happens where a download stops"))
        at = len(self._view) - len(tail) + found
        _, disk, first, here, count, size, start, _ = _END.unpack_from(tail, found)
        if at >= _LOCATOR.size and bytes(self._view[at - _LOCATOR.size : at - _LOCATOR.size + 4]) == b"PK\6\7":
            at = _LOCATOR.unpack_from(self._view, at - _LOCATOR.size)[2]
            magic, _, _, _, disk, first, here, count, size, start = self._unpack(_END_64, at)
            if magic != b"PK\6\6":
                raise self._reading.broken(say("the end of its table of contents is not where it says"))
        if disk or first or here != count or start + size != at:
            raise self._reading.broken(say("its table of contents is not where it says"))
        return count, size, start

    def _row(self, at: int, end: int, most: int) -> tuple[int, int, _Entry, str]:
        """The row at `at`: where the next one is, where its entry begins, the entry, its name."""
        magic, _, _, flags, method, _, _, _, packed, size, long, extra, comment, _, _, _, head = self._unpack(_ROW, at)
        after = at + _ROW.size + long
        if magic != b"PK\1\2" or after + extra + comment > end:
            raise self._reading.broken(say("its table of contents makes no sense"))
        name = self._name(self._view[at + _ROW.size : after])
        size, packed, head = self._long_numbers(self._view[after : after + extra], size, packed, head)
        if flags & 1 or method not in (0, 8) or method == 0 and size != packed:
            raise self._reading.broken(
                say("its entry {name} is encrypted or packed in an unknown way", name=_short(name))
            )
        magic, _, flags, *_, long, skipped = self._unpack(_HEAD, head)
        start = head + _HEAD.size + long + skipped
        if magic != b"PK\3\4" or flags & 1 or start + packed > most:
            raise self._reading.broken(say("its entry {name} is not where it says", name=_short(name)))
        return after + extra + comment, head, _Entry(method, start, packed, size), name

    def _long_numbers(self, extra: memoryview, *numbers: int) -> list[int]:
        """Those of the numbers that are too long for 32 bits stand in an extra field of the kind 1, one behind the
        other."""
        at = 0
        while at + 4 <= len(extra):
            kind, length = struct.unpack_from("<2H", extra, at)
            if kind == 1:
                field = bytes(extra[at + 4 : at + 4 + length])
                wide = [int.from_bytes(field[i : i + 8], "little") for i in range(0, len(field) - 7, 8)]
                return [wide.pop(0) if n == _LATER and wide else n for n in numbers]
            at += 4 + length
        return list(numbers)

    def _check_spans(self, spans: list[tuple[int, int]]) -> None:
        end = 0
        for start, stop in sorted(spans):
            if start < end:
                raise self._reading.broken(say("its entries lie in each other, as in a bomb"))
            end = stop

    def _unpack(self, form: struct.Struct, at: int) -> tuple:
        if at < 0 or at + form.size > len(self._view):
            raise self._reading.broken(say("its table of contents points outside of the file"))
        return form.unpack_from(self._view, at)

    def _name(self, raw: memoryview) -> str:
        name = str(raw, "utf-8", "replace")
        if len(name) > 300 or name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/"):
            raise self._reading.broken(say("it has an entry called {name}, which is no plain name", name=_short(name)))
        return name


def _short(name: str) -> str:
    return repr(name) if len(name) <= 60 else repr(name[:57] + "...")
