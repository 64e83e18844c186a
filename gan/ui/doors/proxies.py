"""Who asks, by what name, and over which way: as the connection says, or as a proxy says that is believed."""

import ipaddress
from dataclasses import dataclass

from gan.ui.doors.paths import is_address
from gan.ui.doors.shares import household

_FORWARDED = (b"x-forwarded-", b"forwarded", b"x-real-ip", b"x-gradio-server")
_KEPT = (b"x-forwarded-host", b"x-forwarded-proto")  # of a proxy that is believed: Gradio makes addresses from them


@dataclass(frozen=True)
class Caller:
    """authority: the Host. address: of which household. secure: whether over https. headers: those that may be
    believed."""

    authority: str
    address: str
    secure: bool
    headers: list[tuple[bytes, bytes]]


def caller(scope, proxied: bool) -> Caller:
    """Of a request. `proxied`: a proxy stands before the studio and says for whom it asks."""
    told: dict[bytes, str] = {}
    kept = []
    for name, value in scope["headers"]:
        if name.startswith(_FORWARDED):
            told[name] = f"{told[name]},{value.decode('latin-1')}" if name in told else value.decode("latin-1")
        if not name.startswith(_FORWARDED) or (proxied and name in _KEPT):
            kept.append((name, value))
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    authority = hosts[0] if len(hosts) == 1 else ""
    peer = scope["client"][0] if scope.get("client") else ""
    if not proxied:
        return Caller(authority, household(peer), scope.get("scheme") == "https", kept)
    named = told.get(b"x-forwarded-host", "")
    return Caller(
        named.rpartition(",")[2].strip() if named else authority,
        household(_asked_for(told.get(b"x-forwarded-for", ""), peer)),
        told.get(b"x-forwarded-proto", scope.get("scheme", "")).partition(",")[0].strip() == "https",
        kept,
    )


def _asked_for(told: str, peer: str) -> str:
    """The address that the proxy saw: the last one that is not of a house's own network, since whoever asks may have
    written the first ones."""
    addresses = [text for text in map(str.strip, told.split(",")) if is_address(text)]
    public = [text for text in addresses if ipaddress.ip_address(text).is_global]
    return public[-1] if public else addresses[-1] if addresses else peer
