"""The header of a safetensors file, which may be a stranger's: read and held against the file before all else.

Format: 8 bytes length of the header, the header (JSON: name -> dtype, shape, data_offsets), the numbers.
"""

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan.errors import StudioError
from gan.messages import say

MOST_HEADER_BYTES = 4 * 1024**2
_ITEM_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}
_OTHER_KIND = re.compile(r"F[468]_[A-Z0-9]{1,12}|F4|U(16|32|64)|C64")  # that safetensors knows besides
BROKEN = say("Fetch or copy it again, or ask whoever made it.")
BY_ITSELF = say(
    "Give that file by itself, without this config.json: it is read as a checkpoint, and nothing in it is run."
)
_STARTS = (
    (
        b"version https://git-lfs",
        say("is only a Git LFS pointer to the weights, not the weights"),
        say("Run `git lfs pull` in the folder that it came from."),
    ),
    (b"PK", say("is a zip file or a PyTorch pickle, not safetensors"), BY_ITSELF),
    (b"\x80", say("is a pickle, not safetensors"), BY_ITSELF),
    (
        b"<",
        say("is a web page, not weights"),
        say("Fetch it again: the site answered with a page instead of the file."),
    ),
)


@dataclass(frozen=True)
class Entry:
    """What a header says of one tensor."""

    dtype: str
    shape: tuple[int, ...]


def read_header(path: Path, what: str) -> dict[str, Entry]:
    """The header of a safetensors file, by tensors' names, held against the file's length. Reads at most 4 MiB.

    what: the file in sentences. Raises StudioError for what is no such file, is cut short, or makes no sense; OSError
    where it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(64)
        length = int.from_bytes(start[:8], "little")
        if length > min(size - 8, MOST_HEADER_BYTES):
            raise _not_a_header(start, length, what)
        file.seek(8)
        text = file.read(length)
    if text.count(b"[") + text.count(b"{") > length // 12 + 8:  # a tensor has three, and no fewer than 50 letters
        raise StudioError(say("{what} has a header that is not a table of tensors.", what=what), BROKEN)
    try:
        table = json.loads(str(text, "utf-8"))
    except (ValueError, RecursionError):
        raise StudioError(say("{what} has a header that is not JSON.", what=what), BROKEN) from None
    if not isinstance(table, dict):
        raise StudioError(say("{what} has a header that is not a table of tensors.", what=what), BROKEN)
    table.pop("__metadata__", None)
    entries = {name: _entry(name, about, what) for name, about in table.items()}
    _check_offsets([table[name]["data_offsets"] for name in table], size - 8 - length, what)
    return entries


def _not_a_header(start: bytes, length: int, what: str) -> StudioError:
    for magic, fault, hint in _STARTS:
        if start.startswith(magic):
            return StudioError(say("{what} {fault}.", what=what, fault=fault), hint)
    if length <= MOST_HEADER_BYTES:
        return StudioError(say("{what} is cut short: it ends inside its header.", what=what), BROKEN)
    return StudioError(
        say("{what} is not a safetensors file: its header claims {length:,} bytes.", what=what, length=length), BROKEN
    )


def _entry(name: str, about: Any, what: str) -> Entry:
    """One row of the header, checked: kind, shape, and as many bytes as these need."""
    fault = StudioError(
        say("{what} has a header that makes no sense at {name}.", what=what, name=short_name(name)), BROKEN
    )
    kind = about.get("dtype") if isinstance(about, dict) else None
    if isinstance(kind, str) and _OTHER_KIND.fullmatch(kind):
        raise StudioError(
            say(
                "{what} holds numbers of the kind {kind}, which are not read here, in {name}.",
                what=what,
                kind=kind,
                name=short_name(name),
            ),
            "Ask its author for a file with numbers of 16 or 32 bits.",
        )
    if not isinstance(kind, str) or kind not in _ITEM_BYTES:
        raise fault
    shape, offsets = about.get("shape"), about.get("data_offsets")
    if not _whole_numbers(shape, most=8) or not _whole_numbers(offsets, most=2) or len(offsets) != 2:
        raise fault
    if offsets[1] - offsets[0] != math.prod(shape) * _ITEM_BYTES[about["dtype"]]:
        raise fault
    return Entry(about["dtype"], tuple(shape))


def _whole_numbers(values: Any, most: int) -> bool:
    return isinstance(values, list) and len(values) <= most and all(type(v) is int and 0 <= v < 2**62 for v in values)


def _check_offsets(offsets: list[list[int]], size: int, what: str) -> None:
    """The tensors must lie one behind the other and fill the file: no gap, no overlap, nothing missing."""
    end = 0
    for first, last in sorted(offsets):
        if first != end:
            raise StudioError(say("{what} has a header whose tensors overlap or leave gaps.", what=what), BROKEN)
        end = last
    if end > size:
        raise StudioError(
            say("{what} is cut short: it holds {size:,} of {end:,} bytes.", what=what, size=size, end=end), BROKEN
        )
    if end < size:
        raise StudioError(
            say("{what} holds {size:,} bytes more than its header speaks of.", what=what, size=size - end), BROKEN
        )


def short_name(name: str) -> str:
    """A name from a stranger's file, in quotes and short."""
    return repr(name) if len(name) <= 60 else repr(name[:57] + "...")
