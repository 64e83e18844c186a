"""What every exported folder shares."""

from types import SimpleNamespace

from gan.export.folder import card_of


def test_a_card_that_is_no_utf_8_goes_along(tmp_path):
    (tmp_path / "README.md").write_bytes(b"---\nlicense: mit\n---\n# Gr\xfc\xdfe\n")
    assert card_of(SimpleNamespace(path=tmp_path)) == "# Gr\ufffd\ufffde\n"
