"""The key of a studio that is not for everybody: a name and a password, or a link that lets in whoever has it."""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from gan.errors import StudioError
from gan.ui.cookies import cookie
from gan.ui.doors.shares import Pace, wait_sentence

LINK = "link"  # what --auth says for a token that is made up
QUERY = "key"  # names the token in a link
_TRIES = Pace(20, 600)  # wrong ones of one address: that many at once, then one each half minute
_SHORTEST = 8  # letters of a password


@dataclass(frozen=True)
class Key:
    """secret: "name:password", or a token alone. `ticket` is what a browser keeps once it was let in: another one
    each time that the app starts."""

    secret: str
    ticket: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    tries: Pace = field(default_factory=lambda: Pace(_TRIES.most, _TRIES.seconds))

    @property
    def is_link(self) -> bool:
        return ":" not in self.secret

    @property
    def cookie(self) -> str:
        """The cookie's name. Browsers do not tell ports apart, and two studios may be on one computer."""
        return f"gan-studio-{hashlib.sha256(self.ticket.encode()).hexdigest()[:8]}"

    def opens(self, said: str, address: str) -> bool:
        """Whether that is the secret. Raises StudioError where this address was wrong too often."""
        right = same(said, self.secret)
        if right and self.is_link:
            return True  # nobody guesses one, and who has it shall not wait for others who are wrong
        if (wait := self.tries.left(address)) > 0:
            raise wait_sentence(wait)
        if not right:
            self.tries.count(address)
        return right

    def admits(self, headers: dict[bytes, bytes], address: str) -> bool:
        """Whether a request carries the ticket, or the secret as programs send it. Raises StudioError as `opens`."""
        if same(cookie(headers.get(b"cookie", b"").decode("latin-1"), self.cookie), self.ticket):
            return True
        said = _said(headers.get(b"authorization", b""))
        return said is not None and self.opens(said, address)

    def cookie_header(self, secure: bool, framed: bool) -> bytes:
        """Set-Cookie. In a frame of another site browsers send only what says that it may be."""
        how = "; SameSite=None; Secure; Partitioned" if framed else "; SameSite=Lax" + ("; Secure" if secure else "")
        return f"{self.cookie}={self.ticket}; Path=/; HttpOnly{how}".encode()


def read_key(text: str | None) -> Key | None:
    """The key that --auth asks for: none, "link", or "name:password". Raises StudioError for anything else."""
    if not text:
        return None
    if text == LINK:
        return Key(secrets.token_urlsafe(18))
    name, colon, password = text.partition(":")
    if not (name and colon and len(password) >= _SHORTEST):
        raise StudioError(
            "A key is a name and a password of at least 8 letters.", "Write --auth name:password, or --auth link."
        )
    return Key(text)


def same(said: str, meant: str) -> bool:
    """Whether two texts are the same, in a time that does not tell where they differ."""
    one, other = (hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in (said, meant))
    return hmac.compare_digest(one, other)


def _said(header: bytes) -> str | None:
    """The secret in an Authorization header, None where there is none."""
    kind, _, rest = header.decode("latin-1").partition(" ")
    if kind.lower() == "bearer":
        return rest.strip()
    if kind.lower() != "basic":
        return None
    try:
        return base64.b64decode(rest.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
