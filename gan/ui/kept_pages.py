"""Gradio's page and its descriptions, kept as they were made: the same for all who reach the studio by the same name.

Gradio writes them anew for each visitor, which takes 15 to 30 ms of the interpreter; a class that opens the page at
once, and whoever asks for it again and again, would have everybody else wait for that.
"""

from collections import OrderedDict
from typing import NamedTuple

_KEPT = frozenset({"/", "/config", "/gradio_api/info", "/gradio_api/openapi.json"})
_MOST = 16  # answers: four for each name by which the studio was reached lately
_TOLD = (b"host", b"x-forwarded-host", b"x-forwarded-proto")  # what Gradio makes the page's own addresses from


class _Answer(NamedTuple):
    start: dict
    body: bytes


class KeptPages:
    """ASGI middleware. What a link says of a picture is not Gradio's, so the page is the same; anything else with a
    query goes through."""

    def __init__(self, app):
        self.app = app
        self._answers: OrderedDict[tuple, _Answer] = OrderedDict()  # the latest last

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in _KEPT:
            return await self.app(scope, receive, send)
        query = scope.get("query_string", b"")
        if query and (scope["path"] != "/" or b"deep_link" in query):
            return await self.app(scope, receive, send)
        told = (value for name, value in scope["headers"] if name in _TOLD)
        key = (scope["path"], scope.get("scheme"), scope.get("root_path"), *told)
        answer = self._answers.get(key) or await self._made(scope, receive)
        if _is_for_all(answer):
            self._answers[key] = answer
            self._answers.move_to_end(key)
            if len(self._answers) > _MOST:
                self._answers.popitem(last=False)
        await send(dict(answer.start, headers=list(answer.start["headers"])))
        await send({"type": "http.response.body", "body": answer.body})

    async def _made(self, scope, receive) -> _Answer:
        start, parts = {}, []

        async def keep(message):
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        await self.app(scope, receive, keep)
        return _Answer(start, b"".join(parts))


def _is_for_all(answer: _Answer) -> bool:
    return answer.start["status"] == 200 and not any(
        name.lower() == b"set-cookie" for name, _ in answer.start["headers"]
    )
