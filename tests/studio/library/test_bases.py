"""Models outside of runs that were trained on from another one, blended with it where it lies here."""

import json
import shutil

import numpy as np
import pytest
import torch
from kept_runs import trained
from tiny_model import sentence

from gan.store.model_config import CONFIG, WEIGHTS
from gan.store.model_folder import load_generator, read_config
from gan.store.weights import save_weights
from gan.studio.engine import Engine
from gan.studio.library.bases import name_of
from gan.studio.library.library import Library, about
from gan.studio.library.loaded import Models
from gan.studio.recipes import Recipe


@pytest.fixture
def box(weights, tmp_path):
    """cats, people that came from them, birds that name models which they cannot have come from, and a run."""
    for name, base in (("cats", ""), ("people", "~/runs/cats at step 7"), ("odd", "digits"), ("lost", "nobody")):
        shutil.copytree(weights / "cats", tmp_path / "box" / name)
        tell(tmp_path / "box" / name, base)
    shutil.copytree(weights / "digits", tmp_path / "box" / "digits")
    people = tmp_path / "box" / "people"
    generator = load_generator(people, read_config(people))
    with torch.no_grad():
        for weight in generator.parameters():
            weight.add_(torch.randn_like(weight), alpha=0.1)
    save_weights(generator, people / WEIGHTS)
    return tmp_path / "box"


def tell(folder, base) -> None:
    """Let the config of a model say what it was trained on from."""
    values = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps(values | {"trained": {"base": base}, "checksums": {}}))


def test_a_model_in_the_box_is_blended_with_what_it_came_from(box):
    tell(box / "people", "cats")
    models = Models((box,))
    engine, blended = Engine(models), [Recipe("people", seed=3, blend=(a, a, a)) for a in (0, 0.5, 1)]
    first, middle, last = engine.render(blended)
    base, own = engine.render([Recipe("cats", seed=3)])[0], engine.render([Recipe("people", seed=3)])[0]
    assert np.array_equal(first, base) and np.array_equal(last, own)
    assert not np.array_equal(middle, base) and not np.array_equal(middle, own) and not np.array_equal(base, own)
    people, cats = models.get("people"), models.get("cats")
    assert (people.base.id, people.base.revision, people.base.title) == ("cats", None, cats.config.title or "cats")
    assert cats.base is None and people.directions() is not cats.directions()
    told = Library(models).open("people")
    assert about(told)["base"] == {"id": "cats", "revision": None, "title": people.base.title}


def test_what_it_did_not_come_from_is_no_base(box):
    models = Models((box,))
    odd, lost, aged = models.get("odd"), models.get("lost"), models.get("people")
    assert odd.base is lost.base is aged.base is None  # built differently, not here, and no such step of it
    assert (
        sentence(odd.blended, (0, 0, 0)) == "The two models are built differently, so their weights cannot be blended."
    )
    assert sentence(lost.blended, (0, 0, 0)) == "lost has no base to blend with."
    tell(box / "cats", "cats")
    assert models.get("cats").base is None


def test_a_name_alone_is_no_base_outside_of_the_box(box, tmp_path):
    tell(box / "people", "cats")
    shutil.copytree(box / "people", tmp_path / "mine")  # whose cats may be others
    assert Models((box,)).get(str(tmp_path / "mine")).base is None
    tell(box / "people", "/far/cats")
    assert Models((box,)).get("people").base is None


def test_a_step_of_a_run_is_a_base(box, tmp_path):
    trained(tmp_path / "runs" / "first", steps=(0, 2), base=None)
    shutil.copytree(tmp_path / "runs" / "first" / "snapshots" / "0000002", box / "taken")
    tell(box / "taken", "first at step 0")
    models = Models((box,), runs=tmp_path / "runs")
    taken = models.get("taken")
    assert (taken.base.id, taken.base.revision, taken.base.title) == ("first", "0000000", "first")
    engine = Engine(models)
    blended, started = engine.render([Recipe("taken", seed=1, blend=(0, 0, 0)), Recipe("first", "0", seed=1)])
    assert np.array_equal(blended, started)
    shutil.rmtree(tmp_path / "runs" / "first")
    assert taken.base is None


def test_what_a_model_is_called():
    assert [name_of(source) for source in ("cats", "me/cats@main", "~/far/cats at step 12", "")] == [
        "cats",
        "me/cats",
        "cats",
        "",
    ]
