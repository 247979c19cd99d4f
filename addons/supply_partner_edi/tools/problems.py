"""What can be wrong with an interchange, as codes that a model puts into words."""

MOST_SHOWN = 300


class EdifactError(Exception):
    """An interchange, or one of its messages, that cannot be read or written.

    :param code: what is wrong; ``vmi.message.error`` has the words for each
    :param segment: the number of the segment in the interchange, UNB being 1; 0: the file as such
    :param tag: the segment's tag
    :param values: what the words name, shortened
    """

    def __init__(self, code, segment=0, tag="", /, **values):
        super().__init__(code)
        self.code = code
        self.segment = segment
        self.tag = shorten(tag, 3)
        self.values = {name: shorten(value) for name, value in values.items()}

    def __str__(self):
        named = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.code} ({named}) in {self.tag} {self.segment}"


class RefusalError(Exception):
    """A message of which several segments are wrong.

    :param errors: each as an :class:`EdifactError`
    """

    def __init__(self, errors):
        super().__init__("; ".join(map(str, errors)))
        self.errors = tuple(errors)


def shorten(value, most=MOST_SHOWN):
    """Return a value as a text that can be shown and stored: short and printable."""
    text = "".join(sign if sign.isprintable() else " " for sign in str(value)[: most + 1])
    return text if len(text) <= most else f"{text[: most - 1]}…"
