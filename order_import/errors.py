"""What ends a load, or a row's place in it, with a message instead of a traceback."""


class LoadError(Exception):
    """Nothing can be loaded; the text tells the user why and what would help."""


class BadRowError(ValueError):
    """A row that cannot be loaded.

    ``reason`` is the same for all rows with the same fault, to count them;
    the exception's text has the value as well.
    """

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
