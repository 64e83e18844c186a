"""The one error that people see, and its codes: what programs tell errors by, whatever language the sentence is in."""

from gan.messages import Message, also, as_message

NO_RUN = "no-run"
"""The run that is asked for is not there, or not any more."""

NO_SET = "no-set"
"""The set of training pictures that is asked for is not there, or not any more."""

NO_RECIPE = "no-recipe"
"""The picture is one like any other: nothing says how to make it."""


class StudioError(Exception):
    """Something a person can act on.

    `message` is one sentence that says what was wrong, with the value; `hint` is one sentence that says what to do.
    Both are plain English or, where they hold values, made by `gan.messages.say`, so that the page can say them in
    another language. `code` is a short name for programs, "" where none needs to tell this error from others.
    `str(error)` joins the two. The page shows it as a `gr.Error`, the command line prints it and exits with 2.
    """

    def __init__(self, message: str, hint: str = "", code: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = as_message(message)
        self.hint = as_message(hint)
        self.code = code

    @property
    def said(self) -> Message:
        """Both sentences, for whoever puts them into another language."""
        return also(self.message, self.hint)
