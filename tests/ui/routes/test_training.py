"""Training over real HTTP: every route on a running app, and what is sent by mistake or in malice."""

import io
import json
import shutil
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import numpy as np
import pytest
import run_helpers as small
from any_request import NO_TABLES
from hostile import encoded, model_zip, picture, zipped
from kept_runs import trained
from PIL import Image
from run_helpers import ENDLESS, wait, wait_for
from studio_app import finished, running, sentence

from gan.errors import NO_RUN
from gan.studio.hub.client import Hub

ANN, BOB, EVE = (name * 16 for name in ("an", "bo", "ev"))
TRAIN = dict(batch_size=4, record_every=1, grid_every=1, grid_size=4, signals_every=0, augment=[], mirror=False)
NOTHING = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**9,
    10**400,
    "x",
    "",
    "../x",
    [],
    [1],
    {},
    {"a": 1},
    float("nan"),
    float("inf"),
    "\ud800",
    "\0",
    "x" * 10_000,
    ["a", {}],
    [[[]]],
]


def who(visitor: str | None) -> dict:
    return {} if visitor is None else {"x-visitor": visitor}


@pytest.fixture(scope="module")
def hub():
    from hub_server import HubServer

    server = HubServer().start()
    server.add_repo("datasets/ada/cats", {f"{i}.png": encoded(picture(i)) for i in range(3)})
    yield server
    server.stop()


@pytest.fixture(scope="module")
def app(weights, hub, tmp_path_factory):
    """An app that several share."""
    with running(
        weights, Hub(hub.url, tmp_path_factory.mktemp("cache")), runs=tmp_path_factory.mktemp("runs"), shared=True
    ) as app:
        yield app
        small.end_all(app.studio.workshop.supervisor)


@pytest.fixture(scope="module")
def ask(app):
    """ask(path, body, visitor) -> (status, body, headers) below studio/train/."""

    def ask(path: str, body=None, visitor: str | None = ANN):
        return app.ask(f"studio/train/{path}", body, who(visitor), 120)

    return ask


@pytest.fixture(scope="module")
def table(app):
    """Likewise, what is answered where all is well."""
    return lambda path, body=None, visitor=ANN: app.table(f"studio/train/{path}", body, who(visitor))


@pytest.fixture(scope="module")
def refused(app):
    """Likewise, the sentence where something is wrong."""
    return lambda path, body=None, visitor=ANN: app.refused(f"studio/train/{path}", body, who(visitor))


@pytest.fixture(scope="module")
def give(table):
    """give(visitor, base, side) -> a set of five pictures, read for that base."""

    def give(visitor: str = ANN, base: str = "cats", side: int = 64) -> str:
        id = table("set", {}, visitor)["id"]
        for i in range(5):
            assert table(f"set/{id}/file?name={i}.png", encoded(picture(i)), visitor) == {"files": i + 1}
        assert table(f"set/{id}/read", dict(base=base, side=side), visitor) == {}
        assert read(table, id, visitor)["status"] == "ready"
        return id

    return give


def read(table, id: str, visitor: str = ANN) -> dict:
    """What is said of a set once its reading is over."""
    finished("pictures")
    return table(f"set/{id}", None, visitor)


@pytest.fixture(scope="module")
def pictures(give):
    return give()


def order(pictures: str, **more) -> dict:
    return dict(set=pictures, base="cats", family="", preset="quick", steps=4, title="Tiny", train=TRAIN) | more


@pytest.fixture(scope="module")
def workers(app):
    return app.studio.workshop.supervisor


@pytest.fixture(scope="module")
def done(table, workers, pictures):
    """A run of Ann's that is done."""
    id = table("start", order(pictures, pins=[dict(model="cats", seed=7)]))["id"]
    wait_for(workers, id, "done")
    return id


# Every route once


def test_bases_and_plans(table):
    assert [base.get("id") for base in table("bases")["bases"]][:2] == ["cats", "digits"]
    assert set(table("plan", dict(base="cats", family="", pictures=30))["presets"]) == {"quick", "good", "thorough"}


def test_pictures_and_their_sheet(ask, table, pictures):
    assert table(f"set/{pictures}")["report"]["count"] == 5
    sheets = []
    for query in ("", "?augment=brightness,cutout&p=0.5&mirror=on&of=5"):
        status, data, headers = ask(f"set/{pictures}/sheet.webp{query}")
        assert (status, headers["content-type"]) == (200, "image/webp")
        sheets.append(np.asarray(Image.open(io.BytesIO(data))))
    assert min(sheets[0].shape[:2]) > 300 and (sheets[0] != sheets[1]).any()


def test_pictures_of_a_model_and_from_the_hub(table):
    for source, side in ((dict(model="cats", count=3), 12), (dict(dataset="ada/cats"), 12)):
        id = table("drawn", dict(source, base="digits", side=0))["id"]
        told = read(table, id)
        assert told["status"] == "ready" and (told["report"]["count"], told["report"]["side"]) == (3, side)


def test_examples_for_whoever_has_no_pictures(ask, table, refused, monkeypatch):
    monkeypatch.setattr("gan.studio.data.examples._COUNT", 40)
    rows = table("examples", None, None)["examples"]
    assert [row["name"] for row in rows][:4] == ["letters", "faces", "digits", "flowers"] and all(
        row["title"] and row["starts"] for row in rows
    )
    for row in rows:
        status, data, headers = ask(f"example/{row['name']}.webp", None, None)
        assert (status, headers["content-type"]) == (200, "image/webp")
        assert Image.open(io.BytesIO(data)).size == (384, 96)
    told = read(table, table("drawn", dict(example="faces", base="", side=32))["id"])
    assert (told["report"]["count"], told["report"]["side"], told["report"]["broken"]) == (40, 32, 0)
    assert "no example called 'cars'" in refused("drawn", dict(example="cars", side=32))


def test_who_learns_words_is_given_no_pictures(table, refused):
    """Side 0 says that words are learned; nothing is fetched, drawn or read for that."""
    for source in (dict(example="faces"), dict(dataset="ada/none"), dict(model="cats", count=3)):
        said = refused("drawn", dict(source, base="", side=0, channels=0))
        assert said == "A model of words learns from a list of words. Give a text file of words, one a line."
    id = table("set", {})["id"]
    table(f"set/{id}/file?name=1.png", encoded(picture(1)))
    table(f"set/{id}/read", dict(base="", side=0, channels=0))
    assert "This base makes words, and these are pictures." in read(table, id)["error"]


def test_what_a_run_costs(table, pictures):
    told = table("budget", order(pictures, steps=50))
    assert "50 steps take about" in told["sentence"] and told["accumulate"] == 1 and not told["busy"]


def test_a_run_is_watched_by_anybody(ask, table, done):
    mine, others = (table(f"run/{done}?watch=1", None, visitor) for visitor in (ANN, BOB))
    assert mine["state"]["mine"] and not others["state"]["mine"] and mine["curves"] == others["curves"]
    assert mine["snapshots"][-1] == 4 and mine["cells"][0]["seed"] == 7
    listed = table("runs", None, BOB)
    assert listed["shared"] and done in [run["id"] for run in listed["runs"]]
    status, data, headers = ask(f"run/{done}/grid/4.webp", None, None)
    assert (status, headers["content-type"]) == (200, "image/webp") and Image.open(io.BytesIO(data)).size == (32, 32)


def sent(app, data: bytes, name: str = "Tiny-4.zip") -> dict:
    """What comes of a model's file: the last line of what is told."""
    status, answer, _ = app.ask(f"studio/library/file?name={name}", data)
    return json.loads(answer.splitlines()[-1])


def test_a_run_that_was_taken_away_comes_back_as_the_same_model(app, ask, table, done):
    """Downloaded as a zip, uploaded, painted: the run's own picture."""
    status, data, headers = ask(f"run/{done}/model.zip", None, None)
    assert (status, headers["content-type"]) == (200, "application/zip")
    assert 'filename="Tiny-4.zip"' in headers["content-disposition"]
    told = sent(app, data)["model"]
    assert told["id"].startswith("upload-") and (told["title"], told["run"]) == ("Tiny", None)
    mine, theirs = (app.pictures(dict(model=id, seed=3, psi=0.7)) for id in (told["id"], done))
    assert np.array_equal(mine, theirs) and mine.std() > 0
    earlier = ask(f"run/{done}/model.zip?step=1", None, None)[1]
    assert zipfile.ZipFile(io.BytesIO(earlier)).namelist()[0].startswith("Tiny-1/")
    assert sent(app, data)["model"]["id"] == told["id"]
    assert table("plan", dict(base=told["id"], pictures=5))["pair"]  # and one can start from it


def test_an_owner_acts_and_others_do_not(ask, table, refused, workers, pictures, done):
    first = table("start", order(pictures, steps=ENDLESS))["id"]
    wait(workers, first, lambda s: s.step > 1)
    for act in ("pause", "resume", "stop", "change", "continue", "delete"):
        assert "Only whoever started this run" in refused(f"run/{first}/{act}", {}, BOB)
    assert table(f"run/{first}/change", dict(g_lr=0.01)) == table(f"run/{first}/pause", {}) == {}
    wait_for(workers, first, "paused")
    assert table(f"run/{first}/resume", {}) == {}
    branch = table(f"run/{done}/branch", dict(step=2, steps=1), BOB)["id"]
    assert table(f"run/{branch}", None, BOB)["state"]["position"] == 1
    assert table(f"run/{first}/stop", {}) == {}
    wait_for(workers, first, "stopped")
    wait_for(workers, branch, "done")
    assert table(f"run/{branch}/delete", {}, BOB) == table(f"run/{first}/delete", {}) == {}
    assert "There is no run called" in refused(f"run/{first}")
    assert json.loads(ask(f"run/{first}", None, ANN)[1])["code"] == NO_RUN


def test_who_has_the_studio_alone_needs_no_ownership(weights):
    with running(weights) as alone:
        id = json.loads(alone.ask("studio/train/set", {}, {"x-visitor": ANN})[1])["id"]
        for visitor in (ANN, BOB):
            status, answer, _ = alone.ask(f"studio/train/set/{id}/file?name=a.png", encoded(), {"x-visitor": visitor})
            assert status == 200, answer
        assert json.loads(alone.ask("studio/train/runs", None, {"x-visitor": BOB})[1]) == {"runs": [], "shared": False}
        assert "who is asking" in sentence(*alone.ask(f"studio/train/set/{id}/file?name=a.png", encoded()))


# What is wrong


def requests(pictures: str, done: str) -> tuple:
    """A request of each kind, and its body."""
    return (
        ("runs", None),
        (f"run/{done}", None),
        (f"set/{pictures}", None),
        ("set", {}),
        (f"set/{pictures}/read", {}),
        (f"set/{pictures}/file?name=x", b"x"),
        ("drawn", {}),
        ("budget", {}),
        ("start", {}),
    )


@pytest.mark.parametrize("visitor", [None, "", "short", "x" * 65, "a b" * 10, "../" * 8, "\xe9" * 20])
def test_visitors_without_a_secret(refused, pictures, done, visitor):
    for path, body in (*requests(pictures, done), (f"run/{done}/stop", {})):
        assert "did not say who is asking" in refused(path, body, visitor)


def test_pages_of_other_sites(app, pictures, done):
    """They may know the studio's address; browsers say where they come from."""
    asked = (*requests(pictures, done), (f"run/{done}/delete", {}))
    for origin in ("https://evil.example", "null", "", app.url.rstrip("/") + ".evil.example", "http://localhost:1"):
        headers = {"x-visitor": ANN, "origin": origin}
        for path, body in (
            *((f"studio/train/{path}", body) for path, body in asked),
            ("studio/library/file?name=x.zip", b"x"),
        ):
            assert "a page of another site" in sentence(*app.ask(path, body, headers), 403), (origin, path)
    status, _, _ = app.ask("studio/train/set", {}, {"x-visitor": ANN, "origin": app.url.rstrip("/")})
    assert status == 200


def test_sets_of_somebody_else(refused, pictures):
    for path, body in (
        (f"set/{pictures}", None),
        (f"set/{pictures}/read", dict(base="cats")),
        (f"set/{pictures}/file?name=x", b"x"),
        ("start", order(pictures)),
        ("budget", order(pictures)),
    ):
        assert "somebody else's pictures" in refused(path, body, BOB)


@pytest.mark.parametrize(
    "id", ["0" * 24, "..", ".", "x" * 5000, "%00", "%ff", "..%5c..", "\u732b", "a.b", " ", "set.json", ".sets"]
)
def test_ids_of_no_sets_and_runs(ask, refused, id):
    id = id if "%" in id else quote(id)
    for path, body in (
        (f"set/{id}", None),
        (f"set/{id}/sheet.webp", None),
        (f"set/{id}/file?name=x", b"x"),
        (f"set/{id}/read", {}),
    ):
        assert "no longer kept" in refused(path, body)
    for path, body in (
        (f"run/{id}", None),
        (f"run/{id}?watch=1", None),
        (f"run/{id}/grid/1.webp", None),
        (f"run/{id}/model.zip", None),
        (f"run/{id}/stop", {}),
        (f"run/{id}/branch", dict(step=1)),
    ):
        assert "There is no run called" in refused(path, body)
    for path in (f"set/..%2f{id}", f"run/..%2f{id}", f"run/{id}%2f..%2fgrid"):
        assert ask(path)[0] in (400, 404, 405)


@pytest.mark.parametrize("step", ["x", "-1", "1.5", "%D9%A3", "9" * 30, "9" * 5000, "..", "1%00", "nan", " 1"])
def test_steps_that_are_none(refused, done, step):
    assert "step" in refused(f"run/{done}/grid/{quote(step, safe='%')}.webp").lower()
    assert "step" in refused(f"run/{done}/model.zip?step={quote(step, safe='%')}").lower()


def test_moments_that_were_not_kept(refused, done):
    assert "There is no grid of step 77" in refused(f"run/{done}/grid/77.webp")
    assert "Step 77 of this run was not kept" in refused(f"run/{done}/model.zip?step=77")


@pytest.mark.parametrize(
    "body, words",
    [
        *NO_TABLES,
    ],
)
def test_bodies_that_are_wrong(refused, pictures, done, body, words):
    for path in (f"set/{pictures}/read", "drawn", "plan", "budget", "start", f"run/{done}/change"):
        assert words in refused(path, body)


def answered(ask, path: str, body: dict, visitor: str = ANN) -> tuple[int, dict]:
    """Whatever is sent is either taken or refused in a sentence."""
    status, answer, headers = ask(path, body, visitor)
    if status != 200:
        sentence(status, answer, headers, status if status == 429 else 400)
    return status, json.loads(answer)


@pytest.mark.parametrize("value", NOTHING, ids=lambda value: ascii(value)[:12])
def test_values_of_every_kind_in_every_place(ask, table, done, value):
    spare = table("set", {}, EVE)["id"]
    for path, body, names in (
        ("plan", dict(family="mlp"), ("base", "family", "pictures")),
        ("plan", dict(base="cats"), ("pictures", "classes")),
        (f"set/{spare}/read", dict(base="cats"), ("base", "side")),
        ("drawn", dict(model="cats", count=1, base="cats"), ("dataset", "model", "count", "base", "side")),
        ("drawn", dict(model="cats", count=1), ("side",)),
        (f"run/{done}/change", {}, ("g_lr", "augment", "loss", "mirror", "seed", "\ud800")),
        (f"run/{done}/continue", dict(title="x"), ("steps", "minutes", "\0")),
        (f"run/{done}/branch", dict(step=99), ("steps", "title", "\ud800", *(("step",) if value else ()))),
    ):
        for name in names:
            answered(ask, path, dict(body, **{name: value}), ANN if done in path else EVE)
            read(table, spare, EVE)


@pytest.mark.parametrize(
    "name", ["a\nb\x1b[31m.png", "x" * 10_000, "\u202egnp.exe", "..\\..\\a.png", "/etc/passwd", "", "\ud83d\ude00.png"]
)
def test_names_of_files(table, name):
    id = table("set", {}, EVE)["id"]
    name = name.encode("utf-16", "surrogatepass").decode("utf-16")
    assert table(f"set/{id}/file?name={quote(name)}", b"no picture", EVE) == {"files": 1}
    table(f"set/{id}/read", dict(base="cats"), EVE)
    told = read(table, id, EVE)
    assert told["status"] == "failed" and told["error"].isprintable() and len(told["error"]) < 400


def test_a_zip_among_the_pictures_may_name_anything(table, tmp_path):
    id = table("set", {}, EVE)["id"]
    data = zipped(
        tmp_path / "a.zip", {"../../a.png": encoded(), "/b.png": encoded(picture(1)), "c.exe": b"MZ"}
    ).read_bytes()
    table(f"set/{id}/file?name=a.zip", data, EVE)
    table(f"set/{id}/read", dict(base="", side=8), EVE)
    assert read(table, id, EVE)["report"]["count"] == 2


@pytest.mark.parametrize("side", [10**9, -5, 0.5, "64", [64], True])
def test_sides_that_are_wrong(ask, table, pictures, side):
    id = table("drawn", dict(model="cats", count=1, base="", side=8), EVE)["id"]
    read(table, id, EVE)
    status, told = answered(ask, f"set/{id}/read", dict(base="", side=side), EVE)
    assert status == 400 or "side must lie between" in read(table, id, EVE)["error"]


def test_hostile_models_end_in_a_sentence(app, weights, tmp_path):
    cats = weights / "cats"
    config = json.loads((cats / "config.json").read_text())
    huge = json.dumps(config | {"generator": config["generator"] | {"channel_max": 10**9}}).encode()
    for data, words in (
        (b"", "is empty"),
        (b"PK\3\4" + bytes(100), "zip"),
        (b"x" * 10_000, "is a text"),
        (zipped(tmp_path / "0.zip", {"readme.txt": b"hello"}).read_bytes(), "has no config.json"),
        (model_zip(tmp_path / "1.zip", cats, config=b"{" * 50_000).read_bytes(), "config.json"),
        (model_zip(tmp_path / "2.zip", cats, config=huge).read_bytes(), ""),
        (model_zip(tmp_path / "3.zip", cats, model=None).read_bytes(), "has no model.safetensors"),
        (model_zip(tmp_path / "4.zip", cats, model=b"\0" * 5_000_000).read_bytes(), "model.safetensors"),
        (model_zip(tmp_path / "5.zip", cats, inside="../").read_bytes(), "has no config.json"),
    ):
        told = sent(app, data, "%0A%1b" + "x" * 5000)["error"]
        assert words in told and told.endswith(".") and len(told) < 500 and "\n" not in told
    assert [path.name for path in app.studio.uploads.root.iterdir() if not path.name.startswith("upload-")] == []


# Many at once


def test_runs_that_are_deleted_while_many_look(app, ask, table, tmp_path):
    root, kept, over = app.studio.workshop.supervisor.root, trained(tmp_path / "run").path, threading.Event()

    def look(path: str) -> set[int]:
        seen = set()
        while not over.is_set():
            status, answer, headers = ask(path)
            seen.add(status)
            if status != 200:
                assert "There is no" in sentence(status, answer, headers)
        return seen

    for i in range(4):
        shutil.copytree(kept, root / f".{i}")
        (root / f".{i}").rename(root / f"r{i}")
        over.clear()
        with ThreadPoolExecutor(6) as pool:
            looks = [pool.submit(look, path) for path in (f"run/r{i}", f"run/r{i}?watch=1", f"run/r{i}/model.zip")]
            try:
                app.studio.workshop.supervisor.delete(f"r{i}")
            finally:
                over.set()
            assert all(look.result() <= {200, 400} for look in looks)
        assert ask(f"run/r{i}")[0] == 400


@pytest.fixture(scope="module")
def busy(table, workers, pictures):
    """A run of Ann's that is worked on to the end of these tests."""
    id = table("start", order(pictures, steps=ENDLESS))["id"]
    wait(workers, id, lambda s: s.step > 0)
    return id


def test_orders_of_every_kind_while_one_waits(ask, table, pictures, busy):
    """What could be a run is refused since one of Ann's waits already; so nothing of this is ever begun."""
    waiting = table("start", order(pictures))["id"]
    for value in NOTHING:
        for name in ("set", "base", "family", "preset", "steps", "title", "train", "pins", "\ud800"):
            assert answered(ask, "start", order(pictures) | {name: value})[0] == 400, (name, value)
        for part in (
            dict(pins=[value]),
            dict(pins=[dict(model="cats", seed=value)]),
            *(dict(train={name: value}) for name in ("g_lr", "augment", "loss", "mirror", "batch_size", "x")),
        ):
            assert answered(ask, "start", order(pictures) | part)[0] == 400, part
    assert answered(ask, "start", order(pictures))[1]["error"].startswith("One of your runs is waiting in line already")
    assert table(f"run/{waiting}/delete", {}) == {}


def test_two_hundred_at_once_are_answered_and_nobody_has_two_in_line(ask, table, workers, give, busy, quick_prices):
    """Three people press every button."""
    mine = {visitor: give(visitor) for visitor in (ANN, BOB, EVE)}

    def press(i: int) -> int:
        visitor = (ANN, BOB, EVE)[i % 3]
        path, body = (
            ("start", order(mine[visitor])),
            ("budget", order(mine[ANN], steps=i + 1)),
            (f"run/{busy}/change", dict(g_lr=0.01)),
            ("start", order(mine[visitor], steps=i + 1)),
            (f"run/{busy}/resume", {}),
        )[i // 3 % 5]
        return answered(ask, path, body, visitor)[0]

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(press, range(200)))
    assert {200, 400} <= set(answers) <= {200, 400, 429}  # 429: more at once than one address may
    line = [state for state in workers.list() if state.position]
    owners = {
        state.id: [v for v in (ANN, BOB, EVE) if table(f"run/{state.id}", None, v)["state"]["mine"]] for state in line
    }
    assert sorted(state.position for state in line) == [1, 2, 3] and sorted(owners.values()) == [[ANN], [BOB], [EVE]]
    for id, (owner,) in owners.items():
        assert table(f"run/{id}/delete", {}, owner) == {}
    assert table(f"run/{busy}")["state"]["live"]
