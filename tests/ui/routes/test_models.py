"""What the Models tab asks for, over real HTTP: repositories of a small hub, files that are sent, and requests that
are wrong."""

import http.client
import io
import json
from urllib.parse import quote, urlsplit

import pytest
import torch
from foreign.rosinality import Generator
from hostile import model_zip
from studio_app import running, write_stack, write_styled

from gan.studio.hub.client import Hub
from gan.ui.routes import models as model_routes

HTML = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def own(weights, hub, home):
    """An app of its own: what is opened here shows in its list."""
    with running(weights, Hub(hub.url, home / "cache", answer=2), runs=home / "runs") as app:
        yield app


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    torch.manual_seed(3)
    return write_styled(tmp_path_factory.mktemp("model") / "model", title=HTML)


def ask(app, path: str, body: dict | bytes | None = None, **headers) -> dict:
    return app.table(f"studio/library/{path}", body, headers)


def lines(app, path: str, body: dict | bytes) -> list[dict]:
    """What work that takes long tells of itself."""
    status, answer, headers = app.ask(f"studio/library/{path}", body)
    assert status == 200 and headers["content-type"].startswith("application/x-ndjson"), answer
    return [json.loads(line) for line in answer.splitlines()]


def refused(app, path: str, body: dict | bytes | None = None, wanted: int = 400, **headers) -> str:
    return app.refused(f"studio/library/{path}", body, headers, wanted)


def test_a_model_of_the_hub_from_a_look_to_the_list_and_off_it(own, hub, model):
    sha = hub.add_repo("ada/faces", model)
    look = ask(own, "look", {"source": "https://huggingface.co/ada/faces/tree/main"})
    assert (look["id"], look["revision"], look["chosen"], look["trouble"]) == (
        "ada/faces",
        sha,
        "model.safetensors",
        "",
    )
    assert {file["name"] for file in look["files"]} >= {"config.json", "model.safetensors", "README.md"}
    assert [file["name"] for file in look["files"] if file["readable"]] == ["model.safetensors"]
    assert not any(
        path.endswith(".safetensors") for _, path in hub.requests("resolve")
    )  # nothing large before it is used
    told = lines(own, "open", {"source": f"ada/faces@{sha}", "file": None})
    assert (
        all(line["words"] and (line["done"] is None or 0 <= line["done"] <= 1) for line in told[:-1]) and len(told) > 1
    )
    opened = told[-1]["model"]
    assert (opened["id"], opened["revision"], opened["title"], opened["guessed"]) == ("ada/faces", sha, HTML, [])
    card = ask(own, "list")["cards"][-1]
    assert (card["id"], card["title"], card["bundled"], card["removable"], card["loaded"]) == (
        "ada/faces",
        HTML,
        False,
        True,
        True,
    )
    assert own.pictures({"model": "ada/faces", "revision": sha}).shape == (1, 16, 16, 4)
    assert ask(own, "forget", {"id": "ada/faces"}) == {}
    assert "ada/faces" not in [card["id"] for card in ask(own, "list")["cards"]]
    assert "not on the list" in refused(own, "forget", {"id": "ada/faces"})


def test_another_file_of_a_repository_is_kept_as_ones_own(own, hub):
    files = {}
    for seed, name in enumerate(("550000.pt", "100000.pt")):
        torch.manual_seed(seed)
        file = io.BytesIO()
        torch.save({"g_ema": Generator([8, 8, 6], z_dim=5, layers=3, channels=3).state_dict()}, file)
        files[name] = file.getvalue()
    sha = hub.add_repo("ada/snapshots", files)
    look = ask(own, "look", {"source": "https://huggingface.co/ada/snapshots/blob/main/100000.pt"})
    assert (look["usual"], look["chosen"], look["licence"]) == ("550000.pt", "100000.pt", "")
    usual = lines(own, "open", {"source": f"ada/snapshots@{sha}", "file": None})[-1]["model"]
    other = lines(own, "open", {"source": f"ada/snapshots@{sha}", "file": "100000.pt"})[-1]["model"]
    assert usual["id"] == "ada/snapshots" and other["id"].startswith("upload-")
    assert usual["kind"] == other["kind"] and "550000.pt" in usual["origin"] and "100000.pt" in other["origin"]
    pictures = [
        own.pictures({name: row[at] for name, at in (("model", "id"), ("revision", "revision"))})
        for row in (usual, other)
    ]
    assert pictures[0].shape == pictures[1].shape and not (pictures[0] == pictures[1]).all()
    settings = b'{"note": "it comes before the file"}'
    alone, along = (
        lines(own, f"file?name=550000.pt&config={len(config)}", config + files["550000.pt"])[-1]["model"]
        for config in (b"", settings)
    )
    assert alone["id"] == along["id"] and own.pictures({"model": alone["id"]}).tobytes() == pictures[0].tobytes()
    for row in (usual, other, alone):
        ask(own, "forget", {"id": row["id"]})


def test_a_layout_over_http(own, hub, tmp_path):
    sha = hub.add_repo("ada/stack", write_stack(tmp_path / "stack"))
    lines(own, "open", {"source": "ada/stack", "file": None})
    rows = ask(own, f"layout?id=ada/stack&rev={sha}")["rows"]
    assert [row["key"] for row in rows] == ["whole", *"01234567"]
    asked = {"id": "ada/stack", "rev": sha, "values": {"7": {"kind": "sigmoid"}}, "seeds": [0, 1]}
    status, trial, headers = own.ask("studio/library/layout/preview", asked)
    assert (status, headers["x-count"], headers["x-width"], len(trial)) == (200, "2", "16", 2 * 16 * 16 * 4)
    kept = ask(own, "layout/save", asked)["model"]
    assert own.pictures({"model": kept["id"]}, {"model": kept["id"], "seed": 1}).tobytes() == trial
    for wrong, words in (
        ({"id": "cats", "rev": None}, "nothing to set"),
        ({"values": {"99": {}}}, "no layer"),
        ({"values": 3}, "tables of"),
        ({"id": "ada/none"}, "not open"),
        ({"seeds": [-1]}, "seed"),
        ({"seeds": [None]}, "."),
    ):
        assert words in refused(own, "layout/preview", asked | wrong)
    for path in ("layout/preview", "layout/save"):
        assert "another site" in refused(own, path, asked, 403, origin="https://evil.example")
    assert "nothing to set" in refused(own, "layout?id=cats")
    for id in ("ada/stack", kept["id"]):
        ask(own, "forget", {"id": id})


def test_a_file_that_is_sent_and_what_survives_a_restart(own, model, weights, home, tmp_path):
    data = model_zip(tmp_path / "m.zip", model).read_bytes()
    *told, last = lines(own, "file?name=my%20model.zip", data)
    id = last["model"]["id"]
    assert id.startswith("upload-") and "my model.zip" in told[0]["words"]
    assert id in [card["id"] for card in ask(own, "list")["cards"]]
    assert own.studio.uploads.kept.list() == [id] and list((home / "runs" / ".models").glob(".part-*")) == []
    with running(weights, runs=home / "runs") as again:
        assert id in [card["id"] for card in ask(again, "list")["cards"]]
        assert (again.pictures({"model": id}) == own.pictures({"model": id})).all()
    with running(weights, runs=home / "runs", shared=True) as shared:  # there, nobody sees what others brought
        cards = ask(shared, "list")["cards"]
        assert [card["id"] for card in cards] == ["cats", "digits"] and not any(card["removable"] for card in cards)
        assert "Several people" in refused(shared, "forget", {"id": id})
    ask(own, "forget", {"id": id})
    assert own.studio.uploads.kept.list() == []


def test_files_that_are_no_models(own):
    for name, data in (("a.pt", b"\x80\x02}q\x00."), ("a.zip", b"PK\x03\x04"), ("a.pth", b"hello"), (HTML, b"{}")):
        last = lines(own, f"file?name={quote(name)}", data)[-1]
        assert (
            list(last) == ["error", "code"]
            and name in last["error"]
            and last["error"].endswith(".")
            and len(last["error"]) < 500
        )
    assert "is empty" in refused(own, "file?name=a.pt", b"")
    assert "larger than 1 MiB" in refused(own, "file?name=a.pt&config=9999999", b"x")
    assert "not a number" in refused(own, "file?name=a.pt&config=-1", b"x")
    assert own.studio.uploads.kept.list() == [] and [card["id"] for card in ask(own, "list")["cards"]] == [
        "cats",
        "digits",
    ]


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(own):
    address = urlsplit(own.url)
    line = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    line.putrequest("POST", "/studio/library/file?name=big.pt")
    line.putheader("Content-Length", str(3 * 2**30))
    line.endheaders()
    answer = line.getresponse()
    assert answer.status == 400 and "larger than 2 GiB" in json.loads(answer.read())["error"]
    line.close()


def test_a_file_that_stops_arriving_makes_room_for_others(own, monkeypatch):
    monkeypatch.setattr(model_routes, "PATIENCE", 0.1)
    address = urlsplit(own.url)
    line = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    line.putrequest("POST", "/studio/library/file?name=slow.pt")
    line.putheader("Content-Length", "1000")
    line.endheaders(b"x" * 500)
    answer = line.getresponse()
    assert answer.status == 400 and "slow.pt stopped arriving" in json.loads(answer.read())["error"]
    line.close()
    assert list(own.studio.uploads.root.glob(".part-*")) == []


def test_what_cannot_be_looked_at_or_opened(own, hub):
    hub.add_repo("ada/nothing", {"README.md": b"# Nothing", "run.py": b"print(1)"})
    look = ask(own, "look", {"source": "ada/nothing"})
    assert (
        look["chosen"] is None and look["trouble"].endswith(".") and not any(file["readable"] for file in look["files"])
    )
    for source, words in (
        ("ada/none", "no model ada/none"),
        ("", "not the name"),
        (None, "not the id"),
        ("/etc", "not the name"),
        ("https://example.org/a/b", "not an address of"),
        ("cats", "is here already"),
    ):
        assert words in refused(own, "look", {"source": source})
    assert "no model ada/none" in lines(own, "open", {"source": "ada/none"})[-1]["error"]
    assert "." in lines(own, "open", {"source": "ada/nothing", "file": "../run.py"})[-1]["error"]
    assert "not the name of a file" in refused(own, "open", {"source": "ada/nothing", "file": 3})


@pytest.mark.parametrize("path", ["look", "open", "file?name=a.pt", "forget"])
def test_pages_of_other_sites_are_refused(own, path):
    assert "another site" in refused(
        own, path, {"source": "ada/faces", "id": "cats"}, 403, origin="https://evil.example"
    )


def test_what_others_have_made_is_a_list_of_facts(own):
    models = ask(own, "curated")["models"]
    assert len({one["id"] for one in models}) == len(models) >= 5
    for one in models:
        assert (
            one["id"].count("/") == 1
            and one["kind"]
            and one["makes"][0].isupper()
            and one["megabytes"] > 0
            and "licence" in one
        )
