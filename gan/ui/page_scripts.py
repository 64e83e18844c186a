"""The page's own scripts and its style sheet: where they are found, and what the page's head says of them.

Their address holds a digest of them all. A browser that has them asks for none of them again, and all that a page has
are of one version; where one has changed, so has the address of all. The head names every script, or the browser would
hear of each only from the one that imports it, one after the other.
"""

import functools
import hashlib
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
_PLACE = "studio/static"
_FIRST, _STYLE = "studio.js", "studio.css"


def head() -> str:
    """Markup that Gradio's own scripts put into the page, after their own: with it the scripts run."""
    return style() + f'<script type="module" src="{_address(_FIRST)}"></script>'


def style() -> str:
    """Markup that gives all its place."""
    return f'<link rel="stylesheet" href="{_address(_STYLE)}">'


def preloads() -> str:
    """Markup with which the scripts are fetched while Gradio's run."""
    scripts = sorted(file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.js"))
    return "".join(f'<link rel="modulepreload" href="{_address(name)}">' for name in scripts)


def version() -> str:
    """Of all files, as they are when they are first asked for: twelve digits of a digest."""
    return _digested()[0]


def is_of(version_: str, name: str) -> bool:
    """Whether that version has the file as it is now: another one may have been installed while the app runs."""
    digest, files = _digested()
    return version_ == digest and files.get(name) == _mark(FOLDER / name)


@functools.cache
def _digested() -> tuple[str, dict[str, tuple[int, int]]]:
    """The version, and of each file what changes with it."""
    seen, files = hashlib.sha256(), {}
    for file in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        name = file.relative_to(FOLDER).as_posix()
        files[name], data = _mark(file), file.read_bytes()
        seen.update(f"{name} {len(data)}\n".encode() + data)
    return seen.hexdigest()[:12], files


def _mark(file: Path) -> tuple[int, int]:
    told = file.stat()
    return told.st_mtime_ns, told.st_size


def _address(name: str) -> str:
    return f"{_PLACE}/{version()}/{name}"
