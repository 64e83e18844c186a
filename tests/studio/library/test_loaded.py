"""Where models come from, and the models in use."""

import os
import shutil
import threading

import pytest
from tiny_model import CONFIG, NETWORK, change_config, change_header, entry, sentence, write_tiny

from gan.errors import StudioError
from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.studio.hub.client import Hub
from gan.studio.library.loaded import Models
from gan.studio.library.single_flight import SingleFlight


@pytest.fixture
def folder(tmp_path):
    return write_tiny(tmp_path / "tiny")


@pytest.fixture
def models(folder, closed_port):
    """The folder above as the only bundled model; visitors may not name paths and there is no network."""
    return Models((folder.parent,), Hub(closed_port, folder.parent / "cache"), local=False)


def test_directions_of_large_pictures_do_without_the_discriminator(tmp_path, caplog):
    network = {"image_shape": [1, 256, 256], "hidden": [4]}
    config = ModelConfig("mlp", {**network, "z_dim": 6}, network)
    write_model(tmp_path / "large", config, config.build_generator(), config.build_discriminator())
    (tmp_path / "large" / "discriminator.safetensors").write_bytes(b"broken, and nobody looks")
    assert len(Models((tmp_path,)).get("large").directions()) == 6 and not caplog.records


def test_a_model_without_a_discriminator(tmp_path):
    config = ModelConfig("mlp", {**NETWORK, "z_dim": 6})
    write_model(tmp_path / "alone", config, config.build_generator())
    model = Models((tmp_path,)).get("alone")
    assert not model.has_discriminator
    assert sentence(model.discriminator) == "alone comes without a discriminator."


# Sources


def test_bundled_models(models, folder):
    broken = folder.parent / "broken"
    broken.mkdir()
    (broken / "config.json").write_text("{}")
    (broken / "model.safetensors").write_text("")
    (folder.parent / "empty").mkdir()
    assert models.names() == ["broken", "tiny"]
    assert models.cards() == {"tiny": CONFIG}
    model = models.get("tiny")
    assert (model.id, model.revision, model.path, model.config) == ("tiny", None, folder, CONFIG)
    assert not model.generator.training and not any(p.requires_grad for p in model.generator.parameters())


def test_a_deeper_path_below_a_root(models, folder):
    (folder.parent / "a-run" / "snapshots").mkdir(parents=True)
    folder.rename(folder.parent / "a-run" / "snapshots" / "500")
    assert models.get("a-run/snapshots/500").id == "a-run/snapshots/500"
    assert models.names() == []


@pytest.mark.parametrize(
    "source",
    [
        "../x",
        "a/../../b",
        "..",
        ".",
        "~",
        "~root",
        "/etc",
        "/etc/passwd",
        "a/./b",
        "a//b",
        "a/b/c/../d",
        "",
        " ",
        "a\x00b",
        "a/b\n",
        "tiny/",
        "\\\\host\\share",
        "C:\\x",
        "http://host/a/b",
        "a/b@../c",
        "tiny@main",
        "x" * 600,
        "x" * 300,
        "@",
        "a/b@",
        None,
        7,
        ["tiny"],
    ],
)
def test_sources_that_lead_nowhere(models, source):
    message = sentence(models.get, source)
    assert sentence(models.resolve, source) == message
    assert "cannot be reached" not in message


def test_a_name_that_is_not_bundled(models):
    with pytest.raises(StudioError) as caught:
        models.get("faces")
    assert str(caught.value) == (
        "There is no model called 'faces'. The bundled models are tiny; a model on the Hub looks like user/repo."
    )


def test_folders_of_this_computer_only_where_allowed(models, folder):
    assert sentence(models.get, str(folder)).endswith("is not the name of a model.")
    here = Models((), local=True)
    assert here.get(str(folder)).path == folder
    relative = os.path.relpath(folder)
    assert here.get(relative if relative.startswith(".") else f"./{relative}").path == folder
    assert here.get(str(folder / "model.safetensors")).path == folder
    assert sentence(here.get, "./no/such/folder") == "There is no file or folder ./no/such/folder."
    assert sentence(here.get, "./" + "x" * 400).startswith("There is no file or folder ./xxx")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "discriminator.safetensors"])
def test_a_link_that_leads_out_of_the_folder(models, folder, tmp_path, name):
    outside = tmp_path / "outside"
    (folder / name).rename(outside)
    (folder / name).symlink_to(outside)
    expected = f"{name} of tiny is a link that leads out of its folder."
    assert sentence(models.get, "tiny") == expected
    (folder / name).unlink()
    (folder / name).symlink_to("../../../../../../../../etc/passwd")
    assert sentence(models.get, "tiny") == expected


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_link_to_itself(models, folder, name):
    (folder / name).unlink()
    (folder / name).symlink_to(name)
    assert sentence(models.get, "tiny") in (
        f"tiny has no {name}.",
        f"The {name} of tiny cannot be read: Too many levels of symbolic links.",
    )


def test_a_link_within_the_folder_is_fine(models, folder):
    (folder / "model.safetensors").rename(folder / "weights-3.safetensors")
    (folder / "model.safetensors").symlink_to("weights-3.safetensors")
    assert models.get("tiny").id == "tiny"


# The Hub


@pytest.fixture
def online(hub_server, folder, tmp_path):
    hub_server.sha = hub_server.add_repo("ada/tiny", folder)
    return Models((), Hub(hub_server.url, tmp_path / "cache"), local=False)


def test_a_model_from_the_hub_is_at_its_commit(online, hub_server):
    model = online.get("ada/tiny")
    assert (model.id, model.revision, model.config) == ("ada/tiny", hub_server.sha, CONFIG)
    assert model.discriminator().num_classes == 2
    assert online.get("ada/tiny", hub_server.sha) is model
    assert online.get(f"ada/tiny@{hub_server.sha}") is model
    hub_server.log.clear()
    assert online.get("ada/tiny") is model and hub_server.log == []
    assert "names a revision" in sentence(online.get, "ada/tiny@main", "dev")


def test_a_model_in_use_stays_until_it_is_asked_for_anew(online, hub_server, folder):
    old = online.get("ada/tiny")
    change_config(folder, title="Newer")
    sha = hub_server.add_repo("ada/tiny", folder)
    assert online.get("ada/tiny") is old
    assert online.resolve("ada/tiny").name == sha
    assert online.get("ada/tiny").config.title == "Newer"
    assert online.get("ada/tiny", old.revision) is old


def test_another_kind_of_repo_is_refused_before_its_weights_are_fetched(online, hub_server):
    hub_server.add_repo("ada/bert", {"config.json": b'{"model_type": "bert"}', "model.safetensors": b"x" * 1000})
    assert sentence(online.get, "ada/bert") == "ada/bert is no GAN: its config.json says 'bert'."
    assert hub_server.requests("model.safetensors") == []


def test_a_lying_model_on_the_hub_is_named(online, hub_server, folder):
    change_header(folder, entry(shape=[8, 8]))
    hub_server.add_repo("eve/tiny", folder)
    assert sentence(online.get, "eve/tiny").startswith("out.bias in model.safetensors of eve/tiny has the shape 8x8")


def test_progress_of_a_model_from_the_hub(online):
    seen = []
    online.get("ada/tiny", progress=lambda fraction, text: seen.append((fraction, text)))
    assert seen[0] == (0.0, "Asking the Hub for ada/tiny") and seen[-1] == (1.0, "ada/tiny is here")


def test_offline_what_was_fetched_before_still_opens(online, hub_server, tmp_path):
    revision = online.get("ada/tiny").revision
    hub_server.go_offline()
    again = Models((), Hub(hub_server.url, tmp_path / "cache"), local=False)
    assert again.get("ada/tiny").revision == again.get("ada/tiny", revision).revision == revision
    assert sentence(again.get, "ada/other") == "The Hub cannot be reached, and ada/other is not on this computer yet."


# In use


def test_thirty_people_at_once_load_a_model_once(online, hub_server):
    ready, got = threading.Barrier(30), []

    def ask():
        ready.wait()
        got.append(online.get("ada/tiny"))

    threads = [threading.Thread(target=ask) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 30 and len(set(map(id, got))) == 1
    assert len([m for m, p in hub_server.requests("model.safetensors") if m == "GET"]) == 1


def test_only_the_most_recently_used_models_stay(folder):
    for name in "abc":
        write_model(folder.parent / name, CONFIG, CONFIG.build_generator(), CONFIG.build_discriminator())
    models = Models((folder.parent,), keep=2, room=0)
    a, b = models.get("a"), models.get("b")
    assert models.get("a") is a
    models.get("c")
    assert models.get("a") is a and models.get("b") is not b


def test_more_stay_while_they_have_room(folder):
    for name in "abcd":
        write_tiny(folder.parent / name)
    size = sum(p.nbytes for p in Models((folder.parent,)).get("a").generator.parameters())
    models = Models((folder.parent,), keep=1, room=3 * size)
    a, b, c = (models.get(name) for name in "abc")
    assert models.get("a") is a and models.get("b") is b and models.get("c") is c
    models.get("d")
    assert models.get("b") is b and models.get("c") is c and models.get("a") is not a


def test_a_folder_that_changed_is_loaded_anew(models, folder):
    before = models.get("tiny")
    write_model(folder, CONFIG, CONFIG.build_generator(), CONFIG.build_discriminator())
    os.utime(folder / "config.json", ns=(1, 1))
    assert models.get("tiny") is not before


def test_what_is_found_of_a_model_is_found_once(models):
    model = models.get("tiny")
    assert model.directions() is model.directions() and len(model.directions()) <= 8
    assert sorted(model.effect_order()) == list(range(6)) and model.effect_order() is model.effect_order()


def test_a_failure_is_told_to_all_who_wait_and_forgotten():
    once, calls = SingleFlight(keep=2), []

    def fail():
        calls.append(1)
        raise StudioError("It failed.")

    for _ in range(2):
        assert sentence(once.get, "key", fail) == "It failed."
    assert len(calls) == 2 and once.get("key", lambda: 5) == 5 == once.get("key", fail)


def test_what_is_larger_than_the_room_stays_until_the_next_comes():
    once = SingleFlight(1, room=10, size=len)
    assert once.get("a", lambda: "x" * 50) == "x" * 50 == once.get("a", pytest.fail)
    once.get("b", lambda: "y")
    assert once.get("a", lambda: "new") == "new" and once.get("b", lambda: "newer") == "y"


def test_a_thing_made_anew_counts_once():
    once = SingleFlight(1, room=6, size=len)
    for _ in range(5):
        once.get("a", lambda: "xxx", again=True)
    once.get("b", lambda: "yyy")
    assert once.get("a", lambda: "made anew") == "xxx"


def test_what_is_at_hand_is_made_by_now_and_was_used():
    once, meanwhile = SingleFlight(keep=2), []
    once.get("a", lambda: meanwhile.append(once.at_hand("a")) or "a")
    once.get("b", lambda: "b")
    assert meanwhile == [None] and once.at_hand("a") == "a" and once.at_hand("c") is None
    once.get("c", lambda: "c")
    assert once.at_hand("a") == "a" and once.at_hand("b") is None


def test_pipes_and_devices_are_no_models(closed_port, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    models = Models((), Hub(closed_port, tmp_path / "cache"))
    for source in (str(tmp_path / "pipe"), "/dev/zero"):
        assert sentence(models.get, source) == f"There is no file or folder {source}."


def test_a_cache_that_was_emptied_is_filled_anew(hub_server, folder, tmp_path):
    hub_server.add_repo("ada/tiny", folder)
    models = Models((), Hub(hub_server.url, tmp_path / "cache"))
    path = models.get("ada/tiny").path
    shutil.rmtree(tmp_path / "cache")
    assert models.get("ada/tiny").discriminator() and (path / "config.json").is_file()
    commit = models.get("ada/tiny").revision
    models.get("ada/tiny", commit)
    shutil.rmtree(tmp_path / "cache")
    assert models.resolve("ada/tiny", commit) == path and (path / "config.json").is_file()
