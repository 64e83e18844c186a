"""Learn: lessons, which static/learn/learn.js fills and plays."""

from gan.ui.parts import markup


def build() -> None:
    """The tab. Ids are the scripts' way to find its parts."""
    inside = '<nav id="lessons" class="lessons"></nav><article id="lesson" class="lesson"></article>'
    markup(f'<div class="learn">{inside}</div>', elem_id="learn")
