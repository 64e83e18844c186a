"""A model taken from the Models tab as a page, and that page opened from a plain web server, without the studio."""

import functools
import http.server
import threading
import zipfile

import pytest
from axe import faults
from visitor import CHINESE, NAMELESS, SIDEWAYS

PAINTED = "document.getElementById('picture').toDataURL()"


@pytest.fixture(scope="module")
def serve():
    """serve(folder) -> its address on a web server that knows nothing but files."""
    servers = []

    def start(folder) -> str:
        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                pass

        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder)))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def taken(me, tmp_path):
    """The folder in the zip that the button gives."""
    me.click("tab-models-button")
    with me.page.expect_download() as download:
        me.page.locator("[data-model=cats]").get_by_role("button", name="As a page").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    return folder


def moved(page, act) -> str:
    """Do something, and wait until the picture is another one -> that."""
    before = page.evaluate(PAINTED)
    act()
    page.wait_for_function("(before) => document.getElementById('picture').toDataURL() !== before", arg=before)
    return page.evaluate(PAINTED)


def test_a_taken_page_paints_by_itself(taken, serve, browser):
    url = serve(taken)
    with browser.new_context(viewport={"width": 390, "height": 844}, locale="en-US") as context:
        page, asked, errors = context.new_page(), [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        page.wait_for_function("() => document.getElementById('picture').ariaLabel")
        assert page.evaluate(SIDEWAYS) <= 0 and page.evaluate(NAMELESS) == []
        context.set_offline(True)
        moved(page, lambda: page.get_by_label("Truncation").fill("0.4"))
        moved(page, lambda: page.get_by_role("slider", name="Direction 2").fill("2"))
        page.get_by_text("Mix two pictures").click()
        seen = moved(page, lambda: page.get_by_label("Shapes of the second").fill("1"))
        page.wait_for_function("() => location.search.includes('mix=1,0')")  # the address follows
        link = page.url
        page.get_by_text("Film", exact=True).click()
        moved(page, lambda: page.get_by_role("button", name="Play").click())
        page.get_by_role("button", name="Pause").click()
        for scheme in ("light", "dark"):  # with every panel open
            page.emulate_media(color_scheme=scheme)
            assert faults(page, ["light, narrow"]) == []
        moved(page, lambda: page.get_by_role("button", name="Reset").click())
        page.get_by_label("Language").select_option("zh-CN")
        assert CHINESE.search(page.locator("#settings").inner_text())
        context.set_offline(False)
        page.goto(link)
        page.wait_for_function("(seen) => document.getElementById('picture').toDataURL() === seen", arg=seen)
        assert all(address.startswith((url, "data:")) for address in asked) and errors == []
