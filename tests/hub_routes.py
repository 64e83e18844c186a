"""What the small hub of hub_server.py answers, route by route, and the repos that it keeps.

A route is given the request (which offers send, send_json, refuse and open), the hub, the path and the body.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field


@dataclass
class Repo:
    """Commits by sha, each a table of path -> bytes; refs by name. `gated` repos list their files but keep them."""

    gated: bool = False
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


def _info(request, hub, path: str, body: bytes):
    """GET /api/{models|datasets}/{repo}[/revision/{rev}]"""
    repo_id, _, revision = _id(path.removeprefix("/api/")).partition("/revision/")
    if found := request.open(hub, repo_id, revision or "main"):
        repo, sha = found
        files = [
            {"rfilename": name, "size": repo.sizes.get(name, len(data)), "blobId": _sha1(data)}
            for name, data in repo.commits[sha].items()
        ]
        request.send_json(
            {
                "id": repo_id,
                "modelId": repo_id,
                "sha": sha,
                "private": False,
                "tags": [],
                "downloads": 0,
                "gated": "manual" if repo.gated else False,
                "siblings": files,
            }
        )


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
    """POST /api/models/{repo}/preupload/{rev}: weights go the way of large files, the rest inside the commit."""
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
    """POST /{repo}.git/info/lfs/objects/batch: where to PUT each large file."""
    objects = [
        {**o, "actions": {"upload": {"href": f"{hub.url}/blobs/{o['oid']}"}}} for o in json.loads(body)["objects"]
    ]
    request.send_json({"transfer": "basic", "objects": objects})


def _put_blob(request, hub, path: str, body: bytes):
    hub.blobs[path.rpartition("/")[2]] = body
    request.send(200)


def _commit(request, hub, path: str, body: bytes):
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
    request.send_json({"success": True, "commitUrl": f"{hub.url}/{repo_id}/commit/{sha}", "commitOid": sha})


def _create(request, hub, path: str, body: bytes):
    asked = json.loads(body)
    repo_id = f"{asked.get('organization') or 'ada'}/{asked['name']}"
    if repo_id in hub.repos:
        return request.send_json({"error": "You already created this model repo", "url": f"{hub.url}/{repo_id}"}, 409)
    hub.repos[repo_id] = Repo()
    hub.repos[repo_id].commit({})
    return request.send_json({"url": f"{hub.url}/{repo_id}", "name": repo_id, "id": repo_id})


def _whoami(request, hub, path: str, body: bytes):
    request.send_json({"type": "user", "name": "ada", "fullname": "Ada", "orgs": [], "auth": {"type": "access_token"}})


def _validate(request, hub, path: str, body: bytes):
    request.send_json({"errors": [], "warnings": []})


# The first part that a path contains decides.
ROUTES = {
    "/api/whoami-v2": _whoami,
    "/api/repos/create": _create,
    "/api/validate-yaml": _validate,
    "/preupload/": _preupload,
    ".git/info/lfs/objects/batch": _batch,
    "/blobs/": _put_blob,
    "/commit/": _commit,
    "/tree/": _tree,
    "/api/models/": _info,
    "/api/datasets/": _info,
    "/resolve/": _resolve,
}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data).hexdigest()
