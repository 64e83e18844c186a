"""The commands and how a person's mistake ends: one sentence on stderr, exit 2."""

import argparse
import importlib
import os
import re
import signal
import sys
from collections.abc import Sequence

from gan.cli.speech import spoken, tell
from gan.errors import StudioError
from gan.interrupts import STOPPED, leaving_at_once
from gan.messages import as_message, say

COMMANDS = {
    "models": "list the models that come with GAN Studio",
    "generate": "make pictures",
    "interpolate": "make a film that travels from picture to picture",
    "convert": "turn somebody else's checkpoint into a model of GAN Studio",
    "export": "write a model for other places: a static page that paints in the browser, or ONNX",
    "train": "train or fine-tune a pair",
    "evaluate": "score a model's samples against real ones",
    "invert": "find a picture of your own in a model",
    "drag": "pull a point of a picture elsewhere, or measure whether a model's points follow",
    "directions": "find, measure and name a model's sliders",
    "augment": "measure whether a GAN's samples help a classifier with few labelled pictures",
    "features": "train the small network that scores are taken with",
    "push": "publish a model on the Hugging Face Hub",
    "runs": "list the runs of the page and of the command line",
}
"""Each command is a module of `parsers` with `add_options(parser)`, and one of this package with
`act(sources, **options)`. The first of the one asked for is imported alone until its options are known to be right, so
that help and mistakes do not wait for torch."""

_LONGEST_MESSAGE = 400


class _Parser(argparse.ArgumentParser):
    """argparse prints its usage before an error; one sentence is enough."""

    def format_help(self) -> str:
        """In the terminal's language, but for argparse's own few words."""
        self.description = self.description and spoken(as_message(self.description))
        for action in self._actions:
            rows = [action, *getattr(action, "_choices_actions", [])]
            for row in rows:
                if row.help and row.help != argparse.SUPPRESS:
                    row.help = spoken(as_message(row.help)).replace("%", "%%")
        return super().format_help()

    def error(self, message: str):
        said = say("{program}: {message}. See {program} --help.", program=self.prog, message=_one_line(message))
        self.exit(2, spoken(said) + "\n")


def main(argv: Sequence[str] | None = None, models=None) -> int:
    """Run the command in `argv` and return its exit status. `models` (a studio Models) replaces the usual ones."""
    argv = sys.argv[1:] if argv is None else argv
    try:
        with leaving_at_once(spoken(say("Stopped.")), signal.SIGINT):
            asked = vars(_parser(argv).parse_args(_join_negatives(argv)))
            command = importlib.import_module(f"gan.cli.{asked.pop('command')}")
            from gan.cli.sources import CommandSources  # not before: help and mistakes do not wait for torch

        command.act(CommandSources(models), **asked)
        sys.stdout.flush()
    except StudioError as error:
        return _fail(spoken(error.said))
    except BrokenPipeError:  # whoever reads the output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:  # the disk, in places that have no better sentence
        why = error.strerror or str(error)
        return _fail(spoken(say("{file} cannot be used: {why}.", file=error.filename or say("A file"), why=why)))
    except KeyboardInterrupt:
        tell(say("Stopped."), sys.stderr)
        return STOPPED
    return 0


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m gan", description="GAN Studio on the command line.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    for name, about in COMMANDS.items():
        if name in argv[:1]:
            module = importlib.import_module(f"gan.cli.parsers.{name}")
            command = commands.add_parser(name, help=about, description=module.__doc__)
            module.add_options(command)
            command.set_defaults(command=name)
        else:
            commands.add_parser(name, help=about)
    return parser


def _join_negatives(argv: Sequence[str]) -> list[str]:
    """`--directions -1,0.5` as `--directions=-1,0.5`: argparse takes such a list for an option."""
    joined: list[str] = []
    for text in argv:
        if re.match(r"-[\d.]", text) and joined and re.fullmatch(r"--[a-z-]+", joined[-1]):
            joined[-1] += "=" + text
        else:
            joined.append(text)
    return joined


def _fail(sentence: str) -> int:
    print(_one_line(sentence), file=sys.stderr)
    return 2


def _one_line(text: str) -> str:
    """Whatever was typed, in one line that a terminal shows as it is."""
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + "..."
