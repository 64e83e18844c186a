"""README.md of a model: what it is, from what, and how it was made."""

import re
from pathlib import Path

from gan.store.files import cannot_read, write_bytes
from gan.store.model_config import CARD, ModelConfig
from gan.store.run_settings import RunSettings

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n.*?\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


def model_card(config: ModelConfig, settings: RunSettings | None = None) -> str:
    """README.md of a model, with what it was trained with where that is known."""
    trained = {k: v for k, v in settings.train.items() if v not in (None, [], ())} if settings else {}
    rows = {**trained, **config.trained}
    table = "\n".join(f"| {name} | {_cell(value)} |" for name, value in rows.items())
    return (
        f"# {config.title or 'A trained pair'}\n\n{config.summary}\n\n"
        f"- Family: {config.family}{_start(settings)}\n- Training {learned_from(config)}: {config.data or 'not said'}\n"
        f"- Licence: {config.licence or 'not said'}\n\n"
        f"{_files(config)}\n" + (f"\n| setting | value |\n|---|---|\n{table}\n" if rows else "")
    )


def learned_from(config: ModelConfig) -> str:
    """What cards call its training data: "words", "sounds" or "pictures"."""
    from gan.networks.registry import family  # not before: a card is read without torch

    return {"text": "words", "sound": "sounds"}.get(family(config.family).makes, "pictures")


def without_front_matter(card: str) -> str:
    """A card without the table for programs that the Hub has at its start."""
    return _FRONT.sub("", card, count=1).lstrip()


def with_section(card: str, name: str, text: str) -> str:
    """The card with this text between the marks of that name, in the place of what was there; without marks as a
    section of that title before the scores, or at the end."""
    first, last = f"<!-- {name} -->", f"<!-- /{name} -->"
    part = f"{first}\n{text.strip()}\n{last}"
    if first in card and last in card[card.index(first) :]:
        start = card.index(first)
        return card[:start] + part + card[card.index(last, start) + len(last) :]
    head, scores, rest = card.partition("\n## Scores\n")
    return f"{head.rstrip()}\n\n## {name.capitalize()}\n\n{part}\n{scores}{rest}".lstrip()


def read_card(folder: Path) -> str:
    """The card of the model in a folder, "" where it has none. Bytes that are no UTF-8 are told from letters, so that
    `put_section` leaves them as they are; line ends become those of Unix. Raises StudioError where the system does not
    give it."""
    try:
        return (folder / CARD).read_text("utf-8", "surrogateescape") if (folder / CARD).is_file() else ""
    except OSError as error:
        raise cannot_read(CARD, error) from error


def put_section(folder: Path, card: str, name: str, text: str) -> None:
    """Write the card that `read_card` gave `with_section`. Raises StudioError."""
    ours = text.encode("utf-8", "replace").decode("utf-8")  # in names that somebody sent may be half letters
    write_bytes(folder / CARD, with_section(card, name, ours).encode("utf-8", "surrogateescape"))


def _start(settings: RunSettings | None) -> str:
    if settings is None:
        return ""
    return f", fine-tuned from {settings.base}" if settings.base else ", trained from scratch"


def _files(config: ModelConfig) -> str:
    pair = ", `discriminator.safetensors` its discriminator" if config.discriminator is not None else ""
    return f"`model.safetensors` is the averaged generator{pair}."


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
