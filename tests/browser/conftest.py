"""A real Chromium for the whole session, and a profile of its own for each visitor."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from studio_app import App
from visitor import Visitor

# The headless shell is the same engine and page without a browser's own window: a third less work for two cores.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # painted by the processor anyway: a sixteenth less work for a page
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_LOOKS = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
_SCREEN = {"viewport": _LOOKS["viewport"], "locale": "en-US"}
_HERE = Path(__file__).parent
_SLOWEST = ("test_runs.py", "test_run_models.py", "test_models.py", "test_train.py")


def pytest_collection_modifyitems(items):
    """Browser tests come last: Playwright leaves an event loop running in this thread. The slowest files of them come
    first, so that no process waits for another one's at the end."""
    places = {name: 1 + place for place, name in enumerate(_SLOWEST)}
    items.sort(key=lambda item: places.get(item.path.name, 1 + len(places)) if _HERE in item.path.parents else 0)


def find_chromium(playwright) -> str:
    """CHROMIUM in the environment, else one on the PATH, else Playwright's own, else one is installed."""
    if told := os.environ.get("CHROMIUM"):
        return told
    own = playwright.chromium.executable_path
    with (Path(tempfile.gettempdir()) / "gan-studio-chromium.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of the processes that test side by side one installs
        return _installed(own) or _install(own)


def _installed(own: str) -> str | None:
    return next(filter(None, map(shutil.which, (*_NAMES, own))), None)


def _install(own: str) -> str:
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        names = " || ".join(f"apt-get install -yq {name}" for name in _NAMES[:2])
        ways.insert(0, ["sh", "-c", f"apt-get update -q && ({names})"])
    for way in ways:
        subprocess.run(way, check=False)
        if found := _installed(own):
            return found
    pytest.fail("There is no Chromium, and none could be installed. Install one, or name it in the variable CHROMIUM.")


@pytest.fixture(scope="session")
def open_chromium():
    """open_chromium(more options) -> a Browser, which whoever opens it closes."""
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        yield lambda *more: playwright.chromium.launch(executable_path=path, args=[*_OPTIONS, *more])


@pytest.fixture(scope="session")
def browser(open_chromium) -> Browser:
    made = open_chromium()
    yield made
    made.close()


class _Profiles:
    """Profiles of the browser, for one visitor after the other: what was fetched once is not fetched again, and nothing
    else is there any more. The page itself is the next visitor's, too: it has the scripts in its memory."""

    def __init__(self, browser: Browser):
        self._browser, self._free = browser, defaultdict(list)

    def visitor(self, app: App, options: dict) -> Visitor:
        """In a profile that nobody has now. `options`: those of a context. A screen and a colour are the page's own."""
        lasting = {} if set(options) <= set(_LOOKS) else options
        free = self._free[repr(sorted(lasting.items()))]
        context = free.pop() if free else self._browser.new_context(**(_SCREEN | lasting))
        visitor = Visitor(context, app, next(iter(context.pages), None))
        looks = _LOOKS | options
        visitor.page.set_viewport_size(looks["viewport"])
        visitor.page.emulate_media(color_scheme=looks["color_scheme"], reduced_motion="null")
        visitor.done = lambda: free.append(visitor.context)
        return visitor

    def leave(self, visitor: Visitor) -> None:
        """All that is kept is gone and all that is open closed, but for the page itself; the profile is free."""
        visitor.leave()
        for page in visitor.context.pages:
            if page != visitor.page:
                page.close()
        visitor.context.clear_cookies()
        visitor.done()


@pytest.fixture(scope="session")
def profiles(browser) -> _Profiles:
    return _Profiles(browser)


@pytest.fixture
def me(visitor) -> Visitor:
    """One visitor before a page on which everything is painted. After the test all must be calm."""
    return visitor().come()


@pytest.fixture
def visitor(profiles, app):
    """visitor() -> a Visitor with a profile of their own, which `options` describe. After the test all must be calm."""
    visitors = []

    def arrive(app=app, **options) -> Visitor:
        visitors.append(profiles.visitor(app, options))
        return visitors[-1]

    yield arrive
    for one in visitors:
        profiles.leave(one)
    for one in visitors:
        one.calm()
