"""A run's records as lines of events.jsonl."""

import dataclasses
import json
import math
from typing import Any

from gan.messages import packed, unpacked
from gan.training.records import ChangeRecord, SignalRecord, StepRecord

_KINDS = {"step": StepRecord, "signal": SignalRecord, "change": ChangeRecord}  # a line's "kind"; step where it has none
Event = StepRecord | SignalRecord | ChangeRecord


def read_event(line: str | bytes) -> Event | None:
    """The record in a line of events.jsonl; None for half a line."""
    try:
        values = json.loads(line)
    except ValueError:
        return None
    kind = _KINDS[values.pop("kind", "step")]
    values = {name: math.nan if value is None else value for name, value in values.items()}
    return kind(**(unpacked(values) if kind is ChangeRecord else values))


def event_line(record: Event) -> str:
    """A record as a line of events.jsonl."""
    values = {k: packed(_plain(v)) for k, v in dataclasses.asdict(record).items()}
    kind = next(name for name, cls in _KINDS.items() if cls is type(record))
    return json.dumps({"kind": kind, **values}, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    """A number as JSON can hold it: not-a-number becomes null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
