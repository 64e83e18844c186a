"""What every family promises, asked of every family."""

import copy

import pytest
import torch
from families import STACK, VALUES, build, latents

from gan.networks.contract import LatentGenerator, parameter_count
from gan.networks.registry import FAMILIES, build_generator

CASES = [(name, classes) for name in VALUES for classes in (0, 3)]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def pair(request):
    return build(*request.param)


def test_every_family_is_tested():
    assert set(FAMILIES) <= set(VALUES)


def test_shapes(pair):
    g, d = pair
    z, c = latents(g, 4)
    w = g.mapping(z, c)
    x = g.synthesis(w)
    assert w.shape == (4, g.num_ws, g.w_dim)
    assert x.shape == (4, *g.image_shape) and g.image_shape == d.image_shape and g.num_classes == d.num_classes
    assert g.center().shape == (1, g.num_ws, g.w_dim) and len(g.center(c)) in (1, 4)
    assert g.first_weights().shape[-1] == g.w_dim and g.first_weights().dim() == 2
    assert d(x, c).shape == (4,) and d.features(x, c).shape == (4, d.feature_dim)
    assert d(x).shape == (4,)


def test_forward_composes_mapping_and_synthesis(pair):
    g, _ = pair
    z, c = latents(g, 3)
    assert torch.equal(g(z, c), g.synthesis(g.mapping(z, c)))
    assert torch.equal(g(z, c, "none"), g.synthesis(g.mapping(z, c), "none"))


def test_a_painting_ends_in_the_picture_and_shows_ever_larger_maps_on_the_way(pair):
    g, _ = pair
    w = g.mapping(*latents(g, 3))
    *maps, x = g.painting(w, "none")
    assert torch.equal(x, g.synthesis(w, "none"))
    assert bool(maps) == g.has_maps
    sides = [h.shape[-1] for h in maps]
    assert sides == sorted(set(sides)) and sides[-1:] in ([], [x.shape[-1]])
    assert all(len(h) == 3 and h.dim() == 4 for h in maps)


def test_no_class_is_a_bit_of_each(pair):
    g, _ = pair
    z, _ = latents(g, 3)
    each = torch.full((3, g.num_classes), 1 / max(g.num_classes, 1))
    assert torch.equal(g(z), g(z, each) if g.num_classes else g(z, None))


def test_a_sample_does_not_depend_on_its_batch(pair):
    g, _ = pair
    z, c = latents(g, 6)
    with torch.no_grad():
        together = g(z, c)
        for i in range(6):
            alone = g(z[i : i + 1], None if c is None else c[i : i + 1])
            torch.testing.assert_close(alone[0], together[i], rtol=0, atol=2e-5)


def test_the_class_matters(pair):
    g, d = pair
    if not g.num_classes:
        assert not any("embed" in name for name, _ in d.named_parameters())
        return
    z, c = latents(g, 4)
    with torch.no_grad():
        x = g(z, c)
        assert not torch.allclose(x, g(z, c.roll(1, 1)), atol=1e-4)
        assert not torch.allclose(d(x, c), d(x, c.roll(1, 1)), atol=1e-6)


def test_slopes_reach_every_parameter_and_w(pair):
    g, d = pair
    z, c = latents(g, 4)
    w = g.mapping(z, c).detach().requires_grad_(True)
    d(g.synthesis(w), c).sum().backward()
    assert w.grad.abs().sum() > 0
    d(g(z, c), c).sum().backward()
    for network in pair:
        assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())


def test_blocks_go_from_the_picture_inwards_and_leave_the_head_out(pair):
    """The order in which they work; with all of them frozen what is left is the head."""
    _, d = pair
    blocks, order = d.blocks(), []
    for block in blocks:
        block.register_forward_hook(lambda module, inputs, output: order.append(module))
        block.requires_grad_(False)
    d(torch.zeros(2, *d.image_shape))
    assert order == blocks and len(blocks) > 0
    left = {name.split(".")[0] for name, p in d.named_parameters() if p.requires_grad}
    assert left <= {"out", "last", "b4", "embed", "mapping"} and left & {"out", "b4"}


def test_the_center_is_the_origin_of_w(pair):
    """Without a mapping: z = 0, with the class kept."""
    g, _ = pair
    z, c = latents(g, 3)
    if isinstance(g, LatentGenerator):
        assert torch.equal(g.center(c), g.mapping(torch.zeros_like(z if c is not None else z[:1]), c))
    assert torch.equal(g.center(), g.center().clone()) and not g.center().isnan().any()


def test_copies_are_the_same_network(pair):
    """What the averaged generator is made by."""
    g, _ = pair
    z, c = latents(g, 2)
    twin = copy.deepcopy(g)
    assert torch.equal(twin(z, c), g(z, c))
    with torch.no_grad():
        next(twin.parameters()).add_(1)
    assert not torch.equal(next(twin.parameters()), next(g.parameters()))


def test_double_precision(pair):
    g, d = (network.double() for network in pair)
    z, c = latents(g, 4)
    x = g(z.double(), None if c is None else c.double())
    assert x.dtype == torch.float64 and d(x, None if c is None else c.double()).dtype == torch.float64


def test_parameter_count():
    assert parameter_count(torch.nn.Linear(3, 4)) == 16


def test_every_weight_and_buffer_belongs_to_one_stage(pair):
    g, _ = pair
    owned = [id(t) for stage in g.stages() for module in stage for t in (*module.parameters(), *module.buffers())]
    assert len(owned) == len(set(owned)) and set(owned) == {id(t) for t in (*g.parameters(), *g.buffers())}
    assert all(g.stages())


@pytest.mark.parametrize(
    "name, values, stages",
    [
        ("mlp", dict(hidden=[]), [["out"]]),
        ("mlp", dict(hidden=[4]), [["hidden.0", "out"]]),
        ("mlp", dict(hidden=[4, 5]), [["hidden.0"], ["hidden.1", "out"]]),
        ("dcgan", dict(side=16, width=2), [["project"], ["convs.0"], ["convs.1", "to_picture"]]),
        (
            "dcgan",
            dict(side=16, width=2, style_layers=2),
            [["to_style", "project", "styles.0"], ["convs.0", "styles.1"], ["convs.1", "styles.2", "to_picture"]],
        ),
        ("lightweight", dict(side=16, widths=[4, 3]), [["start", "norm"], ["blocks.0"], ["blocks.1", "to_picture"]]),
        (
            "stack",
            dict(layers=STACK),
            [
                ["layers.0", "layers.between1", "layers.1", "layers.between3"],
                ["layers.2", "layers.between5", "layers.between6"],
                ["layers.between7", "layers.3", "layers.between9"],
            ],
        ),
        ("fastgan", dict(side=16, widths=[4, 3, 2]), [["start", "norm"], ["blocks.0"], ["blocks.1", "to_picture"]]),
        ("stylegan2", dict(side=16), [["mapping", "synthesis.b4"], ["synthesis.b8"], ["synthesis.b16"]]),
    ],
)
def test_stages_go_from_coarse_to_fine(name, values, stages):
    g = build_generator(name, values)
    names = {id(module): key for key, module in g.named_modules()}
    assert [[names[id(module)] for module in stage] for stage in g.stages()] == stages
