"""By which names the studio is known, and which pages are its own.

A page of any site may have its name point at this computer (DNS rebinding), and is then of the same origin as what
answers here. So a request is heard only where its Host is a name that this studio is known to have. An address written
in digits is nobody's to point elsewhere.
"""

import ipaddress
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from gan.ui.doors.paths import is_address

_ANYWHERE = ("0.0.0.0", "::")
_LOCAL = frozenset({"localhost"})
_OUTSIDE = ("198.51.100.1", 9)  # an address for examples (RFC 5737): the system says which way is out, nothing is sent
_LONGEST = 300  # letters of a Host or an Origin


@dataclass(frozen=True)
class Hosts:
    """names: in small letters, some with a port. addresses: whether any address in digits will do, and not only
    those of this computer to itself."""

    names: frozenset[str] = _LOCAL
    addresses: bool = False
    told: frozenset[str] = frozenset()  # of the names those that were given, behind which a proxy may stand

    def knows(self, authority: str) -> bool:
        """Whether a Host, "name", "name:port", "127.0.0.1:port" or "[::1]:port", is one of the studio's."""
        name = host_name(authority)
        if name is None:
            return False
        if name in self.names or authority.lower() in self.names:
            return True
        try:
            address = ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return self.addresses or address.is_loopback

    def owns(self, origin: str, authority: str) -> bool:
        """Whether a page of that Origin is the studio's own, where it was reached as `authority`."""
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or parts.path or len(origin) > _LONGEST:
            return False
        page = parts.netloc.lower()
        return self.knows(authority) and (page == authority.lower() or page in self.told)


def host_name(authority: str) -> str | None:
    """Of "name:port" the name, in small letters and without a last dot; None for what is no Host."""
    if not 0 < len(authority) <= _LONGEST:
        return None
    try:
        parts = urlsplit(f"//{authority}")
        parts.port  # noqa: B018 (raises where it is no number)
    except ValueError:
        return None
    if parts.netloc != authority or "@" in authority or parts.hostname is None:
        return None
    return parts.hostname.rstrip(".") or None


def known_hosts(bound: str, names: Iterable[str], environment: Mapping[str, str], root: str = "") -> Hosts:
    """What the studio is called that listens on `bound`.

    names: given by whoever starts it. environment: a Space says its own name in SPACE_HOST. root: where a proxy offers
    it, whose address counts where it is a whole one.
    """
    given = [*names, *environment.get("SPACE_HOST", "").split(","), urlsplit(root).netloc]
    told = frozenset(name.strip().lower() for name in given if name.strip())
    bound = bound.strip("[]").lower()
    everywhere = bound in _ANYWHERE
    own = {bound} if not everywhere else {socket.gethostname().lower(), f"{socket.gethostname().lower()}.local"}
    outside = is_address(bound) and not ipaddress.ip_address(bound).is_loopback
    return Hosts(_LOCAL | told | own, everywhere or outside, told)


def on_the_network(bound: str, url: str) -> str | None:
    """Where other computers of the network find a studio that listens on `bound` and is open at `url` here; None where
    it does not listen to all of them, and where this computer is on no network."""
    if bound.strip("[]").lower() not in _ANYWHERE:
        return None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(_OUTSIDE)
        except OSError:
            return None
        address = way.getsockname()[0]
    parts = urlsplit(url)
    return parts._replace(netloc=f"{address}:{parts.port}").geturl()


def is_alone(bound: str, environment: Mapping[str, str]) -> bool:
    """Whether only who sits at this computer can reach what listens on `bound`."""
    if "SPACE_ID" in environment or "SPACE_HOST" in environment:
        return False
    bound = bound.strip("[]").lower()
    return bound == "localhost" or (is_address(bound) and ipaddress.ip_address(bound).is_loopback)
