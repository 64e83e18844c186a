"""HDF5 files of the kind that h5py writes unless told otherwise, and with it Keras, read as data without any library.

HDF5 can do far more than keep arrays: name other files, pack, call filters. Here is only what Keras uses of it:
version 0 of the superblock, version 1 of groups and headers, arrays in one piece. (The HDF5 Group, "HDF5 File Format
Specification Version 3.0", whose sections are named below.) All addresses are held against the file; every step costs
some of what the reading may cost, so that loops end; nothing is copied but names, and the arrays when they are asked
for.
"""

import math
from dataclasses import dataclass, field

from gan.errors import StudioError
from gan.foreign.found import Stored
from gan.foreign.readers.hdf5_values import STRING, VARIABLE, Type, dataspace, datatype
from gan.foreign.readers.reading import Bytes, Reading
from gan.foreign.readers.tensors import TensorLocation, lay, new_storage
from gan.messages import say

MAGIC = b"\x89HDF\r\n\x1a\n"
_DEEPEST = 12  # groups within groups
_OBJECT_COST = 4000  # bytes of memory for what is known of one group or array, and of its time
_STEP_COST = 300
_MOST_NAME = 500
_MOST_ATTRIBUTE = 2**22  # bytes of one attribute
_SPACE, _TYPE, _LINK, _LAYOUT, _FILTERS, _ATTRIBUTE, _CONTINUED, _GROUP = 0x01, 0x03, 0x06, 0x08, 0x0B, 0x0C, 0x10, 0x11
_MANY_LINKS, _MANY_ATTRIBUTES = 0x02, 0x15


@dataclass(frozen=True)
class Group:
    """A group. entries: its groups and arrays, by their names. attributes: those that are a text or a list of texts."""

    entries: "dict[str, Group | Stored]" = field(default_factory=dict)
    attributes: dict[str, str | list[str]] = field(default_factory=dict)

    def at(self, path: str) -> "Group | Stored | None":
        """What is at a path such as "dense/kernel:0", None where nothing is."""
        found: Group | Stored | None = self
        for name in path.split("/"):
            found = found.entries.get(name) if isinstance(found, Group) else None
        return found


def read_hdf5(view: memoryview, reading: Reading) -> Group:
    """The root of the HDF5 file that `view` holds, with all that lies in it. Raises StudioError."""
    return _File(view, reading).root()


class _File:
    def __init__(self, view: memoryview, reading: Reading):
        self._view = view
        self._reading = reading
        self._heaps: dict[int, dict[int, memoryview]] = {}

    def root(self) -> Group:
        """II.A: the superblock, which says where the root's header is."""
        start = self._bytes(0, 72)
        start.take(8)
        versions = bytes(start.take(8))
        if versions[0] != 0 or versions[5:7] != b"\x08\x08":
            raise self._newer()
        start.take(16 + 24)
        found = self._object(self._address(start, behind=8), 0)
        if not isinstance(found, Group):
            raise self._reading.broken(say("its root is no group"))
        return found

    # Objects

    def _object(self, address: int, depth: int) -> Group | Stored | None:
        """A group or an array; None for an array of what is no number."""
        self._reading.spend(_OBJECT_COST)
        if depth > _DEEPEST:
            raise self._reading.broken(say("it holds groups within groups within groups"))
        messages = self._messages(address)
        kinds = {kind for kind, _ in messages}
        if kinds & {_LINK, _MANY_LINKS, _MANY_ATTRIBUTES}:
            raise self._newer()
        if _LAYOUT in kinds:
            return self._array(dict(messages))
        attributes = dict(self._attribute(data) for kind, data in messages if kind == _ATTRIBUTE)
        entries = {}
        for data in (data for kind, data in messages if kind == _GROUP):
            for name, place in self._names(data):
                found = self._object(place, depth + 1)
                if name in entries:
                    raise self._reading.broken(say("it has {name!r} twice", name=name[:60]))
                if found is not None:
                    entries[name] = found
        return Group(entries, {name: value for name, value in attributes.items() if value is not None})

    def _messages(self, address: int) -> list[tuple[int, memoryview]]:
        """IV.A.1.a: what the header at `address` says, as (kind, bytes), through all of its pieces."""
        head = self._bytes(address, 16)
        if head.byte() != 1:
            raise self._newer()
        head.take(7)
        pieces, found = [self._bytes(address + 16, head.whole(4))], []
        while pieces:
            piece = pieces.pop(0)
            while len(piece.view) - piece.at >= 8:
                self._reading.spend(_STEP_COST)
                kind, size, flags = piece.whole(2), piece.whole(2), piece.byte()
                piece.take(3)
                data = piece.take(size)
                if kind == _CONTINUED:
                    more = Bytes(data, self._reading)
                    pieces.append(self._bytes(self._address(more), more.whole(8)))
                elif flags & 2 and kind in (_SPACE, _TYPE, _LAYOUT, _ATTRIBUTE, _FILTERS):
                    raise self._newer()  # it is shared: what it says lies elsewhere
                else:
                    found.append((kind, data))
        return found

    def _array(self, messages: dict[int, memoryview]) -> Stored | None:
        if _FILTERS in messages:
            raise self._other(say("its arrays are packed"))
        if _SPACE not in messages or _TYPE not in messages:
            raise self._reading.broken(say("it has an array that says not what it is"))
        kind, shape = datatype(messages[_TYPE], self._reading), dataspace(messages[_SPACE], self._reading)
        if kind.dtype is None:
            return None
        piece = self._piece(messages[_LAYOUT], math.prod(shape) * kind.size)
        place = TensorLocation(piece, kind.big_endian)
        storage = new_storage(place, kind.dtype, len(piece) // kind.size, self._reading)
        strides = [math.prod(shape[i + 1 :]) for i in range(len(shape))]
        return lay(storage, kind.dtype, shape, tuple(strides), 0, self._reading)

    def _piece(self, layout: memoryview, size: int) -> memoryview:
        """IV.A.2.i: the bytes of an array, which are `size`."""
        data = Bytes(layout, self._reading)
        version, kind = data.byte(), data.byte()
        if version != 3 or kind not in (0, 1):
            raise self._other(say("its arrays are cut in pieces"))
        if kind == 0:
            there = data.take(data.whole(2))
        elif size == 0:
            return self._view[:0]
        else:
            there = self._bytes(self._address(data), data.whole(8)).view
        if len(there) != size:
            raise self._reading.broken(say("it has an array that is not as long as it says"))
        return there

    # Groups

    def _names(self, data: memoryview) -> list[tuple[str, int]]:
        """III.A: the names in a group, and where the header of each is."""
        places = Bytes(data, self._reading)
        tree, heap = self._address(places), self._address(places)
        head = self._bytes(heap, 32)
        if bytes(head.take(4)) != b"HEAP":
            raise self._reading.broken(say("a group has no names"))
        head.take(4)
        size = head.whole(8)
        letters = self._bytes(self._address(head, behind=8), size).view
        return [(self._name(letters, name), place) for table in self._leaves(tree) for name, place in self._rows(table)]

    def _leaves(self, tree: int) -> list[int]:
        """III.A.1: where the tables of a group's tree are, whose nodes lie above each other by their levels."""
        found, waiting = [], [(tree, 256)]
        while waiting:
            address, above = waiting.pop()
            self._reading.spend(_STEP_COST)
            node = self._bytes(address, 24)
            magic, kind, level, count = bytes(node.take(4)), node.byte(), node.byte(), node.whole(2)
            if magic != b"TREE" or kind != 0 or level >= above:
                raise self._reading.broken(say("a group has no table"))
            children = self._bytes(address + 24, 16 * count + 8)
            self._reading.spend(_STEP_COST * count)
            places = [self._address(children, behind=8) for _ in range(count)]
            if level:
                waiting += [(place, level) for place in places]
            else:
                found += places
        return found

    def _rows(self, address: int) -> list[tuple[int, int]]:
        """III.B: (where in the letters its name is, where its header is) of each entry of a table."""
        head = self._bytes(address, 8)
        if bytes(head.take(4)) != b"SNOD":
            raise self._reading.broken(say("a group has no table"))
        head.take(2)
        count = head.whole(2)
        self._reading.spend(_STEP_COST * count)
        rows, found = self._bytes(address + 8, 40 * count), []
        for _ in range(count):
            name, place, kind = rows.whole(8), rows.whole(8), rows.whole(4)
            rows.take(20)
            if kind == 2:
                raise self._other(say("it holds links"))
            found.append((name, place))
        return found

    def _name(self, letters: memoryview, at: int) -> str:
        raw, end, _ = bytes(letters[at : at + _MOST_NAME]).partition(b"\0")
        if not end or not raw or b"/" in raw:
            raise self._reading.broken(say("a group has names that are none"))
        self._reading.spend(_STEP_COST)
        return raw.decode("utf-8", "replace")

    # What arrays and attributes say of themselves

    def _attribute(self, data: memoryview) -> tuple[str, str | list[str] | None]:
        """IV.A.2.m: an attribute's name and its text or texts, None where it is something else."""
        about = Bytes(data, self._reading)
        version, shared = about.byte(), about.byte()
        if version not in (1, 2, 3) or version > 1 and shared:
            raise self._newer()
        sizes = [about.whole(2) for _ in range(3)]
        if version == 3:
            about.byte()
        wide = [-(-size // 8) * 8 if version == 1 else size for size in sizes]
        name, of_kind, of_space = (about.take(size)[:there] for size, there in zip(wide, sizes, strict=True))
        kind, shape = datatype(of_kind, self._reading), dataspace(of_space, self._reading)
        values, count = about.view[about.at :], math.prod(shape)
        if kind.kind not in (STRING, VARIABLE):
            return bytes(name).rstrip(b"\0").decode("utf-8", "replace"), None
        if count * kind.size > len(values) or kind.kind == VARIABLE and kind.size != 16:
            raise self._reading.broken(say("it has an attribute that is not as long as it says"))
        texts = [self._text(kind, values[i * kind.size : (i + 1) * kind.size]) for i in range(count)]
        return bytes(name).rstrip(b"\0").decode("utf-8", "replace"), texts if shape else texts[0]

    def _text(self, kind: Type, value: memoryview) -> str:
        if kind.kind == VARIABLE:
            place = Bytes(value, self._reading)
            size, address, number = place.whole(4), place.whole(8), place.whole(4)
            value = self._heap(address).get(number, value[:0])[:size] if size else value[:0]
        if len(value) > _MOST_ATTRIBUTE:
            raise self._reading.broken(say("it has an attribute longer than any of Keras"))
        self._reading.spend(_STEP_COST + 2 * len(value))
        return bytes(value).rstrip(b"\0").decode("utf-8", "replace")

    def _heap(self, address: int) -> dict[int, memoryview]:
        """III.E: the pieces of the global heap at `address`, by their numbers."""
        if address in self._heaps:
            return self._heaps[address]
        head = self._bytes(address, 16)
        if bytes(head.take(4)) != b"GCOL":
            raise self._reading.broken(say("its texts are not where it says"))
        head.take(4)
        size = head.whole(8)
        pieces = self._bytes(address + 16, size - 16)
        found = self._heaps[address] = {}
        while len(pieces.view) - pieces.at >= 16:
            self._reading.spend(_STEP_COST)
            number, _, _, length = pieces.whole(2), pieces.whole(2), pieces.whole(4), pieces.whole(8)
            if number == 0:  # what is left is free
                break
            found[number] = pieces.take(length)
            pieces.take(min(-length % 8, len(pieces.view) - pieces.at))
        return found

    # Places

    def _address(self, data: Bytes, behind: int = 0) -> int:
        """The address that stands `behind` bytes further on."""
        data.take(behind)
        return data.whole(8)

    def _bytes(self, address: int, size: int) -> Bytes:
        """The `size` bytes at `address`, all of which lie in the file."""
        if size < 0 or address + size > len(self._view):
            raise self._reading.broken(say("it speaks of bytes that lie outside of it"))
        return Bytes(self._view[address : address + size], self._reading)

    def _newer(self) -> StudioError:
        return self._other(say("it is of a newer layout"))

    def _other(self, why: str) -> StudioError:
        return StudioError(
            say("{name} is an HDF5 file of a kind that Keras does not write: {why}.", name=self._reading.name, why=why),
            "Ask its author to save the model again with model.save(...).",
        )
