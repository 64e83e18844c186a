"""Every sentence that GAN Studio can say, by its English template, as the sources have it."""

import ast
import functools
import importlib
import json
from collections import defaultdict
from dataclasses import fields
from pathlib import Path

from gan.cli.main import COMMANDS
from gan.evaluation.report import METRICS
from gan.field_metadata import form_words, table
from gan.foreign.stack.known_layouts import layouts
from gan.messages import Message
from gan.networks.stack import StackGeneratorConfig
from gan.networks.stack_layers import LAYERS
from gan.studio.data.report_words import EXPECT
from gan.studio.data.sound_report import EXPECT as EXPECT_OF_SOUNDS
from gan.studio.data.word_lists import EXPECT as EXPECT_OF_WORDS
from gan.studio.lessons.lessons import in_words, lessons
from gan.studio.library import curated
from gan.studio.recipes import Recipe
from gan.training.findings import VERDICTS
from gan.training.more_data_settings import MoreDataSettings
from gan.ui.schema import schema

ROOT = Path(curated.__file__).resolve().parents[2]
SAYING = ("say", "say_n", "StudioError")


def templates() -> set[str]:
    """All of them."""
    return {text for text in from_sources() | from_tables() if text}


def from_sources() -> set[str]:
    """Texts that stand as such in calls that make messages, whichever of several is chosen there, or in a variable of
    the same file that does."""
    found: set[str] = set()
    for path, nodes in sources().items():
        variables: dict[str, set[str]] = defaultdict(set)
        for node in nodes:
            for target in node.targets if isinstance(node, ast.Assign) else ():
                if isinstance(target, ast.Name):
                    variables[target.id] |= constants(node.value)
        for call in nodes:
            if isinstance(call, ast.Call) and named(call) in SAYING:
                first, last = {"say": (0, 1), "say_n": (1, 2), "StudioError": (0, 2)}[named(call)]
                for text in call.args[first:last]:
                    found |= constants(text).union(*(variables[name] for name in names(text)))
            if isinstance(call, ast.Call) and "cli" in path.parts:
                for option in call.keywords:
                    found |= constants(option.value) if option.arg in ("help", "description") else set()
            if isinstance(call, ast.Call) and named(call) == "listed" and len(call.args) > 1:
                found |= constants(call.args[1])
    return found


@functools.cache
def sources() -> dict[Path, tuple[ast.AST, ...]]:
    """The nodes of each file's syntax tree."""
    return {path: tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8")))) for path in ROOT.rglob("*.py")}


def from_tables() -> set[str]:
    """Texts of tables that become messages where they are used."""
    rows = [form_words(row) for kind in (*LAYERS.values(), StackGeneratorConfig) for row in table(kind).values()]
    found = {text for row in [schema(), *rows] for text in _messages(row)}
    found |= {text for row in table(MoreDataSettings).values() for text in (row.help, row.unit)}
    found |= {text for metric in METRICS.values() for text in (metric.title, metric.help)}
    found |= {field.metadata["pairs"]["help"] for field in fields(Recipe) if "pairs" in field.metadata}
    found |= set(COMMANDS.values()) | {importlib.import_module(f"gan.cli.parsers.{name}").__doc__ for name in COMMANDS}
    found |= set(VERDICTS.values()) | {words for _, words in (*EXPECT, *EXPECT_OF_WORDS, *EXPECT_OF_SOUNDS)}
    found |= {layout.name for layout in layouts()} | set(_of_cards())
    lists = [*curated.curated(), *map(in_words, lessons())]
    return found | {text for one in lists for text in _messages(one)}


def _of_cards():
    """What the cards of the models in the box say."""
    for path in sorted((ROOT.parent / "weights").glob("*/config.json")):
        config = json.loads(path.read_text(encoding="utf-8"))
        yield from (config.get(name) for name in ("title", "summary", "data", "licence", "kind", "origin"))
        yield from config.get("directions", [])
        yield from (name for name in config.get("classes", []) if len(name) > 1)  # a letter is the same everywhere


def _messages(value):
    if isinstance(value, Message):
        yield value.template
    elif isinstance(value, (dict, list, tuple)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _messages(one)


def named(call: ast.Call) -> str:
    """What a call by a plain name calls."""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def constants(node: ast.AST) -> set[str]:
    """The texts that an expression may be; those inside of calls are found with the calls."""
    return {text.value for text in texts(node)}


def texts(node: ast.AST) -> list[ast.Constant]:
    """Likewise, as they stand in the source."""
    return [one for one in _either(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def names(node: ast.AST) -> list[str]:
    """The variables whose value an expression may be."""
    return [one.id for one in _either(node) if isinstance(one, ast.Name)]


def _either(node: ast.AST):
    """What an expression may be, whichever of several is chosen."""
    if isinstance(node, ast.IfExp):
        yield from (*_either(node.body), *_either(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _either(value)
    else:
        yield node
