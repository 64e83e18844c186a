"""The memory of what was opened: order, bounds, a restart, and files that are not what they should be."""

import json

import pytest

from gan.studio.library.recent import RecentModel, RecentModels

ONE, TWO = "1" * 40, "2" * 40


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs" / "shelf.json"


@pytest.fixture
def recent(path):
    path.parent.mkdir()
    return RecentModels(path)


def ids(recent: RecentModels) -> list[str]:
    return [entry.id for entry in recent.entries()]


def test_what_was_opened_last_comes_last_also_after_a_restart(recent, path):
    for id in ("ada/a", "ada/b", "upload-0123456789ab", "ada/a"):
        recent.put(
            RecentModel(
                id, None if id.startswith("upload") else ONE, title=f"猫 {id}", megabytes=1.5, seed=2**32 - 1, psi=0.7
            )
        )
    assert ids(recent) == ids(RecentModels(path)) == ["ada/b", "upload-0123456789ab", "ada/a"]
    assert RecentModels(path).entries() == recent.entries() and [file.name for file in path.parent.iterdir()] == [
        path.name
    ]


def test_commits_of_one_model(recent, path):
    for commit in (ONE, TWO, ONE):
        recent.put(RecentModel("ada/a", commit))
    assert recent.revisions("ada/a") == RecentModels(path).revisions("ada/a") == [TWO, ONE]
    assert [entry.revision for entry in recent.entries()] == [ONE] and recent.revisions("ada/b") == []
    assert recent.remove("ada/a") and not recent.remove("ada/a")
    assert ids(recent) == ids(RecentModels(path)) == []


def test_those_opened_longest_ago_go(path, recent):
    few = RecentModels(path, most=3)
    for n in range(5):
        few.put(RecentModel(f"ada/{n}", ONE))
    assert ids(few) == ids(RecentModels(path)) == ["ada/2", "ada/3", "ada/4"] and ids(RecentModels(path, most=2)) == [
        "ada/3",
        "ada/4",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"shelf": 2, "books": []}',
        '{"shelf": 1, "books": {}}',
        "[" * 100_000,
        '{"shelf": 1, "books": ["' + "x" * 3_000_000 + '"]}',
    ],
)
def test_a_broken_file_is_left_as_it_is_until_somebody_has_mended_it(path, recent, caplog, text):
    recent.put(RecentModel("ada/old", ONE))
    whole = path.read_text()
    path.write_text(text)
    again = RecentModels(path)
    assert again.entries() == [] and "is left as it is" in caplog.text
    again.put(RecentModel("ada/a", ONE))
    assert ids(again) == ["ada/a"] and path.read_text() == text
    path.write_text(whole)
    again.put(RecentModel("ada/b", ONE))
    assert ids(again) == ids(RecentModels(path)) == [*ids(recent), "ada/a", "ada/b"]


@pytest.mark.parametrize("row", ["3", '{"id": 3}', '{"id": "a", "colour": "red"}', '{"psi": NaN}'])
def test_a_broken_row_costs_itself_only_and_is_kept(path, caplog, row):
    path.parent.mkdir()
    path.write_text(
        f'{{"shelf": 1, "of": "a newer version", "books": [{row}, {{"id": "ada/a", "revision": "{ONE}"}}]}}'
    )
    again = RecentModels(path)
    assert ids(again) == ["ada/a"] and "left out of the list" in caplog.text
    again.put(RecentModel("ada/b", ONE))
    told = json.loads(path.read_text())
    assert json.dumps(told["books"][0]) == row and told["of"] == "a newer version"
    assert ids(RecentModels(path)) == ["ada/a", "ada/b"]


def test_a_file_that_cannot_be_written_costs_no_more_than_the_memory(tmp_path, caplog):
    (tmp_path / "file").touch()
    recent = RecentModels(tmp_path / "file" / "recent")
    recent.put(RecentModel("ada/a", ONE))
    assert ids(recent) == ["ada/a"] and "left as it is" in caplog.text


def test_the_file_is_plain(path, recent):
    recent.put(RecentModel("ada/a", ONE, title="A"))
    told = json.loads(path.read_text())
    assert told["shelf"] == 1 and told["books"][0]["title"] == "A"


def test_a_shelf_without_a_file(tmp_path):
    recent = RecentModels()
    recent.put(RecentModel("ada/a", ONE))
    assert ids(recent) == ["ada/a"] and list(tmp_path.iterdir()) == []
