"""What can be wrong with a model or a dataset on the Hub, in words: its id, what it offers, and how asking fails."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import httpx

from gan.errors import StudioError
from gan.messages import Message, say
from gan.store.model_config import CONFIG, DISCRIMINATOR, MOST_TEXT_BYTES, WEIGHTS
from gan.store.weights import MOST_BYTES, pickle_among, pickle_offered, too_big

UNREACHABLE = (httpx.RequestError, OfflineModeIsEnabled, TimeoutError, ValueError, TypeError, KeyError)
"""What asking the Hub raises where there is no network, or where something else answers in the Hub's place."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,127}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_AGAIN = say("Try again in a minute.")


@dataclass(frozen=True)
class Kind:
    """A kind of repository: the Hub's own `name` for it, the `word` in sentences, what to do where a file is missing,
    and without a network."""

    name: str
    word: Message
    missing: str
    offline: str


MODEL = Kind(
    "model",
    say("model"),
    say("A GAN Studio model has {config} and {weights}.", config=CONFIG, weights=WEIGHTS),
    say("Connect to the internet, or choose a bundled model: these need none."),
)
DATASET = Kind(
    "dataset",
    say("dataset"),
    say("Its author may just have changed it: try again."),
    say("Connect to the internet, or drop pictures of your own: these need none."),
)
SPACE = Kind(
    "space",
    say("Space"),
    say("A static Space has an index.html."),
    say("Connect to the internet, or serve the page's folder from another place."),
)


def is_commit(revision: str | None) -> bool:
    """Whether a revision is a full commit sha, which never changes its meaning."""
    return bool(revision and _COMMIT.fullmatch(revision))


def split_revision(source: str, revision: str | None) -> tuple[str, str | None]:
    """ "user/repo@revision" -> (user/repo, revision). Raises StudioError where `revision` asks for another one."""
    name, at, written = source.partition("@")
    if at and revision not in (None, written):
        raise StudioError(
            say(
                "{source} already names a revision, and another one, {revision!r}, was asked for.",
                source=source,
                revision=revision,
            ),
            "Give only one of them.",
        )
    return name, written if at else revision


def check_id(repo_id: str, revision: str = "main", kind: Kind = MODEL) -> None:
    """Raise a StudioError unless these look like the id and the revision of a repository on the Hub."""
    if not _ID.fullmatch(repo_id) or re.search(r"\.\.|--|[.-]/|[.-]$|\.git$", repo_id):
        raise StudioError(
            say("{repo_id!r} is not the id of a {name} on the Hub.", repo_id=repo_id[:80], name=kind.word),
            "An id looks like user/repo, or user/repo@revision.",
        )
    if not _REVISION.fullmatch(revision) or re.search(r"\.\.|//|/$", revision):
        raise StudioError(
            say("{revision!r} is not a revision.", revision=revision[:80]),
            "Give a branch, a tag or a commit, or leave it out.",
        )


def check_offered(repo_id: str, name: str, sizes: dict[str, int]) -> None:
    """Raise a StudioError where the repo does not list the file, offers a pickle in its place, or it is too big."""
    if name not in sizes:
        pickle = pickle_among(sizes) if name in (WEIGHTS, DISCRIMINATOR) else None
        raise (
            pickle_offered(repo_id, name, pickle)
            if pickle
            else StudioError(say("{repo_id} has no {name}.", repo_id=repo_id, name=name), MODEL.missing)
        )
    if sizes[name] > (MOST_BYTES if name.endswith(".safetensors") else MOST_TEXT_BYTES):
        raise too_big(say("{name} of {label}", name=name, label=repo_id), sizes[name])


def is_unwell(error: Exception) -> bool:
    """Whether the Hub could not answer at all, so that what is in the cache may stand in for it."""
    return isinstance(error, UNREACHABLE) or status_of(error) in (408, 429) or status_of(error) >= 500


def sentence(
    error: Exception, kind: Kind, repo_id: str, revision: str, name: str = "", stranger: bool = True
) -> StudioError:
    """What happened, in words. `name` is the file that was on its way, none while the Hub was first asked;
    `stranger` says that it was asked without anyone's token."""
    if isinstance(error, LocalEntryNotFoundError) and isinstance(error.__cause__, Exception):
        error = error.__cause__  # the client's own summary says less than its cause
    rows = _while_fetching(error, repo_id, name) if name else _while_asking(error, kind, repo_id)
    said = _refusals(error, kind, repo_id, revision, name, stranger)
    message, hint = next((m, h) for fits, m, h in (*said, *rows) if fits)
    return StudioError(message, hint)


def _refusals(error: Exception, kind: Kind, repo_id: str, revision: str, name: str, stranger: bool) -> Iterable[tuple]:
    """Rows of (whether it fits, message, hint) for what the Hub itself says; the first that fits is the one."""
    status = status_of(error)
    yield (
        isinstance(error, GatedRepoError),
        say("{repo_id} is gated: its author lets people in one by one.", repo_id=repo_id),
        say("Choose another {name}.", name=kind.word)
        if stranger
        else say("Ask for access on its page, sign in with `hf auth login`, and start GAN Studio again."),
    )
    yield (
        isinstance(error, RevisionNotFoundError),
        say("{repo_id} has no revision {revision!r}.", repo_id=repo_id, revision=revision),
        say("Leave the revision out for the newest."),
    )
    yield (
        isinstance(error, EntryNotFoundError),
        say("{repo_id} has no {value}.", repo_id=repo_id, value=name or WEIGHTS),
        kind.missing,
    )
    yield (
        isinstance(error, RepositoryNotFoundError) or status in (401, 403, 404),
        say("The Hub has no {name} {repo_id} that is open to this app.", name=kind.word, repo_id=repo_id),
        say("Check the spelling: an id looks like user/repo."),
    )
    yield status == 429, say("The Hub asks for a pause: too many requests came from here."), _AGAIN
    yield (
        status > 0,
        say("The Hub answered with error {status} when asked for {repo_id}.", status=status, repo_id=repo_id),
        _AGAIN,
    )


def _while_asking(error: Exception, kind: Kind, repo_id: str) -> Iterable[tuple]:
    yield (
        isinstance(error, (ValueError, TypeError, KeyError)),
        say("Something else than the Hub answered when asked for {repo_id}.", repo_id=repo_id),
        say("A login page or a proxy may be in the way: open a web page in the browser first."),
    )
    yield (
        True,
        say("The Hub cannot be reached, and {repo_id} is not on this computer yet.", repo_id=repo_id),
        kind.offline,
    )


def _while_fetching(error: Exception, repo_id: str, name: str) -> Iterable[tuple]:
    reason = getattr(error, "strerror", None)
    yield (
        isinstance(error, TimeoutError),
        say("The Hub stopped sending {name} of {repo_id}.", name=name, repo_id=repo_id),
        _AGAIN,
    )
    yield (
        isinstance(error, (httpx.RequestError, OfflineModeIsEnabled)),
        say("The connection broke while {name} of {repo_id} was on its way.", name=name, repo_id=repo_id),
        _AGAIN,
    )
    yield (
        isinstance(error, ValueError),
        say("The Hub sends something else for {name} of {repo_id} than it had announced.", name=name, repo_id=repo_id),
        say("Choose another one."),
    )
    yield (
        reason is not None,
        say("{name} of {repo_id} could not be saved: {reason}.", name=name, repo_id=repo_id, reason=reason),
        say("Make room on the disk, then try again."),
    )
    yield True, say("{name} of {repo_id} arrived incomplete.", name=name, repo_id=repo_id), say("Try again.")


def status_of(error: Exception) -> int:
    """The HTTP status of an error, 0 where there is none."""
    return getattr(getattr(error, "response", None), "status_code", 0)
