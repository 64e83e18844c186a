"""`gan convert`: a checkpoint, read without running anything in it, becomes a model's folder."""

import json
from pathlib import Path

from gan.cli.progress import ProgressBar
from gan.cli.sources import CommandSources, on_disk
from gan.cli.speech import tell
from gan.errors import StudioError
from gan.field_metadata import show
from gan.foreign.convert import convert
from gan.messages import as_message, say
from gan.store.model_config import CONFIG
from gan.store.new_folder import check_empty, written_folder

_MOST_LAYOUT = 2**20  # bytes


def act(
    sources: CommandSources, source: str, out: Path, file: str | None, layout: Path | None, config: Path | None
) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    check_empty(out)
    parts, settings = (None if path is None else _table(path) for path in (layout, config))
    with ProgressBar() as bar:
        path, origin = sources.models.raw(on_disk(sources.models, source), file, settings, bar.show)
    with written_folder(out, CONFIG) as part:
        made = convert(path, part, origin, parts)
    shape = "x".join(map(str, made.build_generator("meta").image_shape))
    licence = made.licence or say("not said")
    kind = as_message(made.kind)
    tell(
        say("{out}: {kind}, pictures of {shape}, licence: {licence}", out=out, kind=kind, shape=shape, licence=licence)
    )
    for sentence in made.guessed:
        tell(say("- {sentence}", sentence=as_message(sentence)))
    if made.guessed:
        path = out / CONFIG
        tell(
            say(
                'What was guessed stands in {path} below "generator"; --layout puts other values in its place.',
                path=path,
            )
        )


def _table(path: Path) -> dict:
    try:
        with path.open("rb") as file:
            values = json.loads(file.read(_MOST_LAYOUT))
    except (ValueError, RecursionError):
        raise StudioError(say("{path} is not JSON.", path=path), "Mend it in an editor.") from None
    except OSError as error:
        raise StudioError(say("{path} cannot be read: {strerror}.", path=path, strerror=error.strerror)) from error
    if not isinstance(values, dict):
        raise StudioError(
            say("{path} must hold a table of names and values, not {values}.", path=path, values=show(values))
        )
    return values
