"""Which models visitors may use, with the real client and a small hub."""

import shutil

import pytest
from hostile import model_zip
from kept_runs import trained
from tiny_model import CONFIG, write_tiny

from gan.errors import StudioError
from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.studio.engine import Engine
from gan.studio.hub.client import Hub
from gan.studio.library.library import Library, about
from gan.studio.library.loaded import Models
from gan.studio.library.recent import RecentModels
from gan.studio.library.uploads import Uploads
from gan.studio.recipes import Recipe


@pytest.fixture
def weights(tmp_path):
    for name in ("bees", "ants"):
        write_tiny(tmp_path / "weights" / name)
    return tmp_path / "weights"


@pytest.fixture
def models(weights, hub_server, tmp_path):
    """Those above; ada/tiny lies on the hub. One model at a time stays in memory."""
    hub_server.sha = hub_server.add_repo("ada/tiny", weights / "ants")
    return Models((weights,), Hub(hub_server.url, tmp_path / "cache"), local=False, keep=1, room=0)


@pytest.fixture
def library(models):
    return Library(models)


def sentence(call, *args) -> str:
    with pytest.raises(StudioError) as caught:
        call(*args)
    assert caught.value.message.endswith(".") and caught.value.hint.endswith(".")
    return caught.value.message


def test_the_favourite_comes_first(models):
    assert Library(models, ("bees",)).names() == ["bees", "ants"] and Library(models, ("bees",)).first == "bees"
    assert Library(models).names() == ["ants", "bees"] and Library(models).first == "ants"


def test_no_models_at_all(tmp_path):
    library = Library(Models((tmp_path / "none",), local=False))
    assert library.names() == []
    with pytest.raises(StudioError, match="no models here"):
        _ = library.first


def test_bundled_models_need_no_opening(library):
    assert library.get("ants").id == "ants"
    library.check([Recipe("ants"), Recipe("bees")])


def test_a_model_of_the_hub_is_opened_first(library, hub_server):
    words = "The model 'ada/tiny' is not open here."
    assert sentence(library.get, "ada/tiny") == sentence(library.get, "ada/tiny", hub_server.sha) == words
    assert sentence(library.check, [Recipe("ants"), Recipe("ada/tiny")]) == words
    assert hub_server.log == []
    opened = library.open(" ada/tiny ")
    assert (opened.id, opened.revision) == ("ada/tiny", hub_server.sha)
    assert library.get("ada/tiny").id == library.get("ada/tiny", hub_server.sha).id == "ada/tiny"
    assert library.names() == ["ants", "bees", "ada/tiny"]
    library.check([Recipe("ada/tiny"), Recipe("ada/tiny", hub_server.sha)])


def test_an_open_model_needs_no_network_even_when_others_took_its_place_in_memory(library, hub_server):
    library.open("ada/tiny")
    library.get("ants"), library.get("bees")
    hub_server.go_offline()
    assert library.get("ada/tiny").revision == hub_server.sha


def test_another_visitors_revision_takes_nothing_away(library, hub_server, weights):
    old = library.open("ada/tiny").revision
    (weights / "ants" / "README.md").write_text("# Newer")
    new = hub_server.add_repo("ada/tiny", weights / "ants", ref="newer")
    assert library.open("ada/tiny@newer").revision == new != old
    library.check([Recipe("ada/tiny", old), Recipe("ada/tiny", new)])
    assert library.get("ada/tiny", old).revision == old and library.get("ada/tiny").revision == new
    library.open(f"ada/tiny@{old}")
    assert library.get("ada/tiny").revision == old and library.names().count("ada/tiny") == 1


def test_only_what_was_opened_is_open(library, hub_server):
    library.open("ada/tiny")
    for name, revision in (("ada/tiny", "main"), ("ada/tiny", "0" * 40), ("ants", hub_server.sha), ("", None)):
        assert "is not open here" in sentence(library.get, name, revision)


@pytest.mark.parametrize("source", ["", "..", "/etc", "~", "ants/..", "./ants", "x" * 600, "\n", None, 3, ["ants"]])
def test_what_is_no_model_cannot_be_opened(library, hub_server, source):
    sentence(library.open, source)
    assert hub_server.log == [] and library.names() == ["ants", "bees"]


def test_what_cannot_be_opened_is_not_listed(library):
    assert "no model ada/none" in sentence(library.open, "ada/none")
    assert library.names() == ["ants", "bees"]


def test_a_model_that_makes_no_pictures_spoils_the_list_for_nobody(library, hub_server, tmp_path):
    points = ModelConfig("mlp", dict(image_shape=[2], hidden=[8], z_dim=4))
    hub_server.add_repo("ada/points", write_model(tmp_path / "points", points, points.build_generator()))
    assert "does not make pictures" in sentence(library.open, "ada/points")
    assert library.names() == ["ants", "bees"] and [row["id"] for row in library.about_all()] == ["ants", "bees"]


def test_a_model_that_broke_is_left_out_of_the_list(library, weights, caplog):
    (weights / "bees" / "config.json").write_text("{")
    assert [row["id"] for row in library.about_all()] == ["ants"] and "bees" in caplog.text


# Runs and uploads


@pytest.fixture
def kept(weights, tmp_path):
    """A library with a run from a base, one from scratch, and an upload."""
    trained(tmp_path / "runs" / "tuned", (0, 2))
    trained(tmp_path / "runs" / "scratch", (1,), base=None)
    upload = Uploads(tmp_path / "uploads").add(model_zip(tmp_path / "ants.zip", weights / "ants"))
    library = Library(Models((weights,), local=False, runs=tmp_path / "runs", uploads=tmp_path / "uploads"))
    return library, upload


def test_runs_and_uploads_are_open_and_where_several_people_work_not_listed(kept):
    library, upload = kept
    library.shared = True
    assert library.get("tuned").revision == "0000002" and library.get("tuned", "0").revision == "0000000"
    assert library.get(upload).id == library.open(upload).id == library.use(upload).id == upload
    assert library.open("tuned").id == library.use("tuned").id == "tuned"
    library.check([Recipe("tuned"), Recipe("tuned", "0000000"), Recipe(upload), Recipe("ants")])
    assert library.names() == ["ants", "bees"] and len(library.about_all()) == 2


def test_uploads_of_ones_own_computer_are_listed_from_when_they_were_opened_until_they_are_forgotten(kept, tmp_path):
    library, upload = kept
    assert upload not in library.names()
    library.open(upload), library.open("tuned")
    assert library.names() == ["ants", "bees", upload]
    card = library.cards()[-1]
    assert (card["id"], card["title"], card["bundled"], card["removable"], card["loaded"]) == (
        upload,
        "Tiny",
        False,
        True,
        True,
    )
    assert [row["removable"] for row in library.cards()[:2]] == [False, False]
    library.shared = True
    assert "Several people" in sentence(library.forget, upload) and library.names() == ["ants", "bees"]
    library.shared = False
    library.forget(upload)
    assert library.names() == ["ants", "bees"] and not (tmp_path / "uploads" / upload).exists()
    assert (
        "is not on the list"
        in sentence(library.forget, upload)
        == sentence(library.forget, "ants").replace("ants", upload)
    )


def test_a_forgotten_model_of_the_hub_is_closed_and_stays_in_the_cache(library, hub_server):
    library.open("ada/tiny")
    library.forget("ada/tiny")
    assert library.names() == ["ants", "bees"] and "is not open here" in sentence(library.get, "ada/tiny")
    hub_server.go_offline()
    assert library.open("ada/tiny").revision == hub_server.sha


def test_what_was_opened_is_open_after_a_restart_without_the_network(models, hub_server, tmp_path):
    first = Library(models, recent=RecentModels(tmp_path / "recent.json"))
    first.open("ada/tiny")
    hub_server.go_offline()
    again = Library(Models(models.places.roots, models.hub, local=False), recent=RecentModels(tmp_path / "recent.json"))
    assert again.names() == ["ants", "bees", "ada/tiny"] and again.get("ada/tiny").revision == hub_server.sha
    assert [row["id"] for row in again.about_all()] == again.names()


def test_what_a_run_has_not_kept_is_not_open(kept, tmp_path):
    library, upload = kept
    for call in (lambda: library.get("tuned", "1"), lambda: library.check([Recipe("tuned", "1")])):
        assert sentence(call) == "Step 1 of the run tuned was not kept."
    assert "has no revisions" in sentence(library.check, [Recipe(upload, "1")])
    assert "upload-000000000000" in sentence(library.get, "upload-000000000000")
    shutil.rmtree(tmp_path / "runs" / "tuned")
    shutil.rmtree(tmp_path / "uploads" / upload)
    for name in ("tuned", upload):
        assert (
            sentence(library.get, name)
            == sentence(library.check, [Recipe(name)])
            == f"The model {name!r} is not open here."
        )


def test_what_painting_a_run_needs_is_prepared(kept):
    library, _ = kept
    recipe = Recipe("tuned", directions=(1.0,), blend=(0.5, 0, 0))
    parts = [[Recipe("tuned")], [Recipe("tuned", directions=(1.0,))], [Recipe("tuned", blend=(0.5, 0, 0))]]
    assert not any(map(library.is_prepared, parts))
    for recipes in parts:
        library.prepare(recipes)
        assert library.is_prepared(recipes)
    assert library.is_prepared([recipe])
    library.models.get("tuned", "2")  # what is in memory already is that step
    assert library.is_prepared([Recipe("tuned", "2")]) and not library.is_prepared([recipe, Recipe("scratch")])
    assert Engine(library).render([recipe, Recipe("tuned")]).shape == (2, 8, 8, 3)
    assert "no base" in sentence(library.prepare, [Recipe("scratch", blend=(0, 0, 0))])


def test_what_made_room_for_others_is_prepared_no_more(library, hub_server):
    """One model at a time stays in memory; and one of the Hub whose files are gone would be fetched."""
    ants, tiny = [Recipe("ants", directions=(1.0,))], [Recipe("ada/tiny")]
    library.prepare(ants)
    assert library.is_prepared(ants)
    opened = library.open("ada/tiny")
    library.prepare(tiny)
    assert library.is_prepared(tiny) and not library.is_prepared(ants)
    shutil.rmtree(opened.path)
    assert not library.is_prepared(tiny)
    library.prepare(tiny + ants)
    assert library.is_prepared(ants) and not library.is_prepared(tiny)
    assert "not open" in sentence(library.is_prepared, [Recipe("nowhere")])


def test_a_run_that_kept_a_newer_model_is_not_prepared_until_that_is_loaded(kept, tmp_path):
    library, _ = kept
    library.prepare([Recipe("tuned")])
    snapshots = tmp_path / "runs" / "tuned" / "snapshots"
    shutil.copytree(snapshots / "0000002", snapshots / "0000004")
    assert not library.is_prepared([Recipe("tuned")]) and library.is_prepared([Recipe("tuned", "2")])
    library.prepare([Recipe("tuned")])
    assert library.is_prepared([Recipe("tuned")])


def test_about_a_run(kept):
    library, upload = kept
    told = [
        {key: about(library.get(*which))[key] for key in ("id", "revision", "run", "steps", "base")}
        for which in (("tuned",), ("tuned", "0"), ("scratch",), (upload,), ("ants",))
    ]
    start = dict(id="tuned", revision="0000000", title="cats")
    assert told == [
        dict(id="tuned", revision="0000002", run="tuned", steps=[0, 2], base=start),
        dict(id="tuned", revision="0000000", run="tuned", steps=[0, 2], base=start),
        dict(id="scratch", revision="0000001", run="scratch", steps=[1], base=None),
        dict(id=upload, revision=None, run=None, steps=[], base=None),
        dict(id="ants", revision=None, run=None, steps=[], base=None),
    ]


def test_about_a_model(library):
    told = about(library.get("ants"))
    assert told["classes"] == list(CONFIG.classes) and told["pixel_art"] and told["pair"] and not told["noise"]
    assert (told["channels"], told["height"], told["width"], told["z_dim"], told["psi"]) == (1, 8, 8, 6, 0.8)
    assert 0 < told["directions"] <= 8 and told["revision"] is None


def test_points_are_dragged_where_there_are_maps_whatever_a_config_claims(tmp_path):
    measured = dict(reached=10, count=10, outside=0.0, between_seeds=1.0)
    for name, kind, values in (
        ("flat", "mlp", {"image_shape": (1, 16, 16), "hidden": (8,), "z_dim": 4}),
        ("maps", "dcgan", {"side": 16, "width": 4, "z_dim": 4}),
    ):
        config = ModelConfig(kind, values, drags=measured)
        assert config.can_drag
        write_model(tmp_path / name, config, config.build_generator())
    library = Library(Models((tmp_path,)))
    assert [about(library.get(name))["drags"] for name in ("flat", "maps")] == [False, True]


def test_classes_without_names_are_numbered(tmp_path):
    config = ModelConfig("mlp", {"image_shape": (1, 4, 4), "hidden": (8,), "num_classes": 3, "z_dim": 4})
    write_model(tmp_path / "numbers", config, config.build_generator())
    told = about(Library(Models((tmp_path,))).get("numbers"))
    assert told["classes"] == ["0", "1", "2"] and told["title"] == "numbers" and not told["pair"]


def test_points_are_not_shown_as_pictures(tmp_path):
    config = ModelConfig("mlp", {"image_shape": (2,), "hidden": (8,), "z_dim": 2})
    write_model(tmp_path / "points", config, config.build_generator())
    assert "does not make pictures" in sentence(about, Library(Models((tmp_path,))).get("points"))
