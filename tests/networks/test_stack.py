"""The family of layer lists: how latents and classes come in, how pictures go out, and what training must leave
alone."""

import copy
import math

import pytest
import torch
from training import games

from gan.errors import StudioError
from gan.latents.directions import find
from gan.networks.layers import StoredNorm
from gan.networks.registry import build_discriminator, build_generator
from gan.networks.stack import StackDiscriminator, StackDiscriminatorConfig, StackGenerator, StackGeneratorConfig
from gan.networks.stack_join import JOINS

FLAT = ("linear ->12", "reshape 3x2x2")


def made(**values) -> StackGenerator:
    torch.manual_seed(0)
    return StackGenerator(StackGeneratorConfig(**{"z_dim": 3, "layers": FLAT, **values}))


def latents(n: int = 4, z_dim: int = 3):
    return torch.randn(n, z_dim, generator=torch.Generator().manual_seed(1))


def test_uniform_latents_are_the_shares_of_normal_ones_below_them():
    g, z = made(latent="uniform"), latents(5000)
    w = g.mapping(z).squeeze(1)
    for value, got in zip(z[:9].flatten(), w[:9].flatten(), strict=True):
        assert got.item() == pytest.approx(2 * 0.5 * (1 + math.erf(value / math.sqrt(2))) - 1, abs=1e-6)
    assert w.abs().max() < 1 and abs(w.std() - 1 / math.sqrt(3)) < 0.01
    assert torch.equal(made().mapping(z).squeeze(1), z) and torch.equal(
        g.synthesis(w[:, None]), made().synthesis(w[:, None])
    )


@pytest.mark.parametrize(
    "join, embedding", [("z first", 0), ("z first", 2), ("class first", 0), ("class first", 2), ("multiply", 3)]
)
def test_the_class_joins_the_latents(join, embedding):
    g, z = made(join=join, embedding=embedding, num_classes=4), latents()
    c = torch.eye(4)
    e = g.embed(torch.arange(4)) if embedding else c
    joined = {"z first": torch.cat([z, e], 1), "class first": torch.cat([e, z], 1)}.get(join)
    want = g.layers(z * e if joined is None else joined)
    assert torch.allclose(g(z, c), want) and g.w_dim == 7
    mixed = torch.tensor([[0.5, 0.5, 0, 0]]).expand(4, -1)
    assert not torch.allclose(g(z, mixed), want)
    assert g.first_weights().shape == (12, 7)


@pytest.mark.parametrize("at, shape", [(1, (12,)), (2, (3, 2, 2))])
@pytest.mark.parametrize("join", JOINS)
def test_the_class_joins_what_layers_have_made(at, shape, join):
    """Beside a row, or as feature maps beside feature maps; multiplied and added value by value."""
    beside = join in ("z first", "class first")
    values = 4 if beside else 12
    last = {(1, True): ["linear ->12", "reshape 3x2x2"], (2, True): ["conv ->3"]}.get((at, beside), [])
    layers = ["linear ->12", "reshape 3x2x2"][:at] + last + ["reshape 3x2x2"] * (at == 1 and not beside) + ["tanh"]
    g, z = made(layers=tuple(layers), join=join, embedding=values, num_classes=5, class_at=at), latents(5)
    x, e = g.layers[:at](z), g.embed.weight.reshape(5, -1, *shape[1:])
    met = {"z first": [x, e], "class first": [e, x]}.get(join)
    want = g.layers[at:](torch.cat(met, 1) if met else x * e if join == "multiply" else x + e)
    assert x.shape[1:] == shape and torch.allclose(g(z, torch.eye(5)), want, atol=1e-6)
    assert g.first_weights().shape == (12, 8) and not g.first_weights()[:, 3:].any()
    assert sum(len(list(m.parameters())) for stage in g.stages() for m in stage) == len(list(g.parameters()))


@pytest.mark.parametrize(
    "values, words",
    [
        (dict(join="multiply", embedding=2), "as many values as it meets, 3, not 2"),
        (dict(join="add"), "as many values as it meets, 3, not 4"),
        (dict(embedding=3, class_at=2), "A class of 3 values cannot stand beside 3x2x2"),
        (dict(embedding=4, class_at=2), "before layer 2, and there are 2"),
        (dict(embedding=2**16, num_classes=10000), "10000 classes of 65536 values each are too many"),
    ],
)
def test_classes_that_cannot_join(values, words):
    layers = FLAT if words.startswith("before") else (*FLAT, "tanh")
    with pytest.raises(StudioError, match=words):
        made(**{"num_classes": 4, "layers": layers, **values})


def test_pictures_come_out_black_to_white():
    z = latents()
    x = made()(z)
    assert torch.allclose(made(output="0..1")(z), 2 * x - 1)
    free = made(output="free")(z)
    low, high = x.amin((1, 2, 3)), x.amax((1, 2, 3))
    assert torch.equal(free.amin((1, 2, 3)), -torch.ones(4)) and torch.allclose(free.amax((1, 2, 3)), torch.ones(4))
    assert torch.allclose(free[1], (x[1] - low[1]) / (high[1] - low[1]) * 2 - 1, atol=1e-5)


@pytest.mark.parametrize("layers", [FLAT, ("reshape 3x1x1", "conv_transpose ->3 kernel=2"), ("none", *FLAT)])
def test_the_first_weights_are_those_that_w_meets_first(layers):
    g = made(layers=layers)
    weights = next(p for p in g.layers.parameters() if p.dim() > 1)
    want = weights.permute(1, 2, 3, 0).flatten(0, 2) if layers[0].startswith("reshape") else weights
    assert torch.allclose(g.first_weights(), want, atol=1e-6)


def test_sliders_keep_uniform_latents_as_long_as_they_are_drawn():
    """White 2016's shell has the radius sqrt(dim) for N(0, 1), sqrt(dim / 3) for U(-1, 1)."""
    g = made(latent="uniform", z_dim=300).eval()
    w = g.mapping(latents(8, 300))
    moved = find(g, k=4).apply(w, torch.full((8, 4), 3.0)).norm(dim=2)
    assert (moved <= w.norm(dim=2).clamp_min(10) + 1e-3).all() and (w.norm(dim=2) > 9).all()


def test_it_tells_how_much_lies_between_its_layers():
    assert made().most_values == 12 and made(layers=("linear ->50", "linear ->12", "reshape 3x2x2")).most_values == 50


def test_directions_are_found_in_it():
    assert find(made().eval(), k=2).vectors.shape == (2, 3)


@pytest.mark.parametrize(
    "layers, words",
    [
        (("linear ->8", "reshape 2x2x2"), "1, 3 or 4 channels, height and width, not 2x2x2"),
        (("linear ->8",), "not 8"),
        ((), "not 3"),
        (("linear 4->12", "reshape 3x2x2"), "it takes 4 values, not 3"),
        (("what",), "no layer called"),
        (("linear ->12", "reshape 3x2x2") + ("none",) * 255, "at most 256"),
        (
            ("reshape 3x1x1", "upsample scale=16", "upsample scale=16", "upsample scale=16", "conv ->64", "conv ->3"),
            "more than",
        ),
    ],
)
def test_stacks_that_cannot_be(layers, words):
    with pytest.raises(StudioError, match=words):
        made(layers=layers)


@pytest.mark.parametrize(
    "layers",
    [
        ("upsample scale=16", "upsample scale=4", "conv ->1 kernel=1"),  # it makes little, but of much
        ("upsample scale=2", "conv ->60000 kernel=1", "conv ->1"),
        ("conv ->1 kernel=63 padding=40",),
    ],
)
def test_first_layers_that_would_swamp_memory_or_time_are_refused(layers):
    build_generator(
        "stack", dict(z_dim=4096, layers=["reshape 4096x1x1", "upsample scale=4", "conv ->1 kernel=1"]), "meta"
    )
    with pytest.raises(StudioError, match="first layers .* too (many|long)"):
        build_generator("stack", dict(z_dim=4096, layers=["reshape 4096x1x1", *layers]), "meta")


def test_layers_that_would_take_minutes_are_refused_and_large_real_ones_are_not():
    large = ["linear ->8192", "reshape 512x4x4"]
    for maps in (512, 512, 512, 512, 512, 256, 64, 32):
        large += ["upsample", f"conv ->{maps} kernel=3 padding=1", "relu", f"conv ->{maps} kernel=3 padding=1", "relu"]
    StackGeneratorConfig(layers=(*large, "conv ->3 kernel=3 padding=1"))
    with pytest.raises(StudioError, match="minutes"):  # 37 seconds of one CPU, for all its few maps
        StackGeneratorConfig(
            layers=(
                "linear ->1",
                "reshape 1x1x1",
                *["upsample scale=16"] * 2,
                "upsample scale=4",
                "conv ->1 kernel=63 padding=31",
            )
        )
    with pytest.raises(StudioError, match="minutes"):
        StackGeneratorConfig(layers=(*large, "conv ->1 kernel=63 padding=31"))


def test_weights_keep_their_names_whatever_stands_between():
    plain, more = made(), made(layers=("none", FLAT[0], "relu", FLAT[1], "upsample", "tanh"))
    more.load_state_dict(plain.state_dict())
    assert list(plain.state_dict()) == ["layers.0.weight", "layers.0.bias"]


def test_training_moves_all_weights_and_no_statistics():
    trainer = games.trainer("stack")
    before = copy.deepcopy(trainer.generator)
    list(trainer.run(5))
    g, average = trainer.generator, trainer.ema.average
    assert g.training and not any(torch.equal(a, b) for a, b in zip(g.parameters(), before.parameters(), strict=True))
    assert (
        all(torch.equal(a, b) for a, b in zip(g.buffers(), before.buffers(), strict=True))
        and len(list(g.buffers())) == 4
    )
    assert not any(torch.equal(a, b) for a, b in zip(average.parameters(), before.parameters(), strict=True))
    z = latents(6, 4)
    assert torch.equal(g.train()(z), g.eval()(z)) and torch.allclose(g(z[:1]), g(z)[:1], atol=1e-6)


def test_a_blend_beyond_its_models_stays_a_network():
    norm = StoredNorm(2, 1e-5, True)
    norm.running_var.fill_(-0.5)
    assert norm(torch.ones(1, 2, 3, 3)).isfinite().all()


@pytest.mark.parametrize("side", [8, 9, 16, 24, 28, 32, 48, 96, 128, 255, 256])
def test_a_discriminator_for_any_side(side):
    d = build_discriminator("stack", dict(image_shape=[4, side, side + 7], num_classes=2), "meta")
    assert d(torch.empty(2, 4, side, side + 7, device="meta"), torch.empty(2, 2, device="meta")).shape == (2,)
    left = side >> len(d.convs)
    assert 4 <= left < 8


def test_it_is_the_dcgan_one_where_both_can_be():
    for side in (16, 32, 64, 128):
        mine = StackDiscriminator(StackDiscriminatorConfig(image_shape=(3, side, side), num_classes=2))
        theirs = build_discriminator("dcgan", dict(side=side, num_classes=2))
        theirs.load_state_dict(mine.state_dict())
        x, c = torch.randn(2, 3, side, side), torch.eye(2)
        assert torch.equal(mine(x, c), theirs(x, c))


@pytest.mark.parametrize(
    "shape, words", [((3, 7, 8), "7x8 pixels are too small"), ((2, 8, 8), "not 2x8x8"), ((8, 8), "not 8x8")]
)
def test_pictures_that_it_does_not_take(shape, words):
    with pytest.raises(StudioError, match=words):
        StackDiscriminatorConfig(image_shape=shape)
