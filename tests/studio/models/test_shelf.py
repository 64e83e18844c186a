"""The memory of what was opened: order, bounds, a restart, and files that are not what they should be."""

import json

import pytest

from gan.studio.models.shelf import Book, Shelf

ONE, TWO = "1" * 40, "2" * 40


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs" / "shelf.json"


@pytest.fixture
def shelf(path):
    path.parent.mkdir()
    return Shelf(path)


def ids(shelf: Shelf) -> list[str]:
    return [book.id for book in shelf.books()]


def test_what_was_opened_last_comes_last_also_after_a_restart(shelf, path):
    for id in ("ada/a", "ada/b", "upload-0123456789ab", "ada/a"):
        shelf.put(Book(id, None if id.startswith("upload") else ONE, title=f"猫 {id}", megabytes=1.5, seed=2**32 - 1, psi=0.7))
    assert ids(shelf) == ids(Shelf(path)) == ["ada/b", "upload-0123456789ab", "ada/a"]
    assert Shelf(path).books() == shelf.books() and [file.name for file in path.parent.iterdir()] == [path.name]


def test_commits_of_one_model(shelf, path):
    for commit in (ONE, TWO, ONE):
        shelf.put(Book("ada/a", commit))
    assert shelf.revisions("ada/a") == Shelf(path).revisions("ada/a") == [TWO, ONE]
    assert [book.revision for book in shelf.books()] == [ONE] and shelf.revisions("ada/b") == []
    assert shelf.remove("ada/a") and not shelf.remove("ada/a")
    assert ids(shelf) == ids(Shelf(path)) == []


def test_those_opened_longest_ago_go(path, shelf):
    few = Shelf(path, most=3)
    for n in range(5):
        few.put(Book(f"ada/{n}", ONE))
    assert ids(few) == ids(Shelf(path)) == ["ada/2", "ada/3", "ada/4"] and ids(Shelf(path, most=2)) == ["ada/3", "ada/4"]


@pytest.mark.parametrize("text", [
    "", "{", "[]", "null", '{"shelf": 2, "books": []}', '{"shelf": 1, "books": {}}', '{"shelf": 1, "books": [3]}',
    '{"shelf": 1, "books": [{"id": 3}]}', '{"shelf": 1, "books": [{"id": "a", "colour": "red"}]}',
    '{"shelf": 1, "books": [{"psi": NaN}]}', "[" * 100_000, '{"shelf": 1, "books": ["' + "x" * 3_000_000 + '"]}'])
def test_a_broken_file_is_an_empty_shelf_and_the_log_says_so(path, shelf, caplog, text):
    path.write_text(text)
    again = Shelf(path)
    assert again.books() == [] and "begins anew" in caplog.text
    again.put(Book("ada/a", ONE))
    assert ids(Shelf(path)) == ["ada/a"]


def test_a_file_that_cannot_be_written_costs_no_more_than_the_memory(tmp_path, caplog):
    (tmp_path / "shelf").mkdir()
    shelf = Shelf(tmp_path / "shelf")
    shelf.put(Book("ada/a", ONE))
    assert ids(shelf) == ["ada/a"] and "not saved" in caplog.text


def test_the_file_is_plain(path, shelf):
    shelf.put(Book("ada/a", ONE, title="A"))
    told = json.loads(path.read_text())
    assert told["shelf"] == 1 and told["books"][0]["title"] == "A"


def test_a_shelf_without_a_file(tmp_path):
    shelf = Shelf()
    shelf.put(Book("ada/a", ONE))
    assert ids(shelf) == ["ada/a"] and list(tmp_path.iterdir()) == []
