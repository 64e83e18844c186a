"""What the folder of a set of pictures says in its small files, and how it is said where they cannot be read."""

import os
from collections.abc import Container
from pathlib import Path

from gan.errors import NO_SET, StudioError
from gan.messages import say, unpacked
from gan.store.files import MISSING, parse_json, read_table, unreadable
from gan.studio.data.dataset_doctor import Report
from gan.studio.data.set_readers import AnyReport
from gan.studio.data.sound_report import SoundReport
from gan.studio.data.word_lists import WordReport

AGAIN = say("Give them again.")
NO_PICTURES = (0, 0)  # the side and channels of words
SET, NAMES, REPORT = "set.json", "names.jsonl", "report.json"
_THIS_SET = say("The set.json of what was given")  # how sentences call the files
PICTURES, ABOUT_THEM = say("The list of what was given"), say("The report.json of what was given")


def told_of(folder: Path) -> dict:
    """What set.json says. Raises StudioError where the set is gone, or where that cannot be read."""
    try:
        told = unpacked(read_table(folder / SET, _THIS_SET))
    except StudioError as error:
        if error.code != MISSING:
            raise
        raise no_longer_kept() from error
    if (
        not isinstance(told, dict)
        or not isinstance(told.get("owner"), (str, type(None)))
        or not isinstance(told.get("about"), str)
    ):
        raise unreadable(_THIS_SET, say("it does not say whose it is"))
    return told


def owner_of(folder: Path) -> str | None:
    """Whose a set is; nobody's, where that cannot be read: whoever made it hears so, and the others go on."""
    try:
        return told_of(folder)["owner"]
    except StudioError:
        return ""


def ages_of(root: Path, known: Container[str]) -> dict[str, float]:
    """The sets in a folder, and when each was touched; those that are `known` are not looked into. Whoever makes a set
    has all of them looked at, so this is no place for paths, which take ten times as long."""
    with os.scandir(root) as found:
        return {
            one.name: one.stat().st_mtime
            for one in found
            if one.name[0] != "." and (one.name in known or os.path.isfile(os.path.join(one.path, SET)))
        }


def named(line: bytes) -> tuple[str, str] | None:
    """The number and the name in a line of names.jsonl, None where it holds none."""
    try:
        row = parse_json(line)
    except ValueError:
        return None
    fits = isinstance(row, list) and len(row) == 2 and all(isinstance(text, str) for text in row)
    return (row[0], row[1]) if fits else None


_REPORTS: dict[str, type[WordReport] | type[SoundReport]] = {"text": WordReport, "sound": SoundReport}


def report_of(values: dict) -> AnyReport:
    """A report from what report.json says. Raises StudioError where the values are no report."""
    try:
        return _REPORTS.get(str(values.get("makes")), Report).from_json(values)
    except (KeyError, TypeError, ValueError, AttributeError, StudioError) as error:
        raise unreadable(ABOUT_THEM, say("it is no report")) from error


def no_longer_kept() -> StudioError:
    """The sentence for a set that is no longer there."""
    return StudioError("What you gave is no longer kept here.", AGAIN, NO_SET)
