"""Folders that are kept for a while, and what other programs do to them meanwhile."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tiny_model import sentence

from gan.store import folder_cache as module
from gan.store.folder_cache import FolderCache

NAMES = re.compile("[a-z]+[0-9]*")


def put(kept: FolderCache, name: str, text: str = "{}") -> Path:
    with kept.part() as part:
        (part / "config.json").write_text(text)
        (part / "model.safetensors").write_bytes(b"x" * 100)
        return kept.keep(part, name)


def test_a_disk_that_cannot_be_written(tmp_path, monkeypatch):
    kept = FolderCache(tmp_path, NAMES, 9, 10**6)
    folder = put(kept, "cats")
    os.utime(folder, (0, 0))

    def refuse(*args):
        raise PermissionError("no")

    monkeypatch.setattr(module.os, "utime", refuse)
    assert kept.find("cats") == folder
    assert "self cannot be written: " in sentence(FolderCache(Path("/proc/self"), NAMES, 9, 10**6).part().__enter__)


def test_a_folder_that_was_emptied_is_kept_anew(tmp_path):
    kept = FolderCache(tmp_path, NAMES, 9, 10**6)
    folder = put(kept, "cats")
    (folder / "config.json").unlink()
    assert kept.find("cats") is None
    assert put(kept, "cats", "again") == kept.find("cats") and (folder / "config.json").read_text() == "again"
    assert sorted(os.listdir(folder)) == ["config.json", "model.safetensors"] and os.listdir(tmp_path) == ["cats"]


def test_another_process_makes_room_too(tmp_path, monkeypatch):
    """Of what was listed, something is gone by the time that it is looked at."""
    kept = FolderCache(tmp_path, NAMES, 2, 10**6)
    put(kept, "cats")
    monkeypatch.setattr(FolderCache, "list", lambda self: ["gone", "cats", "dogs"])
    assert kept.find(put(kept, "dogs").name) and kept.find("cats")


def test_another_process_keeps_the_same(tmp_path, monkeypatch):
    kept = FolderCache(tmp_path, NAMES, 9, 10**6)

    def late(part, folder):
        folder.mkdir()
        (folder / "config.json").write_text("theirs")
        raise OSError("Directory not empty")

    monkeypatch.setattr(Path, "rename", late)
    assert (put(kept, "cats") / "config.json").read_text() == "theirs"


def test_many_at_once(tmp_path):
    """Each with a lock of its own, as processes have."""

    def work(n: int) -> list[Path]:
        kept = FolderCache(tmp_path, NAMES, 5, 10**6)
        return [put(kept, f"m{i}") for i in range(20)]

    with ThreadPoolExecutor(4) as threads:
        for made in threads.map(work, range(4)):
            assert len(made) == 20
