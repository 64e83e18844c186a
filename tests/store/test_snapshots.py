"""Runs as models with time: their snapshots by step, what they share, and what is refused."""

import logging
import os
import shutil
import threading

import numpy as np
import pytest
import torch
from kept_runs import keep, trained
from tiny_model import sentence
from training import games

from gan.errors import StudioError
from gan.store.model_folder import load_generator, read_config
from gan.store.snapshots import kept_steps
from gan.studio.engine import Engine
from gan.studio.library import model as in_use
from gan.studio.library.loaded import Models
from gan.studio.path_recipes import PathRecipe
from gan.studio.recipes import Recipe


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two runs, trained once: one from a base, one from scratch."""
    root = tmp_path_factory.mktemp("made")
    trained(root / "tuned")
    trained(root / "scratch", base=None)
    return root


@pytest.fixture
def runs(made, tmp_path):
    return shutil.copytree(made, tmp_path / "runs")


@pytest.fixture
def models(runs):
    return Models((), local=False, runs=runs)


def hint(call, *args) -> str:
    with pytest.raises(StudioError) as caught:
        call(*args)
    return caught.value.hint


def same_weights(a, b) -> bool:
    return all(torch.equal(t, b.state_dict()[name]) for name, t in a.state_dict().items())


# Through time


def test_a_run_is_its_newest_snapshot_and_any_step_it_kept(models, runs):
    newest, middle = models.get("tuned"), models.get("tuned", "0000002")
    assert (newest.id, newest.revision, newest.run) == ("tuned", "0000004", "tuned")
    assert (middle.id, middle.revision, middle.path) == ("tuned", "0000002", runs / "tuned/snapshots/0000002")
    assert models.get("tuned", "2") is models.get("tuned@2") is middle and models.get("tuned", "4") is newest
    assert models.resolve("tuned", "2") == middle.path and models.resolve("tuned") == newest.path
    written = load_generator(middle.path, read_config(middle.path))
    assert same_weights(middle.generator, written) and not same_weights(newest.generator, written)


def test_runs_are_not_in_the_list_and_bundled_models_go_first(runs, tmp_path):
    models = Models((tmp_path / "weights",), local=False, runs=runs)
    assert models.names() == [] and models.is_kept("tuned") and not models.is_kept("nowhere")
    shutil.copytree(runs / "tuned/snapshots/0000000", tmp_path / "weights" / "scratch")
    assert models.names() == ["scratch"] and models.get("scratch").run is None


def test_a_new_snapshot_is_seen_at_once_and_a_deleted_run_is_gone_at_once(models, runs):
    game = games.trainer("stylegan2")
    run = trained(runs / "growing", steps=(1,))
    assert models.get("growing").revision == "0000001"
    keep(run, game, (3,))
    assert models.get("growing").revision == "0000003" and models.get("growing").steps() == [1, 3]
    shutil.rmtree(runs / "growing")
    assert (
        sentence(models.get, "growing") == sentence(models.get, "growing", "1") == "There is no model called 'growing'."
    )


def test_a_snapshot_that_was_written_anew_is_loaded_anew(models, runs):
    before = models.get("tuned", "2")
    for name in ("config.json", "model.safetensors"):
        shutil.copy(runs / "tuned/snapshots/0000004" / name, runs / "tuned/snapshots/0000002")
    assert not same_weights(models.get("tuned", "2").generator, before.generator)


def test_a_recipe_moves_through_time_by_its_revision_alone(models):
    engine = Engine(models)
    film = np.concatenate([engine.render([Recipe("tuned", step, seed=3)]) for step in ("0", "2", "4")])
    assert len({picture.tobytes() for picture in film}) == 3
    assert np.array_equal(engine.render([Recipe("tuned", seed=3)])[0], film[2])


# What is not there


def test_a_run_without_a_snapshot_says_so(models, runs):
    trained(runs / "young", steps=())
    assert sentence(models.get, "young") == "The run young has kept no model yet."
    assert "has kept no model yet" in hint(models.get, "young", "5")
    unfinished = runs / "young" / "snapshots" / "0000002"
    shutil.copytree(runs / "tuned/snapshots/0000002", unfinished)
    (unfinished / "config.json").unlink()  # it comes last
    assert sentence(models.get, "young") == "The run young has kept no model yet."


@pytest.mark.parametrize("step, near", [("1", "0 and 2"), ("3", "2 and 4"), ("900", "4")])
def test_a_step_that_was_not_kept_names_the_nearest(models, step, near):
    assert sentence(models.get, "tuned", step) == f"Step {step} of the run tuned was not kept."
    assert hint(models.get, "tuned", step).endswith(f"kept: {near}.")


@pytest.mark.parametrize(
    "revision",
    ["main", "", "-1", "+2", " 2", "2.0", "1e3", "../0000002", "/etc", "0000002/", "0" * 13, "²", "٢", "9" * 400],
)
def test_what_is_no_step(models, revision):
    assert "is not a step of the run tuned" in sentence(models.get, "tuned", revision)


@pytest.mark.parametrize(
    "name",
    [
        "..",
        ".",
        "tuned/..",
        "../runs/tuned",
        "tuned/snapshots/0000002/../0000004",
        "",
        "tuned\x00",
        ".hidden",
        "tuned/",
        "a/b/../c",
    ],
)
def test_names_that_lead_nowhere(models, name):
    words = sentence(models.get, name)
    assert "is not the name of a model" in words or "is not the id of a model" in words
    assert not models.is_kept(name)


def test_a_path_below_a_run_is_no_name(models):
    assert sentence(models.get, "tuned/snapshots/0000002").startswith("There is no model called")


@pytest.mark.parametrize(
    "linked", ["tuned", "tuned/snapshots", "tuned/snapshots/0000002", "tuned/snapshots/0000002/model.safetensors"]
)
def test_links_are_refused(models, runs, tmp_path, linked):
    outside = (runs / linked).rename(tmp_path / "outside")
    (runs / linked).symlink_to(outside)
    assert "link" in sentence(models.get, "tuned", "2")


@pytest.mark.parametrize("linked", ["tuned", "tuned/snapshots"])
def test_links_on_the_way_to_the_newest_are_refused(models, runs, tmp_path, linked):
    outside = (runs / linked).rename(tmp_path / "outside")
    (runs / linked).symlink_to(outside)
    assert "link" in sentence(models.get, "tuned")


def test_a_link_among_the_snapshots_is_none_of_them(models, runs):
    (runs / "tuned/snapshots/0000009").symlink_to(runs / "scratch/snapshots/0000004")
    assert kept_steps(runs / "tuned") == [0, 2, 4] and models.get("tuned").revision == "0000004"
    assert "link" in sentence(models.get, "tuned", "9")


def test_other_names_among_the_snapshots_are_none_of_them(runs):
    for name in ("00000009", "9", "latest", "0000011.part"):
        shutil.copytree(runs / "tuned/snapshots/0000002", runs / "tuned/snapshots" / name)
    assert kept_steps(runs / "tuned") == [0, 2, 4]


# Directions


def test_snapshots_of_a_tuned_run_share_the_directions_of_its_start(models, monkeypatch):
    found = []
    find = in_use.find
    monkeypatch.setattr(in_use, "find", lambda generator, **more: found.append(generator) or find(generator, **more))
    kept = [models.get("tuned", step).directions() for step in ("4", "2", "0")]
    assert kept[0] is kept[1] is kept[2] and found == [models.get("tuned", "0").generator]
    own = models.get("scratch", "4").directions()
    assert own is not models.get("scratch", "0").directions() and own is models.get("scratch", "4").directions()
    assert len(found) == 3


def test_without_its_start_the_first_snapshot_gives_the_directions(models, runs):
    shutil.rmtree(runs / "tuned/snapshots/0000000")
    first, last = models.get("tuned", "2"), models.get("tuned", "4")
    assert last.directions() is first.directions() and last.base is first.base is None


def test_settings_that_cannot_be_read_cost_the_base_alone(models, runs, caplog):
    (runs / "tuned" / "config.json").write_text("{")
    with caplog.at_level(logging.WARNING):
        model = models.get("tuned", "4")
    assert model.base is None and "config.json of tuned cannot be read: it is not JSON" in caplog.text
    assert Engine(models).render([Recipe("tuned", "4")]).shape == (1, 8, 8, 3)


# Blends


def test_a_blend_leads_from_the_base_to_the_run(models):
    engine = Engine(models)
    base, middle, own, beyond = engine.render([Recipe("tuned", "4", seed=3, blend=(a,) * 3) for a in (0, 0.5, 1, 1.5)])
    assert np.array_equal(base, engine.render([Recipe("tuned", "0", seed=3)])[0])
    assert np.array_equal(own, engine.render([Recipe("tuned", "4", seed=3)])[0])
    assert len({picture.tobytes() for picture in (base, middle, own, beyond)}) == 4
    for alone, together in zip((base, middle, beyond), (0, 0.5, 1.5), strict=True):
        assert np.array_equal(alone, engine.render([Recipe("tuned", "4", seed=3, blend=(together,) * 3)])[0])


def test_everything_of_a_picture_comes_from_the_blend(models):
    engine = Engine(models)
    generator = models.get("tuned").blended((0.5, 0.25, 0.0))
    recipe = Recipe("tuned", seed=3, psi=0.5, directions=(1.0,), blend=(0.5, 0.25, 0.0))
    z = torch.tensor([engine.z(recipe)])
    w = generator.center().lerp(generator.mapping(z), 0.5)
    w = models.get("tuned", "0").directions().apply(w, torch.tensor([[1.0]]))
    assert torch.allclose(engine.latents([recipe]), w, atol=1e-5)
    mixed = engine.latents([Recipe("tuned", seed=3), recipe, Recipe("tuned", seed=3)])
    assert (
        torch.allclose(mixed[1:2], w, atol=1e-5)
        and torch.equal(mixed[0], mixed[2])
        and not torch.equal(mixed[0], mixed[1])
    )
    shown = (generator.synthesis(w) * 127.5 + 128).clamp(0, 255).to(torch.uint8)[0].permute(1, 2, 0).numpy()
    assert np.abs(engine.render([recipe])[0].astype(int) - shown).max() <= 1


def test_the_blend_of_the_first_keyframe_holds_for_the_film(models):
    engine = Engine(models)
    film = PathRecipe(
        (Recipe("tuned", seed=1, blend=(0, 0.5, 1)), Recipe("tuned", seed=2, psi=0.5)), steps=3, path="spherical"
    )
    frames = np.concatenate(list(engine.frames(film)))
    for number, recipe in film.keyframe_recipes().items():
        assert recipe.blend == (0.0, 0.5, 1.0)
        assert np.abs(frames[number].astype(int) - engine.render([recipe])[0]).max() <= 1
    plain = np.concatenate(list(engine.frames(PathRecipe(film.keyframes[::-1], 3))))
    assert not np.array_equal(plain[-1], frames[0])


def test_the_start_itself_stays_as_it_is(models):
    """So that a recipe with a blend may move to step 0."""
    engine = Engine(models)
    assert np.array_equal(
        engine.render([Recipe("tuned", "0", blend=(0.3, 0, 1.5))]), engine.render([Recipe("tuned", "0")])
    )


@pytest.mark.parametrize("name", ["scratch", "bundled"])
def test_where_there_is_no_base_a_blend_is_refused(runs, name):
    shutil.copytree(runs / "tuned/snapshots/0000004", runs.parent / "weights" / "bundled")
    engine = Engine(Models((runs.parent / "weights",), runs=runs))
    assert sentence(engine.render, [Recipe(name, blend=(0, 1, 1))]) == f"{name} has no base to blend with."
    assert sentence(engine.latents, [Recipe(name, blend=(0, 1, 1))]) == f"{name} has no base to blend with."
    engine.render([Recipe(name, blend=(1, 1, 1))])


def test_a_snapshots_folder_named_as_a_path_can_be_blended_too(runs):
    engine, by_id = Engine(Models(())), Engine(Models((), runs=runs))
    here = Recipe(str(runs / "tuned/snapshots/0000004"), seed=3, directions=(1.0,), blend=(0.5, 0, 0))
    assert np.array_equal(
        engine.render([here]), by_id.render([Recipe("tuned", seed=3, directions=(1.0,), blend=(0.5, 0, 0))])
    )


def test_a_blend_is_made_once_however_many_ask(models):
    model = models.get("tuned")
    got, ready = [], threading.Barrier(8)

    def ask():
        ready.wait()
        got.append(model.blended((0.5, 0.5, 0.5)))

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(got) == 8 and len(set(map(id, got))) == 1 and not got[0].training
    assert not any(p.requires_grad or p.is_inference() for p in got[0].parameters())


def test_a_large_blend_makes_the_oldest_go(models, monkeypatch):
    monkeypatch.setattr(in_use, "BLENDS_ROOM", 0)
    model = Models((), runs=models.places.runs).get("tuned")
    first = model.blended((0.5, 0, 0))
    assert model.blended((0.5, 0, 0)) is first
    for amount in (0.6, 0.7):
        model.blended((amount, 0, 0))
    assert model.blended((0.5, 0, 0)) is not first


def test_a_deleted_base_is_a_sentence(models, runs):
    model = models.get("tuned")
    shutil.rmtree(runs / "tuned/snapshots/0000000")
    assert sentence(model.blended, (0.5, 0, 0)) == "Step 0 of the run tuned was not kept."


def test_a_hundred_snapshots_are_listed_in_a_moment(models, runs):
    for step in range(6, 106):
        os.makedirs(runs / f"tuned/snapshots/{step:07d}")
        (runs / f"tuned/snapshots/{step:07d}/config.json").touch()
    assert models.get("tuned", "4").steps() == [0, 2, 4, *range(6, 106)]
