"""Whether people who see little, hear the page or use it with keys alone are shut out somewhere: asked of axe-core."""

import functools

from checkers import fetched
from playwright.sync_api import Page

LOOKS = {
    "light, wide": (1280, False),
    "light, narrow": (390, False),
    "dark, wide": (1280, True),
    "dark, narrow": (390, True),
}
"""A width in pixels, and whether it is dark."""
BOTH = ("light, wide", "dark, narrow")
"""Each width and each kind of colours once."""
_OF_LOOKS = [
    "color-contrast",
    "link-in-text-block",
    "scrollable-region-focusable",
]  # rules that depend on width and colours
_RUN = """async (rules) => {
  const how = {resultTypes: ["violations"], ...(rules ? {runOnly: {type: "rule", values: rules}} : {})};
  return (await axe.run(document, how)).violations.flatMap((one) =>
    one.nodes.map(({target, failureSummary}) => `${one.id}: ${target.join(" ")}: ${failureSummary.slice(0, 240)}`));
}"""


@functools.cache
def _source() -> str:
    return (fetched() / "axe-core/axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, looks=BOTH) -> list[str]:
    """What is wrong in the page as it is now, in each of the looks: all rules in the first, those of colours and widths
    in the others. Afterwards it looks as before."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_source())
    page.emulate_media(reduced_motion="reduce")  # colours must not be on their way to others
    before, dark = page.viewport_size, page.evaluate("document.body.classList.contains('dark')")
    found = []
    for i, look in enumerate(looks):
        width, dark_now = LOOKS[look]
        page.set_viewport_size({"width": width, "height": before["height"]})
        page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark_now)
        found += [f"{look}: {one}" for one in page.evaluate(_RUN, _OF_LOOKS if i else None)]
    page.set_viewport_size(before)
    page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
    return found
