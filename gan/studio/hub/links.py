"""What people paste for a model of the Hub: its id, or the address of one of its pages. Nothing is fetched here."""

from urllib.parse import unquote, urlsplit

from gan.errors import StudioError
from gan.messages import say

_HOSTS = ("huggingface.co", "www.huggingface.co", "hf.co", "hf-mirror.com")
_OTHERS = {"datasets": say("a dataset"), "spaces": say("a Space")}
_PAGES = ("tree", "blob", "resolve", "raw", "commit", "commits")  # of a repository: what follows is a revision
_FILES = ("blob", "resolve", "raw")  # and after that a file
_HOW = say("Paste the id of a model, such as user/repo, or the address of its page on huggingface.co.")


def read_source(text: object) -> tuple[str, str | None]:
    """("user/repo" or "user/repo@revision", the file that a link points at or None), from an id or a link.

    What is no link passes unchanged but for spaces around it. Raises StudioError for a link to something else.
    """
    if not isinstance(text, str):
        raise StudioError("This is not the id of a model.", _HOW)
    text = text.strip()
    bare = text.split("/", 1)[0].lower() in _HOSTS
    if "://" not in text and not bare:
        return text, None
    try:
        address = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        raise StudioError(say("{text!r} is not an address.", text=text[:80]), _HOW) from None
    if address.scheme not in ("http", "https") or (address.hostname or "") not in _HOSTS:
        raise StudioError(say("{text!r} is not an address of the Hugging Face Hub.", text=text[:80]), _HOW)
    return _of_page([unquote(part) for part in address.path.split("/") if part])


def _of_page(parts: list[str]) -> tuple[str, str | None]:
    """The id and the file, from the path of a page: user/repo[/tree/revision | /blob/revision/file]."""
    if parts and parts[0] in _OTHERS:
        raise StudioError(say("This is the address of {others}, not of a model.", others=_OTHERS[parts[0]]), _HOW)
    if len(parts) < 2:
        raise StudioError("This address leads to no model.", _HOW)
    source, rest = "/".join(parts[:2]), parts[2:]
    if len(rest) < 2 or rest[0] not in _PAGES:
        return source, None
    file = "/".join(rest[2:]) if rest[0] in _FILES else ""
    return (source if rest[1] == "main" else f"{source}@{rest[1]}"), file or None
