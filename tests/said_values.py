"""Words that would stay English inside a sentence of another language: values of a message that are no messages."""

import ast
from collections import defaultdict
from collections.abc import Iterable

from every_sentence import ROOT, named, names, sources, texts

# What these parameters take is the same in every language: names in files, of options and of programs.
NAMES = {"name", "key", "option", "id", "label", "form", "field", "other", "revision"}


def english_words() -> list[str]:
    """ "file:line: word" of each text in a source that is a value of `say` or `say_n`, through a variable of the same
    function or a parameter of another one, too."""
    said: dict[str, set[tuple[str, int]]] = defaultdict(set)  # of functions: name and place of parameters that are said
    found = []
    for path, nodes in sources().items():
        values = [
            (call.lineno, value.value)
            for call in nodes
            if isinstance(call, ast.Call) and named(call) in ("say", "say_n")
            for value in call.keywords
        ]
        found += [(path, word) for _, value in values for word in _words(value)]
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef) and values]
        for function in functions:
            shown = {name for line, value in values if _holds(function, line) for name in names(value)} - NAMES
            places = [one.arg for one in (*function.args.posonlyargs, *function.args.args) if one.arg != "self"]
            places += [one.arg for one in function.args.kwonlyargs]
            said[function.name] |= {(name, i) for i, name in enumerate(places) if name in shown}
            for node in nodes if shown else ():
                if isinstance(node, ast.Assign) and _holds(function, node.lineno):
                    targets = {target.id for target in node.targets if isinstance(target, ast.Name)}
                    found += [(path, word) for word in _words(node.value) if targets & shown]
    for path, nodes in sources().items():
        for call in nodes:
            if isinstance(call, ast.Call) and (places := said.get(_called(call))):
                given = [call.args[i] for _, i in places if i < len(call.args)]
                given += [value.value for value in call.keywords if value.arg in {name for name, _ in places}]
                found += [(path, word) for value in given for word in _words(value)]
    return sorted({f"{path.relative_to(ROOT)}:{word.lineno}: {word.value}" for path, word in found})


def _holds(function: ast.FunctionDef, line: int) -> bool:
    return function.lineno <= line <= (function.end_lineno or 0)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else named(call)


def _words(value: ast.AST) -> Iterable[ast.Constant]:
    return (text for text in texts(value) if any(map(str.isalpha, text.value)))
