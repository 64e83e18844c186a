"""Model folders; most of it is about files that lie."""

import pickle
import struct

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_model import CONFIG, NETWORK, change_config, change_header, entry, load, sentence, write_tiny

from gan.store.model_config import ModelConfig
from gan.store.model_folder import (
    check_model,
    is_ours,
    keep_facts,
    load_discriminator,
    load_generator,
    read_config,
    write_model,
)


@pytest.fixture
def folder(tmp_path):
    return write_tiny(tmp_path / "tiny")


# What is written is what is read


def test_a_model_comes_back_as_it_was(folder):
    torch.manual_seed(0)
    written = CONFIG.build_generator()
    config = read_config(folder)
    assert config == CONFIG
    for name, tensor in load_generator(folder, config).state_dict().items():
        assert torch.equal(tensor, written.state_dict()[name])
    assert load_discriminator(folder, config).num_classes == 2
    assert (folder / "README.md").read_text() == "# Tiny"
    assert sorted(p.name for p in folder.iterdir()) == [
        "README.md",
        "config.json",
        "discriminator.safetensors",
        "model.safetensors",
    ]


@pytest.mark.parametrize(
    "family, values",
    [
        ("dcgan", {"side": 16, "width": 4, "z_dim": 8}),
        ("stylegan2", {"side": 16, "z_dim": 8, "w_dim": 8, "channel_base": 64, "channel_max": 8, "mapping_layers": 2}),
    ],
)
def test_every_family_comes_back_with_the_same_pictures(tmp_path, family, values):
    config = ModelConfig(family, values)
    generator = config.build_generator()
    loaded = load(write_model(tmp_path / "model", config, generator))
    z = torch.randn(2, 8)
    assert torch.equal(generator(z), loaded(z))


def test_weights_in_16_bits_are_read_as_32(folder):
    path = folder / "model.safetensors"
    save_file({name: tensor.half() for name, tensor in load_file(path).items()}, path)
    assert {p.dtype for p in load(folder).parameters()} == {torch.float32}


def test_what_does_not_belong_together_is_not_written(tmp_path):
    generator = CONFIG.build_generator()
    assert "with neither" in sentence(write_model, tmp_path / "x", CONFIG, generator)
    assert not (tmp_path / "x").exists()


# Configs


def refusal(folder) -> str:
    message = sentence(read_config, folder)
    assert "config.json of tiny" in message
    return message


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"not json",
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b'{"studio": 1',
    ],
)
def test_a_config_that_is_not_json(folder, text):
    (folder / "config.json").write_bytes(text)
    why = "not JSON" if (folder / "config.json").read_bytes().strip() else "empty"
    assert refusal(folder) == f"The config.json of tiny cannot be read: it is {why}."


def test_a_config_of_two_megabytes_is_not_read(folder):
    (folder / "config.json").write_text('{"x": "' + "a" * 2 * 1024**2 + '"}')
    assert refusal(folder) == "The config.json of tiny cannot be read: it has more than 1,048,576 bytes."


@pytest.mark.parametrize("values", ["[]", "1", "null", '"studio"'])
def test_a_config_that_is_no_table(folder, values):
    (folder / "config.json").write_text(values)
    assert refusal(folder).endswith("It must be a table of names and values.")


@pytest.mark.parametrize(
    "values, fault",
    [
        ({"studio": 2}, "It says studio: 2, where 1 is known."),
        ({"studio": None}, "It says studio: None, where 1 is known."),
        ({"family": "biggan"}, "There is no family of networks called 'biggan'."),
        ({"family": ["mlp"]}, "family must be a word, not ['mlp']."),
        ({"_target_": "os.system"}, "There is no setting called '_target_'."),
        ({"generator": {"evil": 1}}, "There is no setting called 'evil'."),
        ({"generator": {"hidden": [10**9]}}, "hidden must lie between 1 and 65536, not 1000000000."),
        ({"generator": {"z_dim": 10**400}}, "z_dim must be a whole number, not inf."),
        ({"generator": {"z_dim": float("inf")}}, "z_dim must be a whole number, not inf."),
        ({"generator": {"z_dim": "__import__('os')"}}, "z_dim must be a whole number, not "),
        ({"generator": [1]}, "generator must be a table of names and values, not [1]."),
        ({"trained": 5}, "trained must be a table of names and values, not 5."),
        ({"discriminator": False}, "discriminator must be a table of names and values, not False."),
        ({"generator": {**NETWORK, "image_shape": [4096, 4096, 4096]}}, "its generator would take "),
        (
            {"generator": {"hidden": [1], "image_shape": [4, 2048, 2048]}},
            "It makes pictures of 4x2048x2048 values, too ",
        ),
        ({"generator": {**NETWORK, "hidden": [65536] * 16}}, "its generator would take "),
        ({"discriminator": {**NETWORK, "hidden": [65536] * 16}}, "its discriminator would take "),
        ({"discriminator": {**NETWORK, "image_shape": [1, 8, 9]}}, "made for different pictures"),
        ({"classes": ["a", "b", "c"]}, "It names 3 classes for a generator of 2."),
        ({"classes": "a"}, "It names 1 classes for a generator of 2."),
        ({"psi": 9}, "psi must lie between -1 and 2, not 9.0."),
        ({"psi": float("nan")}, "psi must lie between -1 and 2, not nan."),
        ({"title": 5}, "title must be a word, not 5."),
        ({"summary": "x" * 5000}, "summary is a text of 5,000 characters, more than 4,000."),
    ],
)
def test_a_config_that_cannot_be_used(folder, values, fault):
    change_config(folder, **values)
    message = refusal(folder)
    assert message.startswith("The config.json of tiny cannot be used: ") and fault in message


# Weights


def test_files_that_are_not_there(folder):
    (folder / "model.safetensors").unlink()
    assert sentence(load, folder) == "tiny has no model.safetensors."
    (folder / "config.json").unlink()
    assert sentence(read_config, folder) == "tiny has no config.json."


class Payload:
    """What a pickle could do: here it only leaves a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.mark.parametrize("name", ["network.pkl", "G.pth", "pytorch_model.bin", "last.CKPT"])
def test_a_pickle_in_place_of_the_weights(folder, tmp_path, name):
    (folder / "model.safetensors").unlink()
    (folder / name).write_bytes(pickle.dumps(Payload(tmp_path / "ran")))
    assert sentence(load, folder) == f"tiny has no model.safetensors, only '{name}', a pickle."
    assert not (tmp_path / "ran").exists()


def test_a_pickle_under_the_name_of_the_weights(folder, tmp_path):
    path = folder / "model.safetensors"
    path.write_bytes(pickle.dumps(Payload(tmp_path / "ran")))
    assert sentence(load, folder) == "model.safetensors of tiny is a pickle, not safetensors."
    torch.save({"x": Payload(tmp_path / "ran")}, path)
    assert sentence(load, folder) == "model.safetensors of tiny is a zip file or a PyTorch pickle, not safetensors."
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "start, fault",
    [
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
            "is only a Git LFS pointer to the weights",
        ),
        (b"<!doctype html><html>", "is a web page, not weights"),
        (b"", "is cut short: it ends inside its header"),
        (b"\x10\x00\x00\x00\x00\x00\x00\x00{}", "is cut short: it ends inside its header"),
        (b"\x02\x00\x00\x00\x00\x00\x00\x00{", "is cut short: it ends inside its header"),
        (b"\xff" * 64, "is not a safetensors file: its header claims 18,446,744,073,709,551,615 bytes"),
        (struct.pack("<Q", 40) + b"x" * 40, "has a header that is not JSON"),
        (struct.pack("<Q", 10**6) + b"[" * 10**6, "has a header that is not a table of tensors"),
        (struct.pack("<Q", 4) + b"[{}]", "has a header that is not a table of tensors"),
        (struct.pack("<Q", 2) + b"{}", "lacks 'hidden.0.weight' and 3 more, which its config.json asks for"),
    ],
)
def test_a_file_that_holds_something_else(folder, start, fault):
    (folder / "model.safetensors").write_bytes(start)
    assert fault in sentence(load, folder)


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.2, 0.5, 0.99])
def test_weights_that_are_cut_short(folder, kept):
    path = folder / "model.safetensors"
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * kept)])
    assert "model.safetensors of tiny is cut short" in sentence(load, folder)


@pytest.mark.parametrize(
    "change, fault",
    [
        (lambda t: t.update({"evil": t.pop("out.bias")}), "lacks 'out.bias', which its config.json asks for"),
        (
            lambda t: t.update({"evil": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}),
            "holds 'evil', which its config.json does not know",
        ),
        (lambda t: t.update({"x" * 500: {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}), "xxx..."),
        (
            entry(shape=[8, 8]),
            "out.bias in model.safetensors of tiny has the shape 8x8 where its config.json asks for 64",
        ),
        (entry(shape=[10**9]), "has a header that makes no sense at 'out.bias'"),
        (entry(shape=[10**18] * 8), "has a header that makes no sense at 'out.bias'"),
        (entry(shape=[0] * 10**4), "has a header that makes no sense at 'out.bias'"),
        (entry(shape=[-64]), "has a header that makes no sense at 'out.bias'"),
        (entry(shape=[True] * 2), "has a header that makes no sense at 'out.bias'"),
        (entry(shape="64"), "has a header that makes no sense at 'out.bias'"),
        (entry(dtype="F8_E4M3"), "holds numbers of the kind F8_E4M3, which are not read here, in 'out.bias'"),
        (entry(dtype=["F32"]), "has a header that makes no sense at 'out.bias'"),
        (entry(dtype="I32"), "holds numbers of the kind I32"),
        (entry(data_offsets=[10**15, 10**15 + 256]), "tensors overlap or leave gaps"),
        (entry(data_offsets=[1, 257]), "tensors overlap or leave gaps"),
        (entry(data_offsets=[256]), "has a header that makes no sense at 'out.bias'"),
        (entry(data_offsets=None), "has a header that makes no sense at 'out.bias'"),
        (lambda t: t.update({"out.bias": 7}), "has a header that makes no sense at 'out.bias'"),
    ],
)
def test_headers_that_lie(folder, change, fault):
    change_header(folder, change)
    assert fault in sentence(load, folder)


def test_bytes_behind_the_last_tensor(folder):
    with (folder / "model.safetensors").open("ab") as file:
        file.write(b"MZ" * 50)
    assert sentence(load, folder) == "model.safetensors of tiny holds 100 bytes more than its header speaks of."


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite(folder, value):
    path = folder / "model.safetensors"
    tensors = load_file(path)
    tensors["out.weight"][3, 5] = value
    save_file(tensors, path)
    assert (
        sentence(load, folder) == "model.safetensors of tiny holds weights that are not finite numbers, in out.weight."
    )


@pytest.mark.parametrize("file", ["README.md", "config.json"])
def test_texts_that_cannot_be_written(tmp_path, file):
    (tmp_path / "new" / file).mkdir(parents=True)
    network, discriminator = CONFIG.build_generator(), CONFIG.build_discriminator()
    assert sentence(write_model, tmp_path / "new", CONFIG, network, discriminator, "# card").startswith(
        f"{file} cannot be written: "
    )
    assert not list((tmp_path / "new").glob(".*"))


def test_facts_that_could_not_be_read_again_are_not_kept(folder):
    before = (folder / "config.json").read_bytes()
    assert sentence(keep_facts, folder, directions=tuple("abcdefghi")).startswith("directions ")
    assert (folder / "config.json").read_bytes() == before
    keep_facts(folder, directions=tuple("abcdefgh"))
    assert read_config(folder).directions == tuple("abcdefgh")


# What has happened to a folder of ours since


@pytest.mark.parametrize("name, read", [("model", load_generator), ("discriminator", load_discriminator)])
def test_a_flipped_bit_is_told_by_the_checksum(tmp_path, name, read):
    folder = write_tiny(tmp_path / "tiny", checksums=True)
    path = folder / f"{name}.safetensors"
    whole = path.read_bytes()
    path.write_bytes(whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])
    assert f"{path.name} of tiny is damaged" in sentence(read, folder, read_config(folder))
    assert f"{path.name} of tiny is damaged" in sentence(check_model, folder, read_config(folder))
    path.write_bytes(whole)
    check_model(folder, read_config(folder))
    assert read(folder, read_config(folder))


@pytest.mark.parametrize("text", [None, b"", b"{", b"[]", b"\xff", b'{"title": "Mine"}'])
def test_a_folder_of_ours_is_known_whatever_befell_its_config(folder, text):
    (folder / "config.json").unlink() if text is None else (folder / "config.json").write_bytes(text)
    assert is_ours(folder)
    (folder / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:600])
    assert is_ours(folder)


def test_a_folder_of_somebody_else_is_not_ours(tmp_path):
    save_file({"x": torch.ones(1)}, tmp_path / "model.safetensors", {"format": "pt"})
    (tmp_path / "config.json").write_text('{"model_type": "dcgan"}')
    assert not is_ours(tmp_path) and not is_ours(tmp_path / "nowhere")
