"""What the page shows before its scripts are here: its name, and the picture that they will paint, at the same place.

Gradio's page is empty until a megabyte of scripts has run, and then comes piece by piece. The picture is an image whose
address stands in the page, so that the browser asks for it at once. What Gradio puts there stays hidden until the real
picture is painted in the same place: then static/shared/page.js takes this one away (`uncover`), and all is there.
"""

import functools
import html
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool

from gan.errors import StudioError
from gan.locales import Locale
from gan.studio.library.library import Library
from gan.studio.recipes import Recipe

_KNOWN = 64  # models whose description is remembered
_MODEL = {"model", "rev"}  # names in a link that say no more than which model
_ELSEWHERE = ("run", "lesson")  # names in a link that leads to another tab
_MOST = 512  # pixels of the longer edge: what comes after it is as large as the model makes it
# Sizes are those of Gradio's frame and of studio.css: tests/browser/test_first_look.py lays one over the other.
_STYLE = """<style>
html { overflow-y: scroll; }
#first-look {
  position: absolute; inset: 0 0 auto; z-index: 70; pointer-events: none;
  box-sizing: border-box; width: 100%; margin: 0 auto; padding: 16px 12px; color: #1e293b;
  font: 14px/22.75px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "PingFang TC",
        "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  --edge: 9px; --most: min(32vh, 40vh - 64px);
}
#first-look h1 { margin: 0 0 6px; font-size: 25.6px; font-weight: 600; line-height: 33.28px; letter-spacing: -0.256px; }
#first-look p { margin: 0 0 64px; }
#first-look div {
  box-sizing: border-box; padding: var(--edge); border-radius: 6px; background: #fff;
  text-align: center; line-height: 0;
}
#first-look img {
  width: min(100%, var(--most)); max-height: var(--most); aspect-ratio: auto 1; object-fit: contain; border-radius: 8px;
}
#first-look img.pixels { image-rendering: pixelated; }
html:not(.elsewhere):has(#first-look) gradio-app { visibility: hidden; }
.elsewhere #first-look { display: none; }
@media (min-width: 640px) { #first-look { max-width: 640px; } }
@media (min-width: 769px) {
  #first-look { max-width: 768px; padding-inline: 32px; --edge: 13px; --most: max(240px, 100vh - 210px); }
  #first-look div { width: calc((100% - 20px) * 5 / 11); }
}
@media (min-width: 1024px) { #first-look { max-width: 1024px; } }
@media (min-width: 1280px) { #first-look { max-width: 1180px; } }
@media (prefers-color-scheme: dark) {
  body { background: #0a0f1e; }
  #first-look { color: #f1f5f9; }
  #first-look div { background: #0f172a; }
}
</style>"""


class FirstLook:
    """The markup for each visitor. No model is loaded for it."""

    def __init__(self, library: Library, title: str, soon: str = "", then: str = ""):
        """Links to what the page will need next: `soon`, and `then`, which waits for the picture."""
        self._library, self._title, self._soon, self._then = library, title, soon, then
        self._described = functools.lru_cache(_KNOWN)(library.describe)

    async def markup(self, query: str, locale: Locale) -> str:
        """Of the page with this query, in this language. Raises StudioError where there is no model at all."""
        link = dict(parse_qsl(query))
        if any(name in link for name in _ELSEWHERE):
            return self._soon + self._then
        recipe, model = await run_in_threadpool(self._picture, link)
        alt = locale.word("picture_alt").format(title=locale.translated(model["title"]), seed=recipe.seed)
        size = f"&size={_MOST}" if max(model["width"], model["height"]) > _MOST else ""
        source = html.escape(f"studio/picture.png?{recipe.to_query()}{size}")
        kind = ' class="pixels"' if model["pixel_art"] else ""
        said = f"<h1>{html.escape(self._title)}</h1><p>{html.escape(locale.word('tagline'))}</p>"
        image = f'<img src="{source}" alt="{html.escape(alt)}" fetchpriority="high"{kind}>'
        return f'{self._soon}{_STYLE}<div id="first-look">{said}<div>{image}</div></div>{self._then}'

    def _picture(self, link: dict[str, str]) -> tuple[Recipe, dict]:
        """The picture of a link and its model, else the first model's own; what is wrong with a link the page says."""
        link = {name: text for name, text in link.items() if name in Recipe.query_keys()}
        if link:
            try:
                recipe, _ = Recipe.from_link(link, self._library.first)
                self._library.check([recipe])
                model = self._described(recipe.model, recipe.revision)
                return (opening(model) if link.keys() <= _MODEL else recipe), model
            except StudioError:
                pass
        model = self._described(self._library.first)
        return opening(model), model


def opening(model: dict) -> Recipe:
    """The recipe that a model opens with, as the page's scripts make it. `model`: see `about` in library.py."""
    label = 0 if model["classes"] else None
    return Recipe(model["id"], model["revision"], model["seed"], label, psi=model["psi"])
