"""Whether what an address or a header says can be: names of files, parts of them, addresses of machines."""

import ipaddress
import re

_RANGE = re.compile(rb"bytes=(\d{0,15})-(\d{0,15})")
_LONGEST_NAME, _LONGEST_PATH = 255, 2000  # bytes


def below(path: str, root: str) -> str:
    """A path without the one below which a proxy offers the studio, where the proxy leaves it in."""
    return path[len(root) :] or "/" if root and (path == root or path.startswith(f"{root}/")) else path


def is_range(text: bytes) -> bool:
    """Whether one part of a file is asked for. Whatever else stands there is as good as nothing (RFC 9110, 14.2)."""
    found = _RANGE.fullmatch(text)
    if not found or not any(found.groups()):
        return False
    first, last = found.groups()
    return not first or not last or int(first) < int(last)


def may_be_there(path: str) -> bool:
    """Whether the names in a path are such as files can have: others are an error to the system, and to nobody else."""
    return len(path.encode("utf-8", "replace")) < _LONGEST_PATH and all(
        len(name.encode("utf-8", "replace")) <= _LONGEST_NAME for name in path.split("/")
    )


def is_address(text: str) -> bool:
    """Whether a text is the address of a machine, of four numbers or of eight."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
