"""A search of a visitor that a newer one ends: gan/ui/routes/pursuits.py, through the route of its kind."""

import json
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

_SECONDS = 20


def check_overtaken(app, path: str, body: bytes, headers: dict, search: tuple[object, str], waits: str, came: str):
    """Ask for it three times at once: the first is overtaken, the second goes away while it waits and is never begun,
    and the third is done.

    search: the module and name of what yields its steps. waits: among the words of those in line. came: what the last
    line of one that is done has.
    """
    begins, begun, held, original = [], threading.Event(), threading.Event(), getattr(*search)

    def slowly(*args):
        begins.append(args)
        for found in original(*args):
            yield found
            begun.set()
            held.wait(_SECONDS)

    asked = urllib.request.Request(f"{app.url}{path}", body, headers)
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor() as pool:
        patch.setattr(*search, slowly)
        older = pool.submit(lambda: urllib.request.urlopen(asked, timeout=_SECONDS).read().splitlines())
        assert begun.wait(_SECONDS)
        with urllib.request.urlopen(asked, timeout=_SECONDS) as gone:
            assert waits in json.loads(gone.readline())["words"]
        newer = urllib.request.urlopen(asked, timeout=_SECONDS)
        assert waits in json.loads(newer.readline())["words"]
        held.set()
        assert json.loads(older.result()[-1])["code"] == "stopped"
        assert came in json.loads(newer.read().splitlines()[-1])
    assert len(begins) == 2
