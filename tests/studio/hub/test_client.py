"""The Hub client, with the real huggingface_hub against a small hub on loopback."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from gan.errors import StudioError
from gan.locales import find_locale
from gan.studio.hub.client import Hub
from gan.studio.hub.refusals import DATASET, SPACE, check_id

FILES = {"config.json": b'{"studio": 1}', "model.safetensors": b"0123456789" * 5000, "README.md": b"# faces"}


@pytest.fixture
def server(hub_server):
    hub_server.sha = hub_server.add_repo("ada/faces", FILES)
    return hub_server


@pytest.fixture
def hub(server, tmp_path):
    return Hub(server.url, tmp_path / "cache")


def sentence(call, *args, **keywords) -> str:
    with pytest.raises(StudioError) as caught:
        call(*args, **keywords)
    assert caught.value.message.endswith(".") and caught.value.hint.endswith(".")
    return caught.value.message


def test_fetches_the_files_of_one_commit(hub, server):
    folder = hub.fetch("ada/faces")
    assert folder.name == server.sha
    assert (folder / "model.safetensors").read_bytes() == FILES["model.safetensors"]
    assert not (folder / "README.md").exists()


def test_a_commit_in_the_cache_needs_no_request(hub, server):
    hub.fetch("ada/faces")
    server.log.clear()
    assert hub.fetch("ada/faces", server.sha).name == server.sha
    assert server.log == []


def test_an_unchanged_branch_costs_one_request(hub, server):
    hub.fetch("ada/faces")
    server.log.clear()
    hub.fetch("ada/faces", "main")
    assert server.log == [("GET", "/api/models/ada/faces/revision/main")]


def test_a_branch_that_moved_is_fetched_anew_and_the_old_commit_stays(hub, server):
    old = hub.fetch("ada/faces")
    sha = server.add_repo("ada/faces", {**FILES, "model.safetensors": b"better"})
    new = hub.fetch("ada/faces")
    assert (new.name, (new / "model.safetensors").read_bytes()) == (sha, b"better")
    assert hub.fetch("ada/faces", old.name) == old


@pytest.mark.parametrize("revision", ["v1.0", "refs/pr/3"])
def test_tags_and_other_refs_are_revisions_too(hub, server, revision):
    sha = server.add_repo("ada/faces", {**FILES, "model.safetensors": b"tagged"}, ref=revision)
    assert hub.fetch("ada/faces", revision).name == sha


def test_offline_a_branch_is_taken_as_it_was_last_seen(hub, server):
    folder = hub.fetch("ada/faces")
    server.go_offline()
    assert hub.fetch("ada/faces") == folder
    assert hub.fetch("ada/faces", server.sha) == folder
    server.go_online()
    assert hub.fetch("ada/faces") == folder


@pytest.mark.parametrize("revision", [None, "v2", "a" * 40])
def test_offline_and_not_in_the_cache_is_answered_at_once(closed_port, tmp_path, revision):
    started = time.monotonic()
    message = sentence(Hub(closed_port, tmp_path).fetch, "ada/faces", revision)
    assert message == "The Hub cannot be reached, and ada/faces is not on this computer yet."
    assert time.monotonic() - started < 1


def test_a_network_that_swallows_everything_is_given_up(server, tmp_path):
    server.go_silent()
    started = time.monotonic()
    message = sentence(Hub(server.url, tmp_path, answer=0.3).fetch, "ada/faces")
    assert message == "The Hub cannot be reached, and ada/faces is not on this computer yet."
    assert time.monotonic() - started < 3


def test_a_download_that_stops_moving_is_given_up(hub, server):
    hub.patience = 0.3
    server.go_silent("/resolve/main/config.json")
    assert sentence(hub.fetch, "ada/faces") == "The Hub stopped sending config.json of ada/faces."
    server.go_silent(f"/resolve/{server.sha}/model.safetensors")
    assert sentence(hub.fetch, "ada/faces") == "The Hub stopped sending model.safetensors of ada/faces."
    server.go_silent(None)
    assert (hub.fetch("ada/faces") / "model.safetensors").read_bytes() == FILES["model.safetensors"]


def test_what_the_hub_does_not_have(hub, server):
    assert sentence(hub.fetch, "ada/nothing") == "The Hub has no model ada/nothing that is open to this app."
    assert sentence(hub.fetch, "ada/faces", "v9") == "ada/faces has no revision 'v9'."
    assert (
        sentence(hub.fetch, "ada/faces", files=("config.json", "discriminator.safetensors"))
        == "ada/faces has no discriminator.safetensors."
    )


def test_what_is_asked_for_is_named_in_the_reader_s_language(hub, server):
    server.add_repo("ada/gated", FILES, gated=True)
    said = []
    for call in (
        lambda: hub.fetch("ada/nothing"),
        lambda: hub.fetch("ada/gated"),
        lambda: check_id("..", kind=DATASET),
        lambda: check_id("..", kind=SPACE),
    ):
        with pytest.raises(StudioError) as caught:
            call()
        said.append(find_locale(["zh-CN"]).translated(caught.value.said))
    assert said[0].startswith("Hub 上没有本应用可以访问的模型 ada/nothing。")
    assert said[1].endswith("请另选模型。")
    assert said[2].startswith("'..' 不是 Hub 上数据集的 id。") and said[3].startswith("'..' 不是 Hub 上Space的 id。")


def test_a_gated_model(hub, server):
    server.add_repo("ada/private-faces", FILES, gated=True)
    assert (
        sentence(hub.fetch, "ada/private-faces") == "ada/private-faces is gated: its author lets people in one by one."
    )


def test_a_pickle_is_never_fetched(hub, server):
    server.add_repo("ada/old", {"config.json": b"{}", "network-final.pkl": b"\x80\x04evil"})
    assert sentence(hub.fetch, "ada/old") == "ada/old has no model.safetensors, only 'network-final.pkl', a pickle."
    for name in ("network-final.pkl", "../config.json", "a/config.json", ".json", "config.json\n", "x.safetensors.py"):
        assert (
            sentence(hub.fetch, "ada/old", files=(name,))
            == f"{name!r} is not fetched: only .safetensors, .json and .md files are."
        )
    assert server.requests("/resolve/") == []


def test_a_file_that_is_too_big_is_not_begun(hub, server):
    sizes = server.repos["ada/faces"].sizes
    sizes["model.safetensors"] = 3 * 1024**3
    assert sentence(hub.fetch, "ada/faces") == "model.safetensors of ada/faces would take 3,072 MiB, more than it may."
    sizes["config.json"] = 2 * 1024**2
    assert sentence(hub.fetch, "ada/faces") == "config.json of ada/faces would take 2 MiB, more than it may."
    assert server.requests("/resolve/") == []


def test_a_file_that_arrives_short_is_said_and_not_kept(hub, server):
    server.truncate("ada/faces", "model.safetensors")
    assert sentence(hub.fetch, "ada/faces") == "model.safetensors of ada/faces arrived incomplete."
    server.repos["ada/faces"].truncated.clear()
    assert (hub.fetch("ada/faces") / "model.safetensors").read_bytes() == FILES["model.safetensors"]


@pytest.mark.parametrize(
    "status, message",
    [
        (503, "The Hub answered with error 503 when asked for ada/faces."),
        (429, "The Hub asks for a pause: too many requests came from here."),
    ],
)
def test_a_hub_that_is_unwell(hub, server, status, message):
    server.status = status
    started = time.monotonic()
    assert sentence(hub.fetch, "ada/faces") == message
    server.status = None
    folder = hub.fetch("ada/faces")
    server.status = status
    assert hub.fetch("ada/faces") == folder
    assert time.monotonic() - started < 2


def test_a_login_page_in_the_hubs_place(hub, server):
    server.page = b"<html>Please sign in to the school's network</html>"
    assert sentence(hub.fetch, "ada/faces") == "Something else than the Hub answered when asked for ada/faces."


def test_a_disk_that_cannot_be_written(server, tmp_path):
    (tmp_path / "cache").write_text("a file where the cache should be")
    message = sentence(Hub(server.url, tmp_path / "cache").fetch, "ada/faces")
    assert message.startswith("config.json of ada/faces could not be saved: ")


def test_progress_grows_to_one_on_the_asking_thread(hub):
    seen = []
    hub.fetch("ada/faces", progress=lambda fraction, text: seen.append((fraction, text)))
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions) and fractions[-1] == 1 and all("ada/faces" in text for _, text in seen)


@pytest.mark.parametrize(
    "repo_id",
    [
        "../x",
        "a/../../b",
        "a/..",
        "a",
        "",
        "/etc/passwd",
        "a/b/c",
        "a b/c",
        "a/b\n",
        "ä/b",
        "a/b.git",
        "a/b--c",
        "-a/b",
        "a/b?x=1",
        "http://host/b",
        "a/" + "b" * 200,
    ],
)
def test_ids_that_are_none(hub, server, repo_id):
    assert sentence(hub.fetch, repo_id).endswith("is not the id of a model on the Hub.")
    assert server.log == []


@pytest.mark.parametrize("revision", ["../main", "a//b", "-x", "main?x", "main ", "a/", "x" * 200])
def test_revisions_that_are_none(hub, server, revision):
    assert sentence(hub.fetch, "ada/faces", revision).endswith("is not a revision.")
    assert server.log == []


def test_the_small_hub_takes_what_the_client_pushes(server, hub, tmp_path):
    """So that later tests can publish to it."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    api = HfApi(endpoint=server.url, token="hf_test")
    api.create_repo("ada/mine", exist_ok=True)
    commit = api.upload_folder(repo_id="ada/mine", folder_path=folder)
    assert hub.fetch("ada/mine", files=tuple(FILES)).name == commit.oid
    assert api.whoami()["name"] == "ada"


def test_offline_means_offline(hub_server, tmp_path):
    """HF_HUB_OFFLINE, which the Hub's client reads once: nothing is asked of any server, and a sentence says so."""
    hub_server.add_repo("ada/faces", {"config.json": b"{}"})
    code = """
import sys
from pathlib import Path
from gan.errors import StudioError
from gan.studio.hub.client import Hub
try:
    Hub(sys.argv[1], Path(sys.argv[2])).fetch("ada/faces")
except StudioError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, hub_server.url, str(tmp_path)],
        env=os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "is not on this computer yet" in done.stdout and "Traceback" not in done.stderr, done.stderr
    assert hub_server.requests() == []
