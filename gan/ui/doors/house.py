"""What the door knows of the studio that it stands before."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from gan.ui.doors.hosts import Hosts
from gan.ui.doors.keys import QUERY, Key


@dataclass(frozen=True)
class House:
    """What the door knows of the studio. proxied: a proxy stands before it, which is believed. framed: the page may
    be shown in a frame of the Hub's, as a Space is. public_root: the path, or the whole address, below which a
    proxy offers it."""

    hosts: Hosts
    key: Key | None = None
    proxied: bool = False
    framed: bool = False
    public_root: str = ""

    @property
    def root(self) -> str:
        """The path of `public_root`, without a last slash."""
        return urlsplit(self.public_root).path.rstrip("/")

    def address(self, url: str) -> str:
        """What to give to visitors, where `url` is the address of the studio: the key is in it where it is a link."""
        return f"{url}?{QUERY}={self.key.secret}" if self.key and self.key.is_link else url
