"""Sentences with values, which are put into a person's language where that person meets them, and not before.

    said = say("{count} pictures are too small.", count=3)
    said                       # "3 pictures are too small.", a str like any other: logs and files hold English
    said.template, said.values # "{count} pictures are too small.", {"count": 3}: what a translation is made from

The English template is the key of a sentence, as it is for gettext; gan/ui/locales holds the others. Values may be
messages themselves. Words never stand in a value that is not one, or they would stay English.
"""

from typing import Any


class Message(str):
    """A sentence in English that knows the template and the values it was made from."""

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, values: dict[str, Any]) -> "Message":
        """`template` as of str.format, with the names of `values` only. Raises KeyError where one is missing."""
        message = super().__new__(cls, template.format_map(values) if values else template)
        message.template, message.values = template, values
        return message

    def __getnewargs__(self) -> tuple[str, dict[str, Any]]:
        return self.template, self.values


def say(template: str, /, **values: Any) -> Message:
    """The sentence of a template. Without values it is the template as it stands, braces and all."""
    return Message(template, values)
