"""Files of this computer as a repository of the Hub: created or updated by one commit, so that it is all there or not.

    destination = Destination("ada/cats", MODEL, private=True)
    pushed = Publisher(token="hf_...").push(destination, {"README.md": b"...", "model.safetensors": path}, "First try")
    pushed.url                                     # https://huggingface.co/ada/cats

A new repository is private until the commit is in it, and taken back where there is none. The token is given to the
client and goes nowhere else: into no file, no sentence and no log.
"""

import contextlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, constants, get_token
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.hf_api import ModelInfo, SpaceInfo

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import cannot_read
from gan.studio.hub.client import Progress
from gan.studio.hub.patience import patiently
from gan.studio.hub.push_refusals import (
    MAYBE,
    Doing,
    already_public,
    left_empty,
    no_token,
    not_a_token,
    not_yours,
    only_reads,
    push_sentence,
    taken,
)
from gan.studio.hub.refusals import SPACE, UNREACHABLE, Kind, check_id

_TOKEN = re.compile(r"[\x21-\x7e]{8,400}")
_FAULTS = (*UNREACHABLE, HfHubHTTPError, OSError, RuntimeError)
"""What the client raises while something is pushed; RuntimeError is its word for a large file that did not arrive."""
_HIDDEN = ".gitattributes"  # which the Hub puts into each new repository

Ours = Callable[[HfApi, ModelInfo | SpaceInfo], bool]
"""Whether what a repository holds was pushed from here, so that it may be replaced."""


@dataclass(frozen=True)
class Destination:
    """Where to: `id` is user/repo. `private`: only its owner sees it. `sdk`: that of a Space."""

    id: str
    kind: Kind
    private: bool = True
    sdk: str | None = None


@dataclass(frozen=True)
class Pushed:
    """`url`: its page. `commit`: the sha. `created`: whether the repository is new."""

    url: str
    commit: str
    created: bool


class Publisher:
    """Pushes as one person. endpoint, answer and patience: see Hub. token: None for whoever is signed in on this
    computer (HF_TOKEN, or `hf auth login`). Raises StudioError where there is none."""

    def __init__(
        self, token: str | None = None, endpoint: str | None = None, answer: float = 15.0, patience: float = 60.0
    ):
        token = (token or get_token() or "").strip()
        if not token:
            raise no_token()
        if not _TOKEN.fullmatch(token):
            raise not_a_token()
        self._api, self._answer, self._patience = HfApi(endpoint=endpoint, token=token), answer, patience

    def push(
        self,
        to: Destination,
        files: Mapping[str, Path | bytes],
        message: str,
        ours: Ours = lambda api, info: False,
        old: tuple[str, ...] = (),
        progress: Progress = lambda fraction, text: None,
    ) -> Pushed:
        """Put `files`, by their names in the repository, into it with one commit; `old` are names that go where they
        are not among them.

        `ours` is asked where the repository is there already and holds something. `progress` is told on this thread,
        and ends it by raising. Raises StudioError with a sentence for everything that can go wrong.
        """
        check_id(to.id, kind=to.kind)
        progress(0.0, say("Asking the Hub for {id}", id=to.id))
        self._check_person(to)
        found = self._find(to)
        if found is not None:
            self._check_found(to, found, ours)
        with contextlib.ExitStack() as stack:
            if found is None:
                stack.enter_context(self._new(to))
            head = found or self._find(to)
            pieces = [_piece(name, file, stack) for name, file in files.items()]
            self._send(to, pieces, progress)
            there = {file.rfilename for file in (head.siblings if head else None) or ()}
            gone = [CommitOperationDelete(name) for name in old if name in there and name not in files]
            commit = self._commit(to, [*pieces, *gone], message, head, progress)
        if not to.private:
            self._show(to)
        progress(1.0, say("{id} is on the Hub", id=to.id))
        return Pushed(self._page(to), commit, found is None)

    @contextlib.contextmanager
    def _new(self, to: Destination) -> Iterator[None]:
        """A new repository, which nobody else sees while it is being filled. Where that fails it is taken back, unless
        the commit may have arrived."""
        self._ask(
            to,
            lambda: self._api.create_repo(to.id, repo_type=to.kind.name, private=True, space_sdk=to.sdk),
            doing=Doing.CREATE,
        )
        try:
            yield
        except BaseException as error:
            unsure = isinstance(error, StudioError) and error.code == MAYBE
            if unsure or self._take_back(to) or not isinstance(error, StudioError):
                raise
            raise StudioError(error.message, left_empty(to.id, error.hint), error.code) from error

    def _ask(
        self, to: Destination, work: Callable[[], Any], patience: float | None = None, doing: Doing = Doing.ASK
    ) -> Any:
        """What `work` returns, done by a thread that is given up after that many seconds. Raises StudioError."""
        try:
            return patiently([lambda moved: work()], patience or self._answer)[0]
        except _FAULTS as error:
            raise push_sentence(error, to.kind, to.id, doing) from error

    def _check_person(self, to: Destination) -> None:
        """Raise StudioError unless the token is somebody's who may write there, as far as the Hub says."""
        about = self._ask(to, self._api.whoami)
        if not isinstance(about, dict) or not isinstance(about.get("name"), str):
            raise push_sentence(ValueError("no person"), to.kind, to.id)
        auth = about.get("auth")
        token = auth.get("accessToken") if isinstance(auth, dict) else None
        if isinstance(token, dict) and token.get("role") == "read":
            raise only_reads()
        orgs = about.get("orgs")
        places = [about["name"], *(o.get("name") for o in (orgs if isinstance(orgs, list) else []))]
        if to.id.partition("/")[0].lower() not in [str(name).lower() for name in places]:
            raise not_yours(to.id, [name for name in places if isinstance(name, str)])

    def _find(self, to: Destination) -> ModelInfo | SpaceInfo | None:
        """What is in the repository now; None where there is none. Raises StudioError."""
        info = self._api.space_info if to.kind is SPACE else self._api.model_info

        def work() -> ModelInfo | SpaceInfo | None:
            try:
                return info(to.id, timeout=self._answer)
            except RepositoryNotFoundError as error:
                if error.response.status_code == 403:  # it is there, and closed
                    raise
                return None

        return self._ask(to, work)

    def _check_found(self, to: Destination, info: ModelInfo | SpaceInfo, ours: Ours) -> None:
        """Raise StudioError where what is there may not be replaced by what is to come."""
        names = {file.rfilename for file in info.siblings or ()}
        if to.private and info.private is False:
            raise already_public(to.id)
        if names - {_HIDDEN, "README.md"} and not self._ask(to, lambda: ours(self._api, info)):
            raise taken(to.id)

    def _send(self, to: Destination, pieces: list[CommitOperationAdd], progress: Progress) -> None:
        """Upload what is large, which shows nowhere before the commit."""
        large = [piece for piece in pieces if isinstance(piece.path_or_fileobj, _Counted)]
        files = [piece.path_or_fileobj for piece in pieces if isinstance(piece.path_or_fileobj, _Counted)]
        meter = _Meter(sum(file.size for file in files))

        def work(moved: Callable[[], None]) -> None:
            for file in files:
                file.counts(meter, moved)
            for piece in large:  # one by one: of several the client would draw a bar of its own on the terminal
                self._api.preupload_lfs_files(to.id, [piece], repo_type=to.kind.name, free_memory=False)

        def tell() -> None:
            progress(0.9 * meter.share, say("Sending to {id}: {meter}", id=to.id, meter=str(meter)))

        tell()
        try:
            patiently([work], self._patience, tell)
        except _FAULTS as error:
            raise push_sentence(error, to.kind, to.id, Doing.SEND) from error
        for file in files:  # small ones are read once more, into the commit
            file.counts(None, _nothing)

    def _commit(
        self,
        to: Destination,
        operations: list[CommitOperationAdd | CommitOperationDelete],
        message: str,
        head: ModelInfo | SpaceInfo | None,
        progress: Progress,
    ) -> str:
        """The one moment at which it is there. Returns the commit's sha."""
        progress(0.95, say("Putting it into place"))
        info = self._ask(
            to,
            lambda: self._api.create_commit(
                to.id,
                operations,
                commit_message=message,
                repo_type=to.kind.name,
                parent_commit=head.sha if head else None,
            ),
            self._patience,
            Doing.COMMIT,
        )
        return info.oid

    def _show(self, to: Destination) -> None:
        """Let everybody see what is whole now."""
        self._ask(
            to,
            lambda: self._api.update_repo_settings(to.id, private=False, repo_type=to.kind.name),
            doing=Doing.SHOW,
        )

    def _take_back(self, to: Destination) -> bool:
        """Remove the empty repository that this push made, where the Hub still answers. Returns whether it is gone."""
        with contextlib.suppress(StudioError):
            self._ask(to, lambda: self._api.delete_repo(to.id, repo_type=to.kind.name, missing_ok=True))
            return True
        return False

    def _page(self, to: Destination) -> str:
        prefix = constants.REPO_TYPES_URL_PREFIXES.get(to.kind.name, "")
        return f"{self._api.endpoint}/{prefix}{to.id}"


class _Counted(io.BufferedReader):
    """A file that tells how far it was read. The client sends an open file by plain HTTP and not by way of Xet, which
    would tell nobody how far it is."""

    def __init__(self, path: Path):
        super().__init__(io.FileIO(path))
        self.size = path.stat().st_size
        self.counts(None, _nothing)

    def counts(self, meter: "_Meter | None", moved: Callable[[], None]) -> None:
        """From now on `moved` is called for what is read, and may raise, which ends it; and `meter` counts it."""
        self._meter, self._moved = meter, moved

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self._moved()
        if self._meter:
            self._meter.add(len(data))
        return data


def _nothing() -> None:
    pass


@dataclass
class _Meter:
    """Bytes that were read to be sent, of `total`; what is sent again counts again."""

    total: int
    got: int = 0

    def add(self, count: int) -> None:
        self.got += count

    @property
    def share(self) -> float:
        return min(1.0, self.got / max(1, self.total))

    def __str__(self) -> str:
        return say("{got:.1f} of {total:.1f} MB", got=self.share * self.total / 1e6, total=self.total / 1e6)


def _piece(name: str, file: Path | bytes, stack: contextlib.ExitStack) -> CommitOperationAdd:
    """A file as the client takes it; the stack closes it. Raises StudioError where it cannot be read."""
    if not isinstance(file, Path):
        return CommitOperationAdd(name, file)
    try:
        return CommitOperationAdd(name, stack.enter_context(_Counted(file)))
    except OSError as error:
        raise cannot_read(name, error) from error
