"""`python -m gan convert`, and other people's checkpoints in place of models everywhere else."""

import json
import resource
import signal
from pathlib import Path

import numpy as np
import pytest
import torch
from foreign.official_pickle import write_pickle
from PIL import Image
from repositories import REPOSITORIES

from gan.networks.registry import build_discriminator, build_generator
from gan.store.model_folder import load_discriminator, load_generator, read_config
from gan.studio.hub.client import Hub
from gan.studio.library.loaded import Models

SHAPE = {"side": 16, "channel_base": 64, "channel_max": 8}


@pytest.fixture
def pickled(gan, tmp_path):
    """An official-looking network-snapshot.pkl of a small pair, in the current folder; what it was made from."""
    torch.manual_seed(0)
    g = build_generator("stylegan2", {**SHAPE, "z_dim": 5, "w_dim": 6, "mapping_layers": 2}).eval()
    d = build_discriminator("stylegan2", SHAPE)
    trap = tmp_path / "trap"
    write_pickle(Path("network-snapshot.pkl"), g.state_dict(), d.state_dict(), trap=trap)
    yield g, d
    assert not trap.exists()


def test_a_pickle_becomes_a_model_folder(gan, pickled):
    done = gan("convert network-snapshot.pkl --out models/mine")
    assert done.status == 0, done.err
    assert done.out.startswith(
        "models/mine: a StyleGAN2 of the official PyTorch code, pictures of 3x16x16, licence: not said"
    )
    config = read_config(Path("models/mine"))
    assert config.origin == "network-snapshot.pkl" and config.kind[1:] in Path("models/mine/README.md").read_text()
    for network, load in zip(pickled, (load_generator, load_discriminator), strict=True):
        read = load(Path("models/mine"), config).state_dict()
        assert all(torch.equal(read[name], tensor) for name, tensor in network.state_dict().items())


@pytest.mark.parametrize("source", ["network-snapshot.pkl", "./network-snapshot.pkl", "."])
def test_every_command_takes_it_as_it_is(gan, pickled, source):
    done = gan(f"generate --model {source} --seeds 0-1 --psi 1 --out a.png")
    assert done.status == 0, done.err
    picture = np.asarray(Image.open("a.png"))
    z = torch.from_numpy(np.random.RandomState(1).randn(1, 5)).float()
    with torch.no_grad():
        wanted = (pickled[0](z)[0].permute(1, 2, 0) * 127.5 + 128).clamp(0, 255).numpy()
    assert np.abs(picture[-16:, -16:].astype(float) - wanted).max() <= 1  # the second picture is at the right
    assert gan(f"interpolate --model {source} --seeds 0,1 --steps 3 --size 16 --out film.webp").status == 0


def test_it_is_fine_tuned_with_its_own_discriminator(gan, pickled):
    np.savez("data.npz", images=np.random.RandomState(0).randint(0, 255, (12, 16, 16, 3), np.uint8))
    done = gan(
        "train --base network-snapshot.pkl --data data.npz --steps 50 --batch-size 4 --grid-every 25 "
        "--signals-every 0 --out run"
    )
    assert done.status == 0, done.err
    assert "comes without a discriminator" not in done.err
    snapshot = Path("run/snapshots/0000050")
    before, after = pickled[1].state_dict(), load_discriminator(snapshot, read_config(snapshot)).state_dict()
    assert not torch.equal(before["b16.conv0.weight"], after["b16.conv0.weight"])
    assert torch.allclose(
        before["b16.conv0.weight"], after["b16.conv0.weight"], atol=0.3
    )  # it went on from what it was
    assert gan("generate --model run --out b.png").status == 0


def test_a_file_of_the_hub(gan, hub_server, tmp_path, pickled):
    data = Path("network-snapshot.pkl").read_bytes()
    sha = hub_server.add_repo(
        "ada/cats", {"README.md": b"# Cats", "network-snapshot-000100.pkl": b"?", "network-snapshot-000200.pkl": data}
    )
    online = Models((), Hub(hub_server.url, tmp_path / "cache"))
    done = gan("convert ada/cats --out cats", online)
    assert done.status == 0, done.err
    assert read_config(Path("cats")).origin == f"ada/cats at {sha[:7]}: network-snapshot-000200.pkl"
    done = gan("convert ada/cats --file network-snapshot-000100.pkl --out other", online)
    assert done.status == 2 and "network-snapshot-000100.pkl of ada/cats" in done.err and not Path("other").exists()
    done = gan("convert ada/cats --file README.md --out other", online)
    assert done.status == 2 and "has no file 'README.md' that can be read" in done.err
    assert gan("generate --model ada/cats --out a.png", online).status == 0


def test_what_cannot_be_converted(refused, pickled, weights):
    here = {"network-snapshot.pkl"}
    assert "is there already" in refused("convert network-snapshot.pkl --out .", here)
    assert "There is no model called" in refused("convert nothing.pkl --out new", here)
    assert "is a model of GAN Studio already" in refused(f"convert {weights / 'cats'} --out new", here)
    Path("layout.json").write_text(json.dumps({"output": "0..1"}))
    here |= {"layout.json"}
    assert "it takes no layout" in refused("convert network-snapshot.pkl --layout layout.json --out new", here)
    Path("layout.json").write_text("[1]")
    assert "must hold a table" in refused("convert network-snapshot.pkl --layout layout.json --out new", here)
    assert "cannot be read" in refused("convert network-snapshot.pkl --layout no.json --out new", here)


@pytest.mark.parametrize("kind", REPOSITORIES)
def test_every_format_is_painted_as_it_is(gan, tmp_path, kind):
    source = theirs(tmp_path, kind)
    done = gan(f"generate --model {source} --seeds 0-3 --out a.png")
    assert done.status == 0, done.err
    assert len(np.unique(np.asarray(Image.open("a.png")))) > 3


@pytest.mark.parametrize("kind", ["lightweight", "mixin", "onnx"])
def test_what_comes_without_a_discriminator_is_trained_with_a_new_one(gan, tmp_path, kind):
    np.savez("data.npz", images=np.random.RandomState(0).randint(0, 255, (6, 16, 16, 3), np.uint8))
    done = gan(
        f"train --base {theirs(tmp_path, kind)} --data data.npz --steps 3 --warmup-steps 1 --batch-size 2 "
        "--grid-every 0 --signals-every 0 --grid-size 1 --out run"
    )
    assert done.status == 0 and "comes without a discriminator" in done.err, done.err
    assert read_config(Path("run/snapshots/0000003")).discriminator is not None
    assert gan("generate --model run --out b.png").status == 0


def theirs(folder: Path, kind: str) -> Path:
    """A checkpoint as somebody else's repository has it, with its config.json where it has one."""
    files = REPOSITORIES[kind].make(folder)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder / REPOSITORIES[kind].file


def test_a_full_disk_leaves_nothing(refused, pickled):
    """The disk takes a few bytes of each file, as a quota would have it: the weights do not fit."""
    before, old = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
        for out in ("new", "deeper/new"):
            assert "cannot be written: " in refused(
                f"convert network-snapshot.pkl --out {out}", {"network-snapshot.pkl"}
            )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)


def test_a_file_of_a_folder(gan, refused, pickled):
    Path("both").mkdir()
    Path("network-snapshot.pkl").rename("both/a.pkl")
    Path("both/b.pkl").write_bytes(b"?")
    done = gan("convert both --file a.pkl --out new")
    assert done.status == 0 and read_config(Path("new")).origin == "a.pkl"
    assert "b.pkl" in gan("convert both --file b.pkl --out other").err
    assert "has no file 'c.pkl' that can be read" in gan("convert both --file c.pkl --out other").err
    assert "is a file, not a folder" in gan("convert both/a.pkl --file a.pkl --out other").err
    assert not Path("other").exists() and "There is no file or folder" in gan("convert ~nobody99/x.pth --out other").err
