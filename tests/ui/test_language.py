"""The middleware that puts the reader's language into the page; what the script does is seen in tests/browser."""

import json
import re
import urllib.request

import pytest
from coroutines import finished

from gan.ui.language import PageLanguage, language_of

PAGE = b'<!doctype html><html><head><meta charset="utf-8" /><title>x</title></head></html>'


def answers(scope: dict, parts: list[bytes], headers=()) -> tuple[list[dict], dict]:
    """(what comes out of the middleware, the scope that the app saw) where the app answers in `parts`."""
    sent, seen = [], {}

    async def app(scope, receive, send):
        seen.update(scope)
        await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
        for i, part in enumerate(parts):
            await send({"type": "http.response.body", "body": part, "more_body": i + 1 < len(parts)})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], **scope}
    finished(PageLanguage(app)(scope, None, send))
    return sent, seen


def test_the_script_follows_the_charset():
    (start, body), _ = answers({}, [PAGE[:30], PAGE[30:]], [(b"content-length", b"%d" % len(PAGE)), (b"x-other", b"1")])
    assert body["body"].startswith(b'<!doctype html><html><head><meta charset="utf-8" /><script>')
    assert body["body"].count(b"<script>") == 1 and body["body"].endswith(PAGE[-30:])
    length = b"%d" % len(body["body"])
    assert dict(start["headers"]) == {
        b"x-other": b"1",
        b"content-length": length,
        b"vary": b"Cookie, Accept-Language",
    }


def test_a_page_of_another_kind_stays_as_it_is():
    (start, body), _ = answers({}, [b"{}"])
    assert body["body"] == b"{}" and dict(start["headers"])[b"content-length"] == b"2"


def test_the_page_is_asked_for_uncompressed():
    _, seen = answers({"headers": [(b"accept-encoding", b"br"), (b"accept", b"*/*")]}, [PAGE])
    assert seen["headers"] == [(b"accept", b"*/*")]


def test_everything_else_passes_untouched():
    for scope in ({"path": "/studio/words.json"}, {"method": "POST"}, {"type": "websocket"}):
        sent, seen = answers({**scope, "headers": [(b"accept-encoding", b"br")]}, [PAGE[:5], PAGE[5:]])
        assert [message.get("body") for message in sent] == [None, PAGE[:5], PAGE[5:]]
        assert seen["headers"] == [(b"accept-encoding", b"br")]


def test_the_page_of_the_app_has_the_script(app):
    request = urllib.request.Request(app.url, headers={"accept-encoding": "gzip, br", "accept-language": "zh-HK"})
    with urllib.request.urlopen(request) as answer:
        page = answer.read()
        assert int(answer.headers["content-length"]) == len(page) and "content-encoding" not in answer.headers
        assert answer.headers["vary"].endswith("Cookie, Accept-Language")
    assert page.index(b"<meta charset") < page.index(b'const use = "zh-CN"') < 1500


def test_a_link_opens_the_page_too(app):
    assert b'const use = "en"' in app.ask("?model=cats&seed=3")[1]
    assert b'const use = "zh-CN"' in app.ask("?model=cats&seed=3&lang=zh-CN")[1]


@pytest.mark.parametrize(
    ("headers", "query", "tag"),
    [
        ({}, "", "en"),
        ({"accept-language": "zh-TW,zh;q=0.9,en;q=0.8"}, "", "zh-CN"),
        ({"accept-language": "fr, en;q=0.5, zh;q=0.9"}, "", "zh-CN"),
        ({"accept-language": "en;q=zero, zh"}, "", "zh-CN"),
        ({"accept-language": "zh", "cookie": "a=b; gan-studio-language=en"}, "", "en"),
        ({"accept-language": "zh", "cookie": "gan-studio-language=../../x"}, "", "zh-CN"),
        ({"cookie": "gan-studio-language=zh-CN; b[=]"}, "", "zh-CN"),
        ({"cookie": 'prefs={"theme":"dark"}; seen; name=Ada Lovelace; gan-studio-language=zh-CN'}, "", "zh-CN"),
        ({"cookie": "gan-studio-language=en", "x-language": "zh-CN"}, "", "zh-CN"),
        ({"x-language": "zh-CN"}, "model=a&lang=en", "en"),
        ({"x-language": "zh-CN"}, "lang=tlh", "zh-CN"),
    ],
)
def test_what_a_person_chose_comes_before_what_their_browser_says(headers, query, tag):
    assert language_of(headers, query).tag == tag


def test_two_visitors_read_the_same_mistake_each_in_their_language(app):
    english, chinese = (
        json.loads(app.ask("studio/render", {"recipes": []}, {"accept-language": tag})[1])["error"]
        for tag in ("en", "zh")
    )
    assert english == "One request may ask for 1 to 64 pictures. Reload the page."
    assert re.search("[\u4e00-\u9fff]", chinese) and "64" in chinese
