"""`gan export`: a model in one of the forms of gan/export."""

from pathlib import Path

from gan.cli.sources import CommandSources
from gan.cli.speech import tell
from gan.export.forms import FORMS
from gan.messages import say
from gan.store.new_folder import check_empty


def act(sources: CommandSources, model: str, revision: str | None, to: str, out: Path) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    check_empty(out.absolute())
    FORMS[to](sources.open(model, revision), out)
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    tell(say("{out}: {megabytes} MB", out=out, megabytes=f"{size / 1e6:.1f}"))
    if to == "web":
        tell(say("Try it: python -m http.server --directory {out}", out=out))
