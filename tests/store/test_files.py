"""Files that appear whole or not at all, and that others may read."""

import errno
import os
import stat

import pytest
import torch
from tiny_model import write_tiny

from gan.errors import StudioError
from gan.store.files import link_or_copy, make_folder, whole_file
from gan.store.passing import remove_old
from gan.store.saved_state import load_state, save_state


@pytest.fixture(params=[0o022, 0o002, 0o077], ids=oct)
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_models_and_states_have_the_permissions_of_other_files(tmp_path, umask):
    """The writer of safetensors files alone would leave them to their owner."""
    folder = write_tiny(tmp_path / "tiny")
    save_state({"step": 3, "w": torch.ones(2)}, folder / "state.safetensors")
    assert {mode(file) for file in folder.iterdir()} == {0o666 & ~umask}
    assert load_state(folder / "state.safetensors")["step"] == 3


def test_a_file_gets_its_name_when_it_is_whole(tmp_path):
    with whole_file(tmp_path / "a.txt") as part:
        part.write_text("whole")
        assert not (tmp_path / "a.txt").exists()
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("end", [KeyboardInterrupt, ValueError])
def test_a_file_that_is_not_finished_leaves_the_old_one(tmp_path, end):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(end), whole_file(tmp_path / "a.txt") as part:
        part.write_text("ne")
        raise end
    assert (tmp_path / "a.txt").read_text() == "old" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("name", ["missing/a.txt", "file/a.txt", "folder", "x" * 300])
def test_a_file_that_cannot_be_written(tmp_path, name):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StudioError, match="cannot be written: "), whole_file(tmp_path / name):
        pass
    assert len(list(tmp_path.iterdir())) == 2


def test_folders(tmp_path):
    assert make_folder(tmp_path / "a" / "b").is_dir() and make_folder(tmp_path / "a").is_dir()
    (tmp_path / "file").write_text("")
    for name in ("file", "file/b"):
        with pytest.raises(StudioError, match="cannot be written: "):
            make_folder(tmp_path / name)


def test_a_full_disk(tmp_path):
    with pytest.raises(StudioError, match="No space left on device"), whole_file(tmp_path / "a.txt"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert not list(tmp_path.iterdir())


def test_a_file_becomes_another_of_its_own(tmp_path, monkeypatch):
    """Linked where the disk allows that, through links, and over what was there."""
    (tmp_path / "blob").write_bytes(b"new")
    (tmp_path / "link.png").symlink_to("blob")
    (tmp_path / "own.png").write_bytes(b"old")
    for _ in range(2):
        own = link_or_copy(tmp_path / "link.png", tmp_path / "own.png")
        assert own.read_bytes() == b"new" and not own.is_symlink() and own.samefile(tmp_path / "blob")
    monkeypatch.setattr(os, "link", lambda *args: (_ for _ in ()).throw(OSError(errno.EXDEV, "another disk")))
    own = link_or_copy(tmp_path / "link.png", tmp_path / "own.png")
    assert own.read_bytes() == b"new" and not own.samefile(tmp_path / "blob")
    with pytest.raises(StudioError, match="own.png cannot be written: No such file or directory"):
        link_or_copy(tmp_path / "link.png", tmp_path / "nowhere" / "own.png")


def test_what_nobody_touched_for_long_is_removed(tmp_path):
    now = tmp_path.stat().st_mtime
    for name, age in ((".part-old", 100), (".part-new", 10), ("other", 100)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
        os.utime(tmp_path / name, (now - age, now - age))
    remove_old(tmp_path, ".part-*", 50)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".part-new", "other"]
