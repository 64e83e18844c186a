"""Training as the page offers it: real small models, pictures, trials and runs by worker processes."""

import itertools
import json
import shutil
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np
import pytest
import run_helpers as small
import torch
from coroutines import finished
from hostile import encoded, picture
from PIL import Image
from run_helpers import ENDLESS, wait, wait_for
from studio_app import small_weights

from gan.cli.main import main
from gan.errors import StudioError
from gan.store.model_config import ModelConfig
from gan.store.model_folder import read_config, write_model
from gan.studio.engine import Engine
from gan.studio.hub.client import Hub
from gan.studio.library.library import Library
from gan.studio.library.loaded import Models
from gan.studio.recipes import Recipe
from gan.studio.runs import workshop as module
from gan.studio.runs.acts import ACTS
from gan.studio.runs.jobs import read_job
from gan.studio.runs.limits import MOST_MINUTES
from gan.studio.runs.new_discriminators import WARMUP
from gan.studio.runs.orders import read_order
from gan.studio.runs.presets import PRESETS, usual_side
from gan.studio.runs.workshop import Workshop

ANN, BOB = "ann-" + "a" * 16, "bob-" + "b" * 16
TRAIN = dict(batch_size=4, record_every=1, grid_every=1, grid_size=4, signals_every=0, augment=[], mirror=False)
PINS = [
    dict(model="cats", seed=7, psi=0.5, directions=[1.0]),
    dict(model="digits", seed=1),
    dict(model="cats", seed=8, overrides=[[0, 2]]),
]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Where models lie: cats and digits, which are pairs, and alone, which has no discriminator."""
    root = small_weights(tmp_path_factory.mktemp("models"))
    config = ModelConfig("mlp", dict(image_shape=[1, 8, 8], hidden=[8], z_dim=4), licence="CC BY 4.0")
    torch.manual_seed(0)
    write_model(root / "alone", config, config.build_generator())
    return root


@pytest.fixture(scope="module")
def open_shop(models, tmp_path_factory):
    """open_shop(shared, hub) -> a workshop of its own, without workers in the end."""
    opened = []

    def open(shared: bool = True, hub: Hub | None = None) -> Workshop:
        root = tmp_path_factory.mktemp("runs")
        library = Library(Models((models,), hub, local=False, runs=root))
        opened.append(Workshop(library, Engine(library), root, shared))
        return opened[-1]

    yield open
    for shop in opened:
        small.end_all(shop.supervisor)


@pytest.fixture(scope="module")
def shop(open_shop):
    """Several share it. Whoever starts something in it ends it."""
    return open_shop()


def give(shop: Workshop, visitor: str = ANN, base: str = "cats", side: int = 64, count: int = 5) -> str:
    """A set of so many files, read for that base."""

    async def parts(data):
        yield data

    id = shop.new_set(visitor)
    for i in range(count):
        finished(shop.sets.receive(id, visitor, f"{i}.png", parts(encoded(picture(i)))))
    shop.read_set(id, visitor, base, side)
    return ready(shop, id, visitor)


def ready(shop: Workshop, id: str, visitor: str = ANN) -> str:
    assert read(shop, id, visitor)["status"] == "ready", shop.about_set(id, visitor)
    return id


def read(shop: Workshop, id: str, visitor: str = ANN) -> dict:
    """What is said of the set once its reading is over."""
    for thread in threading.enumerate():
        if thread.name == "pictures":
            thread.join(60)
    return shop.about_set(id, visitor)


def order(set: str, **more) -> dict:
    train = TRAIN | more.pop("train", {})
    return dict(set=set, base="cats", preset="quick", steps=4, title="Tiny", train=train) | more


@pytest.fixture(scope="module")
def pictures(shop):
    """Of Ann, for cats."""
    return give(shop)


@pytest.fixture(scope="module")
def done(shop, pictures):
    """A run of Ann's that is done: four steps from cats, with two pins of it."""
    id = shop.start(order(pictures, pins=PINS), ANN)
    wait_for(shop.supervisor, id, "done")
    return id


# Pictures


@pytest.mark.parametrize("base, side, shape", [("cats", 64, (16, 3)), ("digits", 64, (12, 1)), ("", 32, (32, 3))])
def test_files_are_read_for_the_base(shop, base, side, shape):
    report = shop.about_set(give(shop, BOB, base, side), BOB)["report"]
    assert (report["side"], report["channels"]) == shape and report["count"] == 5 and report["sentences"]


def test_pictures_of_a_model(shop):
    id = shop.set_from_model(ANN, "digits", 7, "cats", 0)
    assert read(shop, id)["report"]["count"] == 7 and "Digits" in shop.sets.source(id, ANN)
    images = np.load(shop.sets.data(id, ANN)[0])["images"]
    assert images.shape == (7, 16, 16, 3) and images.std() > 0


def test_pictures_from_the_hub(open_shop, hub_server, tmp_path):
    files = {f"{i}.png": encoded(picture(i)) for i in range(3)}
    hub_server.add_repo("datasets/ada/cats", files | {"note.txt": b"hello"})
    shop = open_shop(hub=Hub(hub_server.url, tmp_path / "cache"))
    id = shop.set_from_hub(ANN, "ada/cats", "digits", 0)
    assert read(shop, id)["report"]["count"] == 3 and shop.about_set(id, ANN)["report"]["side"] == 12
    assert shop.sets.source(id, ANN) == "ada/cats on the Hugging Face Hub"
    assert {path.name for path in (shop.sets.root / id).iterdir()} == {"in", "set.json", "data.npz", "report.json"}
    for dataset, words in (
        ("ada/dogs", "ada/dogs"),
        ("", "is not the id of a dataset"),
        ("https://example.org/x", "not an address"),
    ):
        told = read(shop, shop.set_from_hub(ANN, dataset, "digits", 0))
        assert told["status"] == "failed" and words in told["error"]


def test_pictures_that_cannot_be(shop):
    ours = len(list(shop.sets.root.iterdir()))
    for call, words in (
        (lambda: shop.set_from_model(ANN, "nobody", 5, "cats", 0), "'nobody' is not open here"),
        (lambda: shop.set_from_model(ANN, "cats", 5, "nobody", 0), "'nobody' is not open here"),
        (lambda: shop.set_from_hub(ANN, "ada/cats", "../cats", 0), "is not open here"),
    ):
        with pytest.raises(StudioError, match=words):
            call()
    assert len(list(shop.sets.root.iterdir())) == ours  # nothing made room for them
    for count in (0, -1, 10**9, 1.5, True, "5", None):
        assert "training pictures" in read(shop, shop.set_from_model(BOB, "cats", count, "cats", 0), BOB)["error"]
    for side in (-1, 10**9, 10**400):
        told = read(shop, shop.set_from_model(BOB, "cats", 3, "", side), BOB)
        assert "side must lie between" in told["error"] and len(told["error"]) < 200
    for id in ("0" * 24, "", "../x", None, 3, "x" * 5000):
        with pytest.raises(StudioError, match="no longer kept"):
            shop.read_set(id, ANN, "cats", 0)


def test_sets_are_their_owners(shop, pictures):
    for call in (
        lambda: shop.about_set(pictures, BOB),
        lambda: shop.read_set(pictures, BOB, "cats", 0),
        lambda: shop.start(order(pictures), BOB),
        lambda: shop.budget(order(pictures), BOB),
    ):
        with pytest.raises(StudioError, match="somebody else's pictures"):
            call()


# Plans


def test_bases_are_the_open_models_and_the_families(shop):
    bases = shop.bases()
    assert [base.get("id") or base["family"] for base in bases] == [
        "cats",
        "alone",
        "digits",
        "mlp",
        "dcgan",
        "stylegan2",
        "words",
        "sounds",
        "mlp",
    ]
    assert bases[-1]["classic"] == "article" and (bases[-1]["side"], bases[-1]["channels"]) == (28, 1)
    assert shop.plan("", "mlp", 4000, "article")["presets"]["quick"]["train"]["g_lr"] == 1e-3
    cats = dict(id="cats", title="Cats", makes="picture", pair=True, side=16, channels=3, classes=[], any_classes=True)
    assert [base.get("side") for base in bases[3:-1]] == [usual_side()] * 3 + [None] * 2
    assert bases[0] == cats and not bases[1]["pair"] and [base["makes"] for base in bases[-3:-1]] == ["text", "sound"]


def test_a_plan_for_a_base_one_without_a_discriminator_and_from_scratch(shop):
    tuned, alone, scratch = shop.plan("cats", "", 100), shop.plan("alone", "", 100), shop.plan("", "dcgan", 5000)
    assert [(plan["pair"], plan["family"]) for plan in (tuned, alone, scratch)] == [
        (True, "stylegan2"),
        (False, "mlp"),
        (True, "dcgan"),
    ]
    assert [bool(plan["idle"]) for plan in (tuned, alone, scratch)] == [False, True, False]
    for plan in (tuned, alone, scratch):
        assert list(plan["presets"]) == list(PRESETS) and json.loads(json.dumps(plan)) == plan
    quick = {name: plan["presets"]["quick"] for name, plan in dict(tuned=tuned, alone=alone, scratch=scratch).items()}
    assert quick["tuned"]["steps"] == PRESETS["quick"].tuned and quick["scratch"]["steps"] == PRESETS["quick"].scratch
    assert (
        quick["alone"]["steps"] == PRESETS["quick"].tuned + WARMUP and quick["alone"]["train"]["warmup_steps"] == WARMUP
    )
    assert quick["tuned"]["train"]["warmup_steps"] == 0
    assert quick["tuned"]["train"]["augment"] and not quick["scratch"]["train"]["augment"]  # few pictures, and many
    frozen = [shop.plan("digits", "", 100, classes=n)["presets"]["thorough"]["train"]["freeze_d"] for n in (None, 3, 2)]
    assert frozen == [2, 2, 0]  # as it will be done: a block that is told the class learns the new ones
    for base, family in (("nobody", ""), ("", "nothing"), ("", "")):
        with pytest.raises(StudioError):
            shop.plan(base, family, 100)


@pytest.fixture
def measured(monkeypatch):
    """The specs that were really measured; `measured.go` is awaited before."""
    specs, real = [], module.measure

    def measure(spec, data, base, **more):
        specs.append((spec, more["alone"]))
        assert go.wait(60)
        return real(spec, data, base, **more)

    go = threading.Event()
    go.set()
    monkeypatch.setattr(module, "measure", measure)
    return specs, go


def test_of_a_persons_questions_only_the_newest_is_answered(shop, pictures, measured):
    """Nine at once: one is being measured and given up, one has its turn after that, the others end at once."""
    specs, go = measured
    go.clear()
    with ThreadPoolExecutor(9) as pool:
        asked = [pool.submit(shop.budget, order(pictures, train=dict(batch_size=n)), ANN) for n in range(8, 17)]
        early = list(itertools.islice(as_completed(asked, 60), 7))
        go.set()
    assert all("another price since" in str(future.exception()) for future in early)
    assert sum(future.exception() is None for future in asked) == 1 and len(specs) <= 2


def test_a_budget_is_measured_once_and_remembered(shop, pictures, measured):
    specs, _ = measured
    told = [shop.budget(order(pictures, steps=100), ANN) for _ in range(2)]
    assert len(specs) == 1 and told[0] == told[1]
    budget = told[0]
    assert budget["pictures"] == 5 and budget["batch_size"] == 4 and budget["steps_per_second"] > 0 and budget["device"]
    assert "100 steps take about" in budget["sentence"] and budget["accumulate"] == 1 and not budget["busy"]
    free = order(pictures, steps=7, title="Another", pins=PINS, train=dict(g_lr=0.1, ema_kimg=9.0))
    assert "7 steps take about" in shop.budget(free, ANN)["sentence"] and len(specs) == 1
    assert shop.budget(order(pictures, train=dict(batch_size=2)), ANN)["batch_size"] == 2 and len(specs) == 2
    shop.budget(order(pictures, train=dict(grid_every=2)), ANN)  # grids cost as well
    assert len(specs) == 3


def test_a_price_beside_a_run_is_another(shop, pictures, measured):
    id = shop.start(order(pictures, steps=ENDLESS), ANN)
    wait(shop.supervisor, id, lambda s: s.step > 0)
    assert shop.budget(order(pictures, train=dict(batch_size=3)), ANN)["busy"]
    small.kill(shop.supervisor, id)
    shop.act(id, "delete", {}, ANN)
    assert not shop.budget(order(pictures, train=dict(batch_size=3)), ANN)["busy"]
    assert [alone for _, alone in measured[0]] == [False, True]


def test_a_budget_that_cannot_be_says_why(shop, pictures):
    with pytest.raises(StudioError, match="side must lie between 16 and 128"):
        shop.budget(order(give(shop, ANN, "", 8), base="", family="dcgan"), ANN)


def test_pictures_that_were_read_for_another_model_are_refused(shop):
    for set in (give(shop, ANN, "alone"), give(shop, ANN, "", 32)):
        side = shop.about_set(set, ANN)["report"]["side"]
        for call in (shop.start, shop.budget):
            with pytest.raises(
                StudioError, match=f"read at {side} x {side} for another model. Wait until it is read anew"
            ):
                call(order(set), ANN)


# Starting


@pytest.mark.parametrize(
    "change, words",
    [
        (dict(colour="red"), "no setting called 'colour'"),
        ({"set": None}, "no longer kept"),
        ({"set": 3}, "set must be a word"),
        ({"set": "../x"}, "no longer kept"),
        (dict(base="nobody"), "'nobody' is not open"),
        (dict(base=["cats"]), "base must be a word"),
        (dict(base=""), "from a family of networks or from a base"),
        (dict(family="mlp"), "from a family of networks or from a base"),
        (dict(base="", family="gan"), "family cannot be 'gan'"),
        (dict(preset="best"), "preset cannot be 'best'"),
        (dict(preset=[]), "preset must be"),
        (dict(steps=0), "steps must lie"),
        (dict(steps="many"), "whole number"),
        (dict(steps=1.5), "whole number"),
        (dict(steps=True), "whole number"),
        (dict(steps=10**400), "steps must lie"),
        (dict(steps=[4]), "whole number"),
        (dict(title=3), "title must be a word"),
        (dict(title="x" * 2000), "title has 2,000"),
        (dict(title="a\0b"), "letters that are none"),
        (dict(title="\ud800"), "letters that are none"),
        (dict(train=[]), "train cannot be []"),
        (dict(train={"g_lr": "fast"}), "g_lr must be a number"),
        (dict(train={"g_lr": float("nan")}), "g_lr must lie"),
        (dict(train={"--out": 3}), "no setting called '--out'"),
        (dict(train={"batch_size": 10**9}), "batch_size must lie"),
        (dict(train={"augment": "magic"}), "augment cannot be"),
        (dict(pins={}), "pins cannot be {}"),
        (dict(pins="cats"), "pins cannot be"),
        (dict(pins=[{}] * 65), "at most 64 pins"),
        (dict(pins=[3]), "table of names and values"),
        (dict(pins=[dict(model="cats", psi=9)]), "psi must lie"),
    ],
)
def test_orders_that_are_refused(shop, pictures, change, words):
    before = len(shop.supervisor.list())
    with pytest.raises(StudioError) as caught:
        shop.start(dict(order(pictures), **change), ANN)
    assert words in str(caught.value) and len(str(caught.value)) < 500
    assert len(shop.supervisor.list()) == before


def test_a_base_of_the_hub_is_the_commit_that_was_opened(open_shop, models, hub_server, tmp_path):
    """Its author pushes something else meanwhile, and the cache is gone before the run begins."""
    opened = hub_server.add_repo("ada/cats", models / "cats")
    shop = open_shop(hub=Hub(hub_server.url, tmp_path / "cache"))
    shop.library.open("ada/cats")
    hub_server.add_repo("ada/cats", models / "digits")
    values = order(give(shop, ANN, "ada/cats"), base="ada/cats", pins=[dict(model="ada/cats", revision=opened, seed=7)])
    assert shop.budget(values, ANN)["steps_per_second"] > 0
    assert [path.name for path in shop.supervisor.root.iterdir()] == [".sets"]  # the trial left nothing
    busy = shop.start(order(values["set"], steps=ENDLESS), ANN)
    id = shop.start(values, ANN)
    shutil.rmtree(tmp_path / "cache")
    shop.act(busy, "stop", {}, ANN)
    wait_for(shop.supervisor, id, "done")
    assert shop.view(id, ANN)["base"] == "ada/cats" and shop.view(id, ANN)["cells"][0]["seed"] == 7
    assert read_config(shop.supervisor.run(id).snapshot_path(4)).generator == read_config(models / "cats").generator


def test_a_branch_that_waits_outlives_its_parent(shop, pictures):
    parent = shop.start(order(pictures, steps=1), ANN)
    wait_for(shop.supervisor, parent, "done")
    busy = shop.start(order(pictures, steps=ENDLESS), ANN)
    id = shop.act(parent, "branch", dict(step=1, steps=1), BOB)["id"]
    shop.act(parent, "delete", {}, ANN)
    shop.act(busy, "stop", {}, ANN)
    wait_for(shop.supervisor, id, "done")
    wait_for(shop.supervisor, busy, "stopped")
    for ended, owner in ((id, BOB), (busy, ANN)):
        shop.act(ended, "delete", {}, owner)


def test_a_base_without_a_discriminator(shop):
    id = shop.start(order(give(shop, ANN, "alone"), base="alone", train=dict(warmup_steps=1)), ANN)
    wait_for(shop.supervisor, id, "done")
    config = read_config(shop.supervisor.run(id).snapshot_path(4))
    assert config.discriminator is not None and shop.view(id, BOB)["base"] == "alone"
    assert (config.title, config.summary, config.data) == (
        "Tiny",
        "Fine-tuned from alone.",
        "5 pictures: the trainer's own",
    )
    assert config.licence == "That of alone (CC BY 4.0), and whatever the training data allow."
    shop.act(id, "delete", {}, ANN)


# Runs


def shown(shop: Workshop, id: str, step: int) -> np.ndarray:
    """The pictures of a grid of four, uint8 (4, 16, 16, 3)."""
    grid = np.asarray(Image.open(shop.grid(id, step)).convert("RGB"))
    return grid.reshape(2, 16, 2, 16, 3).swapaxes(1, 2).reshape(4, 16, 16, 3)


def painted(shop: Workshop, id: str, step: int) -> np.ndarray:
    """The same as Explore paints it: what each cell is of, by the model of that step."""
    cells = [{name: value for name, value in cell.items() if name != "pin"} for cell in shop.view(id, BOB)["cells"]]
    return shop.engine.render([Recipe.from_json(cell | dict(model=id, revision=f"{step:07d}")) for cell in cells])


def test_a_view_tells_all_that_the_page_shows(shop, done):
    view = shop.view(done, BOB)
    assert json.loads(json.dumps(view, allow_nan=False)) == view
    state = view["state"]
    assert (state["status"], state["step"], state["title"], state["live"], state["mine"]) == (
        "done",
        4,
        "Tiny",
        False,
        False,
    )
    assert shop.view(done, ANN)["state"]["mine"] and view["begun"] and view["base"] == "cats" and view["classes"] == []
    assert view["grids"] == [0, 1, 2, 3, 4] and view["snapshots"][-1] == 4 and view["curves"]["step"] == [1, 2, 3, 4]
    assert view["diagnosis"]["verdict"] == "learning" and view["diagnosis"]["remedy"] is None
    assert [state["id"] for state in shop.runs(BOB)] == [state.id for state in shop.supervisor.list()]


def test_the_grids_begin_with_the_pins_of_the_base_and_each_cell_can_be_explored(shop, done):
    cells = shop.view(done, BOB)["cells"]
    assert [cell.get("pin") or cell["seed"] for cell in cells] == [1, 2, 0, 1] and cells[0]["seed"] == 7
    base = shop.engine.render([Recipe.from_json(pin) for pin in PINS if pin["model"] == "cats"])
    assert np.abs(shown(shop, done, 0)[:2].astype(int) - base).max() <= 1
    assert np.abs(shown(shop, done, 4).astype(int) - painted(shop, done, 4)).max() <= 1


def test_a_branch_has_the_pins_too(shop, done):
    with pytest.raises(StudioError, match="Step 9 of this run was not kept"):
        shop.act(done, "branch", dict(step=9), BOB)
    id = shop.act(done, "branch", dict(step=2, steps=2, title="Other"), BOB)["id"]
    wait_for(shop.supervisor, id, "done")
    view = shop.view(id, BOB)
    assert view["state"]["mine"] and (view["state"]["title"], view["state"]["parent"]) == ("Other", done)
    assert [cell.get("pin") for cell in view["cells"]] == [1, 2, None, None]
    assert np.array_equal(shown(shop, id, 0), shown(shop, done, 2))
    # The first is moved along a direction, and a branch finds its own directions.
    assert np.abs(shown(shop, id, 2).astype(int) - painted(shop, id, 2))[1:].max() <= 1
    shop.act(id, "delete", {}, BOB)


def test_a_base_with_classes_goes_on_with_none(shop):
    """Its pins are painted without, too."""
    pins = [dict(model="digits", seed=3, label=2, directions=[1.0])]
    id = shop.start(order(give(shop, ANN, "digits"), base="digits", pins=pins), ANN)
    wait_for(shop.supervisor, id, "done")
    view, config = shop.view(id, ANN), read_config(shop.supervisor.root / id / "snapshots" / "0000004")
    assert not view["classes"] and config.generator["num_classes"] == config.discriminator["num_classes"] == 0
    assert [cell.get("label") for cell in view["cells"]] == [None, None, None, None]
    shop.act(id, "delete", {}, ANN)


def test_classes_take_turns_in_the_cells(shop, tmp_path):
    """Of a run that the command line made beside those of the page."""
    images = np.random.RandomState(0).randint(0, 256, (12, 8, 8), dtype=np.uint8)
    np.savez(tmp_path / "a.npz", images=images, labels=np.arange(12) % 3)
    id = "20260101-000000-00000000"
    words = [
        "--family=mlp",
        "--net=hidden=8",
        "--net=z_dim=4",
        "--batch-size=4",
        "--grid-every=1",
        "--grid-size=4",
        "--steps=1",
    ]
    assert main(["train", f"--data={tmp_path / 'a.npz'}", *words, f"--out={shop.supervisor.root / id}"]) == 0
    view = shop.view(id, ANN)
    assert len(view["classes"]) == 3 and not view["state"]["mine"]
    assert [(cell["seed"], cell["label"]) for cell in view["cells"]] == [(0, 0), (1, 1), (2, 2), (3, 0)]
    shop.supervisor.delete(id)


def test_a_run_ends_in_time_where_several_share(shop, pictures, done, measured):
    first = shop.start(order(pictures, steps=ENDLESS), ANN)
    words = shop.budget(order(pictures, steps=ENDLESS), ANN)["sentence"]
    assert words.endswith("A run ends after 120 minutes here, since others wait; it may be continued.")
    assert "ends after" not in shop.budget(order(pictures, steps=1), ANN)["sentence"]
    branch = shop.act(done, "branch", dict(step=2), BOB)["id"]
    assert [read_job(shop.supervisor.root / id).spec.minutes for id in (first, branch)] == [MOST_MINUTES, MOST_MINUTES]
    small.kill(shop.supervisor, first)
    shop.act(first, "continue", dict(minutes=9000), ANN)
    minutes = shop.supervisor.state(first).minutes
    assert MOST_MINUTES <= read_job(shop.supervisor.root / first).spec.minutes <= MOST_MINUTES + minutes + 1
    for id, owner in ((branch, BOB), (first, ANN)):
        shop.act(id, "stop", {}, owner)
        wait(shop.supervisor, id, lambda s: s.status in ("stopped", "done", "interrupted"))
        shop.act(id, "delete", {}, owner)


def test_several_share_a_studio(shop, pictures, done):
    """Ann's run goes on, Bob's and hers wait: everybody watches, only owners act, one waits for each."""
    first = shop.start(order(pictures, steps=ENDLESS), ANN)
    bobs = shop.start(order(give(shop, BOB)), BOB)
    anns = shop.start(order(pictures), ANN)
    for visitor in (ANN, BOB):
        with pytest.raises(StudioError, match="One of your runs is waiting in line already"):
            shop.start(order(pictures if visitor == ANN else give(shop, BOB)), visitor)
    view = shop.view(bobs, ANN)
    assert (view["begun"], view["cells"], view["state"]["status"], view["state"]["position"]) == (
        False,
        [],
        "waiting",
        1,
    )
    assert shop.view(anns, BOB)["state"]["position"] == 2 and "grids" not in view

    wait(shop.supervisor, first, lambda s: s.step > 2)
    watched = shop.supervisor.root / first / "watched"
    assert shop.view(first, BOB)["begun"] and not watched.exists()
    assert shop.view(first, BOB, watched=True)["state"]["live"] and watched.exists()
    for what in set(ACTS) - {"branch"}:
        with pytest.raises(StudioError, match="Only whoever started this run can do that"):
            shop.act(first, what, {}, BOB)
    with pytest.raises(StudioError, match="cannot be told to 'explode'"):
        shop.act(first, "explode", {}, ANN)

    shop.act(first, "change", dict(g_lr=0.01), ANN)
    assert wait(shop.supervisor, first, lambda s: s.applied == 1).train["g_lr"] == 0.01
    assert shop.view(first, BOB)["changes"][-1]["changes"] == {"g_lr": 0.01}
    shop.act(first, "pause", {}, ANN)
    paused = wait_for(shop.supervisor, first, "paused")
    shop.act(first, "resume", {}, ANN)
    wait(shop.supervisor, first, lambda s: s.step > paused.step)
    with pytest.raises(StudioError, match="has not ended"):
        shop.act(first, "continue", {}, ANN)
    shop.act(anns, "stop", {}, ANN)
    assert shop.view(anns, ANN)["state"]["status"] == "stopped"
    shop.act(first, "stop", {}, ANN)
    stopped = wait_for(shop.supervisor, first, "stopped")
    wait_for(shop.supervisor, bobs, "done")

    with pytest.raises(StudioError, match="is done"):
        shop.act(bobs, "continue", {}, BOB)
    shop.act(bobs, "continue", dict(steps=6), BOB)
    assert wait_for(shop.supervisor, bobs, "done").step == 6
    for id, owner in ((first, ANN), (anns, ANN), (bobs, BOB)):
        shop.act(id, "delete", {}, owner)
    assert stopped.step > 2 and {state["id"] for state in shop.runs(ANN)} == {done}
    with pytest.raises(StudioError, match="There is no run called"):
        shop.view(first, ANN)


@pytest.mark.parametrize(
    "what, values, words",
    [
        ("continue", dict(steps="x"), "steps must be a whole number"),
        ("continue", dict(steps=2), "at step 4 already"),
        ("continue", dict(steps=10**400), "steps must lie"),
        ("continue", dict(minutes="x"), "minutes must be a number"),
        ("continue", dict(minutes=float("nan")), "minutes must lie"),
        ("continue", dict(minutes=10**400), "minutes must lie"),
        ("continue", dict(minutes=[1]), "minutes must be a number"),
        ("continue", dict(hours=3), "no setting called 'hours'"),
        ("branch", dict(step=99), "Step 99 of this run was not kept"),
        ("branch", dict(step=1.0), "whole number"),
        ("branch", dict(step="\ud800"), "whole number"),
        ("branch", dict(step=True), "whole number"),
        ("branch", dict(step=-1), "step must lie"),
        ("branch", dict(step=2, steps=0), "steps must"),
        ("branch", dict(step=2, title="\0"), "letters that are none"),
        ("branch", dict(step=2, base="cats"), "no setting called 'base'"),
        ("change", dict(g_lr=7), "g_lr must lie"),
        ("change", dict(seed=3), "seed of a run"),
        ("change", dict(x=1), "called 'x'"),
        ("change", dict(augment={}), "augment must be a list"),
        ("pause", {}, "not running"),
        ("resume", {}, "not running"),
        ("stop", {}, "ended already"),
        ("", {}, "cannot be told to ''"),
        ("__class__", {}, "cannot be told"),
    ],
)
def test_acts_that_are_refused(shop, done, what, values, words):
    before = len(shop.supervisor.list())
    with pytest.raises(StudioError, match=words):
        shop.act(done, what, values, ANN)
    assert len(shop.supervisor.list()) == before


def test_a_model_to_take_away(shop, done, tmp_path):
    for step, name in ((None, "Tiny-4"), (2, "Tiny-2")):
        file = shop.pack(done, step, tmp_path)
        with zipfile.ZipFile(file) as archive:
            assert file.name == f"{name}.zip" and f"{name}/model.safetensors" in archive.namelist()
    with pytest.raises(StudioError, match="was not kept"):
        shop.pack(done, 99, tmp_path)


@pytest.mark.parametrize("step", [9, -1, 10**9])
def test_grids_that_are_not_there(shop, done, step):
    with pytest.raises(StudioError, match="There is no grid of step"):
        shop.grid(done, step)


@pytest.mark.parametrize("id", ["", "..", ".sets", ".line", "a/b", "a\0b", "x" * 5000, None, 3])
def test_ids_of_no_runs(shop, tmp_path, id):
    for ask in (
        lambda: shop.view(id, ANN, True),
        lambda: shop.grid(id, 0),
        lambda: shop.pack(id, None, tmp_path),
        lambda: shop.act(id, "stop", {}, ANN),
        lambda: shop.act(id, "branch", dict(step=1), ANN),
    ):
        with pytest.raises(StudioError, match="There is no run called"):
            ask()


def test_whoever_sits_there_may_do_everything(open_shop):
    shop = open_shop(shared=False)
    pictures = give(shop, ANN, "", 8)
    assert shop.about_set(pictures, BOB)["status"] == "ready"
    id = shop.start(order(pictures, base="", family="mlp"), BOB)  # from scratch
    assert shop.view(id, ANN)["state"]["mine"]
    wait_for(shop.supervisor, id, "done")
    assert shop.view(id, ANN)["state"]["model"] == "mlp"
    assert read_job(shop.supervisor.root / id).spec.minutes is None
    shop.act(id, "change", dict(g_lr=0.01), ANN)
    shop.act(id, "delete", {}, ANN)
    assert shop.runs(BOB) == []


def test_a_list_of_words_becomes_a_run(open_shop, monkeypatch):
    """From scratch with the family that makes words; other families, and bases of pictures, say why not."""
    shop = open_shop(shared=False)

    async def parts(data):
        yield data

    id = shop.new_set(ANN)
    words = "\n".join(f"{a}{b}{c}" for a in "bcdf" for b in "aeiou" for c in "lmnr")
    finished(shop.sets.receive(id, ANN, "words.txt", parts(words.encode())))
    shop.read_set(id, ANN, "", 0, 0)
    ready(shop, id)
    for start in (dict(family="dcgan", base=""), dict(base="cats")):
        with pytest.raises(StudioError, match="These are words, and this base makes pictures"):
            shop.start(order(id, **start), ANN)
    pictures = give(shop)
    with pytest.raises(StudioError, match="This base makes words, and these are pictures"):
        shop.start(order(pictures, base="", family="words"), ANN)
    assert {row.get("makes") for row in shop.bases() if row.get("family") == "words"} == {"text"}
    narrow = dict(symbols=" abeilmnoru", places=4)
    with monkeypatch.context() as patch:
        patch.setattr(shop, "_config", lambda base: ModelConfig("words", narrow, narrow))
        spec, _ = shop._spec(read_order(order(id, base="words")), ANN)
        assert spec.about_data == "20 words: the trainer's own"  # of 80: those that the base can spell
        with pytest.raises(StudioError, match="A model of words learns from a list of words"):
            shop.set_from_example(ANN, "faces", "words", 64)
    run = shop.start(order(id, base="", family="words"), ANN)
    wait_for(shop.supervisor, run, "done")
    seen = shop.view(run, ANN)
    assert seen["makes"] == "text" and seen["grids"][-1] == 4
    lines = shop.grid_text(run, 4).read_text().splitlines()
    assert len(lines) == 4 and all(len(line) <= 4 for line in lines)
    with pytest.raises(StudioError, match="no words of step 9"):
        shop.grid_text(run, 9)
