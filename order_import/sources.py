"""Read files of purchases: CSV, whitespace-separated text, Parquet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from .checks import BadRowError
from .errors import LoadError

WHITESPACE = " "
SEPARATORS = {"tab": "\t", "\\t": "\t", "space": WHITESPACE, "whitespace": WHITESPACE}
_GUESSED_SEPARATORS = ",;\t|"

# A quote that is not closed within so many lines is taken for a stray one.
_LONGEST_RECORD = 100
_LONGEST_LINE = 1_000_000
_PARQUET_ROWS = 20_000


class Row(NamedTuple):
    """One row of a file.

    :param number: the line it starts on, or in Parquet the row, both from 1
    :param cells: the cells asked for, empty where ``problem`` is set
    :param size: how far reading came with it, in the unit of the source's ``total``
    """

    number: int
    cells: tuple
    size: int
    problem: BadRowError | None = None


@dataclass
class Source:
    """A file that was opened far enough to know its columns.

    :param columns: names, or positions from 1 where there is no header
    :param row_word: what ``Row.number`` counts, for messages
    :param total: bytes (text) or rows (Parquet), for a progress bar
    :param unit: the unit of ``total``
    """

    path: Path
    columns: list[str]
    row_word: str
    total: int
    unit: str
    _read: Callable[[list[int]], Iterator[Row]] = field(repr=False)

    def rows(self, columns: list[str]) -> Iterator[Row]:
        """Yield the rows with the cells of ``columns``, in that order.

        :raises LoadError: when a column is unknown or its name is not unique
        """
        return self._read([self.position(column) for column in columns])

    def position(self, column: str) -> int:
        """Return the index, from 0, of a column given by its name or its position from 1."""
        matches = [index for index, name in enumerate(self.columns) if name == column]
        if len(matches) == 1:
            return matches[0]
        if len(matches) > 1:
            raise LoadError(
                f"{self.path.name} has {len(matches)} columns named {column!r}: "
                f"give the position of the one you mean, from 1 to {len(self.columns)}"
            )
        if column.isascii() and column.isdigit() and 1 <= int(column) <= len(self.columns):
            return int(column) - 1
        raise LoadError(
            f"{self.path.name} has no column {column!r}; its columns are: {', '.join(self.columns)}"
        )


def open_source(path: Path, separator: str | None = None, header: bool = True) -> Source:
    """Open a file of purchases; what kind it is shows in its first bytes.

    :param separator: a character, or a name of :data:`SEPARATORS`; None guesses from the
        first line
    :param header: whether the first line that is not empty names the columns
    :raises LoadError: when the file cannot be read or has no columns
    """
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise LoadError(f"cannot read {path}: {error.strerror}") from None
    if magic == b"PAR1":
        return _open_parquet(path)
    return _open_text(path, separator, header)


def _open_text(path: Path, separator: str | None, header: bool) -> Source:
    first = next((line for _number, line, _size in _lines(path) if line.strip()), None)
    if first is None:
        raise LoadError(f"{path} is empty")
    if "\x00" in first:
        raise LoadError(f"{path} is neither text in UTF-8 nor Parquet")
    separator = SEPARATORS.get(separator or "", separator) or _guess_separator(first)
    if len(separator) != 1 or separator in '"\r\n':
        raise LoadError(f"the separator must be one character or a name, not {separator!r}")
    names = [name.strip() for name in _split(first, separator)]
    if not header:
        names = [str(position) for position in range(1, len(names) + 1)]

    def read(positions: list[int]) -> Iterator[Row]:
        return _text_rows(path, separator, positions, len(names), header)

    return Source(path, names, "line", path.stat().st_size, "B", read)


def _guess_separator(line: str) -> str:
    best = max(_GUESSED_SEPARATORS, key=line.count)
    return best if best in line else WHITESPACE


def _lines(path: Path) -> Iterator[tuple[int, str, int]]:
    """Yield number, text and size in bytes of each line; wrong bytes become surrogates."""
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), 1):
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            yield number, line.decode(errors="surrogateescape").rstrip("\r\n"), len(line)


def _split(line: str, separator: str) -> list[str]:
    if separator == WHITESPACE:
        return line.split()
    if '"' not in line:
        return line.split(separator)
    return next(csv.reader([line], delimiter=separator, strict=True))


def _text_rows(
    path: Path, separator: str, positions: list[int], width: int, header: bool
) -> Iterator[Row]:
    last = max(positions)
    for number, cells, size, problem in _records(path, separator):
        if header:
            header = False
            continue
        if problem is None and len(cells) <= last:
            problem = BadRowError("too few columns", f"{len(cells)} instead of {width}")
        elif problem is None and any(cell.strip() for cell in cells[width:]):
            problem = BadRowError("too many columns", f"{len(cells)} instead of {width}")
        if problem is not None:
            yield Row(number, (), size, problem)
        else:
            yield Row(number, tuple([cells[position] for position in positions]), size)


def _records(
    path: Path, separator: str
) -> Iterator[tuple[int, list[str], int, BadRowError | None]]:
    """Yield a record for each line that is not blank, or for several where a quoted cell goes on.

    The lines after a quote that is never closed are read again as records of their own: one
    stray quote must not cost the rest of the file.
    """
    lines = _lines(path)
    for number, line, size in (waiting := _Pushback(lines)):
        if not line.strip():
            continue
        if separator == WHITESPACE or '"' not in line:
            yield number, _split(line, separator), size, None
            continue
        parts = [(number, line, size)]
        quotes = line.count('"')
        while quotes % 2 and len(parts) < _LONGEST_RECORD and (more := next(waiting, None)):
            parts.append(more)
            quotes += more[1].count('"')
        if quotes % 2:
            waiting.push(parts[1:])
            yield number, [], size, BadRowError("a quote that is never closed")
            continue
        try:
            record = "\n".join(part[1] for part in parts)
            cells = next(csv.reader(record.splitlines(True), delimiter=separator, strict=True))
        except csv.Error as error:
            waiting.push(parts[1:])
            yield number, [], size, BadRowError("quotes in the wrong place", str(error))
            continue
        yield number, cells, sum(part[2] for part in parts), None


class _Pushback:
    """An iterator that takes items back."""

    def __init__(self, items: Iterator):
        self._items = items

    def __iter__(self) -> _Pushback:
        return self

    def __next__(self) -> Any:
        return next(self._items)

    def push(self, items: list) -> None:
        """Have ``items`` come next, before the others."""
        if items:
            self._items = chain(items, self._items)


def _open_parquet(path: Path) -> Source:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise LoadError(f"{path} is a Parquet file: reading it needs pyarrow") from None
    try:
        file = parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise LoadError(f"cannot read {path}: {error}") from None
    names = file.schema_arrow.names

    def read(positions: list[int]) -> Iterator[Row]:
        number = 0
        selected = list(dict.fromkeys(names[position] for position in positions))
        try:
            for batch in file.iter_batches(_PARQUET_ROWS, columns=selected):
                cells = [_values(batch.column(names[position])) for position in positions]
                for row in zip(*cells, strict=True):
                    number += 1
                    yield Row(number, row, 1)
        except (pyarrow.ArrowException, OSError) as error:
            raise LoadError(f"cannot read {path} after row {number}: {error}") from None

    return Source(path, names, "row", file.metadata.num_rows, "rows", read)


def _values(column: Any) -> list:
    """Return a Parquet column as Python values; what Python cannot hold becomes text."""
    import pyarrow

    if pyarrow.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
    try:
        return column.to_pylist()
    except (OverflowError, ValueError):
        return [_value(cell) for cell in column]


def _value(cell: Any) -> Any:
    try:
        return cell.as_py()
    except (OverflowError, ValueError) as error:
        return f"unreadable ({error})"


def product_names(path: Path, code: str, columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield code and name of the products in a file; the name is the first column filled in.

    :param columns: the columns to take a name from, the best first
    """
    for row in open_source(path).rows([code, *columns]):
        if row.problem is None and row.cells[0] is not None:
            name = next((str(cell).strip() for cell in row.cells[1:] if cell), "")
            if name:
                yield str(row.cells[0]), name
