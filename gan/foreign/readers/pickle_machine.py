"""What an interpreter of pickles works on: a stack, its marks and a memo. The instructions themselves are in
`pickles.py`."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gan.foreign.found import Inert
from gan.foreign.readers.reading import Bytes, Reading
from gan.messages import say

_MOST_NAME = 500  # letters of a class
_MOST_KEY = 1000  # letters of a key
_DISTINCT = 2**60  # whole numbers below it all have hashes of their own
_NOTHING = object()


@dataclass(frozen=True)
class Names:
    """What is known of names in pickles. calls: name -> f(reading, args), the value of calling it. states: name ->
    f(reading, object, state), the value of an object that was made by calling it once its state is known."""

    calls: dict[str, Callable[[Reading, tuple], object]]
    states: Mapping[str, Callable[[Reading, Inert, Any], object]]


class Machine:
    """The stack, its marks and the memo, and what the instructions have in common."""

    def __init__(self, data: Bytes, names: Names, persistent: Callable[[object], object]):
        self.data = data
        self.reading = data.reading
        self.names = names
        self.persistent = persistent
        self.stack: list = []
        self.marks: list[int] = []
        self.memo: list = []
        self.kept_at: dict[int, int] = {}  # id of an Inert in the memo -> its number there

    def marked(self) -> list:
        """What was put on the stack since the last mark, taken off it."""
        start = self.marks.pop()
        values = self.stack[start:]
        del self.stack[start:]
        return values

    def push_text(self, data: memoryview | bytes, coding: str) -> None:
        """A string."""
        text = str(data, coding, "surrogatepass" if coding == "utf-8" else "strict")
        self.reading.spend(sys.getsizeof(text))
        self.stack.append(text)

    def push_old_string(self, data: memoryview | bytes) -> None:
        """A string of Python 2, which is words or bytes: words where it can be."""
        try:
            self.push_text(data, "ascii")
        except UnicodeDecodeError:
            self.stack.append(memoryview(data))

    def keep(self, number: int) -> None:
        """Remember the top of the stack under a number. Pickles count them up; one that skips many is refused."""
        value, unused = self.stack[-1], number - len(self.memo)
        if number < 0 or unused > len(self.memo) + 1024:
            raise self.reading.broken(
                say("it numbers a value {number:,} where there are {count:,}", number=number, count=len(self.memo))
            )
        if unused >= 0:
            self.reading.spend(8 * unused)
            self.memo.extend([_NOTHING] * (unused + 1))
        self.memo[number] = value
        if type(value) is Inert:
            self.kept_at[id(value)] = number

    def recall(self, number: int) -> None:
        """Put what was remembered under a number on the stack."""
        if number < 0 or self.memo[number] is _NOTHING:
            raise self.reading.broken(say("it speaks of a value {number:,} that it has not", number=number))
        self.stack.append(self.memo[number])

    def name(self, module, word) -> Inert:
        """A class or a function that a file names. Nobody looks it up."""
        if not isinstance(module, str) or not isinstance(word, str) or len(module) + len(word) > _MOST_NAME:
            raise self.reading.broken(say("it names a class by something that is no name"))
        return Inert(f"{module}.{word}")

    def call(self, function, args) -> object:
        """What calling it would give: worked out where the name is known, and otherwise written down."""
        if type(function) is not Inert or type(args) is not tuple:
            raise self.reading.broken(say("it calls something that is no function"))
        known = self.names.calls.get(function.name)
        return known(self.reading, args) if known and not function.args else Inert(function.name, args)

    def give_state(self, thing, state) -> object:
        """`thing` with its state. Only Inert objects have one; that of plain values is left out."""
        if type(thing) is not Inert:
            return thing
        known = self.names.states.get(thing.name)
        if known is None:
            set_state(thing, state if thing.state is None else (thing.state, state))
            return thing
        made, number = known(self.reading, thing, state), self.kept_at.get(id(thing))
        if number is not None and self.memo[number] is thing:
            self.memo[number] = made
        return made

    def set_items(self, pairs: list) -> None:
        """Put key, value, key, value ... into the dict on top of the stack, or into what is a kind of dict."""
        table = self._filled(dict)
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            table[self._key(key)] = value

    def extend(self, values: list) -> None:
        """Put values into the list on top of the stack, or into what is a kind of list."""
        self._filled(list).extend(values)

    def _filled(self, kind: type):
        top = self.stack[-1]
        if type(top) is Inert:
            if top.state is None:
                set_state(top, kind())
            top = top.state
        if type(top) is not kind:
            raise self.reading.broken(say("it fills something that cannot be filled"))
        return top

    def _key(self, key):
        """The key by which a value is kept: words, short numbers, and short rows of these; nothing whose hash takes
        long."""
        if type(key) is str and len(key) <= _MOST_KEY:
            return key
        self.reading.odd_keys -= 1
        if type(key) is Inert:
            return key.name
        if type(key) is memoryview and len(key) <= _MOST_KEY:
            return bytes(key)
        row = key if type(key) is tuple and len(key) <= 8 else (key,)
        if self.reading.odd_keys < 0 or not all(map(_is_plain, row)):
            raise self.reading.broken(say("it has a table whose keys are no words"))
        return key


def set_state(thing: Inert, state) -> None:
    """Give an object its state. It is finished only now: pickles make objects first and fill them later."""
    object.__setattr__(thing, "state", state)


def _is_plain(value) -> bool:
    return (
        value is None
        or type(value) in (bool, float)
        or type(value) is int
        and -_DISTINCT < value < _DISTINCT
        or type(value) is str
        and len(value) <= _MOST_KEY
    )
