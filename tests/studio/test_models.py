"""Model folders and the models in use; most of it is about files that lie."""

import json
import os
import pickle
import struct
import threading

import pytest
import torch
from safetensors.torch import load_file, save_file

from gan.errors import StudioError
from gan.studio.folder import ModelConfig, load_discriminator, load_generator, read_config, write_model
from gan.studio.hub import Hub
from gan.studio.models import Models
from gan.studio.once import Once

NETWORK = {"image_shape": [1, 8, 8], "hidden": [16], "num_classes": 2}
CONFIG = ModelConfig("mlp", {**NETWORK, "z_dim": 6}, NETWORK, title="Tiny", summary="Dots.", licence="CC0", data="none",
                     classes=("a", "b"), psi=0.8, pixel_art=True, trained={"kimg": 3, "note": [1, None, "x"]})


@pytest.fixture
def folder(tmp_path):
    """A complete model of the family mlp in tmp_path/tiny."""
    torch.manual_seed(0)
    return write_model(tmp_path / "tiny", CONFIG, CONFIG.build_generator(), CONFIG.build_discriminator(), "# Tiny")


@pytest.fixture
def models(folder, closed_port):
    """The folder above as the only bundled model; visitors may not name paths and there is no network."""
    return Models((folder.parent,), Hub(closed_port, folder.parent / "cache"), local=False)


def sentence(call, *args, **keywords) -> str:
    with pytest.raises(StudioError) as caught:
        call(*args, **keywords)
    assert caught.value.message.endswith(".") and len(str(caught.value)) < 500
    return caught.value.message


def change_config(folder, **values) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def change_header(folder, change, data: bytes | None = None) -> None:
    """Rewrite the header of model.safetensors through `change(table)`, keeping the numbers."""
    path = folder / "model.safetensors"
    raw = path.read_bytes()
    length, = struct.unpack("<Q", raw[:8])
    table = json.loads(raw[8:8 + length])
    change(table)
    text = json.dumps(table).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + (raw[8 + length:] if data is None else data))


def load(folder):
    return load_generator(folder, read_config(folder))


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
    assert sorted(p.name for p in folder.iterdir()) == \
        ["README.md", "config.json", "discriminator.safetensors", "model.safetensors"]


@pytest.mark.parametrize("family, values", [
    ("dcgan", {"side": 16, "width": 4, "z_dim": 8}),
    ("stylegan2", {"side": 16, "z_dim": 8, "w_dim": 8, "channel_base": 64, "channel_max": 8, "mapping_layers": 2}),
])
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


@pytest.mark.parametrize("text", [
    b"", b"not json", b"\xff\xfe\x00", b"[" * 200_000, b'{"studio": 1',
])
def test_a_config_that_is_not_json(folder, text):
    (folder / "config.json").write_bytes(text)
    assert refusal(folder) == "The config.json of tiny is not JSON."


def test_a_config_of_two_megabytes_is_not_read(folder):
    (folder / "config.json").write_text('{"x": "' + "a" * 2 * 1024**2 + '"}')
    assert refusal(folder) == \
        "The config.json of tiny has 2,097,161 bytes, more than the 1,048,576 that are read."


@pytest.mark.parametrize("values", ["[]", "1", "null", '"studio"'])
def test_a_config_that_is_no_table(folder, values):
    (folder / "config.json").write_text(values)
    assert refusal(folder).endswith("It must be a table of names and values.")


@pytest.mark.parametrize("values, fault", [
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
    ({"generator": {"hidden": [1], "image_shape": [4, 2048, 2048]}}, "It makes pictures of 4x2048x2048 values, too "),
    ({"generator": {**NETWORK, "hidden": [65536] * 16}}, "its generator would take "),
    ({"discriminator": {**NETWORK, "hidden": [65536] * 16}}, "its discriminator would take "),
    ({"discriminator": {**NETWORK, "image_shape": [1, 8, 9]}}, "made for different pictures"),
    ({"classes": ["a", "b", "c"]}, "It names 3 classes for a generator of 2."),
    ({"classes": "a"}, "It names 1 classes for a generator of 2."),
    ({"psi": 9}, "psi must lie between -1 and 2, not 9.0."),
    ({"psi": float("nan")}, "psi must lie between -1 and 2, not nan."),
    ({"title": 5}, "title must be a word, not 5."),
    ({"summary": "x" * 5000}, "summary is a text of 5,000 characters, more than 4,000."),
])
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
    assert sentence(load, folder) == \
        f"tiny has no model.safetensors, only '{name}', a pickle, which can run any code when opened."
    assert not (tmp_path / "ran").exists()


def test_a_pickle_under_the_name_of_the_weights(folder, tmp_path):
    path = folder / "model.safetensors"
    path.write_bytes(pickle.dumps(Payload(tmp_path / "ran")))
    assert sentence(load, folder) == "model.safetensors of tiny is a pickle, not safetensors."
    torch.save({"x": Payload(tmp_path / "ran")}, path)
    assert sentence(load, folder) == "model.safetensors of tiny is a zip file or a PyTorch pickle, not safetensors."
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("start, fault", [
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "is only a Git LFS pointer to the weights"),
    (b"<!doctype html><html>", "is a web page, not weights"),
    (b"", "is cut short: it ends inside its header"),
    (b"\x10\x00\x00\x00\x00\x00\x00\x00{}", "is cut short: it ends inside its header"),
    (b"\x02\x00\x00\x00\x00\x00\x00\x00{", "is cut short: it ends inside its header"),
    (b"\xff" * 64, "is not a safetensors file: its header claims 18,446,744,073,709,551,615 bytes"),
    (struct.pack("<Q", 40) + b"x" * 40, "has a header that is not JSON"),
    (struct.pack("<Q", 10**6) + b"[" * 10**6, "has a header that is not JSON"),
    (struct.pack("<Q", 4) + b"[{}]", "has a header that is not a table of tensors"),
    (struct.pack("<Q", 2) + b"{}", "lacks 'hidden.0.weight' and 3 more, which its config.json asks for"),
])
def test_a_file_that_holds_something_else(folder, start, fault):
    (folder / "model.safetensors").write_bytes(start)
    assert fault in sentence(load, folder)


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.2, 0.5, 0.99])
def test_weights_that_are_cut_short(folder, kept):
    path = folder / "model.safetensors"
    raw = path.read_bytes()
    path.write_bytes(raw[:int(len(raw) * kept)])
    assert "model.safetensors of tiny is cut short" in sentence(load, folder)


def entry(**changes):
    return lambda table: table["out.bias"].update(changes)


@pytest.mark.parametrize("change, fault", [
    (lambda t: t.update({"evil": t.pop("out.bias")}), "lacks 'out.bias', which its config.json asks for"),
    (lambda t: t.update({"evil": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}),
     "holds 'evil', which its config.json does not know"),
    (lambda t: t.update({"x" * 500: {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}), "xxx..."),
    (entry(shape=[8, 8]), "out.bias in model.safetensors of tiny has the shape 8x8 where its config.json asks for 64"),
    (entry(shape=[10**9]), "has a header that makes no sense at 'out.bias'"),
    (entry(shape=[10**18] * 8), "has a header that makes no sense at 'out.bias'"),
    (entry(shape=[0] * 10**4), "has a header that makes no sense at 'out.bias'"),
    (entry(shape=[-64]), "has a header that makes no sense at 'out.bias'"),
    (entry(shape=[True] * 2), "has a header that makes no sense at 'out.bias'"),
    (entry(shape="64"), "has a header that makes no sense at 'out.bias'"),
    (entry(dtype="F8_E4M3"), "has a header that makes no sense at 'out.bias'"),
    (entry(dtype=["F32"]), "has a header that makes no sense at 'out.bias'"),
    (entry(dtype="I32"), "holds numbers of the kind I32"),
    (entry(data_offsets=[10**15, 10**15 + 256]), "tensors overlap or leave gaps"),
    (entry(data_offsets=[1, 257]), "tensors overlap or leave gaps"),
    (entry(data_offsets=[256]), "has a header that makes no sense at 'out.bias'"),
    (entry(data_offsets=None), "has a header that makes no sense at 'out.bias'"),
    (lambda t: t.update({"out.bias": 7}), "has a header that makes no sense at 'out.bias'"),
])
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
    assert sentence(load, folder) == \
        "model.safetensors of tiny holds weights that are not finite numbers, in out.weight."


def test_a_model_without_a_discriminator(tmp_path):
    config = ModelConfig("mlp", {**NETWORK, "z_dim": 6})
    write_model(tmp_path / "alone", config, config.build_generator())
    model = Models((tmp_path,)).get("alone")
    assert not model.has_discriminator
    assert sentence(model.discriminator) == "alone comes without a discriminator."


# Sources

def test_bundled_models(models, folder):
    broken = folder.parent / "broken"
    broken.mkdir()
    (broken / "config.json").write_text("{}")
    (broken / "model.safetensors").write_text("")
    (folder.parent / "empty").mkdir()
    assert models.names() == ["broken", "tiny"]
    assert models.cards() == {"tiny": CONFIG}
    model = models.get("tiny")
    assert (model.id, model.revision, model.path, model.config) == ("tiny", None, folder, CONFIG)
    assert not model.generator.training and not any(p.requires_grad for p in model.generator.parameters())


def test_a_deeper_path_below_a_root(models, folder):
    (folder.parent / "a-run" / "snapshots").mkdir(parents=True)
    folder.rename(folder.parent / "a-run" / "snapshots" / "500")
    assert models.get("a-run/snapshots/500").id == "a-run/snapshots/500"
    assert models.names() == []


@pytest.mark.parametrize("source", [
    "../x", "a/../../b", "..", ".", "~", "~root", "/etc", "/etc/passwd", "a/./b", "a//b", "a/b/c/../d", "", " ",
    "a\x00b", "a/b\n", "tiny/", "\\\\host\\share", "C:\\x", "http://host/a/b", "a/b@../c", "tiny@main", "x" * 600,
    "x" * 300, "@", "a/b@", None, 7, ["tiny"],
])
def test_sources_that_lead_nowhere(models, source):
    message = sentence(models.get, source)
    assert sentence(models.resolve, source) == message
    assert "cannot be reached" not in message


def test_a_name_that_is_not_bundled(models):
    with pytest.raises(StudioError) as caught:
        models.get("faces")
    assert str(caught.value) == ("There is no model called 'faces'. "
                                 "The bundled models are tiny; a model on the Hub looks like user/repo.")


def test_folders_of_this_computer_only_where_allowed(models, folder):
    assert sentence(models.get, str(folder)).endswith("is not the name of a model.")
    here = Models((), local=True)
    assert here.get(str(folder)).path == folder
    relative = os.path.relpath(folder)
    assert here.get(relative if relative.startswith(".") else f"./{relative}").path == folder
    assert sentence(here.get, str(folder / "config.json")).endswith("config.json is a file, not a folder.")
    assert sentence(here.get, "./no/such/folder") == "There is no folder ./no/such/folder."
    assert sentence(here.get, "./" + "x" * 400).startswith("There is no folder ./xxx")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "discriminator.safetensors"])
def test_a_link_that_leads_out_of_the_folder(models, folder, tmp_path, name):
    outside = tmp_path / "outside"
    (folder / name).rename(outside)
    (folder / name).symlink_to(outside)
    expected = f"{name} of tiny is a link that leads out of its folder."
    assert sentence(models.get, "tiny") == expected
    (folder / name).unlink()
    (folder / name).symlink_to("../../../../../../../../etc/passwd")
    assert sentence(models.get, "tiny") == expected


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_link_to_itself(models, folder, name):
    (folder / name).unlink()
    (folder / name).symlink_to(name)
    assert sentence(models.get, "tiny") == f"tiny has no {name}."


def test_a_link_within_the_folder_is_fine(models, folder):
    (folder / "model.safetensors").rename(folder / "weights-3.safetensors")
    (folder / "model.safetensors").symlink_to("weights-3.safetensors")
    assert models.get("tiny").id == "tiny"


# The Hub

@pytest.fixture
def online(hub_server, folder, tmp_path):
    hub_server.sha = hub_server.add_repo("ada/tiny", folder)
    return Models((), Hub(hub_server.url, tmp_path / "cache"), local=False)


def test_a_model_from_the_hub_is_at_its_commit(online, hub_server):
    model = online.get("ada/tiny")
    assert (model.id, model.revision, model.config) == ("ada/tiny", hub_server.sha, CONFIG)
    assert model.discriminator().num_classes == 2
    assert online.get("ada/tiny", hub_server.sha) is model
    assert online.get(f"ada/tiny@{hub_server.sha}") is model
    hub_server.log.clear()
    assert online.get("ada/tiny") is model and hub_server.log == []
    assert "names a revision" in sentence(online.get, "ada/tiny@main", "dev")


def test_a_model_in_use_stays_until_it_is_asked_for_anew(online, hub_server, folder):
    old = online.get("ada/tiny")
    change_config(folder, title="Newer")
    sha = hub_server.add_repo("ada/tiny", folder)
    assert online.get("ada/tiny") is old
    assert online.resolve("ada/tiny").name == sha
    assert online.get("ada/tiny").config.title == "Newer"
    assert online.get("ada/tiny", old.revision) is old


def test_another_kind_of_repo_is_refused_before_its_weights_are_fetched(online, hub_server):
    hub_server.add_repo("ada/bert", {"config.json": b'{"model_type": "bert"}', "model.safetensors": b"x" * 1000})
    assert sentence(online.get, "ada/bert") == \
        "The config.json of ada/bert cannot be used: It says studio: None, where 1 is known."
    assert hub_server.requests("model.safetensors") == []


def test_a_lying_model_on_the_hub_is_named(online, hub_server, folder):
    change_header(folder, entry(shape=[8, 8]))
    hub_server.add_repo("eve/tiny", folder)
    assert sentence(online.get, "eve/tiny").startswith("out.bias in model.safetensors of eve/tiny has the shape 8x8")


def test_progress_of_a_model_from_the_hub(online):
    seen = []
    online.get("ada/tiny", progress=lambda fraction, text: seen.append((fraction, text)))
    assert seen[0] == (0.0, "Asking the Hub for ada/tiny") and seen[-1] == (1.0, "ada/tiny is here")


def test_offline_what_was_fetched_before_still_opens(online, hub_server, tmp_path):
    revision = online.get("ada/tiny").revision
    hub_server.go_offline()
    again = Models((), Hub(hub_server.url, tmp_path / "cache"), local=False)
    assert again.get("ada/tiny").revision == again.get("ada/tiny", revision).revision == revision
    assert sentence(again.get, "ada/other") == "The Hub cannot be reached, and ada/other is not on this computer yet."


# In use

def test_thirty_people_at_once_load_a_model_once(online, hub_server):
    ready, got = threading.Barrier(30), []

    def ask():
        ready.wait()
        got.append(online.get("ada/tiny"))

    threads = [threading.Thread(target=ask) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 30 and len(set(map(id, got))) == 1
    assert len([m for m, p in hub_server.requests("model.safetensors") if m == "GET"]) == 1


def test_only_the_most_recently_used_models_stay(folder):
    for name in "abc":
        write_model(folder.parent / name, CONFIG, CONFIG.build_generator(), CONFIG.build_discriminator())
    models = Models((folder.parent,), keep=2)
    a, b = models.get("a"), models.get("b")
    assert models.get("a") is a
    models.get("c")
    assert models.get("a") is a and models.get("b") is not b


def test_a_folder_that_changed_is_loaded_anew(models, folder):
    before = models.get("tiny")
    write_model(folder, CONFIG, CONFIG.build_generator(), CONFIG.build_discriminator())
    os.utime(folder / "config.json", ns=(1, 1))
    assert models.get("tiny") is not before


def test_what_is_found_of_a_model_is_found_once(models):
    model = models.get("tiny")
    assert model.directions() is model.directions() and len(model.directions()) <= 8
    assert sorted(model.effect_order()) == list(range(6)) and model.effect_order() is model.effect_order()
    assert model.discriminator() is model.discriminator()


def test_a_failure_is_told_to_all_who_wait_and_forgotten():
    once, calls = Once(keep=2), []

    def fail():
        calls.append(1)
        raise StudioError("It failed.")

    for _ in range(2):
        assert sentence(once.get, "key", fail) == "It failed."
    assert len(calls) == 2 and once.get("key", lambda: 5) == 5 == once.get("key", fail)
