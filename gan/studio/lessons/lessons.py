"""The lessons of the Learn tab, each a JSON file beside this one, in the order of their names.

{"id": "two-players", "title": ..., "text": [sentences], "do": what to do, "said": what is said once that is reached,
 "kind": one of KINDS, "game" where it does not say,
 "parts": [{"id", "title", "about", "why", "show": recipes, "links": [{"go": words, "to": address}],
 "measured": a file of `python -m gan augment --out` in recordings/}], where it has any; what follows is a game's.
 "show": some of SHOWN, "controls": some of CONTROLS, "reached": {"groups": n, "steps": n},
 "rules": settings of the game by the names of TrainConfig, and z_dim, hidden, g_hidden, d_hidden,
 and examples: how many real points there are, 0 for 4,096,
 "breaks": [{"id", "title", "about", "rules": what is wrong, "mend": what cures it, "mended": title, "why": sentence,
 "cured": which breaks' remedies are offered, the best first, and how many of `trials` games each cured; all without it,
 "doctors": [{"changes": what the doctor suggests, "cured": the same of it}]}],
 "trials": how many games were measured (tests/bench/lessons.py),
 "doctor": after how many steps of a broken game the doctor of training says what it sees; 0 for never}

Texts are English; gan/locales has them in other languages, like every sentence.
"""

import functools
import json
from pathlib import Path

from gan.errors import StudioError
from gan.field_metadata import from_values, show, table
from gan.messages import say
from gan.store.files import read_table
from gan.studio.recipes import Recipe
from gan.training.config import TrainConfig

# What is done in a lesson: a game of points, or one of ACTIVITIES in static/learn/learn.js.
KINDS = ("game", "critic", "plane", "pictures", "uses")
SHOWN = ("map", "arrows", "numbers", "formula")
CONTROLS = ("play", "slow", "d", "g", "both", "undo", "again", "draw")
_LOSSES = ("non-saturating", "minimax", "least-squares", "hinge", "wasserstein")  # those that the page's own game knows
_PENALTIES = ("none", "r1", "gradient")
_OF_THE_GAME = ("z_dim", "hidden", "g_hidden", "d_hidden", "examples")
_RECORDINGS = Path(__file__).parent / "recordings"
_TEXTS = ("id", "title", "do", "said")
_OF_A_PART = ("title", "about", "why")
_OF_A_BREAK = ("id", "title", "about", "mended", "why")


@functools.cache
def lessons() -> tuple[dict, ...]:
    """All lessons, checked, in their order. Raises StudioError where one cannot be played."""
    return tuple(read_lesson(path) for path in sorted(Path(__file__).parent.glob("*.json")))


def read_lesson(path: Path) -> dict:
    """A lesson as the page takes it. Raises StudioError, which names the file and what is wrong in it."""
    try:
        lesson = json.loads(path.read_text(encoding="utf-8"))
        return _checked(lesson)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken(path, show(error)) from error
    except StudioError as error:
        raise _broken(path, error.message) from error


def texts(lesson: dict) -> list[str]:
    """Every sentence of a lesson that a person reads."""
    own = [lesson[name] for name in _TEXTS if name != "id"]
    breaks = [one[name] for one in lesson["breaks"] for name in _OF_A_BREAK if name != "id"]
    parts = [part[name] for part in lesson["parts"] for name in _OF_A_PART]
    links = [link["go"] for part in lesson["parts"] for link in part["links"]]
    return [text for text in (*own, *lesson["text"], *breaks, *parts, *links) if text]


def in_words(lesson: dict) -> dict:
    """The lesson with its texts as messages, which are put into the visitor's language."""
    breaks = [{**one, **{name: say(one[name]) for name in _OF_A_BREAK if name != "id"}} for one in lesson["breaks"]]
    told = {name: say(lesson[name]) for name in _TEXTS if name != "id"}
    text = [say(text) for text in lesson["text"]]
    return {**lesson, **told, "text": text, "breaks": breaks, "parts": list(map(_part_in_words, lesson["parts"]))}


def _part_in_words(part: dict) -> dict:
    links = [{**link, "go": say(link["go"])} for link in part["links"]]
    shown = {"measured": measured(part["measured"])} if "measured" in part else {}
    return {**part, **{name: say(part[name]) for name in _OF_A_PART}, "links": links, **shown}


@functools.cache
def measured(name: str) -> dict:
    """What came of an experiment that was recorded: its bars, verdicts and how it was done. Raises StudioError."""
    from gan.training.more_data_report import MoreDataReport  # not before: it imports torch

    report = MoreDataReport.from_values(read_table(_RECORDINGS / name))
    return dict(bars=report.bars, verdicts=report.verdicts, how=report.how)


def _checked(lesson: dict) -> dict:
    lesson = {"kind": "game", "breaks": [], "said": "", "doctor": 0, "trials": 0, **lesson}
    lesson["parts"] = [_checked_part(part) for part in lesson.get("parts", [])]
    if not all(isinstance(lesson[name], str) for name in _TEXTS) or not all(isinstance(t, str) for t in lesson["text"]):
        raise ValueError("a text is missing")
    _known("kind", [lesson["kind"]], KINDS)
    return _checked_game(lesson) if lesson["kind"] == "game" else lesson


def _checked_part(part: dict) -> dict:
    part = {"why": "", "show": [], "links": [], **part}
    if not all(isinstance(part[name], str) for name in ("id", *_OF_A_PART)):
        raise ValueError("a text is missing")
    if not all(isinstance(link["go"], str) and link["to"].startswith("?") for link in part["links"]):
        raise ValueError("a link has words to go by, and leads to an address of the studio that begins with ?")
    return {**part, "show": [Recipe.from_json(recipe).to_json() for recipe in part["show"]]}


def _checked_game(lesson: dict) -> dict:
    _known("show", lesson["show"], SHOWN)
    _known("controls", lesson["controls"], CONTROLS)
    _known("reached", lesson["reached"], ("groups", "steps"))
    if not (isinstance(lesson["doctor"], int) and 0 <= lesson["doctor"] <= 10_000):
        raise ValueError("the doctor is asked after 0 to 10000 steps")
    rules = both_widths(lesson["rules"])
    check_rules(rules)
    breaks = []
    for one in lesson["breaks"]:
        wrong, cure = both_widths(one["rules"]), both_widths(one["mend"])
        for more in (wrong, {**wrong, **cure}):
            check_rules({**rules, **more})
        told = {name: str(one[name]) for name in _OF_A_BREAK}
        breaks.append({**told, **_measured_cures(one), "rules": wrong, "mend": cure})
    ids = [one["id"] for one in breaks]
    for one in breaks:
        _known("cured", one["cured"], ids)
        counts = (*one["cured"].values(), *(word["cured"] for word in one["doctors"]))
        if not all(isinstance(count, int) and 0 <= count <= lesson["trials"] for count in counts):
            raise ValueError("a remedy cures none to all of the trials")
    return {**lesson, "rules": rules, "breaks": breaks}


def _measured_cures(one: dict) -> dict:
    """What a break says of remedies, for it may say nothing."""
    doctors = [{"changes": dict(word["changes"]), "cured": word["cured"]} for word in one.get("doctors", [])]
    return {"cured": dict(one.get("cured", {})), "doctors": doctors}


def both_widths(rules: dict) -> dict:
    """`hidden` stands for the widths of both networks."""
    rules = dict(rules)
    widths = rules.pop("hidden", None)
    return rules if widths is None else {"g_hidden": widths, "d_hidden": widths, **rules}


def train_values(rules: dict) -> dict:
    """Those of a lesson's rules that are settings of TrainConfig."""
    return {name: value for name, value in rules.items() if name in table(TrainConfig)}


def check_rules(rules: dict) -> None:
    """Raise StudioError, KeyError, TypeError or ValueError where a game cannot be played by these."""
    _known("rules", rules, (*table(TrainConfig), *_OF_THE_GAME))
    from_values(TrainConfig, train_values(rules))
    _known("loss", [rules["loss"]], _LOSSES)
    _known("penalty", [rules["penalty"]], _PENALTIES)
    widths = (*rules["g_hidden"], *rules["d_hidden"], rules["z_dim"])
    if not all(isinstance(width, int) and 1 <= width <= 256 for width in widths):
        raise ValueError("a width lies between 1 and 256")
    if rules.get("examples", 0) not in range(4097):
        raise ValueError("there are 0 to 4096 examples")


def _known(field: str, names, known) -> None:
    for name in names:
        if name not in known:
            raise StudioError(say("{what} cannot be {name}.", what=field, name=show(name)))


def _broken(path: Path, why: str) -> StudioError:
    return StudioError(say("The lesson {name} cannot be played: {why}", name=path.name, why=why), "Mend its file.")
