"""A small hub on loopback that the real huggingface_hub client can talk to: models, revisions, downloads and pushes.

    hub = HubServer().start()
    sha = hub.add_repo("ada/faces", {"config.json": b"{}"})   # or a folder; a second call is a new commit of main
    hub.add_repo("datasets/ada/cats", {"1.png": b"..."})      # a dataset
    hub.truncate("ada/faces", "model.safetensors")            # from now on it arrives short
    hub.go_offline()                                          # connections are refused; go_online() ends it
    hub.people["hf_secret_of_ada"] = Person("ada")             # from now on whoever writes needs such a token
    hub.die_after("/blobs/")                                  # offline as soon as such a request was answered
    hub.log                                                   # [("GET", "/api/models/ada/faces/revision/main"), ...]
    hub.stop()

Tests give `hub.url` to the client as its endpoint, or start the app with HF_ENDPOINT=hub.url.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hub_routes import ROUTES, Job, Person, Repo


class HubServer:
    """The hub. It binds a free port of 127.0.0.1 and keeps it while it is offline."""

    def __init__(self):
        self.repos: dict[str, Repo] = {}
        self.blobs: dict[str, bytes] = {}
        self.log: list[tuple[str, str]] = []
        self.port = 0
        self.status: int | None = None  # answer every request with this status
        self.page: bytes | None = None  # answer every request with this page, as a captive portal does
        self.people: dict[str, Person] = {}  # by their tokens; while there are none, everybody is ada
        self.closed: set[str] = set()  # ids of repos that nobody may write to
        self.messages: list[str] = []  # of the commits
        self.jobs: dict[str, Job] = {}
        self.loses_answers = False  # of jobs that it starts
        self.refuses_jobs = 0  # the status with which whoever wants one is sent away
        self.last_words: tuple[str, bool] | None = None  # see die_after and die_at
        self._silent: str | None = None  # requests whose path contains this are taken and not answered
        self._speaking = threading.Event()
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "HubServer":
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.hub = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def stop(self) -> None:
        self.go_silent(None)
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    go_offline = stop
    go_online = start

    def go_silent(self, part: str | None = "") -> None:
        """Take requests whose path contains `part` but never answer them, until go_silent(None) or stop()."""
        self._silent = part
        self._speaking.set() if part is None else self._speaking.clear()

    def die_after(self, part: str) -> None:
        """Go offline with the next request whose path contains `part`, which is still answered."""
        self.last_words = part, True

    def die_at(self, part: str) -> None:
        """Go offline when the next such request is heard, without an answer."""
        self.last_words = part, False

    def wait_while_silent(self, path: str) -> None:
        if self._silent is not None and self._silent in path:
            self._speaking.wait()

    def add_repo(self, repo_id: str, files: dict[str, bytes] | Path, gated: bool = False, ref: str = "main") -> str:
        """Commit `files` (a table, or a folder's files) as the whole content of `ref`, and return the commit's sha."""
        if isinstance(files, Path):
            files = {p.relative_to(files).as_posix(): p.read_bytes() for p in sorted(files.rglob("*")) if p.is_file()}
        repo = self.repos.setdefault(repo_id, Repo())
        repo.gated = gated
        return repo.commit(files, ref)

    def truncate(self, repo_id: str, path: str) -> None:
        self.repos[repo_id].truncated.add(path)

    def requests(self, part: str = "") -> list[tuple[str, str]]:
        """The (method, path) pairs so far whose path contains `part`."""
        return [(method, path) for method, path in self.log if part in path]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    hub: HubServer


class _Handler(BaseHTTPRequestHandler):
    """One request. HTTP/1.0 closes each connection, so that going offline leaves none open."""

    server: _Server

    def do_GET(self):
        self._answer()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *args):
        pass

    def _answer(self):
        hub, path = self.server.hub, unquote(urlsplit(self.path).path)
        hub.log.append((self.command, path))
        hub.wait_while_silent(path)
        if hub.status is not None:
            return self.send(hub.status, b"the hub is unwell")
        if hub.page is not None:
            return self.send(200, hub.page, {"Content-Type": "text/html"})
        body = self._read_body()
        dying = hub.last_words if hub.last_words and hub.last_words[0] in path else None
        if dying is not None:
            hub.last_words = None
            hub.go_offline()  # before it is answered, so that nobody comes in meanwhile
        if dying is None or dying[1]:
            self._route(hub, path, body)

    def _route(self, hub: HubServer, path: str, body: bytes):
        for part, route in ROUTES.items():
            if part in path:
                return route(self, hub, path, body)
        return self.send_json({"error": "not found"}, 404)

    def person(self, hub: HubServer) -> Person | None:
        """Whose token came with the request; None for a stranger."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return hub.people.get(token) if hub.people else Person("ada")

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def send(self, status: int, body: bytes = b"", headers: dict | None = None):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **(headers or {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_json(self, value, status: int = 200):
        self.send(status, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def refuse(self, code: str, status: int = 404):
        self.send(status, b"", {"X-Error-Code": code, "X-Error-Message": code})

    def open(self, hub: HubServer, repo_id: str, revision: str) -> tuple[Repo, str] | None:
        """The repo and the commit, or None after an error has been sent."""
        repo, person = hub.repos.get(repo_id), self.person(hub)
        if repo is None or (repo.private and not (person and person.owns(repo_id))):
            return self.refuse("RepoNotFound", 404 if person else 401)
        sha = repo.find(revision)
        return (repo, sha) if sha else self.refuse("RevisionNotFound")
