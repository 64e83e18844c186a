"""By which names the studio is known, and whose pages are its own."""

import socket
from urllib.parse import urlsplit

import pytest

from gan.ui.doors.hosts import host_name, is_alone, known_hosts, on_the_network
from gan.ui.doors.paths import is_address

HERE = socket.gethostname().lower()


@pytest.mark.parametrize(
    "bound, names, environment, known, strange",
    [
        (
            "127.0.0.1",
            (),
            {},
            ("localhost", "localhost:7860", "LOCALHOST:1", "127.0.0.1", "127.8.0.1:7860", "[::1]:7860", "localhost."),
            ("evil.example", "evil.example:7860", "192.168.0.7", "[2001:db8::1]", "localhost.evil.example", HERE + "x"),
        ),
        ("0.0.0.0", (), {}, ("192.168.0.7:80", "[2001:db8::1]:80", HERE, f"{HERE}.local:1"), ("evil.example",)),
        ("::", (), {}, ("192.168.0.7:80", "[::1]"), ("evil.example",)),
        ("192.168.0.7", (), {}, ("192.168.0.7:7860", "10.0.0.1"), (HERE + "x", "evil.example")),
        ("studio.lan", (), {}, ("studio.lan", "STUDIO.lan:9"), ("lan", "x.studio.lan")),
        (
            "127.0.0.1",
            ("Studio.Example", "b.example:8443"),
            {},
            ("studio.example:99", "b.example:8443"),
            ("b.example:1",),
        ),
        ("0.0.0.0", (), {"SPACE_HOST": "ada-faces.hf.space"}, ("ada-faces.hf.space",), ("eve-faces.hf.space",)),
    ],
)
def test_names(bound, names, environment, known, strange):
    hosts = known_hosts(bound, names, environment)
    assert [name for name in known if not hosts.knows(name)] == []
    assert [name for name in strange if hosts.knows(name)] == []


@pytest.mark.parametrize(
    "text",
    ["", "a b", "a@localhost", "localhost:x", "localhost:99999999", "localhost/x", "[::1", "\0", "x" * 400, ":80"],
)
def test_what_is_no_host(text):
    assert host_name(text) is None or not known_hosts("0.0.0.0", (), {}).knows(text)


@pytest.mark.parametrize(
    "origin, authority, ours",
    [
        ("http://localhost:7860", "localhost:7860", True),
        ("http://LOCALHOST:7860", "localhost:7860", True),
        ("http://[::1]:7860", "[::1]:7860", True),
        ("http://localhost:3000", "localhost:7860", False),  # another program of the same computer
        ("http://127.0.0.1:7860", "localhost:7860", False),
        ("https://evil.example", "evil.example", False),
        ("null", "localhost:7860", False),
        ("", "localhost:7860", False),
        ("file://", "localhost:7860", False),
        ("http://localhost:7860/", "localhost:7860", False),  # no browser says so
        ("http://localhost:7860.evil.example", "localhost:7860", False),
        ("https://studio.example", "127.0.0.1:7860", True),  # a proxy that does not pass the name on
        ("https://studio.example:8443", "127.0.0.1:7860", False),
        ("https://x.studio.example", "studio.example", False),
        ("http://[", "localhost:7860", False),
    ],
)
def test_origins(origin, authority, ours):
    assert known_hosts("127.0.0.1", ("studio.example",), {}).owns(origin, authority) == ours


@pytest.mark.parametrize(
    "bound, environment, alone",
    [
        ("127.0.0.1", {}, True),
        ("localhost", {}, True),
        ("::1", {}, True),
        ("[::1]", {}, True),
        ("0.0.0.0", {}, False),
        ("192.168.0.7", {}, False),
        ("studio.lan", {}, False),
        ("127.0.0.1", {"SPACE_ID": "ada/faces"}, False),
    ],
)
def test_who_is_alone(bound, environment, alone):
    assert is_alone(bound, environment) == alone


def test_the_whole_address_of_a_proxy_is_a_name():
    assert known_hosts("127.0.0.1", (), {}, "https://class.example/gan").knows("class.example")
    assert not known_hosts("127.0.0.1", (), {}, "/gan").knows("gan")


def test_where_others_on_the_network_find_it():
    here = "http://localhost:7871/?key=a"
    assert on_the_network("127.0.0.1", here) is on_the_network("studio.lan", here) is on_the_network("", here) is None
    for bound in ("0.0.0.0", "::", "[::]"):
        shown = on_the_network(bound, here)
        if shown is not None:  # this computer is on one
            assert not is_alone(urlsplit(shown).hostname, {}) and is_address(urlsplit(shown).hostname)
            assert shown.endswith(":7871/?key=a")
