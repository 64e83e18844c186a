"""A real Chromium for the whole session, and a context of its own for each visitor."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from visitor import Visitor

# The headless shell is the same engine and page without a browser's own window: a third less work for two cores.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_SCREEN = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US"}
_HERE, _SLOWEST = Path(__file__).parent, "test_runs.py"


def pytest_collection_modifyitems(items):
    """Browser tests come last: Playwright leaves an event loop running in this thread. The slowest file of them comes
    first, so that no process waits for another one's at the end."""
    items.sort(key=lambda item: 0 if _HERE not in item.path.parents else 1 if item.path.name == _SLOWEST else 2)


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


@pytest.fixture(scope="session")
def profile(browser) -> BrowserContext:
    """One browser's profile for most tests: what was fetched once is not fetched again. Pages share nothing else."""
    with browser.new_context(**_SCREEN) as context:
        yield context


@pytest.fixture
def me(profile, app) -> Visitor:
    """One visitor before a page on which everything is painted. After the test all must be calm."""
    visitor = Visitor(profile, app)
    yield visitor.come()
    visitor.forget()
    visitor.page.close()
    visitor.calm()


@pytest.fixture
def visitor(browser, app):
    """visitor() -> a Visitor with a context of their own, which `options` describe. After the test all must be calm."""
    visitors = []

    def arrive(app=app, **options) -> Visitor:
        visitors.append(Visitor(browser.new_context(**(_SCREEN | options)), app))
        return visitors[-1]

    yield arrive
    for one in visitors:
        one.context.close()
    for one in visitors:
        one.calm()
