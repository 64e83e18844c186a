"""The one error that people see."""


class StudioError(Exception):
    """Something a person can act on.

    `message` is one sentence that says what was wrong, with the value; `hint` is one sentence that says what to do.
    `str(error)` joins the two. The page shows it as a `gr.Error`, the command line prints it and exits with 2.
    """

    def __init__(self, message: str, hint: str = ""):
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint
