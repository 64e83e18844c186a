"""`gan runs`: a table of the runs below a folder."""

import dataclasses
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING

from gan.cli.speech import spoken, tell
from gan.errors import StudioError
from gan.messages import say

if TYPE_CHECKING:  # help and mistakes do not wait for torch
    from gan.cli.sources import CommandSources
    from gan.studio.runs.state import RunState

_COLUMNS = ("ID", "STATUS", "STEP", "MODEL", "MINUTES", "SAYS")


def act(sources: "CommandSources", root: Path, json: bool) -> None:
    """Run the command, which only reads. Raises StudioError."""
    if not root.is_dir():
        raise StudioError(say("There is no folder {root}.", root=root), "Give --root the folder that holds your runs.")
    from gan.studio.runs.queue import RunQueue  # not before: they bring torch
    from gan.studio.runs.state import read_states

    states = read_states(root, RunQueue(root).tickets())
    if json:
        print(dumps([dataclasses.asdict(state) for state in states], indent=2, ensure_ascii=False))
    elif states:
        print(_table([_COLUMNS, *map(_row, states)]))
    else:
        tell(say("There are no runs in {root} yet.", root=root))


def _row(s: "RunState") -> tuple[str, ...]:
    status = f"waiting ({s.position})" if s.status == "waiting" else s.status
    step = f"{s.step} of {s.until}" if s.until else str(s.step)
    return s.id, status, step, s.title or s.model or "-", f"{s.minutes:.1f}", spoken(s.sentence)


def _table(rows: list[tuple[str, ...]]) -> str:
    """Lines of columns. Titles are a person's own words: what a terminal could take for more than letters is left
    out."""
    plain = [["".join(letter if letter.isprintable() else " " for letter in text) for text in row] for row in rows]
    widths = [max(len(row[i]) for row in plain) for i in range(len(_COLUMNS))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in plain
    )
