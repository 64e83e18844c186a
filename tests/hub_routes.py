"""What the small hub of hub_server.py answers, route by route, and the repos that it keeps.

A route is given the request (which offers send, send_json, refuse and open), the hub, the path and the body.
"""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Person:
    """Whose token it is, and what that may do: "write" or "read"."""

    name: str
    role: str = "write"
    orgs: tuple[str, ...] = ()

    def owns(self, repo_id: str) -> bool:
        return repo_id.split("/")[-2] in (self.name, *self.orgs)


@dataclass
class Repo:
    """Commits by sha, each a table of path -> bytes; refs by name. `gated` repos list their files but keep them,
    `private` ones are not there for others."""

    gated: bool = False
    private: bool = False
    sdk: str = ""
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    truncated: set[str] = field(default_factory=set)
    sizes: dict[str, int] = field(default_factory=dict)  # what to claim of a file's size, where that is a lie

    def commit(self, files: dict[str, bytes], ref: str = "main") -> str:
        text = json.dumps([len(self.commits), sorted((path, _sha256(data)) for path, data in files.items())])
        sha = hashlib.sha1(text.encode()).hexdigest()
        self.commits[sha] = dict(files)
        self.refs[ref] = sha
        return sha

    def find(self, revision: str) -> str | None:
        """The commit that a branch, a tag or a commit's own sha names."""
        return self.refs.get(revision) or (revision if revision in self.commits else None)


class Job:
    """A job as the client asks for it (`asked`), which runs in a folder of its own with Python as it is here."""

    def __init__(self, **asked):
        self.asked = asked

    def start(self, url: str) -> None:
        command = [sys.executable if word == "python" else word for word in self.asked["command"]]
        told = {**os.environ, **self.asked["environment"], **self.asked["secrets"], "HF_ENDPOINT": url}
        home = tempfile.mkdtemp(prefix="job-", dir=os.environ["HF_HOME"])
        told |= {"HF_HOME": home, "PYTHONUNBUFFERED": "1"}
        how = dict(stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=told, cwd=home)
        self.process = subprocess.Popen(command, **how)

    def cancel(self) -> None:
        self.process.kill()
        self.process.communicate()

    def lines(self) -> list[str]:
        return self.process.communicate(timeout=100)[0].splitlines()

    def told(self, id: str, owner: str) -> dict:
        stage = {None: "RUNNING", 0: "COMPLETED"}.get(self.process.poll(), "ERROR")
        about = {"id": id, "owner": {"id": owner, "name": owner, "type": "user"}, "flavor": self.asked["flavor"]}
        return about | {"status": {"stage": stage, "message": None}, "createdAt": "2026-01-01T00:00:00.000Z"}


def _info(request, hub, path: str, body: bytes):
    """GET /api/{models|datasets|spaces}/{repo}[/revision/{rev}]"""
    repo_id, _, revision = _id(path.removeprefix("/api/")).partition("/revision/")
    if found := request.open(hub, repo_id, revision or "main"):
        repo, sha = found
        files = [
            {"rfilename": name, "size": repo.sizes.get(name, len(data)), "blobId": _sha1(data)}
            for name, data in repo.commits[sha].items()
        ]
        request.send_json(
            {
                "id": "/".join(repo_id.split("/")[-2:]),
                "sha": sha,
                "private": repo.private,
                "tags": _tags(repo.commits[sha].get("README.md", b"").decode()),
                "downloads": 0,
                "gated": "manual" if repo.gated else False,
                "siblings": files,
            }
        )


def _tags(card: str) -> list[str]:
    """The licence that a card's table names, as the Hub tags it."""
    return [f"license:{id}" for id in re.findall(r"^license: (.+)$", card, re.MULTILINE)]


def _tree(request, hub, path: str, body: bytes):
    """GET /api/models/{repo}/tree/{rev}"""
    repo_id, _, revision = path.removeprefix("/api/models/").partition("/tree/")
    if found := request.open(hub, repo_id, revision):
        repo, sha = found
        request.send_json(
            [
                {"type": "file", "oid": _sha1(data), "size": len(data), "path": name}
                for name, data in repo.commits[sha].items()
            ]
        )


def _resolve(request, hub, path: str, body: bytes):
    """HEAD and GET [/datasets]/{repo}/resolve/{rev}/{file}"""
    repo_id, _, rest = path.removeprefix("/").partition("/resolve/")
    revision, name = _split_revision(hub.repos.get(repo_id), rest)
    if not (found := request.open(hub, repo_id, revision)):
        return
    repo, sha = found
    if repo.gated:
        return request.refuse("GatedRepo", 403)
    data = repo.commits[sha].get(name)
    if data is None:
        return request.refuse("EntryNotFound")
    headers = {"X-Repo-Commit": sha, "ETag": f'"{_sha256(data)}"'}
    if request.command == "GET" and name in repo.truncated:
        data = data[: len(data) // 2]
    request.send(200, data, headers)


def _id(path: str) -> str:
    """ "models/ada/faces" -> "ada/faces"; a dataset is kept as "datasets/ada/faces"."""
    return path.removeprefix("models/")


def _split_revision(repo: Repo | None, rest: str) -> tuple[str, str]:
    """ "refs/pr/1/config.json" -> ("refs/pr/1", "config.json"): the longest ref that the repo has."""
    for ref in sorted(repo.refs if repo else (), key=len, reverse=True):
        if rest.startswith(f"{ref}/"):
            return ref, rest[len(ref) + 1 :]
    revision, _, name = rest.partition("/")
    return revision, name


def _preupload(request, hub, path: str, body: bytes):
    """POST /api/{kind}s/{repo}/preupload/{rev}: weights go the way of large files, the rest inside the commit."""
    if not _may_write(request, hub, _id(path.removeprefix("/api/")).partition("/preupload/")[0]):
        return
    modes = {True: "lfs", False: "regular"}
    request.send_json(
        {
            "files": [
                {"path": f["path"], "uploadMode": modes[f["path"].endswith(".safetensors")], "shouldIgnore": False}
                for f in json.loads(body)["files"]
            ]
        }
    )


def _batch(request, hub, path: str, body: bytes):
    """POST /{repo}.git/info/lfs/objects/batch: where to PUT each large file that is not here yet."""
    objects = [
        o if o["oid"] in hub.blobs else {**o, "actions": {"upload": {"href": f"{hub.url}/blobs/{o['oid']}"}}}
        for o in json.loads(body)["objects"]
    ]
    request.send_json({"transfer": "basic", "objects": objects})


def _put_blob(request, hub, path: str, body: bytes):
    oid = path.rpartition("/")[2]
    assert oid == _sha256(body)
    hub.blobs[oid] = body
    request.send(200)


def _commit(request, hub, path: str, body: bytes):
    """POST /api/{kind}s/{repo}/commit/{rev}: lines of JSON; files beside those of the commit before."""
    repo_id, _, revision = _id(path.removeprefix("/api/")).partition("/commit/")
    if not _may_write(request, hub, repo_id):
        return
    repo = hub.repos[repo_id]
    files = dict(repo.commits.get(repo.find(revision) or "", {}))
    for line in filter(None, body.split(b"\n")):
        item = json.loads(line)
        value = item["value"]
        if item["key"] == "header":
            hub.messages.append(value["summary"])
            if value.get("parentCommit") not in (None, repo.find(revision)):
                return request.send_json({"error": "A commit has happened since."}, 412)
        elif item["key"] == "file":
            files[value["path"]] = base64.b64decode(value["content"])
        elif item["key"] == "lfsFile":
            files[value["path"]] = hub.blobs[value["oid"]]
        elif item["key"] == "deletedFile":
            files.pop(value["path"], None)
    sha = repo.commit(files, revision)
    request.send_json({"success": True, "commitUrl": f"{hub.url}/{repo_id}/commit/{sha}", "commitOid": sha})


def _repo_id(asked: dict) -> str:
    prefix = "" if asked.get("type", "model") == "model" else f"{asked['type']}s/"
    return f"{prefix}{asked.get('organization') or 'ada'}/{asked['name']}"


def _create(request, hub, path: str, body: bytes):
    """POST /api/repos/create"""
    asked = json.loads(body)
    repo_id = _repo_id(asked)
    if not _may_write(request, hub, repo_id):
        return
    if repo_id in hub.repos:
        return request.send_json({"error": "You already created this model repo", "url": f"{hub.url}/{repo_id}"}, 409)
    hub.repos[repo_id] = Repo(private=asked.get("visibility") == "private", sdk=asked.get("sdk", ""))
    hub.repos[repo_id].commit({".gitattributes": b"*.safetensors filter=lfs"})
    return request.send_json({"url": f"{hub.url}/{repo_id}", "name": repo_id, "id": repo_id})


def _delete(request, hub, path: str, body: bytes):
    """DELETE /api/repos/delete"""
    repo_id = _repo_id(json.loads(body))
    if _may_write(request, hub, repo_id):
        hub.repos.pop(repo_id, None)
        request.send_json({})


def _settings(request, hub, path: str, body: bytes):
    """PUT /api/{kind}s/{repo}/settings"""
    repo_id = _id(path.removeprefix("/api/")).removesuffix("/settings")
    if _may_write(request, hub, repo_id):
        hub.repos[repo_id].private = json.loads(body)["visibility"] == "private"
        request.send_json({"private": hub.repos[repo_id].private})


def _may_write(request, hub, repo_id: str) -> bool:
    """Whether whoever asks may; otherwise an error was sent."""
    person = request.person(hub)
    if person is None or repo_id in hub.closed:
        request.send_json({"error": "Forbidden"}, 403)
    elif person.role == "read" or not person.owns(repo_id):
        request.send_json({"error": "You don't have the rights to create a model under this namespace"}, 403)
    else:
        return True
    return False


def _whoami(request, hub, path: str, body: bytes):
    person = request.person(hub)
    if person is None:
        return request.send(401, b"", {"X-Error-Message": "Invalid credentials in Authorization header"})
    token = {"displayName": "a token", "role": person.role}
    orgs = [{"name": name} for name in person.orgs]
    about = {"type": "user", "name": person.name, "fullname": person.name.title(), "orgs": orgs}
    return request.send_json(about | {"auth": {"type": "access_token", "accessToken": token}})


def _validate(request, hub, path: str, body: bytes):
    request.send_json({"errors": [], "warnings": []})


def _jobs(request, hub, path: str, body: bytes):
    """POST /api/jobs/{name} and .../{id}/cancel, GET /api/jobs/{name}?label=..., .../{id} and .../{id}/logs. The
    command really runs, on this computer."""
    name, *rest = path.removeprefix("/api/jobs/").split("/")
    person = request.person(hub)
    if person is None or person.name != name:
        return request.send_json({"error": "Forbidden"}, 403)
    if hub.refuses_jobs:
        return request.send_json({"error": "Unknown flavor"}, hub.refuses_jobs)
    if not rest and request.command == "GET":
        wanted = {tuple(label.split("=")) for label in parse_qs(urlsplit(request.path).query).get("label", [])}
        return request.send_json(
            [job.told(id, name) for id, job in hub.jobs.items() if wanted <= job.asked["labels"].items()]
        )
    if rest[-1:] == ["cancel"]:
        hub.jobs[rest[0]].cancel()
        return request.send_json({})
    if request.command == "POST":
        job = hub.jobs[f"job{len(hub.jobs)}"] = Job(**json.loads(body))
        job.start(hub.url)
        if hub.loses_answers:
            return request.send_json({"error": "Too late"}, 504)
        return request.send_json(job.told(list(hub.jobs)[-1], name))
    job = hub.jobs[rest[0]]
    if rest[-1] != "logs":
        return request.send_json(job.told(rest[0], name))
    lines = [{"data": line, "timestamp": "2026-01-01T00:00:00.000Z"} for line in job.lines()]
    text = "".join(f"data: {json.dumps(line)}\n\n" for line in lines)
    request.send(200, text.encode(), {"Content-Type": "text/event-stream"})


# The first part that a path contains decides.
ROUTES = {
    "/api/jobs/": _jobs,
    "/api/whoami-v2": _whoami,
    "/api/repos/create": _create,
    "/api/repos/delete": _delete,
    "/api/validate-yaml": _validate,
    "/preupload/": _preupload,
    ".git/info/lfs/objects/batch": _batch,
    "/blobs/": _put_blob,
    "/commit/": _commit,
    "/settings": _settings,
    "/tree/": _tree,
    "/api/models/": _info,
    "/api/datasets/": _info,
    "/api/spaces/": _info,
    "/resolve/": _resolve,
}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data).hexdigest()
