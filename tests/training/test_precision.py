"""Networks that compute in bfloat16 play nearly the same game, and keep their weights in float32."""

import pytest
import torch
from training import games


@pytest.mark.parametrize("penalty", ["r1", "gradient"])
@pytest.mark.parametrize("name, classes", [("mlp", 3), ("dcgan", 0), ("stylegan2", 3)])
def test_records_are_about_the_same(name, classes, penalty):
    knobs = dict(
        penalty=penalty, penalty_every=1, path_length=1.0, path_every=1, g_lr=0.0, d_lr=0.0, augment=("zoom", "hue")
    )
    exact = list(games.trainer(name, classes, **knobs).run(3))
    coarse = games.trainer(name, classes, precision="bfloat16", **knobs)
    for mine, theirs in zip(coarse.run(3), exact, strict=True):
        assert mine != theirs
        for key in ("loss_d", "loss_g", "penalty", "grad_norm_d", "grad_norm_g", "path_length"):
            assert getattr(mine, key) == pytest.approx(getattr(theirs, key), rel=0.2, abs=0.02), key
    assert {p.dtype for network in (coarse.generator, coarse.discriminator) for p in network.parameters()} == {
        torch.float32
    }
    assert coarse.grid().samples.dtype == "float32"


def test_the_weights_move_alike():
    rates = dict(g_lr=1e-3, d_lr=1e-3)
    exact, coarse = games.trainer("stylegan2", **rates), games.trainer("stylegan2", precision="bfloat16", **rates)
    start = [p.detach().clone() for p in games.pair("stylegan2")[0].parameters()]
    list(exact.run(4)), list(coarse.run(4))
    moved = [
        torch.cat([(p - q).flatten() for p, q in zip(t.generator.parameters(), start, strict=True)])
        for t in (exact, coarse)
    ]
    assert torch.cosine_similarity(*moved, dim=0) > 0.8
