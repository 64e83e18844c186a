"""The page where others show it: as a Space in a frame of the Hub's, below a proxy's path, and in two tabs at once."""

from urllib.parse import urlsplit

import pytest
from studio_app import running

from gan.ui.doors.hosts import known_hosts
from gan.ui.doors.house import House

SPACE = "ada-faces.hf.space"
BELOW = f"https://{SPACE}/gan/"
TOLD = {"id": "ada/faces", "subdomain": "ada-faces", "runtime": {"stage": "RUNNING"}}  # by the Hub, of the Space
READY = "() => window.studio?.ready && studio.explore.sheetKey"


@pytest.fixture(scope="module")
def space(weights):
    hosts = known_hosts("0.0.0.0", (), {"SPACE_ID": "ada/faces", "SPACE_HOST": SPACE})
    house = House(hosts, proxied=True, framed=True, public_root="/gan")
    with running(weights, shared=True, house=house) as app:
        yield app


@pytest.fixture
def world(browser, space):
    """world(page address) -> a page there with the Space in a frame, in a world where a proxy stands before the app and
    takes its path away."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})

    def through(route) -> None:
        asked = urlsplit(route.request.url)
        told = {"x-forwarded-host": SPACE, "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7"}
        where = f"{space.url.rstrip('/')}{asked.path.removeprefix('/gan')}" + (f"?{asked.query}" if asked.query else "")
        headers = {name: value for name, value in route.request.all_headers().items() if name != "host"}
        route.fulfill(response=route.fetch(url=where, headers=headers | told, timeout=60_000))

    def shown_at(address: str):
        frame = f'<!doctype html><title>A frame</title><iframe width="1200" height="800" src="{BELOW}"></iframe>'
        context.route(f"{address}**", lambda route: route.fulfill(body=frame, content_type="text/html"))
        page = context.new_page()
        errors: list[str] = []
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        return page, errors

    context.route(f"{BELOW}**", through)
    how = {"access-control-allow-origin": "*"}
    context.route("https://huggingface.co/api/**", lambda route: route.fulfill(json=TOLD, headers=how))
    yield shown_at
    context.close()


def test_a_space_works_in_a_frame_of_the_hub_below_a_proxys_path(world):
    page, errors = world("https://huggingface.co/spaces/ada/faces")
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_function(READY)
    frame.wait_for_function("[...studio.server.browser.networks.values()].some((one) => one.tried && !one.failed)")
    before = frame.evaluate("studio.explore.frames")
    frame.locator("#psi input[type=range]").press("ArrowLeft")
    frame.wait_for_function("(before) => studio.explore.frames > before && !studio.explore.painter.busy", arg=before)
    answer = frame.evaluate("""async () => {
        const headers = {"content-type": "application/json", "x-visitor": "somebody-for-tests"};
        const answer = await fetch("studio/train/set", {method: "POST", body: "{}", headers});
        return [answer.status, answer.url];
    }""")
    assert answer == [200, f"{BELOW}studio/train/set"] and errors == []


def test_a_space_is_shown_in_no_other_frame(world):
    page, errors = world("https://evil.example/")
    frame = page.wait_for_selector("iframe").content_frame()
    page.wait_for_function("() => performance.getEntriesByType('resource').some((e) => e.initiatorType === 'iframe')")
    assert "studio" not in frame.evaluate("Object.keys(window)")
    assert any("frame-ancestors" in error for error in errors)


def test_two_tabs_of_one_visitor(visitor, space, weights):
    """Both paint what their own controls say, both are the same visitor, and neither waits for the other."""
    with running(weights, shared=True) as app:
        one = visitor(app)
        two = type(one)(one.context, app)
        one.come(), two.come()
        for tab, key in ((one, "ArrowLeft"), (two, "ArrowRight")):
            tab.press("psi", key)
        assert one.painted().recipe["psi"] != two.painted().recipe["psi"]
        who = "localStorage.getItem(Object.keys(localStorage).find((key) => /visitor|who/i.test(key)))"
        assert one.page.evaluate(who) == two.page.evaluate(who) != None  # noqa: E711 (one chain)
        for tab in (one, two):
            tab.page.goto("about:blank")  # before the studio ends: a page asks whether it is still there
        two.calm()
