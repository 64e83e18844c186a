"""The traits of a labelled set, told of any picture by probes on our own features.

read_traits(Path("people-traits.npz"), ["Beard", "Headwear"])      # name -> Measure
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gan.errors import StudioError
from gan.evaluation.traits import Measure, Trait, fit
from gan.field_metadata import show
from gan.messages import listed, say
from gan.studio.data.npz_arrays import Arrays
from gan.studio.data.npz_pictures import find_labels, find_pictures
from gan.studio.scores.feature_networks import own_features

MOST = 6000  # pictures that the probes learn from
_FLIPPED = 0.5  # of a chance: what makes another label of it
_AT_ONCE = 64


def read_traits(path: Path, names: Sequence[str] | None = None) -> dict[str, Measure]:
    """The traits of these names, or all, from the columns of `labels` that `label_names` names. Raises StudioError."""
    arrays = Arrays(path, path.name)
    found = find_pictures(arrays)
    labels = find_labels(arrays, found.array, [])
    if labels is None or "label_names" not in arrays.found:
        raise StudioError(
            say("{name} says no traits.", name=path.name), "It needs labels, a column each, and label_names."
        )
    columns = [str(name).split(":")[0] for name in arrays.whole("label_names")]
    labels = np.asarray(labels, dtype=np.float64).reshape(len(labels), -1)
    if len(columns) != labels.shape[1]:
        raise StudioError(
            say(
                "{name} has {count} traits and {count2} names.",
                name=path.name,
                count=labels.shape[1],
                count2=len(columns),
            ),
            "Each needs one in `label_names`.",
        )
    unknown = [name for name in names or () if name not in columns]
    if unknown:
        raise StudioError(
            say("{name} has no trait {trait}.", name=path.name, trait=show(unknown[0])),
            say("It has {names}.", names=listed(columns)),
        )
    rows = torch.cat(
        [_features(torch.from_numpy(part.copy())) for part in islice(_few(found.parts()), MOST // _AT_ONCE)]
    )
    values = torch.from_numpy(labels[: len(rows)])
    return {name: _measure(fit(rows, values[:, columns.index(name)])) for name in names or columns}


def _measure(trait: Trait) -> Measure:
    return Measure(
        lambda x: trait.say(own_features()(x)).to(x),
        _FLIPPED if trait.binary else None,
        round(trait.told, 3),
        steep=lambda x: trait.steep(own_features()(x)).to(x),
    )


def _few(parts):
    for part in parts:
        for at in range(0, len(part), _AT_ONCE):
            yield part[at : at + _AT_ONCE]


@torch.no_grad()
def _features(pixels: Tensor) -> Tensor:
    return own_features()(pixels.permute(0, 3, 1, 2).float() / 127.5 - 1)
