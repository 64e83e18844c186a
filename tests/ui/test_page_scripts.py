"""The page's scripts: named in its head, fetched once, and of one version."""

import re
import shutil

import pytest

from gan.ui import page_scripts as scripts


def addresses(markup: str) -> list[str]:
    return re.findall(r'(?:href|src)="([^"]+)"', markup)


@pytest.fixture
def named() -> list[str]:
    return addresses(scripts.head() + scripts.style() + scripts.preloads())


def test_every_script_is_named_in_the_page_and_kept_for_good(app, named):
    page = app.ask("")[1].decode()
    assert {name for name in named if name in page} == set(named)
    folder, version = scripts.FOLDER, scripts.version()
    files = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.suffix in (".js", ".css")}
    assert set(named) == {f"studio/static/{version}/{name}" for name in files} and len(files) > 50
    for name in named:
        status, body, headers = app.ask(name)
        assert status == 200 and headers["cache-control"] == "max-age=31536000, immutable"
        assert body == (folder / name.split("/", 3)[3]).read_bytes()


@pytest.mark.parametrize("before", ["", "0123456789ab/"])
def test_by_no_version_or_another_one_browsers_ask_again(app, before):
    status, body, headers = app.ask(f"studio/static/{before}shared/recipe.js")
    assert status == 200 and headers["cache-control"] == "no-cache" and b"export" in body
    known = {"if-none-match": headers["etag"]}
    status, _, headers = app.ask(f"studio/static/{before}shared/recipe.js", None, known)
    assert status == 304 and headers["cache-control"] == "no-cache"


def test_another_script_is_another_version(tmp_path, monkeypatch):
    folder = shutil.copytree(scripts.FOLDER, tmp_path / "static")
    monkeypatch.setattr(scripts, "FOLDER", folder)
    scripts._digested.cache_clear()
    first = scripts.version()
    (folder / "studio.js").write_text("1")
    assert scripts.is_of(first, "studio.css") and not scripts.is_of(first, "studio.js")  # changed under a running app
    assert scripts.version() == first
    scripts._digested.cache_clear()
    second = scripts.version()
    (folder / "events.js").unlink()
    scripts._digested.cache_clear()
    assert len({first, second, scripts.version()}) == 3
    scripts._digested.cache_clear()
