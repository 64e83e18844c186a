"""A diagnosis of the training doctor as plain values, as scripts and programs are told it."""

import json
import math

from gan.training.findings import Diagnosis


def plain_diagnosis(found: Diagnosis) -> dict:
    """{"verdict", "sentence", "severity", "remedy": {"label", "changes"} or None, "numbers", "others": sentences}."""
    remedy = found.remedy and dict(label=found.remedy.label, changes=json.loads(json.dumps(found.remedy.changes)))
    return dict(
        verdict=found.verdict,
        sentence=found.sentence,
        severity=found.severity,
        remedy=remedy,
        numbers={name: plain_number(value) for name, value in found.numbers.items()},
        others=[other.sentence for other in found.others],
    )


def plain_number(value):
    """What is no number is None: JSON has no word for it."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
