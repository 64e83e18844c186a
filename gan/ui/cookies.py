"""A cookie of ours among those of other programs, which a browser sends along to every port of one host name.

Python's SimpleCookie keeps to the letter of RFC 6265: at the first pair that it dislikes, such as
prefs={"theme":"dark"}, it drops all of them. Browsers send such pairs.
"""

from starlette.requests import cookie_parser


def cookie(header: str, name: str) -> str:
    """The value of the cookie of this name in a header Cookie, "" where it has none."""
    return cookie_parser(header).get(name, "")
