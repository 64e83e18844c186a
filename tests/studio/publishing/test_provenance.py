"""Where a model comes from, and what that leaves of its licence."""

import json

import pytest
import torch

from gan.errors import StudioError
from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.store.run_folder import Run
from gan.store.run_settings import RunSettings
from gan.studio.hub.client import Hub
from gan.studio.library.loaded import Models
from gan.studio.publishing.provenance import provenance

NET = {"image_shape": [3, 8, 8], "hidden": [8]}


def model(folder, **about):
    torch.manual_seed(0)
    config = ModelConfig("mlp", {**NET, "z_dim": 4}, NET, **about)
    return write_model(folder, config, config.build_generator(), config.build_discriminator())


@pytest.fixture
def kept(tmp_path):
    """kept(name, base, licence="...") -> the snapshot of a run that started from `base`."""

    def make(name, base, **about):
        settings = RunSettings("pictures", None, base, "mlp", {**NET, "z_dim": 4}, NET, (), {}, about)
        run = Run.create(tmp_path / "runs" / name, settings)
        return model(run.snapshot_path(5), **about)

    return make


@pytest.fixture
def models(tmp_path, hub_server):
    model(tmp_path / "box" / "cats", licence="CC BY 4.0 (by David)", data="cats of David", title="Cats")
    model(tmp_path / "box" / "punks")
    hub = Hub(hub_server.url, tmp_path / "cache", token=None)
    return Models((tmp_path / "box",), hub, runs=tmp_path / "runs")


def test_what_is_in_the_box_has_its_own_terms(models):
    cats = provenance(models, "cats")
    assert (cats.terms.name, cats.terms.words, cats.terms.changed) == ("cats", "CC BY 4.0 (by David)", False)
    assert provenance(models, "punks").terms.words == ""


def test_a_run_from_scratch_is_its_owners(models, kept):
    kept("mine", None, licence="MIT")
    it = provenance(models, "mine")
    assert (it.terms, it.base, it.step, it.run.path.name) == (None, "", 5, "mine")
    kept("more", "mine")  # and so is what was trained on from it
    assert provenance(models, "more").terms is None and provenance(models, "more").base == "mine"


def test_a_fine_tune_carries_the_terms_of_all_that_it_comes_from(models, kept):
    kept("first", "cats", licence="That of cats (CC BY 4.0 (by David)), and whatever the training data allow.")
    it = provenance(models, "first")
    assert it.terms.words.startswith("That of cats (CC BY 4.0 (by David))") and it.data == "cats of David"
    kept("second", "first", licence="CC BY-NC 4.0")
    it = provenance(models, "second")
    assert [one.id for one in it.terms.named] == ["cc-by-4.0", "cc-by-nc-4.0"] and it.terms.choices[0] == "cc-by-nc-4.0"
    kept("third", "punks", licence="MIT")  # a word of one's own does not say what its base allows
    assert provenance(models, "third").terms.words == ""


def test_a_base_that_is_gone_leaves_what_its_heir_says(models, kept):
    kept("orphan", "20260101-000000-00000000", licence="That of it (MIT)")
    assert provenance(models, "orphan").terms.words == "That of it (MIT)"
    kept("silent", "20260101-000000-00000000")
    assert provenance(models, "silent").terms.words == ""


def test_a_base_on_the_hub_is_asked_there(models, kept, hub_server):
    sha = hub_server.add_repo("eve/cats", {"README.md": b"---\nlicense: cc-by-sa-4.0\n---\n"})
    kept("tuned", f"eve/cats@{sha}")
    it = provenance(models, "tuned")
    assert (it.terms.name, it.terms.words, it.on_hub) == ("eve/cats", "cc-by-sa-4.0", ("eve/cats",))
    kept("tuned-again", "tuned")
    assert provenance(models, "tuned-again").on_hub == ("eve/cats",)
    hub_server.add_repo("eve/quiet", {"README.md": b"---\nlicense: unknown\n---\n"})
    kept("quiet", "eve/quiet", licence="MIT")
    assert provenance(models, "quiet").terms.words == ""
    hub_server.go_offline()
    assert provenance(models, "tuned").terms.words == ""  # nobody can say: so it stays private


def test_converted_models_name_where_they_were_found(models, tmp_path):
    model(tmp_path / "box" / "brought", origin="eve/gan at 0123456: model.pt", licence="mit")
    assert provenance(models, "brought").on_hub == ("eve/gan",)


def test_a_package_says_what_it_started_from(tmp_path, models):
    folder = model(tmp_path / "away", licence="MIT")
    (folder / "settings.json").write_text(json.dumps({"base": "cats"}))
    assert provenance(models, str(folder)).terms.words == "CC BY 4.0 (by David); MIT"
    (folder / "settings.json").write_text(json.dumps({"base": None}))
    assert provenance(models, str(folder)).terms is None
    (folder / "settings.json").write_text("{")
    with pytest.raises(StudioError, match="settings.json"):
        provenance(models, str(folder))
