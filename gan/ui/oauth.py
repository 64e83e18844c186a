"""Who a visitor of a Space is on the Hub, where they have signed in there and let the Space publish for them.

Gradio makes the routes of the signing in, and keeps what comes of it in a cookie of the visitor's own browser, signed
with the Space's secret; nothing of it is kept here.
"""

import importlib.util
import os
import time
from dataclasses import dataclass

import gradio as gr
from starlette.requests import Request

from gan.ui.kinds import Kind

ROUTES = (
    ("GET", "/login/huggingface", Kind.WHOLE),
    ("GET", "/login/callback", Kind.WHOLE),
    ("GET", "/logout", Kind.WHOLE),
)
"""Gradio's routes of the signing in, open where one can."""
_TOLD = ("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET", "OAUTH_SCOPES", "OPENID_PROVIDER_URL")
_LIBRARIES = ("authlib", "itsdangerous")  # of gradio[oauth], which Spaces have


@dataclass(frozen=True)
class Person:
    """`name`: on the Hub. `token`: of this visit, with the rights that the Space asked for."""

    name: str
    token: str


def can_sign_in() -> bool:
    """Whether this is a Space whose visitors can sign in: hf_oauth stands in its README, so the Hub has told it how."""
    told = all(os.environ.get(name) for name in ("SPACE_ID", *_TOLD))
    return told and all(importlib.util.find_spec(name) for name in _LIBRARIES)


def signing_in() -> gr.LoginButton:
    """What makes Gradio add the routes, to be rendered into the page, which has a link of its own to them. It is made
    outside of the page, so that it listens to nothing and asks for nothing."""
    return gr.LoginButton(visible=False)


def signed_in(request: Request) -> Person | None:
    """Who asks; None where they have not signed in, or too long ago."""
    told = request.scope.get("session", {}).get("oauth_info")
    if not isinstance(told, dict) or told.get("expires_at", 0) < time.time():
        return None
    name, token = told.get("userinfo", {}).get("preferred_username"), told.get("access_token")
    return Person(name, token) if isinstance(name, str) and isinstance(token, str) else None
