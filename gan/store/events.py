"""A run's records as lines of events.jsonl. A line that cannot be understood costs itself only, and is counted."""

import dataclasses
import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from gan.errors import StudioError
from gan.field_metadata import from_values
from gan.messages import packed, unpacked
from gan.store.fields import filled
from gan.store.files import cannot_read, file_in, parse_json
from gan.training.config import TrainConfig
from gan.training.records import ChangeRecord, SignalRecord, StepRecord

EVENTS = "events.jsonl"
_KINDS = {"step": StepRecord, "signal": SignalRecord, "change": ChangeRecord}  # a line's "kind"; step where it has none
Event = StepRecord | SignalRecord | ChangeRecord


def read_lines(path: Path) -> list[bytes]:
    """The lines of a file of events, none where there is no file. Raises StudioError where it cannot be read."""
    try:
        return path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise cannot_read(file_in(path), error) from error


def read_events(lines: Iterable[bytes]) -> tuple[list[Event], int]:
    """The records in the lines, and how many lines hold something else: half a line, a flipped byte, or what only a
    newer version knows."""
    lines = [line for line in lines if line.strip()]
    found = [record for record in map(read_event, lines) if record is not None]
    return found, len(lines) - len(found)


def read_event(line: str | bytes) -> Event | None:
    """The record in a line of events.jsonl; None where it holds none."""
    values = _table(line)
    if values is None:
        return None
    kind = values.pop("kind", "step")
    if not isinstance(kind, str) or kind not in _KINDS:
        return None
    values = {name: math.nan if value is None else value for name, value in values.items()}
    try:
        record: Event = filled(_KINDS[kind], unpacked(values) if kind == "change" else values, EVENTS)
        if isinstance(record, ChangeRecord):
            from_values(TrainConfig, record.changes)
    except StudioError:
        return None
    return record


def lines_until(lines: Iterable[bytes], step: int) -> bytes:
    """The lines as they stand, but for those of later steps: what is not understood here may be a newer version's."""
    kept = [line for line in lines if line.strip() and not _is_later(_table(line), step)]
    return b"".join(line + b"\n" for line in kept)


def event_line(record: Event) -> str:
    """A record as a line of events.jsonl, without its end."""
    values = {k: packed(_plain(v)) for k, v in dataclasses.asdict(record).items()}
    kind = next(name for name, cls in _KINDS.items() if cls is type(record))
    return json.dumps({"kind": kind, **values}, ensure_ascii=False)


def _table(line: str | bytes) -> dict[str, Any] | None:
    try:
        values = parse_json(line)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _is_later(values: dict[str, Any] | None, step: int) -> bool:
    told = (values or {}).get("step")
    return isinstance(told, (int, float)) and told > step


def _plain(value: Any) -> Any:
    """A number as JSON can hold it: not-a-number becomes null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
