"""Small pieces that several tabs use."""

import functools
import html
import logging
from collections.abc import Mapping
from typing import Any

import gradio as gr
from gradio.context import LocalContext

from gan.errors import StudioError
from gan.locales import Locale
from gan.messages import say
from gan.studio.visitors import comes_from
from gan.ui.language import language_of

PRIVATE: dict[str, Any] = dict(api_visibility="private")
"""For every event that only the page uses, so that the API page shows what is meant for programs."""

UNFORESEEN = say("Something unforeseen went wrong; the log of the app says what.")

_log = logging.getLogger(__name__)


def script(call: str) -> str:
    """JavaScript for an event that asks the page's own scripts for one of static/events.js: they say what goes wrong,
    Gradio would swallow it."""
    return f"(...values) => window.studio?.run('{call}', ...values)"


def markup(html: str, **about) -> gr.HTML:
    """Markup of our own, which the scripts fill and static/studio.css styles, without Gradio's look for texts."""
    return gr.HTML(html, padding=False, apply_default_css=False, elem_classes="own", **about)


def sentences(handler):
    """Turn a StudioError into the toast that a person sees; anything unforeseen goes to the log, not to the page. What
    is painted counts for the address of whoever asked."""

    @functools.wraps(handler)
    def safe(*args, **kwargs):
        comes_from(_request_scope().get("studio.address", ""))
        try:
            return handler(*args, **kwargs)
        except StudioError as error:
            said = html.escape(_language().translated(error.said), quote=False)
            raise gr.Error(said, duration=None, print_exception=False) from error
        except gr.Error:
            raise
        except Exception as error:
            _log.exception("unforeseen")
            raise gr.Error(_language().translated(UNFORESEEN), print_exception=False) from error

    return safe


def _request_scope() -> Mapping[str, Any]:
    """Of the request that began the event which is being handled: Gradio's queue works on it in a task of its own."""
    request = LocalContext.request.get(None)
    return request.request.scope if request and request.request else {}


def _language() -> Locale:
    """That of the visitor whose event is being handled."""
    request = LocalContext.request.get(None)
    return language_of(request.headers if request else {})


def live_slider(
    id: str, label, low: float | None, high: float | None, value: float, step: float | None, **about
) -> gr.Slider:
    """A slider that the page's scripts follow while it moves, with no buttons of Gradio's beside it. Of a knob: one
    that has both ends and a step."""
    assert low is not None and high is not None and step is not None, f"{id} has no ends"
    look: dict[str, Any] = dict(interactive=True, elem_id=id, elem_classes="live", buttons=[])
    return gr.Slider(low, high, value, step=step, label=label, **look, **about)


def tool(words, key: str, call: str, **about) -> gr.Button:
    """A button that only runs a function of the page's scripts: no request is made."""
    button = gr.Button(words(key), size="sm", min_width=72, elem_id=f"do-{key.replace('_', '-')}", **about)
    button.click(None, None, None, js=script(call))
    return button


def sync_button(name: str, outputs: list, call: str) -> None:
    """A button nobody sees: the scripts click it to set the choices, labels or limits of Gradio's components."""
    gr.Button(name, visible="hidden", elem_id=name).click(None, None, outputs, js=script(call))
