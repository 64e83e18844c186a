"""The curves of a run as an SVG of our own: losses, how often the discriminator is right, what adapts."""

import math
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

import numpy as np

from gan.training.records import StepRecord

_WIDTH, _HEIGHT = 640, 220  # of one panel, in pixels
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 34, 26  # margins around its curves
_MOST = 320  # points of a curve: one for every two pixels
# (title, curves as (name, field), the vertical range where it is fixed)
_PANELS = (
    ("Losses", (("discriminator", "loss_d"), ("generator", "loss_g")), None),
    (
        "The discriminator is right",
        (("on real data", "accuracy_real"), ("on samples", "accuracy_fake")),
        (0.0, 1.0),
    ),
)
# Panels for what only some runs measure: shown where the curve is not the same number all along.
_MORE = (
    ("Data that is changed", (("share", "augment_p"),), (0.0, 1.0)),
    ("How far a sample moves with its latents", (("length", "path_length"),), None),
)
_STYLE = """
    rect { fill: #ffffff } text { fill: #444444; font: 12px sans-serif } .axis { stroke: #bbbbbb }
    .a { stroke: #b3261e } .b { stroke: #1f5fa8 }
    text.a { fill: #b3261e; stroke: none } text.b { fill: #1f5fa8; stroke: none }
    polyline { fill: none; stroke-width: 1.5 }
    @media (prefers-color-scheme: dark) {
      rect { fill: #16181d } text { fill: #c8ccd4 } .axis { stroke: #555a66 }
      .a { stroke: #ff8a80 } .b { stroke: #82b1ff } text.a { fill: #ff8a80 } text.b { fill: #82b1ff }
    }
  """


def curves_svg(records: Sequence[StepRecord], title: str) -> str:
    """A picture of all records, oldest first; there may be none. `title` is what it is called to those who do not see
    it."""
    shown = [*_PANELS, *(panel for panel in _MORE if _moves(records, panel[1]))]
    height = _HEIGHT * len(shown)
    panels = "".join(_panel(records, i * _HEIGHT, *panel) for i, panel in enumerate(shown))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'role="img">\n  <title>{escape(_printable(title))}</title>\n  <style>{_STYLE}</style>\n'
        f'  <rect width="{_WIDTH}" height="{height}"/>\n{panels}</svg>\n'
    )


def _moves(records: Sequence[StepRecord], curves) -> bool:
    return any(len({getattr(record, name) for record in records}) > 1 for _, name in curves)


def _panel(records: Sequence[StepRecord], top: int, title: str, curves, limits) -> str:
    steps = np.array([r.step for r in records], dtype=float)
    columns = [_column(records, name) for _, name in curves]
    low, high = limits or _range(np.concatenate(columns))
    bottom = _HEIGHT - _BOTTOM
    words = [
        _text(_LEFT, 20, title, "start"),
        _text(_LEFT - 6, _TOP + 4, f"{high:.3g}", "end"),
        _text(_LEFT - 6, bottom + 4, f"{low:.3g}", "end"),
    ]
    if len(records):
        words += [
            _text(_LEFT, _HEIGHT - 8, f"step {records[0].step:,}", "start"),
            _text(_WIDTH - _RIGHT, _HEIGHT - 8, f"step {records[-1].step:,}", "end"),
        ]
    words += [_text(_LEFT + 200 + 170 * i, 20, name, "start", "ab"[i]) for i, (name, _) in enumerate(curves)]
    lines = [f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>' for y in (_TOP, bottom)]
    for letter, column in zip("ab", columns, strict=False):  # a panel has one or two
        lines += [f'<polyline class="{letter}" points="{points}"/>' for points in _polylines(steps, column, low, high)]
    return f'  <g transform="translate(0 {top})">\n' + "".join(f"    {one}\n" for one in lines + words) + "  </g>\n"


def _column(records: Sequence[StepRecord], name: str) -> np.ndarray:
    """A curve's values, (records,). Path lengths are measured now and then only: records without one show the one
    before."""
    values = np.array([getattr(r, name) for r in records], dtype=float)
    if name != "path_length":
        return values
    newest = np.maximum.accumulate(np.where(values == 0, -1, np.arange(len(values))))
    return np.where(newest < 0, math.nan, values[newest])


def _polylines(steps: np.ndarray, values: np.ndarray, low: float, high: float) -> Iterator[str]:
    """The points of a curve that are finite, as one polyline for each stretch without a gap."""
    groups = np.array_split(np.arange(len(steps)), min(_MOST, len(steps))) if len(steps) else []
    points = [(steps[group].mean(), values[group].mean()) for group in groups]
    span = max(steps[-1] - steps[0], 1) if len(steps) else 1
    stretch: list[str] = []
    for step, value in [*points, (0, math.nan)]:
        if math.isfinite(value):
            x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * (step - steps[0]) / span
            y = _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * (value - low) / (high - low)
            stretch.append(f"{x:.1f},{y:.1f}")
        elif stretch:
            yield " ".join(stretch)
            stretch = []


def _range(values: np.ndarray) -> tuple[float, float]:
    """The least and the greatest finite value, some way apart."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _text(x: int, y: int, words: str, anchor: str, kind: str = "") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{f" class={kind!r}" if kind else ""}>{escape(words)}</text>'


def _printable(text: str) -> str:
    """XML knows no control characters, however they are written."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
