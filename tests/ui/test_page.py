"""The app as it starts: gan/ui/page.py."""

import asyncio
import contextlib
import threading

from studio_app import running

from gan.ui.language import PageLanguage


def test_it_starts_however_long_the_first_page_takes(weights, monkeypatch):
    """Gradio would look at it before anybody has the address, and give up after three seconds."""
    ready = threading.Event()
    usual = PageLanguage.__call__

    async def late(whole, scope, receive, send):
        if scope["path"] == "/":
            await asyncio.to_thread(ready.wait)
        await usual(whole, scope, receive, send)

    monkeypatch.setattr(PageLanguage, "__call__", late)
    with contextlib.ExitStack() as stack:
        try:
            app = stack.enter_context(running(weights))
        finally:
            ready.set()
        status, page, _ = app.ask("")
    assert status == 200 and b"<gradio-app" in page
