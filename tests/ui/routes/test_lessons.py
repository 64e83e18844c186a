"""The Learn tab's routes over real HTTP."""

import base64
import json

import pytest
from studio_app import running

from gan.studio.lessons.critic import Card, CriticGame, real_letters
from gan.ui.routes import lessons as routes

JUDGED = {"today": 2.0, "beginner": -2.0}
ANN, BOB = ("an" * 16, "bo" * 16)


@pytest.fixture(scope="module")
def app(weights, tmp_path_factory):
    """An app that several share, whose discriminator takes everything for real, and whose beginner nothing."""
    with pytest.MonkeyPatch.context() as patch, running(weights, shared=True) as app:
        patch.setattr(CriticGame, "_new", lambda self, i: Card(real_letters()[0][i], "A", i % 2 == 0, JUDGED))
        yield app


@pytest.fixture
def ask(app):
    def ask(path, body=None, visitor=ANN):
        status, answer, _ = app.ask(f"studio/learn/{path}", body, {"x-visitor": visitor})
        return status, json.loads(answer)

    return ask


def test_lessons_are_listed(ask):
    status, told = ask("lessons")
    assert status == 200 and {lesson["kind"] for lesson in told["lessons"]} >= {"game", "critic"}


def test_a_round_is_dealt_answered_and_listed_and_the_class_is_cleared(ask, monkeypatch):
    for visitor, name in ((ANN, "Ann"), (BOB, "Bob"), (BOB, "")):
        _, dealt = ask("critic/deal", {}, visitor)
        assert len(dealt["pictures"]) == 10 and "real" not in json.dumps(dealt)
        assert len(base64.b64decode(dealt["pictures"][0]["grey"])) == dealt["side"] ** 2 == 64 * 64
        guesses = [visitor == BOB] * 10
        _, told = ask("critic/answer", {"round": dealt["round"], "guesses": guesses, "nickname": name}, visitor)
        real = sum(told["real"])
        today, beginner = told["judges"]["today"], told["judges"]["beginner"]
        assert today["right"] == real == 10 - beginner["right"]
        assert told["right"] == (real if visitor == BOB else 10 - real)
        assert today["taken"] == [True] * 10 and beginner["taken"] == [False] * 10
        assert today["sure"] == beginner["sure"] == pytest.approx([0.8808] * 10, abs=1e-3)
    told = ask("critic/scores")[1]
    assert {score["nickname"]: score["of"] for score in told["scores"]} == {"Ann": 10, "Bob": 10} and told["clears"]
    with monkeypatch.context() as elsewhere:  # the address of whoever asks is none of the studio's own
        elsewhere.setattr(routes, "AT_HOME", ())
        assert not ask("critic/scores")[1]["clears"]
        assert "Only the computer" in ask("critic/clear", {})[1]["error"]
    assert ask("critic/scores")[1]["scores"] and ask("critic/clear", {})[1]["scores"] == []


def test_against_whom_one_played_is_listed(ask):
    _, dealt = ask("critic/deal", {})
    answer = {"round": dealt["round"], "guesses": [True] * 10, "nickname": "Ann"}
    assert "no such discriminator" in ask("critic/answer", {**answer, "judge": "yesterday"})[1]["error"]
    _, told = ask("critic/answer", {**answer, "judge": "beginner"})
    (score,) = told["scores"]
    assert score["its"] == 10 - sum(told["real"])
    ask("critic/clear", {})


def test_the_doctor_looks_at_a_game(ask):
    rules = next(lesson for lesson in ask("lessons")[1]["lessons"] if lesson["id"] == "break-it")["rules"]
    steps = [[step, None, 1, 0.5, 0.5, 0, 1, 1] for step in range(10, 210, 10)]
    status, told = ask("doctor", {"rules": rules, "steps": steps, "signals": []})
    assert status == 200 and told["verdict"] == "diverged" and "rates" in told["remedy"]["label"]
    assert "cannot read" in ask("doctor", {"rules": rules})[1]["error"]


@pytest.mark.parametrize("body", [{}, {"round": "x", "guesses": [True] * 10}, {"round": None, "guesses": "yes"}])
def test_what_is_no_answer_is_said(ask, body):
    status, told = ask("critic/answer", body)
    assert status == 400 and told["error"]


def test_a_bad_nickname_costs_no_round(ask):
    _, dealt = ask("critic/deal", {})
    answer = {"round": dealt["round"], "guesses": [True] * 10}
    assert ask("critic/answer", {**answer, "nickname": "<>"})[0] == 400
    assert ask("critic/answer", answer)[0] == 200


def test_recorded_runs_and_the_plane_are_sent(app, ask):
    names = [name for name, run in ask("recordings")[1].items() if isinstance(run, dict)]
    status, data, headers = app.ask(f"studio/learn/recording/{names[0]}.webp")
    assert (status, headers["content-type"], data[8:12]) == (200, "image/webp", b"WEBP")
    assert ask("recording/nothing.webp")[0] == 400
    status, data, headers = app.ask("studio/learn/plane")
    widths = list(map(int, headers["x-widths"].split(",")))
    assert status == 200 and len(data) == 4 * sum((a + 1) * b for a, b in zip(widths, widths[1:], strict=False))
