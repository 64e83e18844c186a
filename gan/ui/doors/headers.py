"""What every answer says to the browser: which scripts may run, where the page may be shown, and what is passed on."""

from collections.abc import Iterable

_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-eval'",  # Gradio makes functions of texts
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "frame-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
_SPACE = "https://huggingface.co https://*.hf.space"  # where a Space is shown in a frame
_HUB = "https://huggingface.co"  # of which Gradio's page asks, on a Space, how that Space is
_THEIRS = (b"access-control-", b"server", b"x-frame-options")  # begin the names of headers that the door decides on


def safe_headers(framed: bool) -> list[tuple[bytes, bytes]]:
    """Of every answer. `framed`: the page is shown in a frame of the Hub's, as a Space is."""
    rows = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }
    if not framed:
        rows |= {"x-frame-options": "DENY", "cross-origin-opener-policy": "same-origin"}
    return [(name.encode(), value.encode()) for name, value in rows.items()]


def policy(nonce: str, framed: bool) -> tuple[bytes, bytes]:
    """The header of one answer: of the scripts in the page those run that have this nonce."""
    rows = _POLICY | {
        "script-src": f"{_POLICY['script-src']} 'nonce-{nonce}'",
        "connect-src": f"{_POLICY['connect-src']} {_HUB}" if framed else _POLICY["connect-src"],
        "frame-ancestors": _SPACE if framed else "'none'",
    }
    return b"content-security-policy", "; ".join(f"{name} {value}" for name, value in rows.items()).encode()


def guarded(given: Iterable[tuple[bytes, bytes]], ours: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """An answer's headers with ours: nothing invites pages of other sites."""
    names = {name for name, _ in ours}
    kept = [
        (name, value) for name, value in given if name.lower() not in names and not name.lower().startswith(_THEIRS)
    ]
    return kept + ours
