"""The doctor of training looks at a game of points that was played in a visitor's browser.

It is the same one as in Train, with the same rules and sentences: the browser records what a run would have written
(gan/ui/static/learn/recorder.js), and sends it here.
"""

import math
from collections.abc import Sequence
from typing import Any

from gan.errors import StudioError
from gan.field_metadata import from_values
from gan.messages import say
from gan.studio.lessons.lessons import check_rules, train_values
from gan.training.config import TrainConfig
from gan.training.doctor import diagnose
from gan.training.findings import Diagnosis
from gan.training.records import Record, SignalRecord, StepRecord

_MOST = 1000  # rows that are looked at: a game of 10,000 steps
_STEP, _SIGNAL = 8, 4  # numbers in a row
_LARGEST = 1e30  # what is larger means nothing


def look_at(rules: Any, steps: object, signals: object) -> Diagnosis:
    """The diagnosis of a game with `rules` (see lessons.py), whose records are rows of numbers, None for what is none.

    steps: (step, loss of the discriminator, of the generator, accuracy on real ones, on made ones, penalty, norm of the
    discriminator's gradient, of the generator's), see StepRecord. signals: (step, diversity, nearest, apart), see
    SignalRecord. Raises StudioError for what is no such row or no such game.
    """
    try:
        check_rules(rules)
    except (LookupError, TypeError, ValueError, AttributeError):  # what is no table of settings at all
        raise _unreadable() from None
    config = from_values(TrainConfig, train_values(rules))
    records: list[Record] = [
        StepRecord(int(step), int(step) * config.batch_size, *numbers) for step, *numbers in _rows(steps, _STEP)
    ]
    records += [
        SignalRecord(int(step), diversity, nearest, apart, leak=0.0, leaking="")
        for step, diversity, nearest, apart in _rows(signals, _SIGNAL)
    ]
    records.sort(key=lambda record: (record.step, isinstance(record, SignalRecord)))
    return diagnose(records, config)


def _rows(given: object, width: int) -> Sequence[list[float]]:
    if not isinstance(given, list) or len(given) > _MOST:
        raise _unreadable()
    return [_row(row, width) for row in given]


def _row(row: object, width: int) -> list[float]:
    if not isinstance(row, list) or len(row) != width or type(row[0]) is not int or not 0 < row[0] < 10**9:
        raise _unreadable()
    if not all(value is None or type(value) in (int, float) for value in row):
        raise _unreadable()
    return [math.nan if value is None or not abs(value) < _LARGEST else float(value) for value in row]


def _unreadable() -> StudioError:
    return StudioError("The doctor cannot read what was recorded of this game.", say("Begin it again."))
