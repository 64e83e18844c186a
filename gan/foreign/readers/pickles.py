"""Pickles read as data: an interpreter of pickle's instructions that imports nothing and calls nothing that a file
names.

Python's own reader looks up whatever a pickle names and calls it. This one builds plain values, and Inert ones for
everything else; a few names of known harmless meaning are worked out by functions of ours (`Names`). It never calls
itself, however deep the values lie in each other, and every instruction costs some of what the file may use
(`Reading`). Instructions: pickletools in Python's library; protocols 0 to 5.
"""

import codecs
import struct
from collections.abc import Callable
from functools import partial
from typing import Any

from gan.foreign.readers.pickle_machine import Machine, Names
from gan.foreign.readers.reading import Bytes
from gan.messages import say

_MOST_INT = 32  # bytes of a whole number
_MOST_DIGITS = 100
_STOP = b"."[0]
# Instruction -> the bytes of memory it costs, what it does.
_STEPS: dict[int, tuple[int, Callable[[Machine], None]]] = {}
_LEAST = 24  # of these bytes, so that time is bounded too
_DICT, _LIST, _OBJECT, _ENTRY, _TUPLE = 250, 104, 300, 100, 64


def read_pickle(data: Bytes, names: Names, persistent: Callable[[object], object]) -> object:
    """The value of the pickle that begins at `data`, which is left behind its end.

    `persistent(id)` gives what lies outside it. Strings of bytes are views of the file. Sets become lists; objects as
    keys become the names of their classes. Values may lie in themselves. Raises StudioError for whatever is wrong.
    """
    machine, reading = Machine(data, names, persistent), data.reading
    try:
        while (code := data.byte()) != _STOP:
            cost, step = _STEPS[code]
            reading.spend(cost)
            step(machine)
        return machine.stack.pop()
    except (IndexError, KeyError, ValueError, struct.error) as error:
        # An empty stack, an unknown number, text that is none.
        raise reading.broken(say("its instructions make no sense at byte {at:,}", at=data.at)) from error


def _step(code: bytes, cost: int = _LEAST):
    """Enter what an instruction does."""

    def enter(function):
        _STEPS[code[0]] = (cost, function)
        return function

    return enter


# Values that stand in the instruction


def _constant(value, m: Machine):
    m.stack.append(value)


def _number(form: str, m: Machine):
    m.stack.append(struct.unpack(form, m.data.take(struct.calcsize(form)))[0])


def _bytes(width: int, m: Machine):
    m.stack.append(m.data.take(m.data.whole(width)))


def _text(width: int, m: Machine):
    m.push_text(m.data.take(m.data.whole(width)), "utf-8")


def _old_string(width: int, m: Machine):
    m.push_old_string(m.data.take(m.data.whole(width)))


def _long(width: int, m: Machine):
    size = m.data.whole(width)
    if size > _MOST_INT:
        raise m.reading.broken(say("it holds a whole number of {size:,} bytes", size=size))
    m.stack.append(m.data.whole(size, signed=True))


def _line_number(m: Machine):
    """The old instruction for whole numbers, where 00 and 01 are False and True."""
    line = m.data.line().rstrip(b"L")
    if len(line) > _MOST_DIGITS:
        raise m.reading.broken(say("it holds a number of {count:,} digits", count=len(line)))
    m.stack.append({b"00": False, b"01": True}[line] if line in (b"00", b"01") else int(line))


@_step(b"F", 32)
def _line_float(m: Machine):
    line = m.data.line()
    m.stack.append(float(line[:_MOST_DIGITS]))


@_step(b"S", 64)
def _line_string(m: Machine):
    line = m.data.line().strip()
    if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in b"'\"":
        raise ValueError("a string without quotes")
    m.reading.spend(len(line))
    m.push_old_string(codecs.escape_decode(line[1:-1])[0])


@_step(b"V", 64)
def _line_text(m: Machine):
    m.push_text(m.data.line(), "raw-unicode-escape")


# Containers


@_step(b"(", 40)
def _mark(m: Machine):
    m.marks.append(len(m.stack))


@_step(b"t", _TUPLE)
def _tuple(m: Machine):
    m.stack.append(tuple(m.marked()))


def _short_tuple(size: int, m: Machine):
    values = [m.stack.pop() for _ in range(size)]
    m.stack.append(tuple(reversed(values)))


@_step(b"]", _LIST)
@_step(b"\x8f", _LIST)  # a set
def _new_list(m: Machine):
    m.stack.append([])


@_step(b"l", _LIST)
@_step(b"\x91", _LIST)  # a frozen set
def _list(m: Machine):
    m.stack.append(m.marked())


@_step(b"}", _DICT)
def _new_dict(m: Machine):
    m.stack.append({})


@_step(b"d", _DICT)
def _dict(m: Machine):
    pairs = m.marked()
    m.reading.spend(_ENTRY * len(pairs))
    m.stack.append({})
    m.set_items(pairs)


@_step(b"s", _DICT)
def _set_item(m: Machine):
    value, key = m.stack.pop(), m.stack.pop()
    m.set_items([key, value])


@_step(b"u", _DICT)
def _set_items(m: Machine):
    pairs = m.marked()
    m.reading.spend(_ENTRY * len(pairs))
    m.set_items(pairs)


@_step(b"a", 80)
def _append(m: Machine):
    value = m.stack.pop()
    m.extend([value])


@_step(b"e", 80)
@_step(b"\x90", 80)  # into a set
def _extend(m: Machine):
    values = m.marked()
    m.extend(values)


# The stack and the memo


@_step(b"0")
def _pop(m: Machine):
    if m.marks and m.marks[-1] == len(m.stack):
        m.marks.pop()
    else:
        m.stack.pop()


@_step(b"1")
def _pop_mark(m: Machine):
    m.marked()


@_step(b"2")
def _again(m: Machine):
    m.stack.append(m.stack[-1])


def _keep(width: int, m: Machine):
    m.keep(m.data.whole(width))


@_step(b"p", 2 * _ENTRY)
def _line_keep(m: Machine):
    m.keep(int(m.data.line()[:_MOST_DIGITS]))


@_step(b"\x94", 2 * _ENTRY)
def _memoize(m: Machine):
    m.keep(len(m.memo))


def _get(width: int, m: Machine):
    m.recall(m.data.whole(width))


@_step(b"g")
def _line_get(m: Machine):
    m.recall(int(m.data.line()[:_MOST_DIGITS]))


# Objects, none of which is made


@_step(b"c", _OBJECT)
def _global(m: Machine):
    module, word = m.data.line(), m.data.line()
    m.stack.append(m.name(str(module, "utf-8"), str(word, "utf-8")))


@_step(b"\x93", _OBJECT)
def _stack_global(m: Machine):
    word, module = m.stack.pop(), m.stack.pop()
    m.stack.append(m.name(module, word))


@_step(b"R", _OBJECT)
@_step(b"\x81", _OBJECT)  # a new object of a class, which is called with the same
def _call(m: Machine):
    args, function = m.stack.pop(), m.stack.pop()
    m.stack.append(m.call(function, args))


@_step(b"\x92", _OBJECT)
def _call_with_words(m: Machine):
    """What stands by name comes last, as a dict, behind a tuple of the others."""
    words, args, function = m.stack.pop(), m.stack.pop(), m.stack.pop()
    m.stack.append(m.call(function, (args, words) if words else args))


@_step(b"o", _OBJECT)
def _object(m: Machine):
    function, *args = m.marked()
    m.stack.append(m.call(function, tuple(args)))


@_step(b"i", _OBJECT)
def _line_object(m: Machine):
    function = m.name(str(m.data.line(), "utf-8"), str(m.data.line(), "utf-8"))
    m.stack.append(m.call(function, tuple(m.marked())))


@_step(b"b", _TUPLE)
def _build(m: Machine):
    state = m.stack.pop()
    m.stack[-1] = m.give_state(m.stack[-1], state)


@_step(b"P", _OBJECT)
def _line_persistent(m: Machine):
    m.stack.append(m.persistent(str(m.data.line(), "utf-8")))


@_step(b"Q", _OBJECT)
def _persistent(m: Machine):
    m.stack.append(m.persistent(m.stack.pop()))


# What says something of the pickle itself


@_step(b"\x80")
def _protocol(m: Machine):
    if m.data.byte() > 5:
        raise ValueError("a protocol that is not known")


@_step(b"\x95")
def _frame(m: Machine):
    """How many of the next bytes belong together. It is of use to those who read from a network."""
    size = m.data.whole(8)
    if size > len(m.data.view) - m.data.at:
        raise m.reading.broken(say("it ends too early"))


@_step(b"\x82")
@_step(b"\x83")
@_step(b"\x84")
@_step(b"\x97")
@_step(b"\x98")
def _elsewhere(m: Machine):
    """Numbers that stand for classes, and buffers that lie outside."""
    raise m.reading.broken(say("it speaks of things that lie outside of the file"))


# Instructions of which there are several for one deed: what they do, with what, and their cost.
_SEVERAL: tuple[tuple[bytes, Callable[[Any, Machine], None], object, int], ...] = (
    (b"N", _constant, None, _LEAST),
    (b"\x88", _constant, True, _LEAST),
    (b"\x89", _constant, False, _LEAST),
    (b")", _constant, (), _LEAST),
    (b"K", _number, "<B", _LEAST),
    (b"M", _number, "<H", 40),
    (b"J", _number, "<i", 40),
    (b"G", _number, ">d", 32),
    (b"\x8a", _long, 1, 72),
    (b"\x8b", _long, 4, 72),
    (b"C", _bytes, 1, 200),
    (b"B", _bytes, 4, 200),
    (b"\x8e", _bytes, 8, 200),
    (b"\x96", _bytes, 8, 200),
    (b"\x8c", _text, 1, _LEAST),
    (b"X", _text, 4, _LEAST),
    (b"\x8d", _text, 8, _LEAST),
    (b"U", _old_string, 1, 200),
    (b"T", _old_string, 4, 200),
    (b"\x85", _short_tuple, 1, _TUPLE),
    (b"\x86", _short_tuple, 2, _TUPLE),
    (b"\x87", _short_tuple, 3, _TUPLE),
    (b"q", _keep, 1, 2 * _ENTRY),
    (b"r", _keep, 4, 2 * _ENTRY),
    (b"h", _get, 1, _LEAST),
    (b"j", _get, 4, _LEAST),
)
for _code, _deed, _with, _cost in _SEVERAL:
    _STEPS[_code[0]] = (_cost, partial(_deed, _with))
for _byte in b"IL":
    _STEPS[_byte] = (72, _line_number)
