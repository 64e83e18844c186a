"""Datasets of the Hub whose pictures lie in parquet tables, as the library `datasets` writes them."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from hostile import encoded, picture

from gan.errors import StudioError
from gan.studio.data import parquet_tables
from gan.studio.data.hub_data import fetch_pictures
from gan.studio.data.intake import intake
from gan.studio.data.parquet_tables import choose_tables, pictures_of_tables
from gan.studio.data.pictures import decode
from gan.studio.hub.client import Hub

MB, GB = 10**6, 10**9


def table(rows: dict, features: dict | None = None, **options) -> bytes:
    """A table of these columns; `features` as `datasets` notes them."""
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    made = pyarrow.table(rows)
    if features is not None:
        made = made.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    file = io.BytesIO()
    parquet.write_table(made, file, **options)
    return file.getvalue()


def images(seeds) -> list[dict]:
    """Pictures as `datasets` keeps them."""
    return [{"bytes": encoded(picture(seed)), "path": f"{seed}.png"} for seed in seeds]


FEATURES = {"label": {"names": ["owl", "cat/dog"], "_type": "ClassLabel"}, "photo": {"_type": "Image"}}


@pytest.fixture
def fetch(hub_server, tmp_path):
    """fetch({name: bytes of a file of the dataset}, ...) -> what came."""

    def get(files: dict, dataset: str = "ada/tables"):
        hub_server.add_repo("datasets/ada/tables", files)
        return fetch_pictures(Hub(hub_server.url, tmp_path / "cache"), dataset, None, tmp_path / "in")

    return get


def refused(call, *args) -> str:
    with pytest.raises(StudioError) as caught:
        call(*args)
    assert caught.value.message.endswith(".") and caught.value.hint.endswith(".")
    return caught.value.message


def test_pictures_and_labels_of_the_tables_for_training(fetch, hub_server, tmp_path):
    first = table({"photo": images(range(4)), "label": [0, 1, 0, 1]}, FEATURES, row_group_size=3)
    second = table({"photo": [*images((4, 5)), {"bytes": None, "path": "gone.png"}], "label": [1, 0, 0]}, FEATURES)
    found = fetch(
        {
            "data/train-00000-of-00002.parquet": first,
            "data/train-00001-of-00002.parquet": second,
            "data/test-00000-of-00001.parquet": b"never asked for",
            "README.md": b"#",
        }
    )
    assert found.left_out == ("1 parquet table of it was left out.", "1 row holds no picture.")
    assert not hub_server.requests("/data/test-")
    report = intake(found, tmp_path / "data", 16)
    assert (report.count, report.broken, report.classes) == (6, 0, ("cat dog", "owl"))
    with np.load(tmp_path / "data" / "data.npz") as data:
        assert data["label_names"].tolist() == ["class:cat dog,owl"] and data["labels"][:, 0].tolist() == [
            0,
            0,
            0,
            1,
            1,
            1,
        ]
        for image, seed in zip(data["images"], (1, 3, 4, 0, 2, 5), strict=True):
            np.testing.assert_array_equal(image, decode(encoded(picture(seed)), "x", 16, 3))


def test_tables_that_datasets_did_not_write(fetch, tmp_path):
    plain = table({"id": [1, 2, 3, 4], "image": [encoded(picture(i)) for i in range(4)], "class": list("abab")})
    assert intake(fetch({"x.parquet": plain}), tmp_path / "data", 16).classes == ("a", "b")


@pytest.mark.parametrize(
    "made, words",
    [
        (lambda: b"PAR1", "a table is torn, or of a kind that is not known"),
        (lambda: table({"photo": images(range(3))})[:-40] + b"\xff" * 36 + b"PAR1", "a table is torn"),
        (lambda: table({"text": ["a"], "label": [1]}), "no column of its tables holds pictures"),
    ],
    ids=["no table", "damaged", "text"],
)
def test_tables_that_cannot_be_read(fetch, tmp_path, made, words):
    pytest.importorskip("pyarrow")
    assert refused(fetch, {"train.parquet": made()}).startswith(f"The tables of ada/tables cannot be read: {words}")
    assert not list((tmp_path / "in").glob("*"))


def test_a_reader_that_falls_over_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(parquet_tables, "can_read", lambda: True)
    monkeypatch.setattr(parquet_tables.parquet_rows, "__name__", "faulthandler")  # ends without a word
    said = refused(pictures_of_tables, "ada/x", [Path("x.parquet")], tmp_path / "x.zip", lambda done, words: None)
    assert said.startswith("The tables of ada/x cannot be read: a table made its reader fall over")


def test_without_pyarrow_it_is_said_how_to_get_it(fetch, hub_server, monkeypatch):
    monkeypatch.setattr(parquet_tables, "can_read", lambda: False)
    said = refused(fetch, {"train.parquet": b"PAR1"})
    assert said == "ada/tables keeps its pictures in parquet tables, which pyarrow reads, and that is not installed."
    assert hub_server.requests("/resolve/") == []
    found = fetch({"train.parquet": b"PAR1", "a.png": encoded(picture(1))})  # pictures as files need none
    assert len(found) == 1 and found.left_out == ("1 file was left out, being parquet tables: train.parquet.",)


@pytest.mark.parametrize(
    "sizes, chosen",
    [
        ({}, []),
        (
            {"data/test-0.parquet": MB, "data/train-0.parquet": MB, "other/train-0.parquet": MB},
            ["data/train-0.parquet"],
        ),
        ({"b/x.parquet": MB, "a/y.parquet": MB}, ["a/y.parquet"]),
        ({f"train-{i}.parquet": 400 * MB for i in range(6)}, ["train-0.parquet", "train-3.parquet"]),
        ({"train-0.parquet": 2 * GB}, []),
        ({"train-0.parquet": 2 * GB, "train-1.parquet": MB, "train-2.parquet": 0}, ["train-1.parquet"]),
    ],
)
def test_which_tables_are_fetched(sizes, chosen):
    assert choose_tables(sizes, GB) == chosen
