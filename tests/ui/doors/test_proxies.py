"""Who asks: as the connection says, and as a proxy says only where there is one."""

import pytest

from gan.ui.doors.proxies import caller


def scope(peer: str = "10.0.0.1", **headers: str) -> dict:
    rows = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"client": (peer, 1), "scheme": "http", "headers": rows}


FORWARDED = dict(x_forwarded_for="203.0.113.9", x_forwarded_host="evil.example", x_forwarded_proto="https")


def test_nobody_is_believed_where_no_proxy_is():
    asked = scope(host="localhost", x_gradio_server="http://evil.example", **FORWARDED)
    who = caller(asked, proxied=False)
    assert (who.authority, who.address, who.secure) == ("localhost", "10.0.0.1", False)
    assert who.headers == [(b"host", b"localhost")]


def test_a_proxy_is_believed():
    who = caller(scope(host="localhost", x_gradio_server="x", **FORWARDED), proxied=True)
    assert (who.authority, who.address, who.secure) == ("evil.example", "203.0.113.9", True)
    assert [name for name, _ in who.headers] == [b"host", b"x-forwarded-host", b"x-forwarded-proto"]


@pytest.mark.parametrize(
    "told, address",
    [
        ("198.51.100.1, 93.184.216.34", "93.184.216.34"),  # the first one was written by whoever asks
        ("1.1.1.1, 93.184.216.34, 10.1.2.3", "93.184.216.34"),  # a house's own network comes after it
        ("10.1.2.3", "10.1.2.3"),
        ("nonsense, <script>", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
def test_whom_the_proxy_saw(told, address):
    assert caller(scope(host="localhost", x_forwarded_for=told), proxied=True).address == address


def test_two_hosts_are_none():
    asked = scope(host="localhost")
    asked["headers"].append((b"host", b"evil.example"))
    assert caller(asked, proxied=False).authority == ""
