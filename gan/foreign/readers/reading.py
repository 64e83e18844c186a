"""What reading one file may cost, where one is in its bytes, and the one way in which reading fails."""

from contextlib import contextmanager

from gan.errors import StudioError
from gan.messages import say

ALLOWANCE = 48 * 2**20  # bytes of memory that a file may cost beside its own length
MOST_NESTED = 2  # files within files
_MOST_LINE = 16 * 2**20  # of the lines that old pickles consist of
_AGAIN = say("Fetch or copy it again, or ask whoever made it for a safetensors file.")


class Reading:
    """One file being read, and all that lies in it.

    name: the file's, for sentences. left: the bytes of memory that may still be used. As every instruction of a pickle
    costs some, this bounds its time as well.
    """

    def __init__(self, name: str, size: int):
        self.name = name
        self.left = size + ALLOWANCE
        self.odd_keys = (
            10_000  # keys of dicts that are no strings: their hashes are known, so that they can be made to collide
        )
        self._nested_bytes = 2 * size
        self._depth = 0

    def spend(self, size: int) -> None:
        """Take `size` bytes of what is left. Raises StudioError where the file asks for more than it may."""
        self.left -= size
        if self.left < 0:
            raise StudioError(
                say("{name} unfolds to far more than its own length.", name=self.name),
                "It is made to fill memory; do not use it.",
            )

    def broken(self, why: str) -> StudioError:
        """The sentence for a file that is not what it seems. `why` goes on after its name."""
        return StudioError(say("{name} is broken: {why}.", name=self.name, why=why), _AGAIN)

    @contextmanager
    def nested(self, size: int):
        """Within it a file of `size` bytes is read that lies in this one. Raises StudioError where they lie too
        deep."""
        self._nested_bytes -= size
        if self._depth == MOST_NESTED or self._nested_bytes < 0:
            raise self.broken(say("it holds files within files within files"))
        self._depth += 1
        yield
        self._depth -= 1


class Bytes:
    """A place in a file's bytes, which moves on as one reads. What is taken is a view of the file, not a copy."""

    def __init__(self, view: memoryview, reading: Reading):
        self.view = view
        self.reading = reading
        self.at = 0

    def byte(self) -> int:
        """The next byte. Raises StudioError at the end of the file, as all of these do."""
        if self.at >= len(self.view):
            raise self._cut()
        self.at += 1
        return self.view[self.at - 1]

    def take(self, size: int) -> memoryview:
        """The next `size` bytes."""
        if not 0 <= size <= len(self.view) - self.at:
            raise self._cut()
        self.at += size
        return self.view[self.at - size : self.at]

    def whole(self, size: int, signed: bool = False) -> int:
        """The number in the next `size` bytes, the lowest first."""
        return int.from_bytes(self.take(size), "little", signed=signed)

    def line(self) -> bytes:
        """What stands before the next end of a line."""
        size = 64
        while size <= _MOST_LINE:
            piece = bytes(self.view[self.at : self.at + size])
            end = piece.find(b"\n")
            if end >= 0:
                self.at += end + 1
                return piece[:end]
            if len(piece) < size:
                raise self._cut()
            size *= 4
        raise self.reading.broken(say("it holds a line without end"))

    def _cut(self) -> StudioError:
        return self.reading.broken(say("it ends too early"))
