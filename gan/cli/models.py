"""`gan models`: a table of the models that come with GAN Studio."""

import shutil
import sys
from json import dumps
from typing import TYPE_CHECKING

from gan.cli.speech import tell
from gan.messages import say

if TYPE_CHECKING:  # help and mistakes do not wait for torch
    from gan.cli.sources import CommandSources

_COLUMNS = {
    "name": "NAME",
    "makes": "MAKES",
    "family": "FAMILY",
    "pictures": "PICTURES",
    "classes": "CLASSES",
    "licence": "LICENCE",
    "megabytes": "MB",
}
_SHORTEST = 20  # letters that MAKES keeps on a narrow terminal
_COLUMN = 0.008  # seconds of a column of a spectrogram: gan/networks/spectrograms.py
_KINDS = {1: "grey", 3: "colour", 4: "colour, transparent"}


def act(sources: "CommandSources", json: bool) -> None:
    """Run the command."""
    facts = [_facts(name, config, folder) for name, (folder, config) in sources.cards().items()]
    if json:
        print(dumps(facts, indent=2, ensure_ascii=False))
    elif facts:
        print(_table([_row(one) for one in facts], _room()))
    else:
        tell(say("No models came with this copy. All commands also take a model's folder, or user/repo on the Hub."))


def _facts(name: str, config, folder) -> dict:
    """One model, as --json prints it. `shape` is that of one sample: (channels, height, width) of a picture,
    (symbols, places) of a word."""
    shape, classes = _makes(config)
    size = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    return {
        "name": name,
        "title": config.title,
        "summary": config.summary,
        "family": config.family,
        "shape": shape,
        "num_classes": classes,
        "classes": list(config.classes),
        "licence": config.licence,
        "psi": config.psi,
        "megabytes": round(size / 1e6, 1),
    }


def _makes(config) -> tuple[list[int], int]:
    """Shape of a sample and number of classes: as config.json says, or where its family has other words for it, from
    its generator, without any weights."""
    said = config.generator
    if "symbols" in said:
        return [len(said["symbols"]), said["places"]], said.get("num_classes", 0)
    if config.family == "sounds" and "side" in said:
        return [1, said["side"], said["side"]], said.get("num_classes", 0)
    shape = said.get("image_shape") or [said.get("channels"), said.get("side"), said.get("side")]
    if all(isinstance(n, int) for n in (*shape, said.get("num_classes"))):
        return list(shape), said["num_classes"]
    generator = config.build_generator("meta")
    return list(generator.image_shape), generator.num_classes


def _row(facts: dict) -> dict[str, str]:
    """The same for people."""
    return {
        "name": facts["name"],
        "makes": facts["summary"] or facts["title"] or "-",
        "family": facts["family"],
        "pictures": _pictures(facts["shape"], facts["family"]),
        "classes": str(facts["num_classes"] or "-"),
        "licence": facts["licence"] or "not said",
        "megabytes": f"{facts['megabytes']:.1f}",
    }


def _pictures(shape: list[int], family: str) -> str:
    if len(shape) == 2:
        return f"none: words of up to {shape[1]} letters"
    if len(shape) == 1:
        return f"none: {shape[0]} numbers"
    channels, height, width = shape
    if family == "sounds":
        return f"none: sounds of {width * _COLUMN:.1f} s"
    return f"{width} x {height} {_KINDS.get(channels, '')}".strip()


def _table(rows: list[dict[str, str]], room: int | None) -> str:
    """Lines of columns, MAKES cut so that lines fit into `room` letters (None: nothing is cut)."""
    rows = [_COLUMNS, *({key: " ".join(text.split()) for key, text in row.items()} for row in rows)]
    widths = {key: max(len(row[key]) for row in rows) for key in _COLUMNS}
    if room is not None:
        others = sum(widths.values()) - widths["makes"] + 2 * (len(widths) - 1)
        widths["makes"] = min(widths["makes"], max(room - others, _SHORTEST))
    return "\n".join("  ".join(_cell(row[key], width) for key, width in widths.items()).rstrip() for row in rows)


def _cell(text: str, width: int) -> str:
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"


def _room() -> int | None:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
