"""Zips of strangers: entries that lie upon each other are refused before one is read."""

import struct
import zipfile

import pytest

from gan.errors import StudioError
from gan.store.archives import open_archive


def overlapping(path, times: int):
    """A zip in which one entry's bytes are listed again and again."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", b"x" * 1000)
    data = path.read_bytes()
    at = data.index(b"PK\1\2")
    row, end = data[at : data.index(b"PK\5\6")], data[data.index(b"PK\5\6") :]
    table = row * times
    end = end[:8] + struct.pack("<HHII", times, times, len(table), at) + end[20:]
    path.write_bytes(data[:at] + table + end)
    return path


def test_entries_upon_each_other(tmp_path):
    path = overlapping(tmp_path / "a.zip", 1600)
    assert len(zipfile.ZipFile(path).infolist()) == 1600 and path.stat().st_size < 150_000
    with pytest.raises(StudioError, match="The entries of a.zip lie upon each other"), open_archive(path, "a.zip", ""):
        pass


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_entries_side_by_side(tmp_path, kind):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", kind) as archive:
        for i in range(5):
            archive.writestr(f"{i}.png", bytes(i * 100))
        archive.mkdir("folder") if hasattr(archive, "mkdir") else None
    with open_archive(tmp_path / "a.zip", "a.zip", "") as archive:
        assert len(archive.infolist()) >= 5


def test_an_empty_zip(tmp_path):
    zipfile.ZipFile(tmp_path / "a.zip", "w").close()
    with open_archive(tmp_path / "a.zip", "a.zip", "") as archive:
        assert archive.infolist() == []
