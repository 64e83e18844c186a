"""Keras' generators as stacks give the pictures that Keras gives; what is not read is refused by its layer's name."""

import numpy as np
import pytest
import torch
from foreign import keras_files
from foreign.keras_files import keras_file

from gan.errors import StudioError
from gan.foreign.convert import convert
from gan.foreign.formats import keras as keras_adapter
from gan.foreign.found import Found, stored
from gan.foreign.readers.any_file import read_tree
from gan.networks.registry import build_generator
from gan.store.model_folder import load_generator

LATENTS = 6


@torch.no_grad()
def pictures(folder, config, z) -> np.ndarray:
    """(batch, height, width, channels), in -1..1."""
    generator = load_generator(folder, config)
    return generator(torch.tensor(z, dtype=torch.float32), None).permute(0, 2, 3, 1).numpy()


@pytest.mark.parametrize("name", ["k2_nested.h5", "k3_nested.keras"])
def test_a_model_within_a_model_gives_keras_pictures(tmp_path, name):
    (tmp_path / name).write_bytes(keras_file(name))
    config = convert(tmp_path / name, tmp_path / "model")
    assert config.family == "stack" and config.kind == "a Keras generator of convolutions" and config.guessed
    expected = np.reshape(keras_files.NESTED_PICTURES, keras_files.NESTED_SHAPE) / 10_000
    assert np.abs(pictures(tmp_path / "model", config, keras_files.NESTED_LATENTS) - expected).max() < 6e-5


@pytest.mark.parametrize("name", ["k3_plain.h5", "k2_plain.keras"])
def test_a_sequential_model_gives_keras_pictures(tmp_path, name):
    """Its sigmoid gives 0..1; rows become maps, maps rows, and rows pictures."""
    (tmp_path / name).write_bytes(keras_file(name))
    config = convert(tmp_path / name, tmp_path / "model")
    assert config.generator["output"] == "0..1"
    expected = np.reshape(keras_files.PLAIN_PICTURES, keras_files.PLAIN_SHAPE) / 10_000
    assert np.abs(pictures(tmp_path / "model", config, keras_files.PLAIN_LATENTS) - (2 * expected - 1)).max() < 2e-4


def layer(kind: str, name: str = "", **settings) -> dict:
    return {"class_name": kind, "config": {"name": name or kind.lower(), **settings}}


def found(*layers: dict, weights: dict | None = None, latents: int = LATENTS) -> Found:
    """What is read of a Sequential model with these layers."""
    layers = (layer("InputLayer", batch_shape=[None, latents]), *layers)
    arrays = {
        name: [stored(torch.as_tensor(a, dtype=torch.float32)) for a in some] for name, some in (weights or {}).items()
    }
    model = {"class_name": "Sequential", "config": {"name": "g", "layers": list(layers)}}
    return Found("g.h5", {"keras": model, "weights": arrays})


def maps(*, height=3, width=2, channels=4) -> tuple[list[dict], dict]:
    """The first layers: a row laid out as maps; and their weights."""
    chance = np.random.RandomState(0)
    units = height * width * channels
    return (
        [layer("Dense", units=units, use_bias=False), layer("Reshape", target_shape=[height, width, channels])],
        {"dense": [chance.randn(LATENTS, units)]},
    )


def made(conversion, z: np.ndarray) -> np.ndarray:
    """The pictures of a conversion, channels last, as they leave the last layer."""
    generator = build_generator("stack", conversion.generator)
    generator.load_state_dict({key: w.read() if hasattr(w, "read") else w for key, w in conversion.weights.items()})
    with torch.no_grad():
        return generator.layers(torch.tensor(z, dtype=torch.float32)).permute(0, 2, 3, 1).numpy()


def keras_transposed(x, kernel, stride: int, padding: str):
    """Conv2DTranspose by its definition: each pixel puts down the kernel, and "same" keeps n * stride pixels of what
    comes out, leaving half of what is too much, rounded down, at the near side; "valid" keeps it all, and at least n *
    stride."""
    (batch, *sides, _), k = x.shape, kernel.shape[0]
    wide = np.zeros((batch, *((n - 1) * stride + max(k, stride) for n in sides), kernel.shape[2]))
    for i in range(sides[0]):
        for j in range(sides[1]):
            wide[:, i * stride : i * stride + k, j * stride : j * stride + k] += np.einsum(
                "bc,hwoc->bhwo", x[:, i, j], kernel
            )
    near = max(k - stride, 0) // 2
    return wide[:, near : near + sides[0] * stride, near : near + sides[1] * stride] if padding == "same" else wide


def keras_convolved(x, kernel, stride: int, padding: str):
    """Conv2D by its definition."""
    k, sides = kernel.shape[0], x.shape[1:3]
    if padding == "same":
        outs = [-(-n // stride) for n in sides]
        more = [max((o - 1) * stride + k - n, 0) for o, n in zip(outs, sides, strict=True)]
        x = np.pad(x, [(0, 0), *((m // 2, m - m // 2) for m in more), (0, 0)])
    else:
        outs = [(n - k) // stride + 1 for n in sides]
    return np.stack(
        [
            np.stack(
                [
                    np.einsum("bhwc,hwco->bo", x[:, i * stride : i * stride + k, j * stride : j * stride + k], kernel)
                    for j in range(outs[1])
                ],
                1,
            )
            for i in range(outs[0])
        ],
        1,
    )


@pytest.mark.parametrize("kind, definition", [("Conv2DTranspose", keras_transposed), ("Conv2D", keras_convolved)])
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(
    "kernel, stride", [(1, 1), (2, 1), (3, 1), (4, 1), (1, 2), (2, 2), (3, 2), (4, 2), (5, 2), (2, 3), (5, 3)]
)
def test_convolutions_are_those_of_keras(kind, definition, padding, kernel, stride):
    first, weights = maps(height=6, width=12)
    chance = np.random.RandomState(kernel)
    numbers = chance.randn(kernel, kernel, *((3, 4) if kind == "Conv2DTranspose" else (4, 3)))
    work = found(
        *first,
        layer(
            kind,
            "c",
            filters=3,
            kernel_size=[kernel, kernel],
            strides=[stride, stride],
            padding=padding,
            use_bias=True,
            data_format="channels_last",
            dilation_rate=[1, 1],
            groups=1,
        ),
        weights=weights | {"c": [numbers, [0.5, -1, 2]]},
    )
    z = chance.randn(2, LATENTS)
    expected = definition((z @ weights["dense"][0]).reshape(2, 6, 12, 4), numbers, stride, padding) + np.array(
        [0.5, -1, 2]
    )
    got = made(keras_adapter.read(work), z)
    assert got.shape == expected.shape and np.abs(got - expected).max() < 1e-4


def test_batch_norm_before_the_picture_is_laid_out_goes_along():
    """Its numbers belong to values whose order changes; without gamma they are scaled by 1."""
    first, weights = maps(channels=3)
    chance = np.random.RandomState(1)
    beta, mean, variance = chance.randn(18), chance.randn(18), chance.rand(18) + 0.5
    work = found(
        first[0],
        layer("BatchNormalization", "n", axis=[1], scale=False, epsilon=0.001),
        first[1],
        weights=weights | {"n": [beta, mean, variance]},
    )
    z = chance.randn(2, LATENTS)
    expected = ((z @ weights["dense"][0] - mean) / np.sqrt(variance + 0.001) + beta).reshape(2, 3, 2, 3)
    assert np.abs(made(keras_adapter.read(work), z) - expected).max() < 1e-5


@pytest.mark.parametrize("settings, slope", [({"alpha": 0.2}, 0.2), ({"negative_slope": 0.1}, 0.1), ({}, 0.3)])
def test_the_slope_of_both_kerases(settings, slope):
    first, weights = maps(channels=3)
    conversion = keras_adapter.read(found(*first, layer("LeakyReLU", **settings), weights=weights))
    assert conversion.generator["layers"][-1] == f"leaky_relu slope={slope}"


@pytest.mark.parametrize(
    "activation",
    [
        "relu",
        {"class_name": "LeakyReLU", "config": {"alpha": 0.5}},
        {"module": "builtins", "class_name": "function", "config": "relu"},
    ],
)
def test_activations_at_the_end_of_a_layer(activation):
    first, weights = maps(channels=3)
    first[0]["config"]["activation"] = activation
    layers = keras_adapter.read(found(*first, weights=weights)).generator["layers"]
    assert layers[1] == (
        "leaky_relu slope=0.5" if isinstance(activation, dict) and "alpha" in activation["config"] else "relu"
    )


def test_a_row_that_was_maps_is_laid_out_as_those_alone():
    first, weights = maps(channels=3)
    flat = [*first, layer("Flatten")]
    z = np.random.RandomState(1).randn(2, LATENTS)
    same = keras_adapter.read(found(*flat, layer("Reshape", "r", target_shape=[3, 2, 3]), weights=weights))
    assert np.abs(made(same, z) - (z @ weights["dense"][0]).reshape(2, 3, 2, 3)).max() < 1e-5
    for other in ([2, 3, 3], [1, 1, 18], [3, 6, 1]):
        with pytest.raises(StudioError, match="from no linear layer"):
            keras_adapter.read(found(*flat, layer("Reshape", "r", target_shape=other), weights=weights))


CONV = {"filters": 3, "kernel_size": [3, 3]}
REFUSED = {
    "a kind that is not read": (layer("Attention", "look"), "'look' is of the kind Attention, which is not read here"),
    "code": (layer("Lambda", "trick", function={"class_name": "__lambda__"}), "is of the kind Lambda, whose code"),
    "channels first": (layer("Conv2D", "c", data_format="channels_first", **CONV), "data_format='channels_first'"),
    "dilation": (layer("Conv2D", "c", dilation_rate=[2, 2], **CONV), "dilation_rate="),
    "a window that is no square": (layer("Conv2D", "c", filters=3, kernel_size=[3, 5]), "kernel_size="),
    "no size": (layer("Conv2D", "c", kernel_size=3), "no filters"),
    "a size that is none": (layer("Conv2D", "c", filters=True, kernel_size=3), "filters=True"),
    "weights of another shape": (layer("Conv2D", "c", **CONV), r"have the shape \(1,\) where \(3, 3, 4, 3\) is needed"),
    "weights that are not there": (layer("Conv2D", "elsewhere", **CONV), "are not in its file"),
    "an activation of its own": (layer("Activation", "a", activation="mish"), "has the activation 'mish'"),
    "a row where maps are": (layer("Dense", "d", units=3), "takes a row of values"),
    "bicubic": (layer("UpSampling2D", "u", size=[2, 2], interpolation="bicubic"), "interpolation='bicubic'"),
    "another axis": (layer("BatchNormalization", "n", axis=1), "axis=1"),
    "far too large": (layer("UpSampling2D", "u", size=[64, 64]), "'u' does not fit what comes in, 4x3x2: scale must"),
    "maps laid out anew": (layer("Reshape", "r", target_shape=[1, 1, 24]), "from no linear layer"),
    "no number": (layer("LeakyReLU", "l", alpha=float("nan")), "alpha=nan"),
    "not a picture": (layer("Flatten", "f"), "gives 24 values, not a picture"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_read_is_refused_by_its_layer(what):
    bad, said = REFUSED[what]
    first, weights = maps()
    with pytest.raises(StudioError, match=said) as caught:
        keras_adapter.read(found(*first, bad, weights=weights | {"c": [[0.0]]}))
    assert caught.value.message.startswith("g.h5 ") and caught.value.hint


@pytest.mark.parametrize(
    "shape, said",
    [
        ([None, 64, 64, 3], "takes pictures"),
        (None, "no row of latent values"),
        ([None, None], "no row"),
        ([None, 5000], "5,000 values"),
        ([None, 0], "0 values"),
    ],
)
def test_what_goes_in_must_be_latent_values(shape, said):
    work = found(layer("ReLU"))
    work.tree["keras"]["config"]["layers"][0]["config"]["batch_shape"] = shape
    with pytest.raises(StudioError, match=said):
        keras_adapter.read(work)


def functional(*joins: tuple[str, list[str]]) -> Found:
    layers = [
        {
            **layer("InputLayer" if not sources else "ReLU", name, batch_shape=[None, 4]),
            "name": name,
            "inbound_nodes": [[[source, 0, 0, {}] for source in sources]] if sources else [],
        }
        for name, sources in joins
    ]
    return Found(
        "g.h5", {"keras": {"class_name": "Functional", "config": {"name": "g", "layers": layers}}, "weights": {}}
    )


@pytest.mark.parametrize(
    "joins, said",
    [
        ([("z", []), ("label", []), ("a", ["z", "label"])], "'a' joins 2 others"),
        ([("z", []), ("label", []), ("a", ["z"])], "starts from 2 inputs"),
        ([("z", []), ("a", ["z"]), ("b", ["z"])], "'z' goes to 2 others"),
        ([("z", []), ("a", ["b"]), ("b", ["a"])], "does not follow the others"),
        ([("z", []), ("b", ["a"]), ("a", ["z"])], "gives 4 values"),
    ],
)
def test_layers_that_do_not_follow_each_other_are_refused(joins, said):
    with pytest.raises(StudioError, match=said):
        keras_adapter.read(functional(*joins))


def test_anything_else_is_left_to_others(tmp_path):
    assert keras_adapter.read(Found("x", {"weights": {}})) is None
    (tmp_path / "g.h5").write_bytes(keras_file("k3_plain.h5"))
    assert keras_adapter.read(Found("g.h5", read_tree(tmp_path / "g.h5", "g.h5"))).family == "stack"
