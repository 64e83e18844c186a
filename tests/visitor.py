"""A person with a browser: one page of the app in a real Chromium, and what one can see on it."""

import base64
import json
import re
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from axe import BOTH, faults
from playwright.sync_api import BrowserContext, CDPSession, Error, Locator, Page, Response
from studio_app import App

# What the page's canvases show, beside what the app paints for a recipe. A canvas scales its picture: so does `scaled`.
_LOOK = """
window.look = {
  async painted(recipe) {
    const answer = await fetch("studio/render", {method: "POST", headers: {"content-type": "application/json"},
                                                 body: JSON.stringify({recipes: [recipe]})});
    const size = ["X-Width", "X-Height"].map((name) => Number(answer.headers.get(name)));
    return new ImageData(new Uint8ClampedArray(await answer.arrayBuffer()), ...size);
  },
  scaled(image, width, height, smooth) {
    const small = new OffscreenCanvas(image.width, image.height), large = new OffscreenCanvas(width, height);
    small.getContext("2d").putImageData(image, 0, 0);
    const context = large.getContext("2d");
    context.imageSmoothingEnabled = smooth;
    context.imageSmoothingQuality = "high";
    context.drawImage(small, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  },
  text(canvas) {                 // the pixels as base64: quicker to hand over than a list of numbers
    const pixels = look.pixels(canvas);
    let letters = "";
    for (let at = 0; at < pixels.length; at += 8192) letters += String.fromCharCode(...pixels.subarray(at, at + 8192));
    return btoa(letters);
  },
  pixels(canvas) { return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data; },
  /** The largest difference between a canvas and the picture of a recipe. */
  async difference(canvas, recipe, smooth) {
    const image = await look.painted(recipe);
    const wanted = look.scaled(image, canvas.width, canvas.height, smooth), seen = look.pixels(canvas);
    return seen.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0);
  },
  small(index) {
    const {explore} = studio;
    const canvas = document.querySelectorAll("#nearby canvas")[index];
    return canvas ? look.difference(canvas, explore.around.neighbours(explore.recipe)[index], false) : 255;
  },
  same(a, b) { return JSON.stringify(a) === JSON.stringify(b); },
  quiet() {
    const {explore} = studio;
    return !explore.painter.busy && !explore.rest.busy && look.same(explore.shown, explore.recipe);
  },
  /** Wait until the picture has followed the controls -> how far it is from what the app paints for them. */
  async followed(deadline) {
    for (; performance.now() < deadline; await new Promise(requestAnimationFrame)) {
      if (!look.quiet()) continue;
      const {recipe, model} = studio.explore, canvas = document.getElementById("picture");
      const difference = await look.difference(canvas, recipe, !model.pixel_art);
      if (look.quiet() && look.same(recipe, studio.explore.recipe)) return difference;
    }
    return null;
  },
  /** Wait until the small pictures have followed. */
  async rested(deadline) {
    while (!(look.quiet() && await look.small(0) <= 2 && await look.small(7) <= 2 && look.quiet())) {
      if (performance.now() > deadline) return false;
      await new Promise(requestAnimationFrame);
    }
    return true;
  },
};
"""
CHINESE = re.compile("[\u4e00-\u9fff]")
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
NAMELESS = """() => [...document.querySelectorAll(
    "button, input, textarea, select, a[href], canvas, img, summary, [role=button]")]
  .filter((e) => e.checkVisibility() && !e.closest("[aria-hidden=true]"))
  .filter((e) => !(e.tagName === "CANVAS" && e.closest("button")) && !e.matches("img[alt='']"))
  .filter((e) => !(e.ariaLabel || e.title || e.alt || e.innerText?.trim() || e.getAttribute("aria-labelledby")
                   || [...(e.labels ?? [])].some((label) => label.innerText.trim())))
  .map((e) => e.outerHTML.slice(0, 160))"""
"""What a person can operate or see and that has no name."""

_THERE = """({focus: document.hasFocus(), active: document.activeElement?.outerHTML.slice(0, 160),
  alert: document.getElementById("alert")?.textContent, recipe: window.studio?.explore?.recipe})"""
_DROP = ("dragEnter", "dragOver", "drop")  # as the browser itself makes it when a file is dragged in from outside
_GREY_LEVELS = 2  # two batches may differ in one, and scaling rounds


def _opened(context: BrowserContext) -> Page:
    page = context.new_page()
    page.add_init_script(_LOOK)
    page.set_default_timeout(60_000)  # a machine may be busy with other things
    return page


_DEVTOOLS: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()


class Visitor:
    """One page. Errors of its scripts and everything that it asks for are kept: see `calm` and `requests`."""

    def __init__(self, context: BrowserContext, app: App, page: Page | None = None):
        """`page`: of an earlier visitor who left it, else a new one."""
        self.context, self.app = context, app
        self.page = page or _opened(context)
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.refused: list[str] = []  # of these, with the status
        self._beginnings: list[str] = []  # the scripts that documents of the page begin with
        self._hears = {
            "console": lambda said: self.errors.append(said.text) if said.type == "error" else None,
            "pageerror": lambda error: self.errors.append(str(error)),
            "request": lambda request: self.requests.append(request.url),
            "response": self._note,
        }
        for event, heard in self._hears.items():
            self.page.on(event, heard)

    def _note(self, response: Response) -> None:
        if response.status >= 400:
            self.refused.append(f"{response.status} {response.url}")

    def come(self, query: str = "") -> "Visitor":
        """Open the page and wait until everything is painted. Nothing is clicked."""
        self.page.goto(self.app.url + query)
        self.page.wait_for_function("window.studio?.ready && studio.explore.sheetKey")
        return self.rested()

    def begin_with(self, script: str) -> "Visitor":
        """From now on every document of the page runs this script first."""
        alone = f"(() => {{{script}\n}})()"  # its names are its own
        told = self.devtools.send("Page.addScriptToEvaluateOnNewDocument", {"source": alone})
        self._beginnings.append(told["identifier"])
        return self

    @property
    def devtools(self) -> CDPSession:
        """It stays: where one ends, Chromium takes what Playwright asked of the page back, such as that it has the
        focus, and no box would be told any more that it was left."""
        if self.page not in _DEVTOOLS:
            _DEVTOOLS[self.page] = self.context.new_cdp_session(self.page)
            _DEVTOOLS[self.page].send("Page.enable")
            _DEVTOOLS[self.page].send("Emulation.setFocusEmulationEnabled", {"enabled": True})
        return _DEVTOOLS[self.page]

    def sparing(self) -> "Visitor":
        """From the next page on this visitor's browser is told to fetch little: the app paints all pictures."""
        return self.begin_with("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")

    def leave(self) -> None:
        """Nothing that pages of this app have kept in the browser is there any more, but for what it fetched. The page
        is closed where it could not be another visitor's."""
        gone = self.page.is_closed() or not self._sees_nothing()
        for event, heard in self._hears.items():
            self.page.remove_listener(event, heard)
        page = self.context.new_page() if gone else self.page
        devtools = self.context.new_cdp_session(page) if gone else self.devtools
        kept = {"origin": self.app.url.rstrip("/"), "storageTypes": "cookies,local_storage,indexeddb,cache_storage"}
        devtools.send("Storage.clearDataForOrigin", kept)
        if gone:
            page.close()
            self.page.close()
        else:
            devtools.send("Page.resetNavigationHistory")

    def _sees_nothing(self) -> bool:
        """Go to an answer of the app that has no scripts, and forget what only this page keeps. False where the app
        does not answer any more."""
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.mouse.move(0, 0)  # where a new page has it
        for identifier in self._beginnings:
            self.devtools.send("Page.removeScriptToEvaluateOnNewDocument", {"identifier": identifier})
        try:
            self.page.goto(self.app.url + "robots.txt")
        except Error:
            return False
        self.page.evaluate("sessionStorage.clear()")
        return True

    # Looking

    @property
    def recipe(self) -> dict:
        told = self.page.evaluate("studio.explore.recipe")
        told.pop("studio", None)  # the version, which recipes that come from a file carry
        return told

    @property
    def frames(self) -> int:
        return self.page.evaluate("studio.explore.frames")

    def painted(self) -> "Visitor":
        """Wait until the picture has followed the controls, and see that it is what the app paints for them."""
        difference = self.page.evaluate("look.followed(performance.now() + 20_000)")
        assert difference is not None, "the picture does not follow the controls"
        assert difference <= _GREY_LEVELS
        return self

    def rested(self) -> "Visitor":
        """Wait until the small pictures have followed as well."""
        assert self.page.evaluate("look.rested(performance.now() + 20_000)"), "the small pictures do not follow"
        return self.painted()

    def pixels(self, selector: str, index: int = 0) -> np.ndarray:
        """RGBA of a canvas, as it is now."""
        canvas = self.page.locator(selector).nth(index)
        width, height, data = canvas.evaluate("c => [c.width, c.height, look.text(c)]")
        return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)

    def looks_like(self, selector: str, before: np.ndarray) -> bool:
        """Whether a canvas shows what it did before, or what another one does: whoever painted it."""
        return bool(np.abs(self.pixels(selector).astype(int) - before).max() <= _GREY_LEVELS)

    def shows(self, selector: str, index: int, recipe: dict, smooth: bool = False) -> bool:
        """Whether a small canvas shows the picture of a recipe."""
        canvas = self.page.locator(selector).nth(index).element_handle()
        return self.page.evaluate("([c, r, s]) => look.difference(c, r, s)", [canvas, recipe, smooth]) <= _GREY_LEVELS

    def slider(self, name: str) -> Locator:
        return self.page.locator(f"#{name} input[type=range]")

    def box(self, name: str) -> Locator:
        """The number box of a slider, or of the seed."""
        return self.page.locator(f"#{name} input[type=number]")

    def value(self, name: str) -> float:
        return float(self.slider(name).input_value())

    @property
    def alert(self) -> Locator:
        return self.page.locator("#alert")

    def told(self, pattern: str) -> str:
        """Wait for a sentence in #alert that one can see and that matches."""
        self.page.wait_for_function(
            "p => { const a = document.getElementById('alert');"
            " return a?.checkVisibility({visibilityProperty: true}) && new RegExp(p).test(a.textContent); }",
            arg=pattern,  # the first look hides what is behind it by that property, and a hidden text reads as none
        )
        words = self.alert.inner_text()
        assert re.search(r"[.!?]$", words.strip()) and self.alert.locator("*").count() == 0  # words, no markup
        return words

    def accessible(self, *looks: str) -> "Visitor":
        """axe-core finds nothing wrong in what is there now: see axe.py."""
        found = faults(self.page, looks or BOTH)
        assert not found, "\n".join(found)
        return self

    # Doing

    def click(self, name: str) -> "Visitor":
        self.page.locator(f"#{name}").click()
        return self

    def press(self, name: str, key: str) -> "Visitor":
        self.slider(name).press(key)
        return self

    def drag(self, name: str, shares: list[float]) -> "Visitor":
        """Drag a slider's thumb with the mouse through positions given as shares of its width."""
        slider = self.slider(name)
        slider.scroll_into_view_if_needed()
        area = slider.bounding_box()
        mouse, y = self.page.mouse, area["y"] + area["height"] / 2
        mouse.move(area["x"] + area["width"] * shares[0], y)
        mouse.down()
        for share in shares[1:]:
            mouse.move(area["x"] + area["width"] * share, y)
        mouse.up()
        return self

    def drop(self, files: Path | list[Path], selector: str) -> "Visitor":
        """Drop a file, or several, of this computer on a part of the page."""
        paths = [str(path) for path in (files if isinstance(files, list) else [files])]
        area = self.page.locator(selector).bounding_box()
        for kind in _DROP:
            self.devtools.send(
                "Input.dispatchDragEvent",
                {
                    "type": kind,
                    "x": area["x"] + 20,
                    "y": area["y"] + 20,
                    "data": {"items": [], "files": paths, "dragOperationsMask": 1},
                },
            )
        return self

    def choose(self, name: str, option: str) -> "Visitor":
        """Choose an option of a dropdown."""
        self.page.locator(f"#{name} input").click()
        self.page.get_by_role("option", name=option, exact=True).click()
        return self

    def until(self, condition: str, arg=None) -> "Visitor":
        """Wait for a condition on the page, in JavaScript. Where it does not come, the failure says what was there."""
        try:
            self.page.wait_for_function(condition, arg=arg)
        except Error as error:
            raise AssertionError(f"{error.message} It holds {self.page.evaluate(_THERE)}") from error
        return self

    def until_recipe(self, **values) -> "Visitor":
        """Wait until the recipe has these values (None: no such entry), and the picture has followed."""
        text = json.dumps(values)
        self.until(f"Object.entries({text}).every(([k, v]) => look.same(studio.explore.recipe[k] ?? null, v))")
        return self.painted()

    @contextmanager
    def expecting_errors(self, pattern: str):
        """The console may say what matches, inside the block only: a refused request is an error to a browser."""
        before = len(self.errors)
        yield
        self.errors[before:] = [error for error in self.errors[before:] if not re.search(pattern, error)]

    def calm(self) -> None:
        """Nothing went wrong in the scripts, and no request left the page."""
        assert not self.errors, (self.errors, self.refused)
        assert {url for url in self.requests if not url.startswith((self.app.url, "data:", "blob:"))} == set()
