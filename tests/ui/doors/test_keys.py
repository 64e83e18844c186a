"""The key: what opens, what does not, and how often one may be wrong."""

import base64

import pytest

from gan.errors import StudioError
from gan.ui.doors.keys import Key, read_key


def basic(text: str) -> dict:
    return {b"authorization": b"Basic " + base64.b64encode(text.encode())}


def test_a_name_and_a_password():
    key = read_key("class:correct horse")
    assert not key.is_link and key.opens("class:correct horse", "a") and not key.opens("class:correct hors", "a")
    assert key.admits(basic("class:correct horse"), "a") and not key.admits(basic("class:x"), "a")
    assert not key.admits({}, "a")


def test_a_link():
    key = read_key("link")
    assert key.is_link and len(key.secret) >= 24 and key.secret != read_key("link").secret
    assert key.admits({b"authorization": b"Bearer " + key.secret.encode()}, "a")
    assert not key.admits({b"authorization": b"Bearer x"}, "a")


def test_a_ticket_is_what_a_browser_keeps():
    key = read_key("class:correct horse")
    kept = f"a=b; {key.cookie}={key.ticket}; c=d".encode()
    assert key.admits({b"cookie": kept}, "a")
    assert not read_key("class:correct horse").admits({b"cookie": kept}, "a")  # another start, another ticket
    for nonsense in (b"", b"\xff" * 50, b";;;", key.cookie.encode(), f"{key.cookie}=".encode()):
        assert not key.admits({b"cookie": nonsense}, "a")
    assert b"HttpOnly" in key.cookie_header(False, False) and b"SameSite=Lax" in key.cookie_header(False, False)
    assert b"SameSite=None; Secure" in key.cookie_header(False, True)


@pytest.mark.parametrize("others", ['prefs={"theme":"dark"}', "seen", "name=Ada Lovelace", "b[=]", "a=\xe9"])
def test_what_other_programs_keep_in_a_browser_locks_nobody_out(others):
    key = read_key("class:correct horse")
    for kept in (f"{others}; {key.cookie}={key.ticket}", f"{key.cookie}={key.ticket}; {others}"):
        assert key.admits({b"cookie": kept.encode("latin-1")}, "a")


def test_tries_are_limited_by_address():
    key = read_key("class:correct horse")
    with pytest.raises(StudioError, match="too often"):
        for i in range(100):
            assert not key.opens(f"class:{i}", "eve")
    with pytest.raises(StudioError, match="too often"):
        key.opens("class:correct horse", "eve")  # or guessing would go on behind the refusals
    assert key.opens("class:correct horse", "ann") and key.admits(
        {b"cookie": f"{key.cookie}={key.ticket}".encode()}, "eve"
    )


def test_a_link_opens_also_where_others_of_the_address_were_wrong():
    key = Key("t" * 24)
    with pytest.raises(StudioError):
        for i in range(100):
            key.opens(str(i), "school")
    assert key.opens("t" * 24, "school")


@pytest.mark.parametrize("text", ["class", "class:short", ":password-alone", "class:"])
def test_keys_that_are_none(text):
    with pytest.raises(StudioError, match="at least 8 letters"):
        read_key(text)


def test_no_key():
    assert read_key(None) is None and read_key("") is None
