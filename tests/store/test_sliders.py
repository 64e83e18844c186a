import base64
import json

import numpy as np
import pytest
import torch

from gan.errors import StudioError
from gan.latents.directions import Directions
from gan.networks.registry import build_generator
from gan.store.sliders import from_table, to_table

PLAIN = build_generator("mlp", dict(image_shape=[1, 4, 4], z_dim=5, num_classes=2))
STYLED = build_generator("stylegan2", dict(side=16, z_dim=4, w_dim=6, channel_base=64))


def unit(k, dim):
    rows = torch.randn(k, dim, generator=torch.Generator().manual_seed(0))
    return torch.nn.functional.normalize(rows, dim=1)


@pytest.mark.parametrize(
    "generator, directions",
    [
        (PLAIN, Directions(unit(2, 7), torch.tensor([0.5, 1.25]), "named", shell=5)),
        (STYLED, Directions(unit(3, 6), torch.tensor([1.0, 2.0, 3.0]), "telling", layers=(None, (0, 1), (3,)))),
    ],
)
def test_what_is_kept_comes_back_also_through_json(generator, directions):
    again = from_table(json.loads(json.dumps(to_table(directions))), generator)
    assert torch.equal(again.vectors, directions.vectors) and torch.equal(again.scales, directions.scales)
    assert (again.layers, again.method, again.shell) == (directions.layers, directions.method, directions.shell)
    w = torch.randn(2, generator.num_ws, generator.w_dim)
    amounts = torch.tensor([[1.0, -2.0], [0.5, 3.0]])
    assert torch.equal(again.apply(w, amounts), directions.apply(w, amounts))


GOOD = to_table(Directions(unit(2, 6), torch.tensor([1.0, 2.0]), "telling", layers=((0,), None)))


def encoded(values) -> str:
    return base64.b64encode(np.asarray(values, "<f4").tobytes()).decode()


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {**GOOD, "vectors": GOOD["vectors"][:1]},
        {**GOOD, "vectors": [encoded([1] + [0] * 4)] * 2},
        {**GOOD, "vectors": [encoded([np.nan] * 6)] * 2},
        {**GOOD, "vectors": [encoded([9] * 6)] * 2},
        {**GOOD, "vectors": ["not base64!"] * 2},
        {**GOOD, "vectors": 3},
        {**GOOD, "scales": [1, float("inf")]},
        {**GOOD, "scales": [1, -1]},
        {**GOOD, "scales": "ab"},
        {**GOOD, "layers": [[99], None]},
        {**GOOD, "layers": [[], None]},
        {**GOOD, "layers": ["x", None]},
        {"vectors": GOOD["vectors"] * 5, "scales": [1] * 10, "layers": [None] * 10},
    ],
)
def test_what_does_not_fit_is_refused(bad):
    with pytest.raises(StudioError, match="do not fit its generator"):
        from_table(bad, STYLED)
