"""Pushing to the Hub, with the real huggingface_hub against a small hub on loopback."""

import logging

import pytest
from hub_routes import Person

from gan.errors import StudioError
from gan.studio.hub.publish import Destination, Publisher
from gan.studio.hub.push_refusals import MAYBE
from gan.studio.hub.refusals import MODEL, SPACE

ADA, READER, EVE = "hf_secret_of_ada", "hf_secret_of_a_reader", "hf_secret_of_eve"


@pytest.fixture
def server(hub_server):
    hub_server.people |= {ADA: Person("ada", orgs=("club",)), READER: Person("ada", "read"), EVE: Person("eve")}
    return hub_server


@pytest.fixture
def files(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"weights" * 100_000)
    return {"model.safetensors": tmp_path / "model.safetensors", "README.md": b"# cats", "config.json": b"{}"}


def push(server, files, id="ada/cats", token=ADA, private=True, ours=lambda api, info: True, kind=MODEL, **more):
    publisher = Publisher(token, server.url, answer=4, patience=4)
    sdk = "static" if kind is SPACE else None
    return publisher.push(Destination(id, kind, private, sdk), files, "First try", ours, **more)


def refused(*args, **keywords) -> StudioError:
    with pytest.raises(StudioError) as caught:
        push(*args, **keywords)
    error = caught.value
    assert error.message.endswith(".") and error.hint.endswith(".") and str(error).isprintable()
    assert not any(token in str(error) for token in (ADA, READER, EVE))
    return error


def content(server, id="ada/cats") -> dict[str, bytes]:
    repo = server.repos[id]
    return {name: data for name, data in repo.commits[repo.refs["main"]].items() if name != ".gitattributes"}


def test_a_new_repository_is_private_and_whole(server, files):
    told = []
    pushed = push(server, files, progress=lambda share, words: told.append((share, str(words))))
    assert (pushed.url, pushed.created) == (f"{server.url}/ada/cats", True)
    assert pushed.commit == server.repos["ada/cats"].refs["main"] and server.messages == ["First try"]
    assert content(server) == {**files, "model.safetensors": files["model.safetensors"].read_bytes()}
    assert server.repos["ada/cats"].private and not server.requests("/settings")
    shares = [share for share, _ in told]
    assert shares == sorted(shares) and shares[-1] == 1 and any("of 0.7 MB" in words for _, words in told)


def test_an_update_replaces_what_was_pushed_and_leaves_the_rest(server, files):
    push(server, files)
    server.add_repo("ada/cats", {**content(server), "notes.txt": b"mine", "old.webp": b"x"})
    again = {"README.md": b"# better cats", "model.safetensors": files["model.safetensors"]}
    pushed = push(server, again, old=("config.json", "old.webp", "never.webp"))
    assert not pushed.created and len(server.requests("/blobs/")) == 1  # the weights are there already
    assert content(server).keys() == {"README.md", "model.safetensors", "notes.txt"}
    assert content(server)["README.md"] == b"# better cats"


def test_it_becomes_public_when_it_is_whole(server, files):
    assert push(server, files, "club/cats", private=False).url.endswith("/club/cats")
    assert not server.repos["club/cats"].private
    order = [path for method, path in server.log if method in ("POST", "PUT")]
    assert order[0] == "/api/repos/create" and order[-2].endswith("/commit/main") and order[-1].endswith("/settings")
    assert "public, and this push is to be private" in refused(server, files, "club/cats").message


def test_a_space(server, files):
    pushed = push(server, {"index.html": b"<p>"}, kind=SPACE)
    assert pushed.url == f"{server.url}/spaces/ada/cats" and server.repos["spaces/ada/cats"].sdk == "static"
    assert content(server, "spaces/ada/cats") == {"index.html": b"<p>"}


def test_nothing_shows_where_the_hub_dies_before_the_commit_and_a_second_push_succeeds(server, files):
    server.die_after("/blobs/")
    error = refused(server, files, private=False)
    assert error.message == "The connection to the Hub broke before ada/cats was there: nothing of it shows."
    assert error.hint.endswith("ada/cats may be left on the Hub, private and empty.")
    assert content(server) == {} and server.repos["ada/cats"].private
    server.go_online()
    pushed = push(server, files, private=False)
    assert not pushed.created and content(server).keys() == files.keys() and not server.repos["ada/cats"].private
    assert len(server.requests("/blobs/")) == 1  # what has arrived is not sent twice


def test_an_update_that_breaks_leaves_what_was_there(server, files):
    push(server, files)
    before = content(server)
    files["model.safetensors"].write_bytes(b"other weights" * 1000)
    server.die_after("/blobs/")
    refused(server, {**files, "README.md": b"# new"})
    server.go_online()
    assert content(server) == before
    assert not push(server, {**files, "README.md": b"# new"}).created and content(server)["README.md"] == b"# new"


def test_a_new_repository_is_taken_back(server, files):
    def stop(share, words):
        if "place" in words:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push(server, files, progress=stop)
    assert not server.repos
    files["gone.safetensors"] = files["model.safetensors"].with_name("gone.safetensors")
    assert "gone.safetensors cannot be read" in refused(server, files).message
    assert not server.repos


def test_a_hub_that_does_not_say_whether_it_took_it(server, files):
    server.die_at("/commit/")
    error = refused(server, files)
    assert error.message == "The Hub did not say whether it took ada/cats." and error.code == MAYBE
    server.go_online()
    assert "ada/cats" in server.repos  # it might hold everything: it is not taken back


def test_two_pushes_at_once(server, files):
    push(server, files)

    def meanwhile(share, words):
        if "place" in words:
            server.add_repo("ada/cats", {"README.md": b"# somebody else's"})

    assert "changed by somebody else meanwhile" in refused(server, files, progress=meanwhile).message
    assert content(server) == {"README.md": b"# somebody else's"}


def test_tokens(server, files, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    assert refused(server, files, token="hf_mistyped_token").message.startswith("The Hub does not know this token")
    assert refused(server, files, token=READER).message == "This token may only read from the Hub."
    for nonsense in ("hf_ with spaces", "hf_\nX-Evil: 1", "x", "hf_é" * 9):
        assert refused(server, files, token=nonsense).message == "This is not a token of the Hub."
    assert refused(server, files, token=None).message == "Nobody is signed in to the Hub on this computer."
    monkeypatch.setenv("HF_TOKEN", ADA)
    assert push(server, files, token=None).created
    assert not any(token in caplog.text for token in (ADA, READER, EVE))


def test_names_that_cannot_be_had(server, files):
    error = refused(server, files, "eve/cats")
    assert error.message == "eve/cats would belong to eve, who is somebody else."
    assert error.hint == "This token may publish as ada/cats or club/cats."
    assert "is not the id of a model" in refused(server, files, "cats").message
    server.closed.add("club/cats")
    assert refused(server, files, "club/cats").message == "The Hub does not let this token write to club/cats."
    server.add_repo("ada/llm", {"config.json": b"{}", "pytorch_model.bin": b"x"})
    error = refused(server, files, "ada/llm", ours=lambda api, info: False, private=False)
    assert error.message == "ada/llm is taken: it holds something that was not pushed from GAN Studio."
    server.add_repo("ada/new", {"README.md": b"# begun on the Hub's page"})
    server.repos["ada/new"].private = True
    assert not push(server, files, "ada/new", ours=lambda api, info: False).created
    server.repos["club/cats"] = server.repos["ada/new"]


def test_hubs_that_do_not_answer(server, files, closed_port):
    with pytest.raises(StudioError, match="The Hub cannot be reached, and ada/cats was not pushed."):
        Publisher(ADA, closed_port).push(Destination("ada/cats", MODEL), files, "x")
    server.page = b"<html>log in first</html>"
    assert refused(server, files).message == "Something else than the Hub answered when ada/cats was pushed."
    server.page, server.status = None, 500
    assert refused(server, files).message.startswith("The Hub answered with error 500")
    server.status = 429
    assert refused(server, files).message == "The Hub asks for a pause: too many requests came from here."
    server.status = None
    server.go_silent("/blobs/")
    publisher = Publisher(ADA, server.url, answer=4, patience=0.3)
    with pytest.raises(StudioError, match="The connection to the Hub broke before ada/cats was there"):
        publisher.push(Destination("ada/cats", MODEL), files, "x")
    assert not server.repos and not server.messages
