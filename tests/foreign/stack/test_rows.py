"""A stack's settings as rows: what may be changed gives another config that still takes the weights."""

import json

import pytest
import torch
from foreign import stacks_of_the_world as world

from gan.errors import StudioError
from gan.field_metadata import table
from gan.foreign.formats.stack import read
from gan.foreign.found import Found, stored
from gan.foreign.stack.rows import WHOLE, stack_rows, with_rows
from gan.networks.registry import build_generator
from gan.networks.stack_layers import LAYERS


def values_of(net) -> dict:
    return read(Found("netG.pth", {key: stored(t) for key, t in net.state_dict().items()})).generator


def test_every_setting_of_every_layer_has_its_row():
    values = values_of(world.PyTorchGan())
    whole, *layers = json.loads(json.dumps(stack_rows(values)))
    assert whole["layer"] == WHOLE and [field["name"] for field in whole["fields"]] == [
        "latent",
        "num_classes",
        "join",
        "output",
    ]
    assert [row["kind"] for row in layers] == [text.split()[0] for text in values["layers"]]
    assert [row["layer"] for row in layers] == [str(i) for i in range(len(layers))]
    for row in layers:
        assert [field["name"] for field in row["fields"]] == list(table(LAYERS[row["kind"]])) and row["kind"] in row[
            "kinds"
        ]
    conv = {field["name"]: field for row in layers if row["kind"] == "conv" for field in row["fields"]}
    assert conv["kernel"]["fixed"] and conv["kernel"]["value"] == 3 and not conv["padding"]["fixed"]
    assert conv["padding"]["low"] == 0 and conv["padding"]["help"] and conv["stride"]["kind"] == "int"


def test_no_change_is_none():
    values = values_of(world.dcgan())
    assert with_rows(values, {}) == values


def test_changes_lead_to_the_network_that_the_file_came_from():
    """Leaky in place of ReLU, other latents, another geometry and an upsample: the weights fit all the same."""
    net = world.randomised(world.dcgan("layers", act=lambda: torch.nn.LeakyReLU(0.1), last=torch.nn.Sigmoid))
    conversion = read(Found("netG.pth", {key: stored(t) for key, t in net.state_dict().items()}))
    relus = [i for i, text in enumerate(conversion.generator["layers"]) if text == "relu"]
    edits = {str(i): {"kind": "leaky_relu", "slope": "0.1"} for i in relus}
    edits[str(len(conversion.generator["layers"]) - 1)] = {"kind": "sigmoid"}
    values = with_rows(conversion.generator, edits | {WHOLE: {"output": "0..1"}})
    g = build_generator("stack", values)
    g.load_state_dict({key: tensor.read() for key, tensor in conversion.weights.items()})
    (z,) = world.inputs(net)
    with torch.no_grad():
        torch.testing.assert_close(g(z), 2 * net(z) - 1, rtol=0, atol=1e-5)
    larger = build_generator(
        "stack", with_rows(values, {str(relus[0]): {"before": "upsample"}, WHOLE: {"latent": "uniform"}})
    )
    larger.load_state_dict(g.state_dict())
    assert larger.image_shape == (3, 128, 128) and larger.config.latent == "uniform"


def test_a_layer_goes_and_another_keeps_what_it_can():
    values = values_of(world.plain_norms())
    i = next(i for i, text in enumerate(values["layers"]) if text.startswith("instance_norm"))
    assert with_rows(values, {i: {"kind": "group_norm", "groups": 2}})["layers"][i] == "group_norm 32 groups=2"
    upsampling = values_of(world.upsampling())
    j = upsampling["layers"].index("upsample")
    assert with_rows(upsampling, {j: {"kind": "none"}})["layers"][j] == "none"


def test_one_hot_classes_are_taken_from_z():
    values = with_rows(values_of(world.OneHot()), {WHOLE: {"num_classes": 4}})
    assert (values["z_dim"], values["num_classes"]) == (10, 4)
    assert with_rows(values, {WHOLE: {"join": "class first"}})["join"] == "class first"
    assert with_rows(values, {WHOLE: {"num_classes": 0}}) == values_of(world.OneHot())


@pytest.mark.parametrize(
    "edits, words",
    [
        ({"1": {"kernel": 3}}, "'kernel' cannot be changed: the weights decide it"),
        ({"99": {}}, "no layer '99'"),
        ({"1": {"kind": "linear"}}, "'linear' cannot stand here"),
        ({"1": {"before": "conv"}}, "'conv' cannot stand here"),
        ({"1": {"stride": 99}}, "between 1 and 16"),
        ({"1": {"slope": 1}}, "no setting called 'slope'"),
        ({"1": 3}, "are tables"),
        ({"1": {"padding": 2}}, "nothing would be left"),
        ({WHOLE: {"z_dim": 3}}, "'z_dim' cannot be changed"),
        ({WHOLE: {"latent": "odd"}}, "cannot be 'odd'"),
        ({WHOLE: {"join": "class first"}}, "'join' cannot be changed"),
        ({WHOLE: {"num_classes": 10}}, "z_dim must lie between"),
        ({WHOLE: {"num_classes": "many"}}, "num_classes must be a whole number"),
    ],
)
def test_changes_that_cannot_be(edits, words):
    with pytest.raises(StudioError, match=words):
        with_rows(values_of(world.dcgan()), edits)
