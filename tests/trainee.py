"""What tests of training on the page share: pictures to give, runs that were ordered past the page, and looking at
runs."""

import threading
from pathlib import Path

from PIL import Image, ImageDraw
from run_helpers import end_runs as end_workers_runs
from studio_app import App, running
from visitor import Visitor

VISITOR = "somebody-for-tests"
ENDLESS = 1_000_000
# Small steps, and a grid of nine at each eighth.
SMALL = dict(batch_size=4, record_every=1, grid_every=8, grid_size=9, signals_every=8)
# A page looks at a run once a second, and less often where that takes long: the tests need not wait for it.
_OFTEN = """(() => {
  if (window.often) return;
  const usual = window.often = window.setTimeout;
  window.setTimeout = (work, ms, ...more) => usual(work, ms >= 1000 && ms <= 8000 ? 250 : ms, ...more);
})()"""
_STATE = "(() => { const view = window.studio?.train?.run.view, s = view?.state; return Boolean(s) && (%s); })()"


def dots(folder: Path, count: int = 20) -> list[Path]:
    """Files of pictures, each of a dot in its own place and colour."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"dot{i}.png" for i in range(count)]
    for i, file in enumerate(files):
        image = Image.new("RGB", (40, 40), (200 + 2 * i, 250 - 3 * i, 180 + 3 * i))
        x, y = 6 + 5 * (i % 4), 4 + 5 * (i // 4)
        ImageDraw.Draw(image).ellipse((x, y, x + 12, y + 12), fill=(5 * i, 10 * (i % 7), 120 - 5 * i))
        image.save(file)
    return files


def ordered(
    app: App, visitor: str = VISITOR, steps: int = ENDLESS, pins: tuple = (), source: str = "cats", **train
) -> str:
    """A run from cats on 24 pictures of the model `source`, ordered as the page does -> its id. `visitor`: the owner's
    secret."""
    shop = app.studio.workshop
    pictures = shop.set_from_model(visitor, source, 24, "cats", 16)
    for thread in threading.enumerate():
        if thread.name == "pictures":  # reads a set; it was begun before the set's id was given
            thread.join(30)
    told = shop.about_set(pictures, visitor)
    assert told["status"] == "ready", told
    return shop.start(
        {"set": pictures, "base": "cats", "steps": steps, "pins": list(pins), "train": SMALL | train}, visitor
    )


def training_app(weights: Path, runs: Path, hub=None, shared: bool = False):
    """running(...) for a fixture to yield from: no worker outlives it."""
    with running(weights, hub, runs=runs, shared=shared) as app:
        yield app
        end_runs(app)


def end_runs(app: App) -> None:
    """End all runs of the app at once."""
    end_workers_runs(app.studio.workshop.supervisor)


def to_train(me: Visitor) -> Visitor:
    """Open the tab, and wait until it can be used."""
    looks_often(me).click("tab-train-button")
    return me.until("studio.train.plan.plan && document.querySelector('#base input')?.value")


def looks_often(me: Visitor) -> Visitor:
    """The page of this visitor follows runs more closely than others do, now and after it is loaded anew."""
    me.begin_with(_OFTEN).page.evaluate(_OFTEN)
    return me


def give(me: Visitor, files: list[Path]) -> Visitor:
    """Choose files in the tab, and wait until they have been looked at."""
    me.page.locator("#pictures-input").set_input_files(files)
    return ready(me, len(files))


def ready(me: Visitor, count: int) -> Visitor:
    """Wait until so many pictures are there and on the sheet."""
    me.until("n => studio.train.pictures.report?.count === n", count)
    return sheet(me)


def sheet(me: Visitor) -> Visitor:
    """Wait until the contact sheet is on the screen."""
    return me.until(
        "(i => i.checkVisibility() && i.complete && i.naturalWidth > 0)(document.getElementById('set-sheet'))"
    )


def findings(me: Visitor) -> str:
    return me.page.locator("#findings").inner_text()


def set_knob(me: Visitor, name: str, value) -> None:
    """Type a value into a field of the form of all settings, and leave it."""
    field = me.page.locator(f"#knob-{name}")
    if not field.is_visible():
        me.page.locator("#train-expert summary").click()
    field.fill(str(value))
    field.blur()


def priced(me: Visitor, words: str = r"steps? take") -> str:
    """Wait for what a run would cost, or for other words in its place."""
    me.page.wait_for_function(
        "p => new RegExp(p).test(document.getElementById('budget').textContent)", arg=words, timeout=60_000
    )
    return me.page.locator("#budget").inner_text()


def look_at(me: Visitor, id: str) -> Visitor:
    """Open a run by its address."""
    looks_often(me).page.goto(f"{me.app.url}?run={id}")
    return seen(me, f"s.id === '{id}'")


def seen(me: Visitor, condition: str) -> Visitor:
    """Wait until the run on the screen is so: a condition on `s`, its state, and `view`."""
    me.page.wait_for_function(_STATE % condition, timeout=60_000)
    return me


def buttons(me: Visitor) -> set[str]:
    """What one can do with the run on the screen."""
    ids = me.page.locator("#run-tools button:visible").evaluate_all("all => all.map((button) => button.id)")
    return {id.removeprefix("do-run-") for id in ids}
