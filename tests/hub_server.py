"""A small hub on loopback that the real huggingface_hub client can talk to: models, revisions, downloads and pushes.

    hub = HubServer().start()
    sha = hub.add_repo("ada/faces", {"config.json": b"{}"})   # or a folder; a second call is a new commit of main
    hub.truncate("ada/faces", "model.safetensors")            # from now on it arrives short
    hub.go_offline()                                          # connections are refused; go_online() ends it
    hub.log                                                   # [("GET", "/api/models/ada/faces/revision/main"), ...]
    hub.stop()

Tests give `hub.url` to the client as its endpoint, or start the app with HF_ENDPOINT=hub.url.
"""

import base64
import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit


@dataclass
class Repo:
    """Commits by sha, each a table of path -> bytes; refs by name. `gated` repos list their files but keep them."""

    gated: bool = False
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    truncated: set[str] = field(default_factory=set)
    sizes: dict[str, int] = field(default_factory=dict)     # what to claim of a file's size, where that is a lie

    def commit(self, files: dict[str, bytes], ref: str = "main") -> str:
        text = json.dumps([len(self.commits), sorted((path, _sha256(data)) for path, data in files.items())])
        sha = hashlib.sha1(text.encode()).hexdigest()
        self.commits[sha] = dict(files)
        self.refs[ref] = sha
        return sha

    def find(self, revision: str) -> str | None:
        """The commit that a branch, a tag or a commit's own sha names."""
        return self.refs.get(revision) or (revision if revision in self.commits else None)


class HubServer:
    """The hub. It binds a free port of 127.0.0.1 and keeps it while it is offline."""

    def __init__(self):
        self.repos: dict[str, Repo] = {}
        self.blobs: dict[str, bytes] = {}
        self.log: list[tuple[str, str]] = []
        self.port = 0
        self.status: int | None = None          # answer every request with this status
        self.page: bytes | None = None          # answer every request with this page, as a captive portal does
        self._silent: str | None = None         # requests whose path contains this are taken and not answered
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

    do_HEAD = do_POST = do_PUT = do_GET

    def log_message(self, *args):
        pass

    def _answer(self):
        hub, path = self.server.hub, unquote(urlsplit(self.path).path)
        hub.log.append((self.command, path))
        hub.wait_while_silent(path)
        if hub.status is not None:
            return self._send(hub.status, b"the hub is unwell")
        if hub.page is not None:
            return self._send(200, hub.page, {"Content-Type": "text/html"})
        body = self._read_body()
        for part, route in _ROUTES.items():
            if part in path:
                return route(self, hub, path, body)
        return self._json({"error": "not found"}, 404)

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, status: int, body: bytes = b"", headers: dict | None = None):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **(headers or {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _json(self, value, status: int = 200):
        self._send(status, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _refuse(self, code: str, status: int = 404):
        self._send(status, b"", {"X-Error-Code": code, "X-Error-Message": code})

    def _open(self, hub: HubServer, repo_id: str, revision: str) -> tuple[Repo, str] | None:
        """The repo and the commit, or None after an error has been sent."""
        repo = hub.repos.get(repo_id)
        if repo is None:
            return self._refuse("RepoNotFound", 401)
        sha = repo.find(revision)
        return (repo, sha) if sha else self._refuse("RevisionNotFound")


def _info(request: _Handler, hub: HubServer, path: str, body: bytes):
    """GET /api/models/{repo}[/revision/{rev}]"""
    repo_id, _, revision = path.removeprefix("/api/models/").partition("/revision/")
    if found := request._open(hub, repo_id, revision or "main"):
        repo, sha = found
        files = [{"rfilename": name, "size": repo.sizes.get(name, len(data)), "blobId": _sha1(data)}
                 for name, data in repo.commits[sha].items()]
        request._json({"id": repo_id, "modelId": repo_id, "sha": sha, "private": False, "tags": [], "downloads": 0,
                       "gated": "manual" if repo.gated else False, "siblings": files})


def _tree(request: _Handler, hub: HubServer, path: str, body: bytes):
    """GET /api/models/{repo}/tree/{rev}"""
    repo_id, _, revision = path.removeprefix("/api/models/").partition("/tree/")
    if found := request._open(hub, repo_id, revision):
        repo, sha = found
        request._json([{"type": "file", "oid": _sha1(data), "size": len(data), "path": name}
                       for name, data in repo.commits[sha].items()])


def _resolve(request: _Handler, hub: HubServer, path: str, body: bytes):
    """HEAD and GET /{repo}/resolve/{rev}/{file}"""
    repo_id, _, rest = path.removeprefix("/").partition("/resolve/")
    revision, name = _split_revision(hub.repos.get(repo_id), rest)
    if not (found := request._open(hub, repo_id, revision)):
        return
    repo, sha = found
    if repo.gated:
        return request._refuse("GatedRepo", 403)
    data = repo.commits[sha].get(name)
    if data is None:
        return request._refuse("EntryNotFound")
    headers = {"X-Repo-Commit": sha, "ETag": f'"{_sha256(data)}"'}
    if request.command == "GET" and name in repo.truncated:
        data = data[:len(data) // 2]
    request._send(200, data, headers)


def _split_revision(repo: Repo | None, rest: str) -> tuple[str, str]:
    """"refs/pr/1/config.json" -> ("refs/pr/1", "config.json"): the longest ref that the repo has."""
    for ref in sorted(repo.refs if repo else (), key=len, reverse=True):
        if rest.startswith(f"{ref}/"):
            return ref, rest[len(ref) + 1:]
    revision, _, name = rest.partition("/")
    return revision, name


def _preupload(request: _Handler, hub: HubServer, path: str, body: bytes):
    """POST /api/models/{repo}/preupload/{rev}: weights go the way of large files, the rest inside the commit."""
    modes = {True: "lfs", False: "regular"}
    request._json({"files": [{"path": f["path"], "uploadMode": modes[f["path"].endswith(".safetensors")],
                              "shouldIgnore": False} for f in json.loads(body)["files"]]})


def _batch(request: _Handler, hub: HubServer, path: str, body: bytes):
    """POST /{repo}.git/info/lfs/objects/batch: where to PUT each large file."""
    objects = [{**o, "actions": {"upload": {"href": f"{hub.url}/blobs/{o['oid']}"}}}
               for o in json.loads(body)["objects"]]
    request._json({"transfer": "basic", "objects": objects})


def _put_blob(request: _Handler, hub: HubServer, path: str, body: bytes):
    hub.blobs[path.rpartition("/")[2]] = body
    request._send(200)


def _commit(request: _Handler, hub: HubServer, path: str, body: bytes):
    """POST /api/models/{repo}/commit/{rev}: lines of JSON; files beside those of the commit before."""
    repo_id, _, revision = path.removeprefix("/api/models/").partition("/commit/")
    repo = hub.repos[repo_id]
    files = dict(repo.commits.get(repo.find(revision) or "", {}))
    for line in filter(None, body.split(b"\n")):
        item = json.loads(line)
        if item["key"] == "file":
            files[item["value"]["path"]] = base64.b64decode(item["value"]["content"])
        elif item["key"] == "lfsFile":
            files[item["value"]["path"]] = hub.blobs[item["value"]["oid"]]
        elif item["key"] == "deletedFile":
            files.pop(item["value"]["path"], None)
    sha = repo.commit(files, revision)
    request._json({"success": True, "commitUrl": f"{hub.url}/{repo_id}/commit/{sha}", "commitOid": sha})


def _create(request: _Handler, hub: HubServer, path: str, body: bytes):
    asked = json.loads(body)
    repo_id = f"{asked.get('organization') or 'ada'}/{asked['name']}"
    if repo_id in hub.repos:
        return request._json({"error": "You already created this model repo", "url": f"{hub.url}/{repo_id}"}, 409)
    hub.repos[repo_id] = Repo()
    hub.repos[repo_id].commit({})
    return request._json({"url": f"{hub.url}/{repo_id}", "name": repo_id, "id": repo_id})


def _whoami(request: _Handler, hub: HubServer, path: str, body: bytes):
    request._json({"type": "user", "name": "ada", "fullname": "Ada", "orgs": [], "auth": {"type": "access_token"}})


def _validate(request: _Handler, hub: HubServer, path: str, body: bytes):
    request._json({"errors": [], "warnings": []})


# The first part that a path contains decides.
_ROUTES = {
    "/api/whoami-v2": _whoami, "/api/repos/create": _create, "/api/validate-yaml": _validate, "/preupload/": _preupload,
    ".git/info/lfs/objects/batch": _batch, "/blobs/": _put_blob, "/commit/": _commit, "/tree/": _tree,
    "/api/models/": _info, "/resolve/": _resolve,
}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data).hexdigest()
