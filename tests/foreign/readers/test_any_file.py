"""Files of other people's code, read as data: what comes out is what PyTorch itself would read, without running
anything."""

import io
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from foreign import good_files

from gan.errors import StudioError
from gan.foreign.formats.modules import held, module_table, persistent
from gan.foreign.found import Found, Inert, Stored
from gan.foreign.readers.any_file import read_tree


def tree_of(folder: Path, data: bytes):
    path = folder / "file.pt"
    path.write_bytes(data)
    return read_tree(path, "file.pt")


def assert_same(read, wanted):
    if isinstance(wanted, torch.Tensor):
        tensor = read.read()
        assert (read.shape, read.dtype) == (tuple(wanted.shape), wanted.dtype)
        assert tensor.dtype == wanted.dtype and tensor.is_contiguous() and torch.equal(tensor, wanted)
    elif isinstance(wanted, dict):
        assert list(read) == list(wanted)
        for key in wanted:
            assert_same(read[key], wanted[key])
    elif isinstance(wanted, (list, tuple)):
        assert type(read) is (list if isinstance(wanted, list) else tuple) and len(read) == len(wanted)
        for ours, theirs in zip(read, wanted, strict=True):
            assert_same(ours, theirs)
    else:
        assert type(read) is type(wanted) and read == wanted


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("zipped", [True, False])
def test_what_torch_saved_is_what_torch_loads(tmp_path, zipped, protocol):
    data = good_files.torch_bytes(good_files.values(), zipped, pickle_protocol=protocol)
    wanted = torch.load(io.BytesIO(data), weights_only=protocol == 2)  # its safe reader knows protocol 2 only
    assert_same(tree_of(tmp_path, data), wanted)


@pytest.mark.parametrize("zipped", [True, False])
def test_the_numbers_of_other_machines_are_turned_round(tmp_path, zipped):
    """Written as a machine would whose highest byte comes first."""
    numbers = torch.arange(6, dtype=torch.int32)
    data = bytearray(good_files.torch_bytes({"a": numbers}, zipped))
    if zipped:
        assert data.count(b"little") == 1
        data = data.replace(b"little", b"big   ")
    else:
        at = data.index(b"little_endian")
        data[data.index(b"\x88", at)] = b"\x89"[0]
    raw = numbers.numpy().tobytes()
    data = data.replace(raw, numbers.numpy().astype(">i4").tobytes())
    assert torch.equal(tree_of(tmp_path, bytes(data))["a"].read(), numbers)


@pytest.mark.parametrize("protocol", range(6))
def test_a_plain_pickle_of_any_protocol(tmp_path, protocol):
    net = good_files.module()
    value = {
        "net": net,
        "tensor": torch.arange(6.0).reshape(2, 3).t(),
        "list": [1, -5, 300, 70000, 10**20, 2.5, None, True, "é\n\\"],
        "tuples": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
        "sets": [{1}, frozenset([2])],
        "bytes": b"a\0\xff",
    }
    tree = tree_of(tmp_path, pickle.dumps(value, protocol))
    for name in ("tensor", "list", "tuples"):
        assert_same(tree[name], value[name])
    assert tree["sets"] == [[1], [2]] and bytes(tree["bytes"]) == b"a\0\xff"
    assert_same(module_table(tree["net"]), {name: net.state_dict()[name] for name in module_table(tree["net"])})
    assert set(module_table(tree["net"])) == set(net.state_dict())


@pytest.mark.parametrize("zipped", [True, False])
def test_a_whole_module_gives_its_weights_by_name(tmp_path, zipped):
    net = good_files.module()
    tree = tree_of(tmp_path, good_files.torch_bytes(net, zipped))
    table = module_table(tree)
    assert tree.name.endswith(".Block") and set(table) == set(net.state_dict())
    assert all(torch.equal(table[name].read(), tensor) for name, tensor in net.state_dict().items())


@pytest.mark.parametrize("protocol", range(2, 6))
def test_a_stylegan_pickle_is_an_inert_tree_with_its_weights(tmp_path, protocol):
    file = io.BytesIO()
    weights = good_files.stylegan_pickle(file, protocol=protocol)
    tree = tree_of(tmp_path, file.getvalue())
    assert list(tree) == ["G", "D", "G_ema", "training_set_kwargs", "augment_pipe"]
    assert tree["training_set_kwargs"] == {"class_name": "training.dataset.ImageFolderDataset", "resolution": 8}
    word, state = persistent(tree["G_ema"])
    assert word == "Generator" and state["_init_kwargs"] == {"z_dim": 4, "img_resolution": 8} and state["z_dim"] == 4
    assert tree["G_ema"].args[0]["module_src"].startswith("raise AssertionError")
    table = module_table(tree["G_ema"])
    assert set(table) == set(weights) and all(torch.equal(table[name].read(), weights[name]) for name in weights)


@pytest.mark.parametrize("protocol", range(6))
def test_arrays_of_numpy_are_tensors(tmp_path, protocol):
    arrays = good_files.arrays()
    tree = tree_of(tmp_path, pickle.dumps(arrays, protocol))
    for name in ("grid", "turned", "double", "big", "ints", "flags", "none", "number"):
        array = arrays[name].astype(arrays[name].dtype.newbyteorder("="))
        assert torch.equal(tree[name].read(), torch.from_numpy(np.ascontiguousarray(array).reshape(array.shape))), name
    assert (tree["scalar"], tree["count"]) == (1.5, 7) and type(tree["count"]) is int
    assert isinstance(tree["words"], Inert)


def test_an_array_that_python_2_wrote(tmp_path):
    """It keeps bytes as strings, and calls numpy's modules by their old names."""
    raw = np.arange(3, dtype=np.float32).tobytes()
    dtype = b"cnumpy\ndtype\nU\x02f4K\x00K\x01\x87R(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    empty = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
    tree = tree_of(tmp_path, b"\x80\x02}U\x01a" + empty + b"(K\x01K\x03\x85" + dtype + b"\x89U\x0c" + raw + b"tbs.")
    assert torch.equal(tree["a"].read(), torch.arange(3.0))


def test_safetensors_are_read_one_by_one(tmp_path):
    wanted = good_files.module().state_dict()
    tree = tree_of(tmp_path, good_files.safetensors_bytes())
    assert_same(dict(sorted(tree.items())), dict(sorted(wanted.items())))


def test_tensors_that_share_a_storage_lie_in_it_once(tmp_path):
    base = torch.arange(1000.0)
    tree = tree_of(tmp_path, good_files.torch_bytes([base, base[10:20], base[::7], base.reshape(10, 100).t()]))
    assert [entry.shape for entry in tree] == [(1000,), (10,), (143,), (100, 10)]
    assert torch.equal(tree[2].read(), base[::7]) and torch.equal(tree[3].read(), base.reshape(10, 100).t())


def test_kinds_of_numbers_that_no_model_has_are_refused_only_when_wanted(tmp_path):
    tree = tree_of(
        tmp_path,
        good_files.torch_bytes(
            {
                "c": torch.ones(2, dtype=torch.complex64),
                "f8": torch.ones(2).to(torch.float8_e5m2),
                "s": torch.eye(2).to_sparse(),
                "w": torch.ones(2),
            }
        ),
    )
    assert torch.equal(tree["w"].read(), torch.ones(2))
    assert tree["s"].name == "torch._utils._rebuild_sparse_tensor"
    for name in ("c", "f8"):
        with pytest.raises(StudioError, match="numbers of the kind"):
            tree[name].read()


class Kind(dict):
    pass


class Row(list):
    pass


class Thing:
    def __init__(self, **words):
        self.__dict__.update(words)


@pytest.mark.parametrize("protocol", range(2, 6))
def test_objects_stay_what_the_file_says_of_them(tmp_path, protocol):
    """As in the checkpoints of training frameworks, full of settings."""
    value = {
        "hyper_parameters": Kind(lr=0.1),
        "rows": Row([1, 2]),
        "thing": Thing(a=1, b=[2]),
        "kind": Thing,
        torch.float16: "as a key",
        "path": Path("/tmp/x"),
        "default": __import__("collections").defaultdict(list, a=[1]),
    }
    tree = tree_of(tmp_path, pickle.dumps(value, protocol))
    name = Thing.__module__
    assert tree["hyper_parameters"] == Inert(f"{name}.Kind", (), {"lr": 0.1}) and tree["rows"].state == [1, 2]
    assert tree["thing"] == Inert(f"{name}.Thing", (), {"a": 1, "b": [2]}) and tree["kind"] == Inert(f"{name}.Thing")
    assert tree["default"] == {"a": [1]} and tree["path"].args and "as a key" in tree.values()


def test_a_value_may_lie_in_itself(tmp_path):
    ring: list = []
    ring.append(ring)
    thing = Thing()
    thing.me = thing
    tree = tree_of(tmp_path, pickle.dumps({"ring": ring, "thing": thing}))
    assert tree["ring"][0] is tree["ring"] and tree["thing"].state["me"] is tree["thing"]
    assert repr(tree["thing"]) == f"Inert(name='{Thing.__module__}.Thing')"


def test_a_module_that_lies_in_itself_has_its_weights_once():
    weight = Stored((1,), torch.float32, lambda: torch.ones(1))
    net = Inert("a.Net", (), {"_parameters": {"w": weight}, "_buffers": {}, "_modules": {}})
    net.state["_modules"] |= {
        "again": net,
        "inner": Inert("a.Inner", (), {"_parameters": {"v": weight}, "_modules": {"up": net}}),
    }
    assert list(module_table(net)) == ["w", "inner.v"]


def test_modules_within_modules_without_end_are_refused():
    """A hundred levels, each with the next one twice: 2^100 modules for who follows them."""
    at = Inert("a.Net", (), {"_parameters": {}, "_modules": {}})
    for _ in range(100):
        at = Inert("a.Net", (), {"_parameters": {}, "_modules": {"a": at, "b": at}})
    with pytest.raises(StudioError, match="more modules than any generator has"):
        module_table(at)
    assert held(at) and held({"_modules": {}}) is None
    with pytest.raises(StudioError, match="not a module"):
        module_table({"a": 1})


def test_tables_are_found_in_values_that_lie_in_each_other_without_end():
    weight = Stored((1,), torch.float32, lambda: torch.ones(1))
    at = {"w": weight}
    for _ in range(5):
        at = {str(i): at for i in range(50)}
    assert len(Found("x", at).tables()) < 300_000
    assert list(Found("x", {"a": {"w": weight}, "w": weight}).tables()) == [(), ("a",)]


def test_a_large_pickle_is_not_held_in_memory():
    """60 MB of a StyleGAN-like file: its tree costs next to nothing, and its tensors one at a time, each once."""
    script = Path(__file__).parents[1] / "large_pickle.py"
    done = subprocess.run([sys.executable, script, "60"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    size, tree, reading, largest = map(float, done.stdout.split())
    assert size > 55 and tree < 12 and reading < largest + 15, done.stdout
