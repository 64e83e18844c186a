"""Some hundred hostile requests, made up by chance but always the same: each is answered, none with a traceback."""

import json
import random
import re

import pytest
from any_request import all_routes, asked
from studio_app import behind, running

from gan.ui.doors.hosts import known_hosts
from gan.ui.doors.house import House
from gan.ui.doors.keys import Key

COUNT = 160
KEY = "t" * 24
HOUSES = {
    "shared": House(known_hosts("0.0.0.0", (), {})),
    "locked": House(known_hosts("0.0.0.0", (), {}), Key(KEY)),
    "below": House(known_hosts("0.0.0.0", (), {}), proxied=True, public_root="/gan"),
}
ODD = (None, True, 0, -1, 1.5, 10**400, 2**70, "x", "", "../x", "\0", "\ud800", "x" * 10_000, [], [[[]]], {}, {"a": 1})
ODD += (float("nan"), float("inf"), "cats", "digits", "ada/none", "0-63", "1-9999999", {"model": "cats"}, ["a", {}])
NAMES = [
    "recipes",
    "recipe",
    "model",
    "seed",
    "psi",
    "label",
    "size",
    "keyframes",
    "steps",
    "path",
    "loop",
    "kind",
    "fps",
    "id",
    "rev",
    "values",
    "seeds",
    "source",
    "file",
    "name",
    "set",
    "base",
    "side",
    "family",
    "preset",
    "train",
    "net",
    "title",
    "pins",
    "step",
    "run",
    "dataset",
    "example",
    "count",
    "pictures",
    "data",
    "fn_index",
    "session_hash",
    "event_id",
    "trigger_id",
    "directions",
    "overrides",
    "walk",
    "noise",
    "style",
    "mix",
    "cutoff",
    "device",
    "minutes",
    "g_lr",
    "augment",
    "config",
]
PIECES = [
    "x",
    "..",
    "%2e%2e",
    "%00",
    "%ff",
    "cats",
    "0",
    "-1",
    "1.5",
    "99999999999999999999",
    "%2fetc%2fpasswd",
    "generate",
    "stop",
    "studio.js",
    "%c3%28",
]
PIECES += ["a" * 300, "20260101-000000-aaaaaaaa"]
HEADERS = {
    "host": ("localhost", "localhost", "localhost", "127.0.0.1:1", "[::1]", "evil.example", ""),
    "x-visitor": ("somebody-for-tests", "somebody-for-tests", "", "é", "a" * 5000),
    "origin": ("null", "http://evil.example", "\xff"),
    "content-type": ("text/plain", "multipart/form-data", "x"),
    "accept": ("text/html", "\xff"),
    "accept-language": ("xx", "\xff", "a" * 5000, "en;q=nan", "en;q=" + 400 * "9"),
    "accept-encoding": ("gzip", "gzip;q=nan"),
    "range": ("bytes=0-1", "bytes=5-1", "bytes=x", "bytes=" + ",".join(500 * ["0-1"])),
    "cookie": ("=;;", "\xff", 'a="'),
    "if-modified-since": ("x", "Mon, 99 Foo"),
    "x-forwarded-for": ("x", "::1, \xff", ","),
    "x-forwarded-host": ("a b", "", "evil.example"),
    "x-forwarded-proto": ("x", ""),
    "upgrade": ("x",),
}


class Chance(random.Random):
    """What may be sent."""

    def value(self, depth: int = 0):
        kind = self.random() if depth < 3 else 1
        if kind < 0.15:
            return {self.choice(NAMES): self.value(depth + 1) for _ in range(self.randrange(5))}
        return [self.value(depth + 1) for _ in range(self.randrange(5))] if kind < 0.25 else self.choice(ODD)

    def recipe(self) -> dict:
        return {"model": "cats"} | {self.choice(NAMES): self.value() for _ in range(self.randrange(4))}

    def body(self) -> bytes:
        made = (
            lambda: bytes(self.randrange(256) for _ in range(300)),
            lambda: 100_000 * b"[",
            lambda: json.dumps({"recipes": [self.recipe()], "recipe": self.recipe(), "size": self.value()}).encode(),
            lambda: json.dumps({"keyframes": [self.recipe(), self.recipe()], "steps": self.value()}).encode(),
            lambda: json.dumps({"data": self.value(), "fn_index": self.randrange(40), "session_hash": "a"}).encode(),
            lambda: json.dumps({self.choice(NAMES): self.value() for _ in range(8)}).encode(),
        )
        return self.choice(made)()

    def path(self, pattern: str) -> str:
        path = re.sub("{[^}]*}", lambda _: self.choice(PIECES), pattern)
        values = (self.choice((*PIECES, "nan", "1e999", "a,b")) for _ in range(self.randrange(5)))
        return "?".join([path, *["&".join(f"{self.choice(NAMES)}={value}" for value in values)] * self.randrange(2)])

    def headers(self) -> dict[str, str]:
        always = {"host": self.choice(HEADERS["host"]), "x-visitor": self.choice(HEADERS["x-visitor"])}
        return always | {name: self.choice(HEADERS[name]) for name in self.sample(list(HEADERS), self.randrange(4))}


@pytest.fixture(scope="module")
def running_app(weights):
    with running(weights, shared=True, house=HOUSES["below"]) as app:
        yield app


@pytest.mark.parametrize("name", HOUSES)
def test_whatever_is_sent_is_answered(running_app, capfd, caplog, name):
    chance = Chance(name)
    with behind(running_app, HOUSES[name]) as app:
        routes = sorted(set(all_routes(app)) - {("POST", "/studio/enter")})
        for _ in range(COUNT):
            method, pattern = chance.choice(routes)
            path, headers = chance.choice(("", HOUSES[name].root)) + chance.path(pattern), chance.headers()
            headers |= {"authorization": f"Bearer {KEY}"} if name == "locked" else {}
            body = chance.body() if method == "POST" else None
            status, told, answer = asked(app, method, path, headers, body)
            case = (method, path[:100], headers, (body or b"")[:300], status, answer[:200])
            assert status < 500 or status == 503, case
            if status >= 400 and method != "HEAD":
                page = answer.startswith(b"<!doctype")
                words = "" if page else next(iter(json.loads(answer).values()))
                assert page or (words and len(words) < 500 and "Traceback" not in words), case
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err and not [row for row in caplog.records if row.levelname == "ERROR"]
