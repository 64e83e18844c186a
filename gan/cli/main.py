"""The commands and how a person's mistake ends: one sentence on stderr, exit 2."""

import argparse
import sys

from gan.cli import train
from gan.errors import StudioError

COMMANDS = (train,)


class _Parser(argparse.ArgumentParser):
    """argparse prints its usage before an error; one sentence is enough."""

    def error(self, message: str):
        self.exit(2, f"{self.prog}: {message}. See {self.prog} --help.\n")


def main(argv: list[str] | None = None) -> int:
    parser = _Parser(prog="python -m gan", description="GAN Studio on the command line.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for module in COMMANDS:
        module.add_parser(commands)
    args = parser.parse_args(argv)
    try:
        args.act(args)
    except StudioError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return 0
