"""Files that Keras saved are read without Keras and HDF5's library; those that are made up end in a sentence."""

import io
import json
import random
import struct
import zipfile

import pytest
import torch
from foreign.keras_files import keras_file

from gan.errors import StudioError
from gan.foreign.readers.any_file import read_tree
from gan.foreign.readers.hdf5 import MAGIC

NESTED = {
    "dense": [(3, 8)],
    "batch_normalization": 4 * [(8,)],
    "conv2d_transpose": [(5, 5, 3, 2)],
    "batch_normalization_1": 3 * [(3,)],
    "conv2d": [(4, 4, 3, 1), (1,)],
}
PLAIN = {"conv2d_transpose_1": [(3, 3, 2, 2), (2,)], "batch_normalization_2": 4 * [(18,)], "dense_1": [(18, 48), (48,)]}


def read(folder, data: bytes, name="generator.h5"):
    (folder / name).write_bytes(data)
    return read_tree(folder / name, name)


def shapes(tree) -> dict:
    return {
        path.rpartition("/")[2]: [array.shape for array in arrays] for path, arrays in tree["weights"].items() if arrays
    }


@pytest.mark.parametrize(
    "name, expected",
    [("k2_nested.h5", NESTED), ("k3_nested.keras", NESTED), ("k3_plain.h5", PLAIN), ("k2_plain.keras", PLAIN)],
)
def test_every_array_is_found_under_its_layer_in_keras_order(tmp_path, name, expected):
    tree = read(tmp_path, keras_file(name))
    assert shapes(tree) == expected
    assert tree["keras"]["class_name"] in ("Functional", "Sequential")
    for arrays in tree["weights"].values():
        for array in arrays:
            assert array.dtype == torch.float32 and array.read().shape == array.shape and array.read().abs().max() < 10


def test_variances_come_last(tmp_path):
    """Of a model within the model the file holds them far behind the other weights of their layers."""
    for name in ("k2_nested.h5", "k3_nested.keras"):
        weights = {
            path.rpartition("/")[2]: arrays for path, arrays in read(tmp_path, keras_file(name))["weights"].items()
        }
        assert all(
            weights[layer][-1].read().min() >= 0.5 > weights[layer][0].read().min()
            for layer in ("batch_normalization", "batch_normalization_1")
        )


def test_weights_alone_do_not_say_what_the_layers_are(tmp_path):
    with pytest.raises(StudioError, match="not what its layers are") as caught:
        read(tmp_path, keras_file("k3_plain.weights.h5"))
    assert "model.save" in caught.value.hint


def test_a_class_of_its_own_is_named(tmp_path):
    data = keras_file("k2_plain.keras")
    with pytest.raises(StudioError, match="of the class 'MyGenerator', which does not say"):
        read(tmp_path, rewritten(data, config=json.dumps({"class_name": "MyGenerator", "config": {"units": 3}})))


def rewritten(data: bytes, config: str | None = None, weights: bytes | None = None) -> bytes:
    """A .keras file with another config or other weights."""
    before, after = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(after, "w") as archive:
        archive.writestr("config.json", before.read("config.json") if config is None else config)
        archive.writestr("model.weights.h5", before.read("model.weights.h5") if weights is None else weights)
    return after.getvalue()


# Patches of a good file: (what stands somewhere, by how much behind it, what is written there, what is said)
ROOT = struct.pack("<Q", 96)
PATCHES = {
    "a group that lies in itself": (b"SNOD", 16, ROOT, "groups within groups"),
    "a tree that is its own child": (b"TREE", 5, b"\xff", "no table"),
    "a table outside of the file": (b"TREE", 32, struct.pack("<Q", 2**60), "outside of it"),
    "names outside of the file": (b"HEAP", 24, struct.pack("<Q", 2**64 - 8), "outside of it"),
    "a table that goes on for ever": (b"SNOD", 6, b"\xff\xff", "broken"),
    "links to other places": (b"SNOD", 24, struct.pack("<L", 2), "links"),
    "texts that lie nowhere": (b"GCOL", 8, struct.pack("<Q", 2**62), "outside of it"),
    "a huge array": (struct.pack("<2Q", 18, 48), 8, struct.pack("<Q", 2**40), "not as long|makes no sense"),
    "a newer layout": (MAGIC, 8, b"\x02", "that Keras does not write: it is of a newer layout"),
}


@pytest.mark.parametrize("what", PATCHES)
def test_a_made_up_file_ends_in_a_sentence(tmp_path, what):
    mark, behind, bytes_, said = PATCHES[what]
    data = keras_file("k3_plain.h5")
    at = data.index(mark) + behind
    with pytest.raises(StudioError, match=said):
        read(tmp_path, data[:at] + bytes_ + data[at + len(bytes_) :])


def test_a_header_that_goes_on_in_itself_ends(tmp_path):
    """Its continuation is where it stands."""
    data = bytearray(keras_file("k3_plain.h5"))
    root = struct.unpack_from("<Q", data, 64)[0]
    data[root + 16 : root + 40] = struct.pack("<2HB3x2Q", 0x10, 16, 0, root + 16, 24)
    with pytest.raises(StudioError, match="unfolds to far more"):
        read(tmp_path, bytes(data))


@pytest.mark.parametrize(
    "config, said",
    [
        ("[" * 100_000, "cannot be read"),
        ('{"a": ' * 5000 + "1" + "}" * 5000, "cannot be read|class"),
        ("{}", "class"),
        ("17", "class"),
        (" " * (2**20 + 1), "in 1,048,577 bytes"),
        (json.dumps({"config": [{"config": 0}] * 3}), None),
    ],
)
def test_a_description_of_anything_is_read_or_refused(tmp_path, config, said):
    data = rewritten(keras_file("k2_plain.keras"), config=config)
    if said is None:
        assert set(read(tmp_path, data)["weights"]) == {"None"}
        return
    with pytest.raises(StudioError, match=said):
        read(tmp_path, data)


def test_models_within_models_without_end_are_refused(tmp_path):
    model = {"class_name": "Sequential", "config": {"name": "a", "layers": []}}
    for _ in range(30):
        model = {
            "class_name": "Sequential",
            "config": {"name": "a", "layers": [model, {"class_name": "Dense", "config": {}}]},
        }
    with pytest.raises(StudioError, match="models within models|not those of its layers"):
        read(tmp_path, rewritten(keras_file("k2_plain.keras"), config=json.dumps(model)))


@pytest.mark.parametrize("name", ["k2_nested.h5", "k3_nested.keras"])
def test_damaged_files_are_read_or_refused(tmp_path, name):
    """Bits, numbers and pieces changed at random, mostly where the file speaks of itself."""
    data, chance = keras_file(name), random.Random(name)
    marks = [i for i in range(len(data)) if data[i : i + 4] in (b"TREE", b"SNOD", b"HEAP", b"GCOL")]
    outcomes = {"read": 0, "refused": 0}
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 3)):
            at = (chance.choice(marks) + chance.randint(-160, 160)) % len(data)
            width = chance.choice((1, 1, 2, 4, 8))
            damaged[at : at + width] = chance.choice(
                (0, 1, 96, 2 ** (8 * width) - 1, chance.getrandbits(8 * width))
                if width > 1
                else (0, 1, 255, chance.getrandbits(8))
            ).to_bytes(width, "little")
        try:
            for arrays in read(tmp_path, bytes(damaged))["weights"].values():
                assert all(array.read().shape == array.shape for array in arrays)
            outcomes["read"] += 1
        except StudioError:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 30
