"""What the command line says, in the language that the terminal is set to, where there is one."""

import os
import sys
import unicodedata
from typing import Any, TextIO

from gan.locales import locale_of_computer


def spoken(value: Any) -> Any:
    """A message, or whatever holds messages, in the terminal's language."""
    return locale_of_computer(os.environ).translated(value)


def tell(message: str, file: TextIO | None = None) -> None:
    """Print a message in the terminal's language, on stdout or another file."""
    print(spoken(message), file=sys.stdout if file is None else file)


def filled(text: str, columns: int, before: bool = False) -> str:
    """The text with blanks behind it, or before it, up to so many columns of a terminal; a Chinese sign takes two."""
    taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    blanks = " " * (columns - taken)
    return blanks + text if before else text + blanks
