"""Publishing over HTTP: what there is to choose, a push told line by line, and that the token stays nowhere."""

import json
import logging
import time

import pytest
import torch
from hub_routes import Person
from starlette.requests import Request
from studio_app import running, sentence

from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.store.run_folder import Run
from gan.store.run_settings import RunSettings
from gan.studio.hub.client import Hub
from gan.ui.oauth import can_sign_in, signed_in
from gan.ui.routes.publishing import can_publish

TOKEN = "hf_typed_once"
VISITOR = {"x-visitor": "0123456789abcdef"}
NET = {"image_shape": [3, 8, 8], "hidden": [8]}


@pytest.fixture(scope="module")
def home(home):
    """Runs of one's own: `scratch`, and `tuned` from a model in the box."""
    torch.manual_seed(0)
    config = ModelConfig("mlp", {**NET, "z_dim": 4}, NET)
    for name, base in (("scratch", None), ("tuned", "digits")):
        settings = RunSettings("pictures", None, base, "mlp", {**NET, "z_dim": 4}, NET, (), {}, {})
        run = Run.create(home / "runs" / name, settings)
        write_model(run.snapshot_path(5), config, config.build_generator(), config.build_discriminator())
    return home


@pytest.fixture(scope="module")
def own(weights, hub, home):
    """The app on one's own computer."""
    hub.people[TOKEN] = Person("ada")
    with running(weights, Hub(hub.url, home / "cache"), runs=home / "runs") as app:
        yield app


def push(app, **body) -> list[dict]:
    body = {"model": "scratch", "rev": "5", "repo": "ada/first", "licence": "mit", "token": TOKEN} | body
    status, answer, _ = app.ask("studio/publish/push", body, VISITOR)
    assert status == 200, answer
    return [json.loads(line) for line in answer.splitlines()]


def about(app, model: str) -> dict:
    status, answer, _ = app.ask(f"studio/publish/about?model={model}&rev=", headers=VISITOR)
    assert status == 200, answer
    return json.loads(answer)


def test_what_there_is_to_choose(own):
    told = about(own, "scratch")
    assert (told["base"], told["usual"], told["unsaid"], told["shared"], told["who"]) == ("", "", False, False, "token")
    assert {"id": "mit", "title": "MIT"} in told["choices"] and not any(one["id"] == "other" for one in told["choices"])
    told = about(own, "tuned")
    assert (told["base"], told["terms"], told["usual"]) == ("digits", "CC0", "cc0-1.0")


def test_a_push_is_told_line_by_line_and_its_token_stays_nowhere(own, hub, home, caplog):
    caplog.set_level(logging.DEBUG)
    *lines, last = push(own)
    assert last == {"published": {"url": f"{hub.url}/ada/first", "created": True}}
    assert lines[0]["words"] == "Putting the files together" and "Putting it into place" in [x["words"] for x in lines]
    repo = hub.repos["ada/first"]
    assert repo.private and "license: mit" in repo.commits[repo.refs["main"]]["README.md"].decode()
    assert push(own)[-1]["published"]["created"] is False
    assert push(own, repo="ada/tuned", model="tuned", licence="cc0-1.0", public=True)[-1]["published"]["created"]
    assert not hub.repos["ada/tuned"].private
    assert TOKEN not in caplog.text
    written = [path for path in home.rglob("*") if path.is_file()]
    assert written and not [path for path in written if TOKEN.encode() in path.read_bytes()]


def test_what_goes_wrong_is_a_sentence(own, hub, monkeypatch):
    wrong = "hf_mistyped_token"
    assert push(own, token=wrong)[-1]["error"].startswith("The Hub does not know this token")
    assert "hf_" not in push(own, token=wrong)[-1]["error"]
    assert push(own, licence="")[-1]["error"].startswith("It is not said under which licence")
    assert "'free' is not a licence" in push(own, licence="free")[-1]["error"]
    assert push(own, repo="eve/cats")[-1]["error"].startswith("eve/cats would belong to eve")

    def refused(**body) -> str:
        body = {"model": "scratch", "repo": "ada/x", "licence": "mit", "token": TOKEN} | body
        return sentence(*own.ask("studio/publish/push", body, VISITOR))

    assert refused(token="").startswith("Nobody is signed in to the Hub on this computer.")
    assert refused(token=[1]).startswith("The token is no text.") and refused(token="hf_x y").startswith("This is not")
    assert refused(public="yes").startswith("What was sent does not say") and refused(repo=5).startswith("What was")
    assert "is not open here" in refused(model="ada/never-opened") and "not" in refused(rev="77")
    assert sentence(*own.ask("studio/publish/push", {})) == "The page did not say who is asking. Reload it."
    monkeypatch.setenv("HF_TOKEN", TOKEN)  # somebody is signed in on this computer
    assert about(own, "scratch")["who"] == "here" and push(own, token="")[-1]["published"]


def test_where_several_people_share_a_studio_nobody_publishes_as_its_owner(weights, hub, home, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with running(weights, Hub(hub.url, home / "cache"), shared=True) as app:
        assert app.ask("studio/publish/push", {"model": "digits", "repo": "ada/x"}, VISITOR)[0] == 404
        assert app.ask("studio/publish/about?model=digits", headers=VISITOR)[0] == 404
        assert b"run-publish" not in app.ask("")[1] and app.ask("login/huggingface")[0] == 404


def test_signing_in_is_offered_where_the_hub_told_a_space_how(monkeypatch):
    monkeypatch.setattr("gan.ui.oauth._LIBRARIES", ("json",))
    for name in ("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET", "OAUTH_SCOPES", "OPENID_PROVIDER_URL"):
        monkeypatch.setenv(name, "told")
    assert not can_sign_in() and not can_publish(shared=True) and can_publish(shared=False)
    monkeypatch.setenv("SPACE_ID", "ada/studio")
    assert can_sign_in() and can_publish(shared=True)
    monkeypatch.setattr("gan.ui.oauth._LIBRARIES", ("no_such_library",))
    assert not can_sign_in()


def test_who_has_signed_in_on_a_space():
    def person(**told):
        told = {"access_token": "t", "userinfo": {"preferred_username": "ada"}, "expires_at": time.time() + 60} | told
        return signed_in(Request({"type": "http", "session": {"oauth_info": told}}))

    assert (person().name, person().token) == ("ada", "t")
    assert person(expires_at=time.time() - 1) is None and person(access_token=None) is None
    assert person(userinfo={}) is None and signed_in(Request({"type": "http"})) is None
