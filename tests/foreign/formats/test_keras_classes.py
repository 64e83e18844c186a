"""Keras' conditional generators, as tutorials build them, give the pictures of plain numpy for each class."""

import numpy as np
import pytest
import torch

from gan.errors import StudioError
from gan.foreign.formats import keras as keras_adapter
from gan.foreign.found import Found, stored
from gan.networks.registry import build_generator

LATENTS, CLASSES = 6, 5
chance = np.random.RandomState(0)
Z = chance.randn(CLASSES, LATENTS)


def layer(kind: str, name: str, *sources: str, **settings) -> dict:
    return {"class_name": kind, "name": name, "config": {"name": name, **settings}, "sources": list(sources)}


def model(*layers: dict, weights: dict, keras: int = 2) -> Found:
    """A functional model, written as Keras 2 or 3 does."""
    for one in layers:
        sources = one.pop("sources")
        tensors = [dict(class_name="__keras_tensor__", config=dict(keras_history=[name, 0, 0])) for name in sources]
        nodes = {
            2: [[[name, 0, 0, {}] for name in sources]],
            3: [dict(args=[tensors if len(sources) > 1 else tensors[0]] if sources else [], kwargs={"mask": None})],
        }
        one["inbound_nodes"] = nodes[keras] if sources else []
    arrays = {name: [stored(torch.as_tensor(a, dtype=torch.float32)) for a in some] for name, some in weights.items()}
    return Found("g.h5", {"keras": {"class_name": "Functional", "config": {"layers": list(layers)}}, "weights": arrays})


def inputs(label: int = 1, names=("input_1", "input_2")) -> list[dict]:
    """The two inputs; a label of one value is a number, of more a 1 among zeros."""
    return [
        layer("InputLayer", names[0], batch_shape=[None, LATENTS]),
        layer("InputLayer", names[1], batch_shape=[None, label]),
    ]


@torch.no_grad()
def pictures(conversion) -> np.ndarray:
    """Of each latent in Z a picture of the class of its number, (batch, height, width, channels)."""
    generator = build_generator("stack", conversion.generator)
    generator.load_state_dict({key: w.read() if hasattr(w, "read") else w for key, w in conversion.weights.items()})
    assert (generator.z_dim, generator.num_classes) == (LATENTS, CLASSES)
    made = generator.eval()(torch.tensor(Z, dtype=torch.float32), torch.eye(CLASSES))
    return made.permute(0, 2, 3, 1).numpy()


def check(conversion, expected: np.ndarray) -> None:
    got = pictures(conversion)
    assert got.shape == expected.shape and np.abs(got - expected).max() < 1e-5 and expected.std() > 0.02


def leaky(x: np.ndarray, slope: float = 0.2) -> np.ndarray:
    return np.where(x > 0, x, slope * x)


@pytest.mark.parametrize("keras", [2, 3])
@pytest.mark.parametrize("order", [["latents", "label"], ["label", "latents"]])
def test_a_label_as_one_more_feature_map(order, keras):
    """Embedding, Dense and Reshape beside Dense, LeakyReLU and Reshape, as in "How to Develop a Conditional GAN From
    Scratch" (Brownlee 2019)."""
    weights = {
        "embed": [chance.randn(CLASSES, 7)],
        "spread": [chance.randn(7, 6), chance.randn(6)],
        "project": [chance.randn(LATENTS, 24), chance.randn(24)],
        "conv": [chance.randn(1, 1, 5, 3) * 0.3, chance.randn(3)],
    }
    work = model(
        *inputs(),
        layer("Embedding", "embed", "input_2", input_dim=CLASSES, output_dim=7),
        layer("Dense", "spread", "embed", units=6),
        layer("Reshape", "label", "spread", target_shape=[2, 3, 1]),
        layer("Dense", "project", "input_1", units=24),
        layer("LeakyReLU", "leaky", "project", alpha=0.2),
        layer("Reshape", "latents", "leaky", target_shape=[2, 3, 4]),
        layer("Concatenate", "both", *order, axis=-1),
        layer("UpSampling2D", "larger", "both", size=[2, 2]),
        layer("Conv2D", "conv", "larger", filters=3, kernel_size=[1, 1], padding="same", activation="tanh"),
        weights=weights,
        keras=keras,
    )
    parts = {
        "label": (weights["embed"][0] @ weights["spread"][0] + weights["spread"][1]).reshape(-1, 2, 3, 1),
        "latents": leaky(Z @ weights["project"][0] + weights["project"][1]).reshape(-1, 2, 3, 4),
    }
    maps = np.concatenate([parts[name] for name in order], axis=3).repeat(2, axis=1).repeat(2, axis=2)
    conversion = keras_adapter.read(work)
    check(conversion, np.tanh(maps @ weights["conv"][0][0, 0] + weights["conv"][1]))
    assert len(conversion.guessed) == 1 and conversion.generator["class_at"] == 3


@pytest.mark.parametrize("kind", ["Multiply", "Add"])
def test_a_looked_up_label_times_the_latent_values(kind):
    """The label first, then a model within the model, as in Keras-GAN's cgan.py (Linder-Noren)."""
    weights = {
        "embed": [chance.randn(CLASSES, LATENTS)],
        "inner/dense": [chance.randn(LATENTS, 12) * 0.3, chance.randn(12)],
    }
    inner = [layer("Dense", "dense", units=12, activation="tanh"), layer("Reshape", "r", target_shape=[2, 2, 3])]
    work = model(
        *inputs(),
        layer("Embedding", "embed", "input_2", input_dim=CLASSES, output_dim=LATENTS),
        layer("Flatten", "flat", "embed"),
        layer(kind, "both", "input_1", "flat"),
        layer("Sequential", "inner", "both", layers=inner),
        weights=weights,
    )
    label = weights["embed"][0]
    met = Z * label if kind == "Multiply" else Z + label
    kernel, bias = weights["inner/dense"]
    check(keras_adapter.read(work), np.tanh(met @ kernel + bias).reshape(-1, 2, 2, 3))


def test_a_dense_label_beside_a_row():
    """Both go through a Dense and a ReLU of their own first; the label is a 1 among zeros."""
    weights = {
        "d1": [chance.randn(LATENTS, 8), chance.randn(8)],
        "d2": [chance.randn(CLASSES, 4), chance.randn(4)],
        "d3": [chance.randn(12, 12) * 0.3],
    }
    work = model(
        *inputs(CLASSES, ("y", "x")[::-1]),
        layer("Dense", "d1", "x", units=8, activation="relu"),
        layer("Dense", "d2", "y", units=4, activation="relu"),
        layer("Concatenate", "both", "d2", "d1", axis=1),
        layer("Dense", "d3", "both", units=12, use_bias=False, activation="tanh"),
        layer("Reshape", "r", "d3", target_shape=[2, 2, 3]),
        weights=weights,
    )
    label = np.maximum(weights["d2"][0] + weights["d2"][1], 0)
    row = np.concatenate([label, np.maximum(Z @ weights["d1"][0] + weights["d1"][1], 0)], axis=1)
    check(keras_adapter.read(work), np.tanh(row @ weights["d3"][0]).reshape(-1, 2, 2, 3))


@pytest.mark.parametrize("kind", ["Multiply", "Add"])
def test_a_row_that_a_label_joined_is_laid_out(kind):
    """The weights of both sides, and of a norm behind them, are put in the order of feature maps."""
    weights = {
        "d1": [chance.randn(LATENTS, 18), chance.randn(18)],
        "d2": [chance.randn(CLASSES, 18) * 0.5],
        "norm": [chance.rand(18) + 0.5, chance.randn(18), chance.randn(18), chance.rand(18) + 0.5],
    }
    work = model(
        *inputs(CLASSES, ("noise", "label")),
        layer("Dense", "d1", "noise", units=18),
        layer("Dense", "d2", "label", units=18, use_bias=False),
        layer(kind, "both", "d1", "d2"),
        layer("BatchNormalization", "norm", "both", axis=[1], epsilon=0.001),
        layer("Reshape", "r", "norm", target_shape=[2, 3, 3]),
        layer("Activation", "end", "r", activation="tanh"),
        weights=weights,
    )
    own, label = Z @ weights["d1"][0] + weights["d1"][1], weights["d2"][0]
    gamma, beta, mean, variance = weights["norm"]
    met = own * label if kind == "Multiply" else own + label
    expected = np.tanh((met - mean) / np.sqrt(variance + 0.001) * gamma + beta).reshape(-1, 2, 3, 3)
    check(keras_adapter.read(work), expected)


def test_a_label_laid_out_as_maps_multiplies_maps():
    weights = {"d1": [chance.randn(LATENTS, 18)], "d2": [chance.randn(CLASSES, 18) * 0.5]}
    work = model(
        *inputs(),
        layer("Dense", "d1", "input_1", units=18, use_bias=False),
        layer("Reshape", "r1", "d1", target_shape=[3, 2, 3]),
        layer("Embedding", "d2", "input_2", input_dim=CLASSES, output_dim=18),
        layer("Reshape", "r2", "d2", target_shape=[3, 2, 3]),
        layer("Multiply", "both", "r2", "r1"),
        layer("Activation", "end", "both", activation="tanh"),
        weights=weights,
    )
    check(keras_adapter.read(work), np.tanh((Z @ weights["d1"][0]) * weights["d2"][0]).reshape(-1, 3, 2, 3))


def test_a_label_as_it_is():
    """A 1 among zeros beside the latent values needs no table."""
    weights = {"d": [chance.randn(LATENTS + CLASSES, 12) * 0.3]}
    work = model(
        *inputs(CLASSES),
        layer("Concatenate", "both", "input_1", "input_2"),
        layer("Dense", "d", "both", units=12, use_bias=False, activation="tanh"),
        layer("Reshape", "r", "d", target_shape=[2, 2, 3]),
        weights=weights,
    )
    conversion = keras_adapter.read(work)
    check(conversion, np.tanh(np.concatenate([Z, np.eye(CLASSES)], axis=1) @ weights["d"][0]).reshape(-1, 2, 2, 3))
    assert conversion.generator["embedding"] == 0 and "embed.weight" not in conversion.weights
    assert conversion.guessed[0] == (
        "Which of its inputs is the class is not in its file: the smaller, 'input_2', was taken."
    )


def test_a_class_is_worked_out_when_it_is_read():
    def refuse():
        raise AssertionError("read")

    work = model(
        *inputs(),
        layer("Embedding", "embed", "input_2", input_dim=CLASSES, output_dim=LATENTS),
        layer("Add", "both", "input_1", "embed"),
        layer("Reshape", "r", "both", target_shape=[1, 1, LATENTS]),
        layer("Conv2D", "c", "r", filters=3, kernel_size=1, use_bias=False),
        weights={"embed": [np.zeros((CLASSES, LATENTS))], "c": [np.zeros((1, 1, LATENTS, 3))]},
    )
    lazy = type(stored(torch.zeros(1)))((CLASSES, LATENTS), torch.float32, refuse)
    work.tree["weights"]["embed"] = [lazy]
    assert keras_adapter.read(work).weights["embed.weight"].shape == (CLASSES, LATENTS)


ONE = {"input_dim": CLASSES, "output_dim": LATENTS}
REFUSED = {
    "a label that is a plain number": (
        [*inputs(), layer("Dense", "d", "input_2", units=6), layer("Add", "both", "input_1", "d")],
        "how many classes its input 'input_2' knows is not in its file",
    ),
    "too many classes": (
        [*inputs(5000, ("z", "label")), layer("Concatenate", "both", "z", "label")],
        "it knows 5,000 classes, and at most 4,096 are taken",
    ),
    "a label of another shape": (
        [*inputs(4), layer("Multiply", "both", "input_1", "input_2")],
        r"'both' \(Multiply\) joins 6 and 4 values",
    ),
    "rows and maps": (
        [
            *inputs(),
            layer("Embedding", "e", "input_2", **ONE),
            layer("Reshape", "r", "e", target_shape=[1, 2, 3]),
            layer("Concatenate", "both", "input_1", "r"),
        ],
        "joins 6 and 3x1x2 values",
    ),
    "another axis": (
        [*inputs(4), layer("Concatenate", "both", "input_1", "input_2", axis=2)],
        "axis=2, which is not read here",
    ),
    "latents that are looked up": (
        [
            *inputs(),
            layer("Embedding", "e", "input_2", **ONE),
            layer("Embedding", "f", "input_1", **ONE),
            layer("Multiply", "both", "e", "f"),
        ],
        r"\(Embedding\) looks up values, and no class's number comes in",
    ),
    "a label that joins twice": (
        [
            *inputs(),
            layer("Embedding", "e", "input_2", **ONE),
            layer("Add", "once", "input_1", "e"),
            layer("Add", "twice", "once", "e"),
        ],
        "joins 2 others",
    ),
    "a way around the join": (
        [*inputs(6), layer("Add", "both", "input_1", "input_2"), layer("ReLU", "r", "input_1")],
        "'r' does not follow the others",
    ),
    "three inputs": (
        [*inputs(), layer("InputLayer", "more"), layer("Add", "both", "input_1", "input_2", "more")],
        "'both' joins 3 others",
    ),
    "another kind of join": (
        [*inputs(6), layer("Average", "both", "input_1", "input_2")],
        "'both' joins 2 others",
    ),
    "no picture": ([*inputs(6), layer("Add", "both", "input_1", "input_2")], "gives 6 values, not a picture"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_read_is_refused_in_a_sentence(what):
    layers, said = REFUSED[what]
    weights = {"e": [np.zeros((CLASSES, LATENTS))], "f": [np.zeros((CLASSES, LATENTS))]}
    with pytest.raises(StudioError, match=said) as caught:
        keras_adapter.read(model(*(dict(one) for one in layers), weights=weights))
    assert caught.value.message.startswith("g.h5 cannot be opened: ") and caught.value.hint
