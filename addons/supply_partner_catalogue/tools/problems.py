"""What can be wrong with a file or one of its cells, as codes that a model puts into words."""

from typing import NamedTuple


class Problem(NamedTuple):
    """What is wrong with a row.

    :param field: the field of the cell, "" for the row as a whole
    :param code: what it is
    :param text: the cell, shortened
    """

    field: str
    code: str
    text: str = ""


class FileProblemError(Exception):
    """A file of which no row can be read.

    :param code: why
    :param values: what its message names
    """

    def __init__(self, code, **values):
        super().__init__(code)
        self.code = code
        self.values = values
