"""Uploaded models: what is kept, and zips that strangers send."""

import os
import pickle
import time
import zipfile

import numpy as np
import pytest
import torch
from hostile import MB, model_zip, peak, too_many_entries, written, zipped
from tiny_model import CONFIG, change_config, change_header, entry, sentence, write_tiny
from torch import nn

from gan.errors import StudioError
from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.studio.engine import Engine
from gan.studio.library import uploads as module
from gan.studio.library.loaded import Models
from gan.studio.library.uploads import Uploads, find_upload
from gan.studio.recipes import Recipe


@pytest.fixture
def folder(tmp_path):
    return write_tiny(tmp_path / "tiny")


@pytest.fixture
def uploads(tmp_path):
    return Uploads(tmp_path / "uploads")


def another(tmp_path, number: int):
    """A zip of another tiny model."""
    folder = write_tiny(tmp_path / f"tiny-{number}")
    change_config(folder, title=f"Tiny {number}")
    return model_zip(tmp_path / f"{number}.zip", folder)


def a_checkpoint(path):
    """A DCGAN's generator of 8x8 pixels, as its tutorial saves one."""
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.ConvTranspose2d(6, 8, 4, 1, 0, bias=False),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.ConvTranspose2d(8, 3, 4, 2, 1, bias=False),
        nn.Tanh(),
    )
    torch.save(net.state_dict(), path)
    return path


# What is kept


@pytest.mark.parametrize("inside", ["", "my-model/", "\u202emodel <b>/"])
def test_a_model_comes_back_as_it_was(folder, uploads, tmp_path, inside):
    id = uploads.add(model_zip(tmp_path / "x.zip", folder, inside))
    files = sorted(p.name for p in (uploads.root / id).iterdir())
    assert files == ["config.json", "discriminator.safetensors", "model.safetensors"]
    models = Models((folder.parent,), local=False, uploads=uploads.root)
    model = models.get(id)
    assert (model.id, model.revision, model.run, model.config) == (id, None, None, CONFIG)
    assert model.discriminator().num_classes == 2 and id not in models.names()
    engine = Engine(models)
    assert np.array_equal(
        engine.render([Recipe(id, seed=3, label=1)]), engine.render([Recipe("tiny", seed=3, label=1)])
    )


def test_the_same_model_has_the_same_id(folder, uploads, tmp_path):
    id = uploads.add(model_zip(tmp_path / "x.zip", folder))
    assert module._ID.fullmatch(id)
    again = model_zip(tmp_path / "y.zip", folder, "deeper/", README=b"# another card")
    assert uploads.add(again) == Uploads(uploads.root).add(again) == id
    assert uploads.add(another(tmp_path, 1)) != id and len(list(uploads.root.iterdir())) == 2


def test_a_model_without_a_discriminator(uploads, tmp_path):
    config = ModelConfig("mlp", CONFIG.generator)
    folder = write_model(tmp_path / "alone", config, config.build_generator())
    written(folder / "discriminator.safetensors", b"nobody asked for it")
    id = uploads.add(model_zip(tmp_path / "x.zip", folder))
    assert sorted(p.name for p in (uploads.root / id).iterdir()) == ["config.json", "model.safetensors"]


def test_whatever_else_is_in_the_zip_is_left_alone(folder, uploads, tmp_path):
    path = model_zip(tmp_path / "x.zip", folder, "tiny/")
    with zipfile.ZipFile(path, "a") as archive:
        for name in (
            "../../config.json",
            "/config.json",
            "tiny/deeper/config.json",
            "__MACOSX/tiny/._config.json",
            "a.zip",
            "evil.pkl",
            "../evil.py",
            "tiny/samples.webp",
        ):
            archive.writestr(name, b"x")
    uploads.add(path)
    assert (
        len(list(uploads.root.rglob("*"))) == 4
        and not list(tmp_path.glob("*.py"))
        and not list(tmp_path.glob("config.json"))
    )


# What is not


def link_in(path, name: str, folder) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo(name)
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        for file in folder.iterdir():
            if file.name != name:
                archive.write(file, file.name)


def twice(path, folder):
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning):
        for _ in range(2):
            archive.write(folder / "config.json", "config.json")


def hidden_zeros(path, folder):
    """Weights that say they have 1000 bytes and have 100 MB."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(folder / "config.json", "config.json")
        archive.writestr("model.safetensors", bytes(100 * MB), zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    for name, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        start = data.rindex(name) + at
        data[start : start + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(bytes(data))


def zeros(path, folder):
    """A sound model in which all is 0."""
    config = ModelConfig("mlp", {**CONFIG.generator, "hidden": [1500, 1500]})
    network = config.build_generator()
    for weight in network.parameters():
        weight.data.zero_()
    model_zip(path, write_model(path.parent / "zeros", config, network))


def changed(change):
    """The model after `change(folder)`, as a zip."""

    def build(path, folder):
        change(folder)
        model_zip(path, folder)

    return build


def with_files(**files):
    return lambda path, folder: model_zip(path, folder, **files)


HUGE = {"image_shape": [1, 8, 8], "hidden": [16000, 16000], "num_classes": 2, "z_dim": 6}
REFUSED = {
    "text": (lambda path, folder: written(path, b"hello"), "x.zip is a text, not weights."),
    "nothing": (lambda path, folder: written(path, b""), "x.zip is empty."),
    "a pickle": (lambda path, folder: written(path, pickle.dumps({"a": 1})), "x.zip holds no table of weights."),
    "half a zip": (
        lambda path, folder: written(path, model_zip(path, folder).read_bytes()[:-60]),
        "x.zip cannot be unpacked.",
    ),
    "an empty zip": (lambda path, folder: zipped(path, {}), "x.zip has no config.json."),
    "400,000 entries": (lambda path, folder: too_many_entries(path.parent), "x.zip has too many entries."),
    "pictures": (lambda path, folder: zipped(path, {"a.png": b"x"}), "x.zip has no config.json."),
    "a zip in a zip": (
        lambda path, folder: zipped(path, {"tiny.zip": model_zip(path, folder).read_bytes()}),
        "x.zip has no config.json.",
    ),
    "names that lead elsewhere": (lambda path, folder: model_zip(path, folder, "../"), "x.zip has no config.json."),
    "names that lead anywhere": (lambda path, folder: model_zip(path, folder, "/"), "x.zip has no config.json."),
    "two models": (
        lambda path, folder: zipped(path, {f"{i}/config.json": b"{}" for i in "ab"}),
        "x.zip holds 2 models.",
    ),
    "a file twice": (twice, "x.zip holds config.json twice."),
    "a link for a config": (
        lambda path, folder: link_in(path, "config.json", folder),
        "config.json in x.zip is a link.",
    ),
    "a link for weights": (
        lambda path, folder: link_in(path, "model.safetensors", folder),
        "model.safetensors in x.zip is a link.",
    ),
    "no weights": (with_files(model=None), "x.zip has no model.safetensors."),
    "no discriminator": (with_files(discriminator=None), "x.zip has no discriminator.safetensors."),
    "only a pickle": (
        lambda path, folder: zipped(path, {"config.json": (folder / "config.json").read_bytes(), "g.pkl": b"x"}),
        "x.zip has no model.safetensors, only 'g.pkl', a pickle.",
    ),
    "a pickle called weights": (
        with_files(model=pickle.dumps({"a": 1})),
        "model.safetensors of x.zip is a pickle, not safetensors.",
    ),
    "a config that is not JSON": (with_files(config=b"{"), "The config.json of x.zip cannot be read: it is not JSON."),
    "a config of 2 MB": (
        with_files(config=b" " * 2 * MB),
        "config.json in x.zip has more than the 1,048,576 bytes that it can have.",
    ),
    "a config of another program": (
        with_files(config=b'{"model_type": "bert"}'),
        "The config.json of x.zip cannot be used: It says studio: None, where 1 is known.",
    ),
    "enormous networks": (
        changed(lambda folder: change_config(folder, generator=HUGE)),
        "The networks of x.zip are larger than 512 MB.",
    ),
    "a header that lies": (
        changed(lambda folder: change_header(folder, entry(shape=[8, 8]))),
        "out.bias in model.safetensors of x.zip has the shape 8x8 where its config.json asks for 64.",
    ),
    "weights cut short": (
        changed(lambda folder: os.truncate(folder / "model.safetensors", 2000)),
        "model.safetensors of x.zip is cut short",
    ),
    "a broken discriminator": (
        with_files(discriminator=b"x" * 100),
        "discriminator.safetensors of x.zip is not a safetensors file",
    ),
    "weights of 100 MB": (with_files(model=bytes(100 * MB)), "model.safetensors in x.zip has more than the 4,2"),
    "9 MB of zeros": (zeros, "model.safetensors in x.zip unpacks to "),
    "weights that hide their 100 MB": (hidden_zeros, "model.safetensors in x.zip cannot be unpacked."),
    "a password": (
        lambda path, folder: locked_model(path, folder),
        "config.json in x.zip cannot be unpacked: it is locked with a password.",
    ),
    "bzip2": (
        lambda path, folder: zipped(path, {"config.json": (folder / "config.json").read_bytes()}, zipfile.ZIP_BZIP2),
        "config.json in x.zip is packed in an unusual way.",
    ),
}


def locked_model(path, folder):
    """Marked as locked with a password."""
    data = bytearray(model_zip(path, folder).read_bytes())
    at = -1
    for sign, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        while (at := data.find(sign, at + 1)) >= 0:
            data[at + flags] |= 1
    return written(path, bytes(data))


@pytest.mark.parametrize("build, words", REFUSED.values(), ids=REFUSED)
def test_a_hostile_zip_is_one_sentence_and_leaves_nothing(folder, uploads, tmp_path, build, words):
    path = tmp_path / "x.zip"
    build(path, folder)
    before, said = time.process_time(), []
    grown = peak(lambda: said.append(sentence(uploads.add, path)))
    assert said[0].startswith(words)
    assert time.process_time() - before < 3 and grown < 60
    assert list(uploads.root.iterdir()) == []


@pytest.mark.parametrize(
    "id",
    [
        "",
        "..",
        "upload-",
        "upload-00000000000g",
        "upload-0000000000000",
        "../upload-000000000000",
        "upload-000000000000/..",
        "UPLOAD-000000000000",
        None,
        7,
        "upload-000000000000",
    ],
)
def test_what_is_no_upload(folder, uploads, tmp_path, id):
    uploads.add(model_zip(tmp_path / "x.zip", folder))
    assert find_upload(uploads.root, id) is None
    sentence(Models((), local=False, uploads=uploads.root).get, id)


# Room


def test_the_uploads_used_longest_ago_make_room(uploads, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_UPLOADS", 2)
    uploads = Uploads(uploads.root)
    first, second = uploads.add(another(tmp_path, 1)), uploads.add(another(tmp_path, 2))
    for id, age in ((first, 9000), (second, 8000)):
        os.utime(uploads.root / id, (time.time() - age,) * 2)
    assert Models((), uploads=uploads.root).get(first).id == first  # used, so that the other one is older
    third = uploads.add(another(tmp_path, 3))
    assert {p.name for p in uploads.root.iterdir()} == {first, third}
    assert sentence(Models((), uploads=uploads.root).get, second).startswith("There is no model called")


def test_the_uploads_have_so_many_bytes_and_the_newest_stays(uploads, tmp_path, monkeypatch):
    first = uploads.add(another(tmp_path, 1))
    monkeypatch.setattr(module, "MOST_KEPT", 10)
    uploads = Uploads(uploads.root)
    assert uploads.add(another(tmp_path, 2)) != first
    assert len(list(uploads.root.iterdir())) == 1 and find_upload(uploads.root, first) is None


def test_what_a_crash_left_goes_after_an_hour(uploads, tmp_path):
    for name, age in ((".part-old", 4000), (".part-new", 10)):
        (uploads.root / name / "model").mkdir(parents=True)
        os.utime(uploads.root / name, (time.time() - age,) * 2)
    uploads.add(another(tmp_path, 1))
    assert {p.name for p in uploads.root.glob(".*")} == {".part-new"}


def test_where_nothing_can_be_kept(tmp_path, folder):
    written(tmp_path / "file", b"")
    assert "cannot be written" in sentence(
        Uploads(tmp_path / "file" / "uploads").add, model_zip(tmp_path / "x.zip", folder)
    )


def test_networks_of_all_kinds_have_a_largest_size(folder, uploads, tmp_path, monkeypatch):
    path = a_checkpoint(tmp_path / "netG.pth")
    uploads.add(path)
    monkeypatch.setattr(module, "MOST_MODEL", 2000)
    assert sentence(uploads.add, path) == "The networks of netG.pth are larger than 0 MB."
    assert sentence(uploads.add_copy, folder) == "The networks of this model are larger than 0 MB."
    assert len(list(uploads.root.iterdir())) == 1


def test_what_is_no_file_is_not_opened(uploads, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert sentence(uploads.add, tmp_path / "pipe") == "pipe is not a file."
    assert sentence(uploads.add, tmp_path) == f"{tmp_path.name} is not a file."
    assert "cannot be read: No such file" in sentence(uploads.add, tmp_path / "none")


def test_a_checkpoint_in_a_zip_is_to_be_unpacked(uploads, tmp_path):
    path = zipped(tmp_path / "x.zip", {"deep/netG.pth": b"x"})
    with pytest.raises(StudioError, match="has no config.json. Unpack it, and give netG.pth by itself."):
        uploads.add(path)
