"""The training doctor: from what a run measured to one sentence in plain words and one remedy that a click can apply.

It knows records and settings only. Each of the findings is a function of the same evidence. What is found stands until
its own numbers have been measured anew and are well by a margin; several can stand at once, the worst first. "Nothing
is wrong" is only said where all numbers are known and well. What was changed while something stood is judged: did it
help?
"""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from gan.field_metadata import from_values, to_values
from gan.messages import Message, say
from gan.training.config import TrainConfig
from gan.training.findings import (
    FINDINGS,
    HINT,
    RECORDS,
    VERDICTS,
    WINDOW,
    Diagnosis,
    Evidence,
    is_measured,
    make_diagnosis,
    worst_first,
)
from gan.training.records import ChangeRecord, Record, SignalRecord, StepRecord
from gan.training.remedies import Remedy

MARGIN = 1.2  # by how much what stands must have come past its threshold to be well, so that no verdict comes and goes
REMEMBERED = 3  # signals; a change is only said not to have helped once there are as many after it
JUDGED = 500  # steps for which it is said whether a change helped


@dataclass(frozen=True)
class _Trial:
    """A change that was made at a step while something stood; `remedy` is its name where it was the doctor's."""

    step: int
    verdict: str
    remedy: Message | None


class Doctor:
    """Sees one record after the other, of a run that was started with `config`, and remembers what it needs of them."""

    def __init__(self, config: TrainConfig) -> None:
        self.config = config
        self._steps: deque[StepRecord] = deque()
        self._signals: deque[SignalRecord] = deque(maxlen=REMEMBERED)
        self._early: list[float] = []
        self._changed = 0
        self._standing: dict[str, Diagnosis] = {}
        self._improving: list[Diagnosis] = []
        self._trial: _Trial | None = None
        self._judged: tuple[int, Message] | None = None  # at which step, and what is said of the last change

    def see(self, record: Record) -> None:
        """Take in any record. After a change all is measured afresh; what stood stands until it is."""
        if isinstance(record, StepRecord):
            self._see_step(record)
        elif isinstance(record, SignalRecord):
            if record.step >= self.config.warmup_steps:
                self._signals.append(record)
        elif isinstance(record, ChangeRecord):
            self._see_change(record)
        if isinstance(record, (StepRecord, SignalRecord)) and self._steps:
            self._examine()

    def diagnosis(self) -> Diagnosis:
        """What is to be said now."""
        found = self._found()
        if self._judged is None or self._newest - self._judged[0] > JUDGED:
            return found
        return replace(found, sentence=say("{first} {then}", first=self._judged[1], then=found.sentence))

    def _found(self) -> Diagnosis:
        tried = self._trial.verdict if self._trial else ""
        standing = worst_first(self._standing)
        if standing and (standing[0].verdict != HINT or tried == HINT):
            first, *others = standing
            if self._trial and first.verdict == tried:
                first = _trying(self._trial, first)
            return replace(first, others=tuple(others))
        if self._newest < self.config.warmup_steps:
            return make_diagnosis("warming", until=self.config.warmup_steps)
        if self._is_early:
            return make_diagnosis("learning")
        if self._improving:
            return replace(
                make_diagnosis("improving", trouble=self._improving[0].sentence), numbers=self._improving[0].numbers
            )
        if not self._knows_all:
            return make_diagnosis("unmeasured")
        return standing[0] if standing and standing[0].remedy else make_diagnosis("healthy")

    @property
    def _newest(self) -> int:
        return self._steps[-1].step if self._steps else self._changed

    @property
    def _is_early(self) -> bool:
        """Whether too little was measured since the start or the last change."""
        unmeasured = self.config.signals_every > 0 and len(self._signals) < 2
        begun = max(self._changed, self.config.warmup_steps)
        return unmeasured or len(self._steps) < RECORDS or self._newest - begun < WINDOW

    @property
    def _knows_all(self) -> bool:
        if not self._signals:
            return False
        s = self._signals[-1]
        return all(map(math.isfinite, (s.diversity, s.nearest, s.apart, s.leak)))

    def _examine(self) -> None:
        """Hold all that is known against what may be wrong. Of early numbers only those without meaning are trusted."""
        signal = self._signals[-1] if self._signals else None
        e = Evidence(self.config, list(self._steps), signal, self._signals[0] if signal else None, self._fade())
        self._improving = []
        for name, finding in FINDINGS.items():
            if self._is_early and name != "diverged":
                continue
            if name in self._standing and not (is_measured(name, signal) and len(self._steps) >= RECORDS):
                continue
            found = finding(replace(e, margin=MARGIN if name in self._standing else 1.0))
            if self._trial and self._trial.verdict == name:
                self._judge(self._trial, found)
            if found is None:
                self._standing.pop(name, None)
            elif name in self._standing or not found.improving:
                self._standing[name] = found
            else:
                self._improving.append(found)

    def _judge(self, trial: _Trial, found: Diagnosis | None) -> None:
        """Whether a change helped against what it was made for: it is given time, and longer while all gets better."""
        patient = self.config.signals_every > 0 and len(self._signals) < REMEMBERED
        if found is not None and (found.improving or patient):
            return
        self._trial = None
        if trial.remedy is not None:
            helped = say("“{remedy}” helped.", remedy=trial.remedy)
            self._judged = (
                self._newest,
                helped if found is None else say("“{remedy}” did not help.", remedy=trial.remedy),
            )

    def _see_change(self, record: ChangeRecord) -> None:
        if not record.changes:
            return  # one that was refused
        worst = worst_first(self._standing)
        self._trial, self._judged = None, None
        if worst:
            changes = to_values(from_values(TrainConfig, to_values(self.config) | record.changes))
            known = [one for one in worst if one.remedy and _makes(one.remedy, self.config, changes)]
            tried = (known or worst)[0]
            if known or tried.verdict != HINT:  # nothing was to be mended by another change
                self._trial = _Trial(record.step, tried.verdict, tried.remedy.label if known and tried.remedy else None)
        self.config = from_values(TrainConfig, to_values(self.config) | record.changes)
        self._changed = record.step
        self._steps.clear()
        self._signals.clear()
        self._improving = []

    def _see_step(self, record: StepRecord) -> None:
        if self._steps and self._steps[-1].step <= self.config.warmup_steps < record.step:
            self._steps.clear()  # the game begins here
        self._steps.append(record)
        while len(self._steps) > RECORDS and self._steps[0].step <= record.step - WINDOW:
            self._steps.popleft()
        if len(self._early) < 10 and record.step > self.config.warmup_steps:
            self._early.append(record.grad_norm_g)

    def _fade(self) -> float:
        early = median(self._early) if self._early else math.nan
        return median(r.grad_norm_g for r in self._steps) / early if self._steps and early > 0 else 1.0


def _makes(remedy: Remedy, config: TrainConfig, changes: dict[str, Any]) -> bool:
    """Whether a remedy turns the settings into these."""
    return to_values(replace(config, **remedy.changes)) == changes


def _trying(trial: _Trial, trouble: Diagnosis) -> Diagnosis:
    """What stood when a change was made that cannot be judged yet. Nothing else is to be tried meanwhile."""
    sentence = say(VERDICTS["trying"], trouble=trouble.sentence)
    if trial.remedy is not None:
        sentence = say("“{remedy}” is being tried. Before it: {trouble}", remedy=trial.remedy, trouble=trouble.sentence)
    return Diagnosis("trying", sentence, None, trouble.severity, trouble.numbers)


def diagnose(records: Iterable[Record], config: TrainConfig) -> Diagnosis:
    """The diagnosis at the end of these records, of a run that was started with `config`."""
    doctor = Doctor(config)
    for record in records:
        doctor.see(record)
    return doctor.diagnosis()
