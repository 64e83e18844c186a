"""Train, while and after a run goes on: watching it, acting on it, and finding it again after whatever end."""

import json
import re

import numpy as np
import pytest
from run_helpers import kill, wait
from studio_app import running
from trainee import ENDLESS, buttons, dots, end_runs, give, look_at, ordered, seen, set_knob, to_train, training_app

pytestmark = pytest.mark.usefixtures("quick_prices")
_GOES_ON = "s.status === 'running' && s.step > %d"


@pytest.fixture(scope="module")
def app(weights, tmp_path_factory):
    yield from training_app(weights, tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def room(weights, tmp_path_factory):
    """An app for several people."""
    yield from training_app(weights, tmp_path_factory.mktemp("runs"), shared=True)


@pytest.fixture
def start(app):
    """start(...) -> the id of a run in the app, which ends with the test."""

    def go(**order) -> str:
        return ordered(app, **order)

    yield go
    end_runs(app)


def settings(app, id: str) -> dict:
    return json.loads((app.studio.workshop.supervisor.root / id / "config.json").read_text())


def stopped(me):
    me.click("do-run-stop")
    return seen(me, "s.status === 'stopped'")


# From the first click to the last


def test_a_run_from_pins_and_pictures_to_its_end(visitor, app, tmp_path):
    me = visitor(app, permissions=["clipboard-read", "clipboard-write"]).come("?model=cats&seed=5&psi=0.5&d=0,1.5")
    me.click("do-pin").until("studio.pins.list.length === 1")
    me.click("do-next").painted().click("do-pin").until("studio.pins.list.length === 2")
    pins = me.page.evaluate("studio.pins.list")
    give(to_train(me), dots(tmp_path / "dots", 12))
    for name, value in dict(
        steps=ENDLESS, batch_size=4, g_lr=0.001, record_every=1, signals_every=8, grid_size=9
    ).items():
        set_knob(me, name, value)
    me.page.locator("#run-name input, #run-name textarea").fill("Dots of mine")
    me.click("do-start")
    seen(me, "view.begun && view.grids.length > 1 && s.step > 8")
    id = me.page.evaluate("studio.train.run.id")
    assert me.page.url == f"{app.url}?run={id}" and me.page.locator("#train-new").is_hidden()
    assert me.page.locator("#run-title").inner_text() == "Dots of mine" == settings(app, id)["about"]["title"]
    given = settings(app, id)["train"]
    assert (given["g_lr"], given["batch_size"], given["grid_size"]) == (0.001, 4, 9)
    _watched(me, pins)
    _acted_on(me, app, id)
    _found_again(me, id)
    stopped(me)
    assert buttons(me) == {"continue", "explore", "download", "page", "publish", "branch", "link", "delete"}
    _deleted(me, app, id)


def _watched(me, pins) -> None:
    """The grid begins with the pins, as Explore paints them; curves, facts and the doctor's words are there."""
    me.until(
        "document.querySelectorAll('#through .tile').length > 1 && document.getElementById('doctor').checkVisibility()"
    )
    assert np.ptp(me.pixels("#grid")[..., :3]) > 60
    names = me.page.evaluate("[0, 1, 2].map((cell) => studio.train.run.moments.name(cell))")
    assert names == ["pin 1", "pin 2", "Seed 0"]
    for cell, recipe in enumerate((*pins, {"model": "cats", "seed": 0})):
        me.page.evaluate("cell => studio.train.run.moments.choose(cell)", cell)
        me.until(f"document.getElementById('through-title').textContent.endsWith({names[cell]!r})")
        me.until("cell => studio.train.run.moments.stripKey.startsWith(`${cell} `)", cell)
        if cell < 2:  # what comes after the pins has its own truncation
            assert me.shows("#through canvas", 0, recipe), recipe
    me.until(
        "[...document.querySelectorAll('#curves svg')].every("
        "(svg) => svg.querySelector('path.line0')?.getAttribute('d'))"
    )
    assert re.search(r"step \d+ of 1000000 · .+ left · .+ samples/s", me.page.locator("#run-facts").inner_text())
    assert me.page.locator("#doctor-words").inner_text().endswith(".")
    assert buttons(me) == {"pause", "stop", "explore", "download", "page", "publish", "branch", "link"}
    me.accessible()


def _acted_on(me, app, id) -> None:
    me.click("do-run-pause")
    seen(me, "s.status === 'paused'")
    assert (
        "Paused at step" in me.page.locator("#run-told").inner_text()
        and "resume" in buttons(me)
        and "pause" not in buttons(me)
    )
    step = me.page.evaluate("studio.train.run.view.state.step")
    me.click("do-run-resume")
    seen(me, _GOES_ON % step)
    me.page.locator("#change summary").click()
    assert me.page.locator("#do-change").is_disabled()
    me.page.locator("#change-g_lr").fill("0.0005")
    me.page.locator("#change-g_lr").blur()
    me.page.locator("#do-change").click()
    seen(me, "s.train.g_lr === 0.0005")
    assert me.page.locator("#do-change").is_disabled() and me.page.locator("#change-g_lr").input_value() == "0.0005"
    _charts_come(me)
    me.page.locator("#change-batch_size").fill("0")
    me.page.locator("#change-batch_size").blur()
    me.told("^.+ goes from 1 to [0-9]+, not to 0. It is [0-9]+ again.$")
    me.accessible("light, wide")
    assert me.page.locator("#do-change").is_disabled()


def _charts_come(me) -> None:
    """What adapts and path lengths have charts from when they are switched on, while the run goes on."""
    charts = "[...document.querySelectorAll('#curves strong')].map((name) => name.textContent)"
    assert not {"Data that is changed", "How far a sample moves with its latents"} & set(me.page.evaluate(charts))
    for name, value in (("ada_target", "0.6"), ("path_length", "2")):
        me.page.locator(f"#change-{name}").fill(value)
        me.page.locator(f"#change-{name}").blur()
    me.page.locator("#do-change").click()
    seen(me, "s.train.ada_target === 0.6 && s.train.path_length === 2")
    me.until(
        "(names => names.includes('Data that is changed')"
        f" && names.includes('How far a sample moves with its latents'))({charts})"
    )


def _found_again(me, id) -> None:
    me.click("do-run-link").until("document.getElementById('run-told').textContent.includes('link is copied')")
    assert me.page.evaluate("navigator.clipboard.readText()") == me.page.url
    me.page.reload()
    step = seen(me, f"s.id === '{id}' && view.begun").page.evaluate("studio.train.run.view.state.step")
    seen(me, _GOES_ON % step)
    me.until("document.querySelectorAll('#through .tile').length > 1")
    assert np.ptp(me.pixels("#grid")[..., :3]) > 60


def _deleted(me, app, id) -> None:
    delete = me.page.locator("#do-run-delete")
    delete.dblclick()  # asks once: the second click is no answer
    assert delete.inner_text() == "Really delete?" and me.page.locator("#do-run-explore").is_visible()
    me.page.locator("#run-title").focus()
    me.until("document.getElementById('do-run-delete').textContent === 'Delete'")  # another thought
    delete.click()
    delete.click()
    me.until("document.getElementById('train-new').checkVisibility() && studio.train.run.id === null")
    assert app.studio.workshop.supervisor.list() == [] and "run=" not in me.page.url


def test_what_the_doctor_suggests_is_done_by_its_button(visitor, app, start):
    """A discriminator that is left to win: no penalty, and a generator that hardly learns."""
    losing = dict(
        loss="minimax", penalty="none", g_lr=1e-6, d_lr=0.005, augment=[], mirror=False, batch_size=8, grid_every=0
    )
    me = look_at(visitor(app), start(source="digits", **losing))
    seen(me, "view.diagnosis?.remedy")
    button = me.page.get_by_role("button", name="Keep the discriminator smooth")
    button.wait_for()
    assert "The discriminator is winning" in me.page.locator("#doctor-words").inner_text()
    assert "bad" in me.page.locator("#doctor").get_attribute("class")
    button.click()
    seen(me, "s.train.penalty === 'r1'")
    assert me.page.locator("#change-penalty").input_value() == "r1"


# Several people


def test_others_watch_and_wait_in_line(visitor, room):
    ada, bob = (to_train(visitor(room).come()) for _ in range(2))
    secrets = [one.page.evaluate("studio.server.visitor") for one in (ada, bob)]
    assert secrets[0] != secrets[1]
    first = ordered(room, secrets[0])
    seen(look_at(bob, first), "view.begun && s.step > 0 && view.snapshots.length")
    assert buttons(bob) == {"explore", "download", "page", "branch", "link"} and bob.page.locator("#change").is_hidden()
    second = ordered(room, secrets[1])
    seen(look_at(bob, second), "s.status === 'waiting'")
    assert "next in line" in bob.page.locator("#run-told").inner_text() and bob.page.locator("#run-two").is_hidden()
    assert (
        buttons(bob) == {"stop", "link", "delete"} and bob.page.locator("#do-run-stop").inner_text() == "Leave the line"
    )
    with bob.expecting_errors("400"):  # whoever asks all the same is refused
        told = bob.page.evaluate(f"studio.server.ask('train/run/{first}/stop', {{}}).catch((error) => error.message)")
    assert "Only whoever started this run" in told
    stopped(look_at(ada, first))
    seen(bob, "view.begun && s.step > 0")
    assert "pause" in buttons(bob) and bob.page.locator("#run-two").is_visible()
    stopped(bob)


# After whatever end


def test_a_killed_worker_goes_on_from_the_last_save(visitor, app, start):
    me, id, workers = visitor(app), start(steps=150), app.studio.workshop.supervisor
    look_at(me, id).page.locator("#do-run-pause").wait_for()
    wait(workers, id, lambda s: s.step > 3)
    me.click("do-run-pause")
    saved = seen(me, "s.status === 'paused' && s.saved > 0").page.evaluate("studio.train.run.view.state.saved")
    me.click("do-run-resume")
    wait(workers, id, lambda s: s.step > saved + 2)
    with me.expecting_errors("400"):  # grids of the steps that were lost are gone
        kill(workers, id)
        seen(me, "s.status === 'interrupted'")
        me.until(f"document.getElementById('run-told').textContent.includes('up to step {saved} is saved')")
        assert me.page.locator("#run-status").inner_text() == "interrupted"
        me.page.get_by_role("button", name="Resume from the last save").click()
        seen(me, "s.status === 'done' && s.step === 150")
    me.until("document.getElementById('do-run-continue').textContent === 'Train on'")


def test_a_worker_outlives_the_app_and_what_is_killed_with_it_is_found(visitor, weights, tmp_path):
    with running(weights, runs=tmp_path) as app:
        id, port = ordered(app), int(app.url.rsplit(":", 1)[1].strip("/"))
        me = visitor(app)
        step = seen(look_at(me, id), "s.step > 2").page.evaluate("studio.train.run.view.state.step")
    with me.expecting_errors("Failed to load resource|ERR_|fetch|[Cc]onnect"):
        me.told("does not answer")
        with running(weights, runs=tmp_path, port=port) as app:
            seen(me, _GOES_ON % step)  # the page was not even reloaded
            me.until("document.getElementById('alert').hidden")
            kill(app.studio.workshop.supervisor, id)
            me.page.goto("about:blank")
    with running(weights, runs=tmp_path, port=port) as app:
        seen(look_at(me, id), "s.status === 'interrupted'")
        me.click("do-run-continue")
        seen(me, "s.status === 'running' && s.step > 0")
        end_runs(app)
        me.page.goto("about:blank")


def test_a_run_that_fails_says_why(visitor, app, start):
    """Killed before anything was saved, it begins again; without its pictures it cannot."""
    me, id = visitor(app), start()
    seen(look_at(me, id), "s.step > 0 && s.saved === 0")
    kill(app.studio.workshop.supervisor, id)
    seen(me, "s.status === 'interrupted'")
    assert "before anything was saved" in me.page.locator("#run-told").inner_text()
    next((app.studio.workshop.supervisor.root / id / "data").iterdir()).write_bytes(b"torn")
    with me.expecting_errors("400"):
        me.page.get_by_role("button", name="Begin again").click()
        seen(me, "s.status === 'failed'")
    assert "cannot be read" in me.page.locator("#run-told").inner_text() and me.page.locator("#remedy").is_hidden()
    me.until("document.querySelector('.run-card[aria-pressed=true] .chip').textContent === 'failed'")
    me.accessible("dark, narrow")


def test_a_run_that_is_not_there(visitor, app):
    me = visitor(app)
    with me.expecting_errors("400"):
        me.page.goto(app.url + "?run=20260101-000000-00000000")
        me.told("no run called")
        me.until("document.getElementById('train-new').checkVisibility()")
