"""A third language is one file and no code: in a language made for this, nothing on the page stays English."""

import json
import re

import pytest
from pseudo_language import TAG, pseudo, pseudo_language
from studio_app import running, small_weights
from trainee import dots, end_runs, give, look_at, ordered, seen, to_train

from gan.ui.language import COOKIE

# What stays as it is: names, of the app, of models, files and measures, and Gradio's own words in languages it lacks.
_NAMES = re.compile(
    r"GAN Studio|English|[Cc]ats|Digits|user/(repo|name)|z\[\d+\]|sync-\w+|[\w-]+/[\w.-]+|stylegan2|mlp|[MG]B|"
    r"CC0|MIT|No cats at all\.|nothing|EMA|PNG|PyTorch \d[\d.]*|CPU|c\d+\.png|zero|one|two|"
    r"Use via API|Settings|Stop Recording|logo|Gradio footer navigation|More tabs|Built with Gradio|"
    r"number input for|range slider for|Loading\.*|Processing|Clear|Remove"
)
_SEEN = """() => {
  const seen = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (!["SCRIPT", "STYLE", "NOSCRIPT"].includes(parentElement?.tagName)) seen.push(textContent.trim());
  }
  for (const name of ["aria-label", "placeholder", "title", "alt"])
    for (const element of document.querySelectorAll(`[${name}]`)) seen.push(element.getAttribute(name));
  return seen;
}"""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    weights, folder = small_weights(tmp_path_factory.mktemp("weights")), tmp_path_factory.mktemp("locales")
    with pseudo_language(folder), running(weights) as app:
        yield app


def english(texts) -> list[str]:
    """Those in which a word of two letters is left once names are taken out."""
    return sorted({text for text in texts if text and re.search("[A-Za-z]{2}", _NAMES.sub("", text))})


def open_panels(me) -> None:
    """Everything that is folded on the tab in front."""
    me.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for panel in ("mix", "layers", "expert", "elsewhere"):
        closed = me.page.locator(f"#{panel} button.label-wrap:not(.open)")
        if closed.count() and closed.is_visible():
            closed.click()


def test_nothing_on_a_tab_stays_english(visitor, app):
    me = visitor(app).come(f"?lang={TAG}")
    for tab in ("explore", "interpolate", "train", "learn", "models"):
        me.click(f"tab-{tab}-button")
        me.page.wait_for_load_state("networkidle")
        open_panels(me)
        me.page.wait_for_load_state("networkidle")
        assert english(me.page.evaluate(_SEEN)) == [], tab
    assert me.page.evaluate("document.documentElement.lang") == TAG


def test_nothing_of_a_report_and_a_price_stays_english(visitor, app, quick_prices, tmp_path):
    me = to_train(visitor(app).come(f"?lang={TAG}"))
    give(me, dots(tmp_path / "dots", 12))
    me.page.wait_for_function("document.getElementById('budget').textContent.match(/[0-9]/)", timeout=60_000)
    assert english(me.page.evaluate(_SEEN)) == []


def test_nothing_of_a_run_stays_english(visitor, app):
    id = ordered(app)
    me = visitor(app)
    me.context.add_cookies([{"name": COOKIE, "value": TAG, "url": app.url}])
    try:
        seen(look_at(me, id), "s.step > 3")
        open_panels(me)
        assert english(me.page.evaluate(_SEEN)) == []
    finally:
        end_runs(app)


def test_a_visitor_chooses_in_the_header_and_the_page_remembers(visitor, app):
    me = visitor(app).come()
    assert me.page.locator("#tab-explore-button").inner_text() == "Explore"
    with me.page.expect_navigation():
        me.page.locator("#language").select_option(TAG)
    me.page.wait_for_function("window.studio?.ready && !document.getElementById('first-look')")
    assert me.page.locator("#tab-explore-button").inner_text() == pseudo("Explore")
    me.page.reload()
    me.page.wait_for_function("window.studio?.ready")
    assert me.page.locator("#language").input_value() == TAG


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("studio/render", {"recipes": []}),
        ("studio/render", {"recipes": [{"model": "cats", "psi": 9}]}),
        ("studio/render", {"recipes": [{"model": "cats", "noise": "loud"}]}),
        ("studio/render", {"recipes": [{"model": "nowhere", "seed": -1}]}),
        ("studio/film", {"keyframes": [{"model": "cats"}]}),
        ("studio/open", {}),
        ("studio/latents", {"recipe": 3}),
        ("studio/model?id=nowhere", None),
        ("studio/recipe?model=", None),
        ("studio/picture.png?model=cats&size=x", None),
        ("studio/library/look", {"source": "https://example.org/a/b"}),
        ("studio/library/look", {"source": "user/repo"}),
        ("studio/library/layout/preview", {"id": "cats", "values": {}}),
        ("studio/train/run/nowhere", None),
        ("studio/train/plan", {"base": "nowhere"}),
        ("studio/train/start", {"set": "nowhere"}),
        ("studio/train/set/nowhere", None),
        ("studio/scores?model=nowhere", None),
        ("studio/scores/start", {"model": "cats", "set": "nowhere"}),
    ],
)
def test_no_mistake_is_answered_in_english(app, path, body):
    head = {"x-language": TAG, "x-visitor": "0123456789abcdef0123"}
    status, answer, _ = app.ask(path, body, head)
    said = json.loads(answer)["error"]
    own = re.sub(r"'[^']*'|nowhere|psi|noise|seed|const|none|random", "", said)  # what was sent, what programs call it
    assert status == 400 and "⟦" in said and english([own]) == [], said
