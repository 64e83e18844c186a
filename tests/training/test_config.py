"""The knobs of a run and what each family starts from."""

import json

import pytest

from gan.errors import StudioError
from gan.field_metadata import from_values, table, to_values
from gan.networks.registry import FAMILIES
from gan.training.augment import AUGMENTATIONS
from gan.training.config import DEFAULTS, TrainConfig
from gan.training.losses import LOSSES
from gan.training.penalties import PENALTIES


def test_every_field_is_a_knob_with_help():
    rows = table(TrainConfig)
    assert set(rows) == set(TrainConfig.__dataclass_fields__)
    assert all(row.help.endswith(".") for row in rows.values())


def test_the_choices_are_the_tables():
    rows = table(TrainConfig)
    assert rows["loss"].choices == tuple(LOSSES) and rows["augment"].choices == tuple(AUGMENTATIONS)
    assert rows["penalty"].choices == ("none", *PENALTIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_has_valid_defaults(family):
    config = from_values(TrainConfig, DEFAULTS[family])
    assert from_values(TrainConfig, json.loads(json.dumps(to_values(config)))) == config
    assert set(DEFAULTS) == set(FAMILIES)


@pytest.mark.parametrize(
    "values",
    [
        dict(loss="best"),
        dict(batch_size=0),
        dict(g_lr=-1),
        dict(beta1=1.0),
        dict(d_steps=0),
        dict(penalty="r2"),
        dict(augment=("blur",)),
        dict(augment_p=1.1),
        dict(seed=2**32),
        dict(record_every=0),
        dict(grid_size=0),
        dict(ema_kimg=float("nan")),
        dict(mirror=1),
    ],
)
def test_what_cannot_be_is_refused(values):
    with pytest.raises(StudioError, match=next(iter(values))):
        TrainConfig(**values)
