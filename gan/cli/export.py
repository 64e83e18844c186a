"""Write a model for other places: a static page that paints in the visitor's browser, or ONNX for other programs."""

from pathlib import Path

from gan.cli.sources import CommandSources
from gan.cli.speech import tell
from gan.export.forms import FORMS
from gan.messages import say
from gan.store.new_folder import check_empty


def add_options(parser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("--model", required=True, help="a bundled name, a folder, a run, or user/repo[@revision]")
    parser.add_argument("--revision", help="a version of it: a commit, or a step of a run")
    parser.add_argument(
        "--to",
        choices=tuple(FORMS),
        default="web",
        help="web: a page for any static host; onnx: the generator for other programs (default: web)",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the new folder")


def act(sources: CommandSources, model: str, revision: str | None, to: str, out: Path) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    check_empty(out.absolute())
    FORMS[to](sources.open(model, revision), out)
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    tell(say("{out}: {megabytes} MB", out=out, megabytes=f"{size / 1e6:.1f}"))
    if to == "web":
        tell(say("Try it: python -m http.server --directory {out}", out=out))
