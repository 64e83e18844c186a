import pytest
import torch
from small_models import SmallModel, SmallModels

from gan.latents.sampling import seed_to_z
from gan.networks.registry import build_generator
from gan.studio.engine import Engine
from gan.studio.midpoints import midpoint
from gan.studio.recipes import Recipe


def test_the_straight_middle_is_shorter_and_the_spherical_one_is_not():
    torch.manual_seed(0)
    plain = SmallModel(build_generator("mlp", {"image_shape": [1, 4, 4], "hidden": [8], "z_dim": 64}).eval())
    styled = SmallModel(build_generator("stylegan2", {"side": 8, "channel_base": 64, "channel_max": 8}).eval())
    engine = Engine(SmallModels(plain=plain, styled=styled))
    told = midpoint(engine, plain, Recipe("plain", seed=1), Recipe("plain", seed=2))
    a, b = seed_to_z(1, 64), seed_to_z(2, 64)
    assert told["of"] == "z" and told["ends"] == pytest.approx([float(a.norm()), float(b.norm())], abs=0.01)
    assert (
        told["linear"] == pytest.approx(float((a + b).norm() / 2), abs=0.01) and told["linear"] < 0.9 * told["ends"][0]
    )
    assert told["spherical"] == pytest.approx(sum(told["ends"]) / 2, abs=0.01)
    told = midpoint(engine, styled, Recipe("styled", seed=1), Recipe("styled", seed=2))
    assert told["of"] == "w" and told["linear"] < told["spherical"] == pytest.approx(sum(told["ends"]) / 2, abs=0.01)
