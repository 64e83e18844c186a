"""Pages of other sites, in a real Chromium: what they can read of the studio, and what they can do to it."""

import http.server
import json
import threading
from urllib.parse import urlsplit

import pytest
from kept_runs import trained
from studio_app import running

EVIL = "evil.example"
_TRY = """async ([studio, run]) => {
  const got = {}, me = {"x-visitor": "somebody-for-tests"}, form = new FormData();
  form.append("files", new Blob(["x"]), "x");
  const asks = {
    runs: ["studio/train/runs", {headers: me}],
    plain: ["studio/models", {}],
    model: [`studio/train/run/${run}/model.zip`, {}],
    config: ["config", {}],
    remove: [`studio/train/run/${run}/delete`, {method: "POST", body: "{}", headers: me}],
    simple: [`studio/train/run/${run}/delete`, {method: "POST", body: "{}", mode: "no-cors"}],
    render: ["studio/render", {method: "POST", body: '{"recipes": [{"model": "cats"}]}'}],
    queue: ["gradio_api/queue/join", {method: "POST", body: '{"data": [], "fn_index": 0, "session_hash": "a"}'}],
    upload: ["gradio_api/upload", {method: "POST", body: form}],
    picture: ["studio/picture.png?model=cats", {mode: "no-cors"}],
  };
  for (const [name, [path, how]] of Object.entries(asks)) {
    try {
      const answer = await fetch(studio + path, how);
      got[name] = answer.type === "opaque" ? "opaque" : `${answer.status} ${(await answer.text()).slice(0, 40)}`;
    } catch (error) { got[name] = "nothing"; }
  }
  got.image = await new Promise((done) => {
    const image = new Image();
    image.onload = () => done(`${image.naturalWidth}`);
    image.onerror = () => done("nothing");
    image.src = studio + "studio/picture.png?model=cats&seed=1";
  });
  return got;
}"""


@pytest.fixture(scope="module")
def studio(weights, tmp_path_factory):
    """A studio of one's own computer, with a run; asked: the paths that came past its door."""
    runs = tmp_path_factory.mktemp("runs")
    with running(weights, runs=runs) as app:
        trained(app.studio.workshop.supervisor.root / "mine", (2, 4))
        yield app


@pytest.fixture(scope="module")
def evil(open_chromium):
    """Chromium in a world where evil.example is this computer, and a page of it at another port."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>evil</title>")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = open_chromium(f"--host-resolver-rules=MAP {EVIL} 127.0.0.1")
    yield browser.new_page(), f"http://{EVIL}:{server.server_port}/"
    browser.close()
    server.shutdown()


def unharmed(studio) -> bool:
    return [state.id for state in studio.studio.workshop.supervisor.list()] == ["mine"]


def test_a_page_whose_name_points_here_reads_and_changes_nothing(studio, evil):
    """DNS rebinding: the studio answers at the attacker's own origin."""
    page, _ = evil
    rebound = f"http://{EVIL}:{urlsplit(studio.url).port}/"
    answer = page.goto(rebound)
    assert answer.status == 421 and "not known by the name" in page.inner_text("body")
    got = page.evaluate(_TRY, [rebound, "mine"])
    image = got.pop("image")
    refused = {name: text for name, text in got.items() if text.startswith("421")}
    assert refused == got and image == "nothing" and unharmed(studio)


def test_a_page_of_another_site_reads_and_changes_nothing(studio, evil):
    page, address = evil
    page.goto(address)
    for name in ("127.0.0.1", "localhost"):
        got = page.evaluate(_TRY, [f"http://{name}:{urlsplit(studio.url).port}/", "mine"])
        assert set(got.values()) <= {"nothing", "opaque"}, got
        assert got["image"] == "nothing"
    assert unharmed(studio)


def test_the_studio_is_not_shown_in_a_frame_of_another_site(studio, evil):
    page, address = evil
    page.goto(address)
    page.evaluate(
        "(url) => { const f = document.createElement('iframe'); f.src = url; document.body.append(f); }", studio.url
    )
    frame = page.wait_for_selector("iframe").content_frame()
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((one) => one.initiatorType === 'iframe')"
    )
    assert "studio" not in json.dumps(frame.evaluate("Object.keys(window)"))


def test_its_own_page_works_by_its_own_names(studio, evil):
    page, _ = evil
    for name in ("127.0.0.1", "localhost"):
        page.goto(f"http://{name}:{urlsplit(studio.url).port}/")
        page.wait_for_function("window.studio?.ready && studio.explore.sheetKey")
