"""Training pictures from datasets on the Hub, with the real huggingface_hub against a small hub on loopback."""

import threading

import numpy as np
import pytest
from hostile import encoded, picture, zipped

from gan.errors import StudioError
from gan.studio.data import hub_choice
from gan.studio.data.hub_choice import choose
from gan.studio.data.hub_data import HubDataset, fetch_pictures, read_dataset_id
from gan.studio.data.intake import intake
from gan.studio.data.pictures import decode
from gan.studio.hub.client import Hub

PICTURES = {f"train/{'ab'[i % 2]}/{i}.png": encoded(picture(i)) for i in range(6)}
OTHERS = {".gitattributes": b"*.png", "README.md": b"# cats", "metadata.csv": b"file_name"}
MB, GB = 10**6, 10**9


@pytest.fixture
def server(hub_server):
    hub_server.sha = hub_server.add_repo("datasets/ada/cats", {**PICTURES, **OTHERS})
    return hub_server


@pytest.fixture
def hub(server, tmp_path):
    return Hub(server.url, tmp_path / "cache")


@pytest.fixture
def fetch(hub, tmp_path):
    """fetch("ada/cats", ...) -> what came, below tmp_path / "in"."""
    return lambda dataset="ada/cats", revision=None, progress=None: fetch_pictures(
        hub, dataset, revision, tmp_path / "in", progress
    )


def sentence(call, *args, **keywords) -> str:
    with pytest.raises(StudioError) as caught:
        call(*args, **keywords)
    assert caught.value.message.endswith(".") and caught.value.hint.endswith(".") and str(caught.value).isprintable()
    return caught.value.message


def contents(files) -> list[bytes]:
    return [path.read_bytes() for path in files]


# What comes


def test_the_pictures_of_a_dataset_become_training_pictures(fetch, server, tmp_path):
    zip_file = zipped(tmp_path / "more.zip", {f"{i}.png": encoded(picture(10 + i)) for i in range(3)})
    sha = server.add_repo("datasets/ada/cats", {**PICTURES, **OTHERS, "more.zip": zip_file.read_bytes()})
    files = fetch()
    assert (files.id, files.commit, files.left_out) == ("ada/cats", sha, ())
    assert [path.name for path in files] == ["more.zip", "0.png", "2.png", "4.png", "1.png", "3.png", "5.png"]
    report = intake(files, tmp_path / "data", 16)
    assert (report.count, report.broken, report.others) == (9, 0, 0)
    images = np.load(tmp_path / "data" / "data.npz")["images"]
    for image, seed in zip(images, (10, 11, 12, 0, 2, 4, 1, 3, 5), strict=True):
        np.testing.assert_array_equal(image, decode(encoded(picture(seed)), "x", 16, 3))
    assert not server.requests("README") and not server.requests(".csv") and server.requests("/api/")[1:] == []


def test_names_that_come_twice_are_two_files(fetch, server):
    server.add_repo("datasets/ada/cats", {"a/x.png": b"1", "b/x.png": b"2", "c/X.png": b"3"})
    assert contents(fetch()) == [b"1", b"2", b"3"]


def test_a_revision_and_a_folder(fetch, server):
    sha = server.add_repo("datasets/ada/cats", {"old/z.png": b"z", "new/y.png": b"y"}, ref="refs/pr/1")
    assert contents(fetch(revision="refs/pr/1")) == contents(fetch("ada/cats@refs/pr/1")) == [b"y", b"z"]
    assert fetch("https://huggingface.co/datasets/ada/cats/tree/refs%2Fpr%2F1").commit == sha
    assert contents(fetch("huggingface.co/datasets/ada/cats/tree/refs%2Fpr%2F1/old/")) == [b"z"]
    assert sentence(fetch, f"hf.co/datasets/ada/cats/tree/{sha}/never") == "ada/cats has no pictures in never/."
    assert len(fetch()) == len(PICTURES)


@pytest.mark.parametrize(
    "given, place",
    [
        ("ada/cats", HubDataset("ada/cats", "main")),
        (" ada/cats\n", HubDataset("ada/cats", "main")),
        ("ada/cats@v1", HubDataset("ada/cats", "v1")),
        ("datasets/ada/cats", HubDataset("ada/cats", "main")),
        ("https://huggingface.co/datasets/ada/cats", HubDataset("ada/cats", "main")),
        ("http://www.huggingface.co/datasets/ada/cats/?library=x#y", HubDataset("ada/cats", "main")),
        ("hf.co/datasets/ada/cats/tree/main/train/a b", HubDataset("ada/cats", "main", "train/a b/")),
        (
            "https://huggingface.co/datasets/ada/cats/tree/refs%2Fpr%2F1/a%20b/",
            HubDataset("ada/cats", "refs/pr/1", "a b/"),
        ),
    ],
)
def test_ways_to_name_a_dataset(given, place):
    assert read_dataset_id(given) == place


@pytest.mark.parametrize(
    "given, words",
    [
        ("../cats", "is not the id of a dataset on the Hub"),
        ("/etc/passwd", "is not the id of a dataset"),
        ("cats", "is not the id of a dataset"),
        ("", "is not the id of a dataset"),
        ("ada/ca\0ts", "is not the id"),
        ("datasets/../cats", "is not the id of a dataset"),
        ("ada/cats@../x", "is not a revision"),
        ("https://huggingface.co/ada/cats", "is not the address of a dataset"),
        ("https://huggingface.co/datasets/ada/cats/blob/main/x.png", "is not the address of a dataset"),
        ("https://example.org/datasets/ada/cats", "is not an address of the Hugging Face Hub"),
        ("https://huggingface.co@example.org/datasets/ada/cats", "is not an address of the Hugging Face Hub"),
        ("https://huggingface.co:80/datasets/ada/cats", "is not an address of the Hugging Face Hub"),
        ("file:///etc/passwd", "is not an address of the Hugging Face Hub"),
        ("http://[", "is not an address"),
    ],
)
def test_what_names_no_dataset(fetch, server, given, words):
    assert words in sentence(fetch, given)
    assert server.log == []


def test_two_revisions(fetch):
    assert "already names" in sentence(fetch, "ada/cats@v1", "v2")
    assert "already names" in sentence(fetch, "hf.co/datasets/ada/cats/tree/v1", "v2")


# The cache


def test_a_commit_in_the_cache_needs_no_request(fetch, server):
    before = fetch()
    server.log.clear()
    assert contents(fetch(revision=server.sha)) == contents(before) and server.log == []


def test_an_unchanged_branch_costs_one_request_and_a_changed_one_is_fetched(fetch, server):
    fetch()
    server.log.clear()
    fetch()
    assert server.log == [("GET", "/api/datasets/ada/cats/revision/main")]
    sha = server.add_repo("datasets/ada/cats", {**PICTURES, "train/a/0.png": b"new"})
    files = fetch()
    assert files.commit == sha and files[0].read_bytes() == b"new"


def test_offline_a_branch_is_taken_as_it_was_last_seen(fetch, server):
    before = fetch()
    server.go_offline()
    for revision in (None, server.sha):
        files = fetch(revision=revision)
        assert (files.commit, contents(files)) == (server.sha, contents(before))
    assert sentence(fetch, revision="v2") == "The Hub cannot be reached, and ada/cats is not on this computer yet."


@pytest.mark.parametrize(
    "note", [b"", b"[]", b"7", b'{"train/a/0.png": "x"}', b'{"../x.png": 3}', b"\xff", b'{"x.png": 1}']
)
def test_a_note_in_the_cache_that_is_none_is_made_anew(fetch, hub, server, note):
    fetch()
    (path,) = hub.cache.rglob(".gan-studio.json")
    path.write_bytes(note)
    assert len(fetch(revision=server.sha)) == 6
    assert len(server.requests("/api/")) == 2


def test_a_file_that_left_the_cache_is_fetched_again(fetch, hub, server):
    fetch()
    next(hub.cache.rglob("3.png")).unlink()
    assert contents(fetch(revision=server.sha)) == [PICTURES[name] for name in sorted(PICTURES)]


# What is left out


def test_thousands_of_pictures_are_taken_evenly():
    sizes = {f"{kind}/{i:05d}.jpg": 2000 for kind in ("cat", "dog") for i in range(3000)}
    chosen, said = choose("ada/cats", sizes)
    assert len(chosen) == 2000 and sum(name.startswith("dog") for name in chosen) == 1000
    assert said == (
        "Of 6,000 pictures 2,000 were fetched, evenly spread over all: at most 2,000 files and 1 GB are fetched.",
    )


def test_a_billion_bytes_are_enough():
    chosen, said = choose("ada/cats", {f"{i:03d}.png": 20 * MB + i for i in range(100)})
    assert 45 <= len(chosen) <= 50 and sum(chosen.values()) <= GB and {"000.png", "099.png"} <= set(chosen)
    assert said[0].startswith(f"Of 100 pictures {len(chosen)} were fetched")
    chosen, said = choose(
        "ada/cats", {"a.zip": 700 * MB, "b.zip": 600 * MB, "c.zip": 299 * MB, "d.png": MB, "e.png": MB}
    )
    assert list(chosen) == ["a.zip", "c.zip", "d.png"]
    assert said == (
        "Of 2 pictures 1 were fetched, evenly spread over all: at most 2,000 files and 1 GB are fetched.",
        "1 file was left out, since at most 2,000 files and 1 GB are fetched: b.zip.",
    )


def test_files_that_do_not_fit_are_named():
    long = "x" * 201 + ".png"
    chosen, said = choose(
        "ada/cats",
        {
            "a.png": 9,
            "b.png": 40 * MB,
            "c.zip": 2 * GB,
            "d.png": 0,
            "e.png": -1,
            "f\n.png": 3,
            long: 3,
            "g//h.png": 3,
            "i\\j.png": 3,
            "t.parquet": 5,
            "s.wav": 5,
            "m.csv": 5,
        },
    )
    assert list(chosen) == ["a.png"]
    assert said[0] == "4 files were left out, being empty or too large: b.png, c.zip, d.png and 1 more."
    assert said[1].startswith(
        "4 files were left out, since their names cannot be used here: f?.png, g//h.png, i\\j.png"
    )
    assert said[2:] == (
        "1 file was left out, being parquet tables: t.parquet.",
        "1 file was left out, being sound: s.wav.",
    )


@pytest.mark.parametrize(
    "sizes, words",
    [
        (
            {"data/train.parquet": 9 * GB, "README.md": 9 * GB, "info.json": 99},
            "has parquet tables and no pictures that fit",
        ),
        ({"data.arrow": 9, "state.json": 1}, "keeps its data inside Arrow tables"),
        ({f"{i:05d}.tar": 9 for i in range(9)}, "keeps its data inside tar archives"),
        ({"a.tar.gz": 9}, "keeps its data inside tar archives"),
        ({"a.7z": 9}, "archives that are not read here"),
        ({"a.npz": 9}, "keeps its data inside arrays"),
        ({"a.wav": 9 * MB, "a.csv": 99}, "holds sound and no pictures"),
        ({"a.mp4": 9}, "holds films"),
        ({"a.jxl": 9}, "pictures of a kind that is not read"),
        ({"a.jsonl": 9, "README.md": 100}, "holds text and no pictures"),
        ({"a.xyz": 9}, "has no pictures"),
        ({}, "is empty"),
        ({".gitattributes": 9, "README.md": 9}, "is empty"),
        (
            {"a.png": 31 * 2**20, "b.zip": 2 * GB},
            "has no pictures but such as are empty, too large or cannot be saved: a.png, b.zip",
        ),
    ],
)
def test_datasets_without_pictures(sizes, words):
    message = sentence(choose, "ada/x", sizes)
    assert message.startswith("ada/x ") and words in message


@pytest.mark.parametrize(
    "name", ["../x.png", "a/../../x.png", "/etc/x.png", "a/..", "\\\\host\\x.png", "C:\\x.png", "..\\x.png"]
)
def test_names_that_lead_elsewhere(fetch, server, tmp_path, name):
    server.add_repo("datasets/ada/evil", {"a.png": b"1", name: b"2"})
    assert sentence(fetch, "ada/evil").startswith("ada/evil lists a file that would lie outside of it, ")
    assert server.requests("/resolve/") == [] and not (tmp_path / "in").exists()


def test_pointers_in_place_of_pictures(fetch, server):
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n"
    server.add_repo("datasets/ada/pointers", {"a.png": pointer, "b.png": pointer + b"\n"})
    assert sentence(fetch, "ada/pointers") == "ada/pointers holds Git LFS pointers in place of its pictures."


# What can go wrong on the way


def test_what_the_hub_does_not_have(fetch, server):
    server.add_repo("ada/faces", {"config.json": b"{}"})
    assert sentence(fetch, "ada/dogs") == "The Hub has no dataset ada/dogs that is open to this app."
    assert sentence(fetch, "ada/faces") == "ada/faces is a model and not a dataset."
    assert sentence(fetch, "ada/cats", "v9") == "ada/cats has no revision 'v9'."


def test_a_gated_dataset(fetch, server):
    server.add_repo("datasets/ada/gated", PICTURES, gated=True)
    assert sentence(fetch, "ada/gated") == "ada/gated is gated: its author lets people in one by one."


def test_a_hub_that_is_down_or_silent_or_unwell(fetch, hub, server):
    hub.answer = hub.patience = 0.3
    server.go_silent()
    assert sentence(fetch) == "The Hub cannot be reached, and ada/cats is not on this computer yet."
    server.go_silent(None)
    server.status = 503
    assert sentence(fetch) == "The Hub answered with error 503 when asked for ada/cats."
    server.status, server.page = None, b"<html>Please sign in</html>"
    assert sentence(fetch) == "Something else than the Hub answered when asked for ada/cats."
    server.page = None
    server.go_offline()
    assert sentence(fetch) == "The Hub cannot be reached, and ada/cats is not on this computer yet."


@pytest.mark.parametrize(
    "answer",
    [
        b'{"id": "ada/cats", "sha": "../x", "siblings": []}',
        b'{"id": "ada/cats"}',
        b"[]",
        b'{"id": "a", "sha": "%s", "siblings": [{"rfilename": 7}]}' % (b"a" * 40),
        b'{"id": "a", "sha": "%s", "siblings": [{"size": 7}]}' % (b"a" * 40),
    ],
)
def test_an_answer_that_makes_no_sense(fetch, server, answer):
    server.page = answer
    assert sentence(fetch) == "Something else than the Hub answered when asked for ada/cats."


def test_a_download_that_stops_moving_is_given_up_and_goes_on_later(fetch, hub, server):
    hub.patience = 0.5
    server.go_silent(f"/resolve/{server.sha}/train/b/5.png")
    assert sentence(fetch) == "The Hub stopped sending train/b/5.png of ada/cats."
    server.go_silent(None)
    server.log.clear()
    assert len(fetch()) == 6
    assert {path.rpartition("/")[2] for _, path in server.requests(server.sha)} <= {"5.png"}  # the others were kept


def test_files_that_are_not_as_announced(fetch, server):
    server.truncate("datasets/ada/cats", "train/b/3.png")
    assert sentence(fetch) == "train/b/3.png of ada/cats arrived incomplete."
    server.repos["datasets/ada/cats"].truncated.clear()
    server.repos["datasets/ada/cats"].sizes["train/b/3.png"] = 7
    assert sentence(fetch) == "The Hub sends something else for train/b/3.png of ada/cats than it had announced."


def test_at_most_four_at_once_and_progress_may_end_it(fetch, server):
    """Four wait for the Hub when the person leaves; no other file is begun, and the threads end."""
    server.go_silent(f"/resolve/{server.sha}/")

    def leave(fraction, text):
        if len(server.requests(server.sha)) >= 4:
            raise InterruptedError("left")

    with pytest.raises(InterruptedError, match="left"):
        fetch(progress=leave)
    begun = {path for _, path in server.requests(server.sha)}
    server.go_silent(None)
    for thread in [t for t in threading.enumerate() if t.name == "patience"]:
        thread.join(20)
        assert not thread.is_alive()
    assert len(begun) == 4 and {path for _, path in server.requests(server.sha)} <= begun
    assert len(fetch()) == 6


def test_progress_grows_to_one_on_the_asking_thread(fetch):
    seen = []
    fetch(progress=lambda fraction, text: seen.append((fraction, text, threading.current_thread())))
    fractions = [fraction for fraction, _, _ in seen]
    assert (
        fractions == sorted(fractions)
        and fractions[-1] == 1
        and {t for _, _, t in seen} == {threading.current_thread()}
    )
    assert all("ada/cats" in text for _, text, _ in seen)


def test_places_that_cannot_be_written(hub, tmp_path):
    (tmp_path / "in").write_text("a file where the folder should be")
    assert "cannot be written" in sentence(fetch_pictures, hub, "ada/cats", None, tmp_path / "in")


def test_more_files_than_fit(server, hub, tmp_path, monkeypatch):
    monkeypatch.setattr(hub_choice, "MOST_FILES", 60)
    server.add_repo("datasets/ada/many", {f"{i:03d}.png": b"%d" % i for i in range(100)})
    files = fetch_pictures(hub, "ada/many", None, tmp_path / "in")
    assert len(files) == 60 and contents(files)[-1] == b"99"
    assert files.left_out[0].startswith("Of 100 pictures 60 were fetched")
