"""A disk that fills up: at every write by a made-up fault in the one place where files are written, and for real on a
small file system where this machine may mount one."""

import errno
import os
import subprocess

import pytest
import torch
from tiny_model import CONFIG, write_tiny

from gan.errors import StudioError
from gan.store import files
from gan.store.files import append_line, new_file, touch, write_bytes, write_json
from gan.store.model_folder import check_model, read_config
from gan.store.saved_state import load_state, save_state

WRITES = {
    "bytes": lambda path: write_bytes(path, b"x" * 300_000),
    "json": lambda path: write_json(path, ["x" * 1000] * 300),
    "line": lambda path: append_line(path, "x" * 300_000),
    "state": lambda path: save_state({"step": 3, "weights": torch.zeros(80_000)}, path),
    "touch": touch,
}


def stream(path) -> None:
    with new_file(path) as file:
        for _ in range(300):
            file.write(b"x" * 1000)


WRITES["stream"] = stream


@pytest.mark.parametrize("name", WRITES)
def test_every_way_to_write_where_there_is_no_room(tmp_path, monkeypatch, name):
    path = tmp_path / "file"
    kept = b"as it was\n" if name not in ("stream", "touch") else None
    if kept:
        path.write_bytes(kept)

    def full(path, flags, mode=0):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files, "open_to_write", full)
    with pytest.raises(StudioError, match="file cannot be written: No space left on device"):
        WRITES[name](path)
    assert os.listdir(tmp_path) == (["file"] if kept else []) and (not kept or path.read_bytes() == kept)
    monkeypatch.undo()
    WRITES[name](path)
    assert path.exists()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 256 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(mount, capture_output=True, timeout=20).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("nothing can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True, timeout=20)


@pytest.mark.parametrize("name", [name for name in WRITES if name != "touch"])
def test_every_way_to_write_on_a_disk_that_fills_up(small_disk, name):
    path = small_disk / "file"
    kept = b"as it was\n" if name != "stream" else None
    if kept:
        path.write_bytes(kept)
    with pytest.raises(StudioError, match="file cannot be written: "):
        WRITES[name](path)
    assert os.listdir(small_disk) == (["file"] if kept else []) and (not kept or path.read_bytes() == kept)
    write_json(path, {"there is": "room"})
    assert b"room" in path.read_bytes()


def test_a_model_and_a_state_on_a_disk_that_fills_up(small_disk):
    save_state({"step": 3}, small_disk / "state.safetensors")
    folder, filler = small_disk / "tiny", small_disk / "filler"
    filler.write_bytes(b"x" * 245_000)
    with pytest.raises(StudioError, match="cannot be written: "):
        write_tiny(folder, checksums=True)
    assert not (folder / "config.json").exists()  # without which it is no model
    with pytest.raises(StudioError, match="cannot be written: "):
        save_state({"weights": torch.zeros(80_000)}, small_disk / "state.safetensors")
    assert load_state(small_disk / "state.safetensors") == {"step": 3}
    filler.unlink()
    write_tiny(folder, checksums=True)
    check_model(folder, read_config(folder))
    assert read_config(folder) == CONFIG
