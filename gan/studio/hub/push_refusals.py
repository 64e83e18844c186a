"""What can be wrong with pushing to the Hub, in words: who pushes, where to, and how it fails on the way."""

from collections.abc import Iterable, Sequence
from enum import Enum

from huggingface_hub.errors import BadRequestError, OfflineModeIsEnabled
from huggingface_hub.utils import httpx

from gan.errors import StudioError
from gan.messages import listed, say
from gan.studio.hub.refusals import Kind, status_of

MAYBE = "maybe-pushed"
"""The Hub did not say whether it took the commit."""

_AGAIN = say("Push it again: what has arrived is not sent twice.")
_WRITE = say("Make a token that may write at huggingface.co/settings/tokens.")
_NO_ANSWER = (httpx.ReadError, httpx.RemoteProtocolError, httpx.TimeoutException, TimeoutError)
"""How a request ends that may have been heard."""


class Doing(Enum):
    """What a push is at."""

    ASK = "asking who pushes, and what is there"
    CREATE = "making the repository"
    SEND = "sending large files"
    COMMIT = "putting it all into place"
    SHOW = "making it public"


def no_token() -> StudioError:
    """Nobody is signed in."""
    return StudioError(
        "Nobody is signed in to the Hub on this computer.",
        "Sign in with `hf auth login`, or set HF_TOKEN to a token that may write.",
    )


def not_a_token() -> StudioError:
    """What was given cannot be a token. It is not repeated: it may be one with a slip."""
    return StudioError(
        "This is not a token of the Hub.", "A token begins with hf_; copy it from huggingface.co/settings/tokens."
    )


def only_reads() -> StudioError:
    """The token is for reading."""
    return StudioError("This token may only read from the Hub.", _WRITE)


def not_yours(id: str, places: Sequence[str]) -> StudioError:
    """The person is not of that namespace."""
    yours = listed([f"{place}/{id.partition('/')[2]}" for place in places[:8]], "{before} or {last}")
    return StudioError(
        say("{id} would belong to {owner}, who is somebody else.", id=id, owner=id.partition("/")[0]),
        say("This token may publish as {yours}.", yours=yours),
    )


def taken(id: str) -> StudioError:
    """There is something else under that name."""
    return StudioError(
        say("{id} is taken: it holds something that was not pushed from GAN Studio.", id=id),
        "Choose another name; nothing was changed there.",
    )


def already_public(id: str) -> StudioError:
    """What is meant to be private would be seen by everybody."""
    return StudioError(
        say("{id} is public, and this push is to be private.", id=id),
        "Choose another name, push it as public, or make it private on its page first.",
    )


def left_empty(id: str, hint: str) -> str:
    """A hint, and that the repository could not be taken back."""
    return say("{hint} {id} may be left on the Hub, private and empty.", hint=hint, id=id)


def push_sentence(error: Exception, kind: Kind, id: str, doing: Doing = Doing.ASK) -> StudioError:
    """What happened while something was pushed, in words. Nothing of the token is in them."""
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, Exception):
        error = error.__cause__  # the client wraps what a large file met with
    message, hint = next((m, h) for fits, m, h in _rows(error, kind, id, doing) if fits)
    unsure = doing is Doing.COMMIT and isinstance(error, _NO_ANSWER)
    return StudioError(message, hint, MAYBE if unsure else "")


def _rows(error: Exception, kind: Kind, id: str, doing: Doing) -> Iterable[tuple]:
    """Rows of (whether it fits, message, hint); the first that fits is the one."""
    yield from _refused(error, kind, id, doing)
    yield (
        isinstance(error, OfflineModeIsEnabled),
        say("This computer is told to stay offline (HF_HUB_OFFLINE), and {id} is on the Hub.", id=id),
        say("Unset HF_HUB_OFFLINE, then push it again."),
    )
    yield (
        doing is Doing.COMMIT and isinstance(error, _NO_ANSWER),
        say("The Hub did not say whether it took {id}.", id=id),
        say("Look at its page; if it is not there, push it again."),
    )
    yield (
        doing in (Doing.SEND, Doing.COMMIT) and isinstance(error, (TimeoutError, httpx.RequestError)),
        say("The connection to the Hub broke before {id} was there: nothing of it shows.", id=id),
        _AGAIN,
    )
    yield (
        isinstance(error, (TimeoutError, httpx.RequestError)),
        say("The Hub cannot be reached, and {id} was not pushed.", id=id),
        say("Connect to the internet, then push it again."),
    )
    reason = getattr(error, "strerror", None)
    yield (
        reason is not None,
        say("A file for {id} cannot be read: {reason}.", id=id, reason=reason),
        say("Look whether the model's folder is whole."),
    )
    yield (
        True,
        say("Something else than the Hub answered when {id} was pushed.", id=id),
        say("A login page or a proxy may be in the way: open a web page in the browser first."),
    )


def _refused(error: Exception, kind: Kind, id: str, doing: Doing) -> Iterable[tuple]:
    """What the Hub itself says."""
    status = status_of(error)
    yield (
        status == 401,
        say("The Hub does not know this token: it is mistyped, or was revoked."),
        say("Make a new one at huggingface.co/settings/tokens, or sign in again with `hf auth login`."),
    )
    yield (
        status == 402,
        say("The Hub asks for a paid account before it makes {id}.", id=id),
        say("Static Spaces and models are free: choose one of these."),
    )
    yield (
        status == 403 and doing is Doing.SHOW,
        say("{id} is pushed, but this token may not make it public.", id=id),
        say("Make it public on its page."),
    )
    yield (
        status == 403,
        say("The Hub does not let this token write to {id}.", id=id),
        say(
            "The token may be for reading only, or not for this name; its owner may have closed it. {write}",
            write=_WRITE,
        ),
    )
    yield (
        status == 404,
        say("{id} is gone from the Hub.", id=id),
        say("Somebody may have just deleted it: push it again."),
    )
    yield (
        status == 409 and doing is Doing.CREATE,
        say("{id} is taken on the Hub, by something that this token may not see.", id=id),
        say("Choose another name."),
    )
    yield (
        status in (409, 412),
        say("{id} was changed by somebody else meanwhile, and nothing of this push shows.", id=id),
        say("Look at its page, then push it again."),
    )
    yield status == 413, say("The Hub has no room left for {id}.", id=id), say("Make room in your account there first.")
    yield (
        status == 429,
        say("The Hub asks for a pause: too many requests came from here."),
        say("Try again in a minute."),
    )
    yield (
        isinstance(error, BadRequestError),
        say("The Hub finds fault with what was pushed to {id}.", id=id),
        say("Choose another name: letters, digits, dashes, dots and underscores, at most 96."),
    )
    yield (
        status > 0,
        say(
            "The Hub answered with error {status} when {id} was pushed, and nothing of it shows.", status=status, id=id
        ),
        say("Try again in a minute."),
    )
