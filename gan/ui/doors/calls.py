"""What may be asked of Gradio's own routes: those that the page and programs need, with bodies that are what they
should be.

Gradio answers much more, and answers nonsense with a traceback. So here is a list; the rest is closed, and whatever
passes is written anew from what was understood.
"""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import say
from gan.ui.kinds import Kind

API = "/gradio_api"
ROUTES: tuple[tuple[str, str, Kind], ...] = (
    ("GET", "/", Kind.WHOLE),
    ("HEAD", "/", Kind.WHOLE),
    ("GET", "/assets/{path:path}", Kind.PAGE),
    ("GET", "/static/{path:path}", Kind.PAGE),
    ("GET", "/svelte/{path:path}", Kind.PAGE),
    ("GET", "/theme.css", Kind.PAGE),
    ("GET", f"{API}/theme.css", Kind.PAGE),
    ("GET", "/favicon.ico", Kind.PAGE),
    ("GET", "/manifest.json", Kind.PAGE),
    ("GET", "/robots.txt", Kind.PAGE),
    ("GET", "/config", Kind.WHOLE),
    ("GET", f"{API}/info", Kind.WHOLE),
    ("GET", f"{API}/openapi.json", Kind.WHOLE),
    ("POST", f"{API}/queue/join", Kind.CALL),
    ("GET", f"{API}/queue/data", Kind.ANSWER),
    ("POST", f"{API}/call/v2/{{api_name}}", Kind.CALL),
    ("POST", f"{API}/call/{{api_name}}", Kind.CALL),
    ("GET", f"{API}/call/v2/{{api_name}}/{{event_id}}", Kind.ANSWER),
    ("GET", f"{API}/call/{{api_name}}/{{event_id}}", Kind.ANSWER),
    ("POST", f"{API}/cancel", Kind.ACT),
    ("GET", f"{API}/file={{path_or_url:path}}", Kind.FACTS),
    ("HEAD", f"{API}/file={{path_or_url:path}}", Kind.FACTS),
    ("GET", f"{API}/startup-events", Kind.START),
)
"""Of Gradio's routes those that are open."""

CLOSED = (
    "/gradio_api/user",
    "/gradio_api/login_check",
    "/gradio_api/token",
    "/gradio_api/app_id",
    "/gradio_api/dev/reload",
    "/gradio_api/runs",
    "/gradio_api/deep_link",
    "/gradio_api/custom_component/{id}/{environment}/{type}/{file_name}",
    "/gradio_api/proxy={url_path:path}",
    "/gradio_api/stream/{event_id}",
    "/gradio_api/stream/{event_id}/close",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/playlist.m3u8",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/{segment_id}.{ext}",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/playlist-file",
    "/gradio_api/file/{path:path}",
    "/gradio_api/reset",
    "/gradio_api/heartbeat/{session_hash}",
    "/gradio_api/api/{api_name}",  # prints a traceback for whatever is wrong; calls go through the queue
    "/gradio_api/run/{api_name}",
    "/gradio_api/component_server",
    "/gradio_api/queue/status",
    "/gradio_api/upload_progress",
    "/gradio_api/upload",
    "/gradio_api/process_recording",
    "/gradio_api/vibe-edit",
    "/gradio_api/undo-vibe-edit",
    "/gradio_api/vibe-code",
    "/gradio_api/vibe-starter-queries",
    "/openapi.json",
    "/login",  # the door answers it itself, where the studio has a key
    "/logout",
    "/pwa_icon",
    "/pwa_icon/{size}",
    "/monitoring",
    "/monitoring/summary",
    "/monitoring/{key}",
)
"""Of Gradio's routes those that nothing here needs. A test finds each route of the running app in one of the two."""

MOST_BODY = 1_000_000  # bytes
MOST_IN_QUEUE = 16  # calls of one address that wait or are being worked on
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_RELOAD = say("Reload the page, or see the API page for how to call.")


class Calls:
    """What the app's own functions take. `page` is the Blocks; `files` the folder in which they leave files for
    visitors."""

    def __init__(self, page: Any, files: Path):
        self._page, self._files = page, str(files)
        self._functions = {i: fn for i, fn in page.fns.items() if fn.fn is not None}
        self._public = {
            str(fn.api_name): fn for fn in self._functions.values() if fn.api_visibility == "public" and fn.api_name
        }

    def check_address(self, path: str, query: bytes) -> None:
        """Raise StudioError where an address below Gradio's asks for what is not there."""
        if path == f"{API}/queue/data":
            session = parse_qs(query.decode("latin-1")).get("session_hash", [""])[0]
            if session not in self._page._queue.pending_messages_per_session:
                raise StudioError("Nothing is being done for this session.", _RELOAD)
        elif path.startswith(f"{API}/call/") and (found := re.fullmatch(r".*/call/(v2/)?[^/]+/([^/]+)", path)):
            waiting = self._page._queue.pending_event_ids_session.values()
            if found[2] not in self._page._queue.event_ids_to_events and not any(found[2] in ids for ids in waiting):
                raise StudioError("There is no such call.", "Ask for its answer once, soon after it was made.")
        elif path.startswith(f"{API}/file="):
            file = path.partition("=")[2]
            if "\0" in file or ".." in file or not file.startswith(f"{self._files}/"):
                raise StudioError("There is no such file.", "Files for visitors are kept for an hour.")

    def waiting(self, address: str) -> int:
        """Calls of that address in Gradio's queue."""
        events = list(self._page._queue.event_ids_to_events.values())
        return sum(event.request.scope.get("studio.address") == address for event in events)

    def rewritten(self, path: str, body: bytes) -> bytes:
        """The body of a call with nothing in it but what was understood. Raises StudioError."""
        values = _table(body)
        if path == f"{API}/queue/join":
            return _json(self._joined(values))
        if path == f"{API}/cancel":
            return _json(self._cancelled(values))
        fn = self._named(path.rpartition("/")[2])
        if "/call/v2/" in path:
            return _json(self._by_name(fn, values))
        return _json({"data": self._data(fn, values.get("data"))})

    def _joined(self, values: dict) -> dict:
        number, name = values.get("fn_index"), values.get("api_name")
        if type(number) is not int and isinstance(name, str):
            number = next((i for i, fn in self._functions.items() if fn.api_name == name.strip("/")), None)
        if type(number) is not int or number not in self._functions:
            raise StudioError(say("There is no function {name} here.", name=show(number)), _RELOAD)
        return {
            "data": self._data(self._functions[number], values.get("data")),
            "fn_index": number,
            "session_hash": _session(values),
            "trigger_id": values.get("trigger_id") if type(values.get("trigger_id")) is int else None,
        }

    def _cancelled(self, values: dict) -> dict:
        number, event = values.get("fn_index"), values.get("event_id")
        if type(number) is not int or number not in self._functions or not _is_name(event):
            raise StudioError("There is no such call.", _RELOAD)
        return {"session_hash": _session(values), "fn_index": number, "event_id": event}

    def _named(self, name: str):
        if name not in self._public:
            raise StudioError(
                say("There is no function {name} here.", name=show(name)),
                say("The functions are {names}.", names=", ".join(self._public)),
            )
        return self._public[name]

    def _data(self, fn, data) -> list:
        if not isinstance(data, list) or len(data) != len(fn.inputs):
            raise StudioError(
                say("{name} takes a list of {count} values as data.", name=fn.api_name, count=len(fn.inputs)), _RELOAD
            )
        return data

    def _by_name(self, fn, values: dict) -> dict:
        names = [row["parameter_name"] for row in self._parameters(fn)]
        for name in values:
            if name not in names:
                raise StudioError(
                    say("{function} has no parameter {name}.", function=fn.api_name, name=show(name)),
                    say("Its parameters are {names}.", names=", ".join(names)),
                )
        missing = [row["parameter_name"] for row in self._parameters(fn) if not row["parameter_has_default"]]
        for name in missing:
            if name not in values:
                raise StudioError(say("{name} is missing.", name=name), _RELOAD)
        return values

    def _parameters(self, fn) -> list[dict]:
        return self._page.get_api_info()["named_endpoints"][f"/{fn.api_name}"]["parameters"]


def _table(body: bytes) -> dict:
    def no_number(name: str):
        raise ValueError(name)

    try:
        values = json.loads(body, parse_constant=no_number)
    except (ValueError, RecursionError):
        raise StudioError("What was sent is not JSON.", _RELOAD) from None
    if not isinstance(values, dict):
        raise StudioError("What was sent is not a table of names and values.", _RELOAD)
    return values


def _json(values: dict) -> bytes:
    return json.dumps(values).encode()


def _is_name(value) -> bool:
    return isinstance(value, str) and bool(_NAME.fullmatch(value))


def _session(values: dict) -> str:
    session = values.get("session_hash")
    if not _is_name(session):
        raise StudioError("The call does not say for which session it is.", _RELOAD)
    return session
