"""Read files of purchases into DuckDB: text of any kind, Parquet, Excel, packed or not.

Every cell is kept as the text it is, so that nothing is understood before it is known how:
DuckDB divides rows into cells, :mod:`.amounts` and :mod:`.dates` read them.
"""

from __future__ import annotations

import csv
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from .amounts import TYPED_DECIMALS
from .columns import plain_name
from .decoding import decode, unpack
from .errors import LoadError

WHITESPACE = " "
SEPARATORS = {"tab": "\t", "\\t": "\t", "space": WHITESPACE, "whitespace": WHITESPACE}
_GUESSED_SEPARATORS = ",;\t|"
_LINES_OF_HEAD = 50
_QUOTED = re.compile(r'"[^"]*"')
_LONGEST_ROW = 10_000_000  # bytes
_BATCH = 20_000
_TABLE = "purchase"
_END = "\x02end\x02"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_REASONS = {"MISSING COLUMNS": "too few columns", "TOO MANY COLUMNS": "too many columns"}
_NEVER_CLOSED = "UNQUOTED VALUE"


@dataclass(frozen=True)
class Options:
    """How a file is to be read, where that is not to be found out.

    :param separator: a character or a name of :data:`SEPARATORS`
    :param encoding: as Python knows it
    :param sheet: the name of a sheet of an Excel file
    :param header: whether the first row that is not empty names the columns
    :param quotes: whether cells can be in quotes
    """

    separator: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header: bool = True
    quotes: bool = True


class Unreadable(NamedTuple):
    """A row that has no cells to check: its number, what is wrong, its text."""

    number: int
    reason: str
    text: str


class Source:
    """A file that was read; ``with`` it, because it holds temporary files.

    :ivar columns: names, or positions from 1 where there is no header
    :ivar unreadable: the rows that could not be divided into cells
    :ivar total: how many rows there are, the unreadable ones with them
    :ivar notes: what had to be guessed
    """

    def __init__(self, path: Path, options: Options | None = None):
        self.path = path
        self.columns: list[str] = []
        self.unreadable: list[Unreadable] = []
        self.notes: list[str] = []
        self._options = options or Options()
        self._stack = ExitStack()
        self._connection = duckdb.connect(
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            }
        )
        self._stack.callback(self._connection.close)
        self._connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        try:
            self._read()
        except duckdb.Error as error:
            self.close()
            raise LoadError(f"cannot read {path}: {str(error).splitlines()[0]}") from None
        except OSError as error:
            self.close()
            raise LoadError(f"cannot read {path}: {error.strerror or error}") from None
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_exception) -> None:
        self.close()

    def close(self) -> None:
        """Remove what reading the file left behind."""
        self._stack.close()

    @property
    def total(self) -> int:
        """How many rows the file has below its header."""
        [(count,)] = self._table.aggregate("count(*)").fetchall()
        return count + len(self.unreadable)

    def position(self, column: str) -> int:
        """Return the index, from 0, of a column given by its name or its position from 1.

        Case, accents and signs between words matter only where two names differ in nothing else.

        :raises LoadError: when it is unknown, or several columns have the name
        """
        exact = [index for index, name in enumerate(self.columns) if name == column]
        alike = [
            index for index, name in enumerate(self.columns)
            if plain_name(name) and plain_name(name) == plain_name(column)
        ]  # fmt: skip
        matches = exact or alike
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise LoadError(
                f"{self.path.name} has {len(matches)} columns named {column!r}: "
                f"give the position of the one you mean, from 1 to {len(self.columns)}"
            )
        if column.isascii() and column.isdigit() and 1 <= int(column) <= len(self.columns):
            return int(column) - 1
        raise LoadError(
            f"{self.path.name} has no column {column!r}; its columns are: {', '.join(self.columns)}"
        )

    def positions(self, columns: str) -> tuple[int, ...]:
        """Return the indexes of a column, or of several whose names are joined by ``+``.

        :raises LoadError: as :meth:`position` does
        """
        if "+" in columns and columns not in self.columns:
            return tuple(self.position(part.strip()) for part in columns.split("+"))
        return (self.position(columns),)

    def sample(self, rows: int) -> list[tuple[str | None, ...]]:
        """Return the cells of the first rows."""
        cells = ", ".join(_cell(index) for index in range(len(self.columns)))
        return self._table.order("n").limit(rows).project(cells).fetchall()

    def values(self, positions: tuple[int, ...]) -> Iterator[str]:
        """Yield the different texts of a column, or of columns joined by spaces."""
        found = self._table.project(_joined(positions)).distinct()
        for batch in self._batches(found):
            yield from (text.strip() for (text,) in batch if text)

    def counts(self, position: int, most: int) -> dict[str, int]:
        """Return value → number of rows for a column, the most frequent values first.

        :param most: how many values at most
        """
        cell = _cell(position)
        found = self._table.aggregate(f"coalesce(trim({cell}), '') AS value, count(*) AS rows")
        return dict(found.order("rows DESC, value").limit(most).fetchall())

    def complete_orders(self, order: int, positions: list[int]) -> None:
        """Fill empty cells of an order's rows from its only other value in the same column.

        Exports of shops write what belongs to the whole order into its first row.
        """
        for position in positions:
            self._connection.execute(
                _with_names(
                    "UPDATE {table} SET {cell} = known.value FROM ("
                    " SELECT {order} AS key, min({cell}) AS value FROM {table}"
                    " WHERE {cell} IS NOT NULL AND {order} IS NOT NULL"
                    " GROUP BY {order} HAVING count(DISTINCT {cell}) = 1"
                    ") known WHERE known.key = {table}.{order} AND {table}.{cell} IS NULL",
                    cell=_cell(position),
                    order=_cell(order),
                )
            )

    def rows(self, columns: list[tuple[int, ...]]) -> Iterator[list[tuple]]:
        """Yield batches of rows: their numbers in the file, then the cells of ``columns``."""
        cells = ", ".join(["n", *(_joined(positions) for positions in columns)])
        yield from self._batches(self._table.order("n").project(cells))

    def cells(self, numbers: list[int]) -> dict[int, tuple[str, ...]]:
        """Return number → all cells of some rows, for people to read."""
        found = self._connection.execute(
            _with_names("SELECT * FROM {table} WHERE n IN (SELECT unnest(?))"), [numbers]
        ).fetchall()
        return {number: tuple(shown(cell) for cell in cells) for number, *cells in found}

    def _batches(self, found: duckdb.DuckDBPyRelation) -> Iterator[list[tuple]]:
        result = self._connection.cursor().execute(found.sql_query())
        while batch := result.fetchmany(_BATCH):
            yield batch

    @property
    def _table(self) -> duckdb.DuckDBPyRelation:
        return self._connection.table(_TABLE)

    def _read(self) -> None:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="orders-")))
        path = unpack(self.path, folder)
        with path.open("rb") as file:
            magic = file.read(4)
        if magic == b"PAR1":
            self._read_parquet(path)
        elif magic == b"PK\x03\x04":
            sheet = _sheet_as_text(path, folder, self._options.sheet, self.path.name)
            self._read_text(sheet, ",", quotes=True)
        elif magic == _OLD_EXCEL:
            raise LoadError(f"{self.path} is of an old Excel: save it as .xlsx or as CSV")
        else:
            text = decode(path, folder, self._options.encoding)
            if text.guessed:
                self.notes.append(
                    f"the file is not in UTF-8 and was read as {text.encoding}: if letters with "
                    "accents look wrong, say what it is with --encoding"
                )
            wanted = self._options.separator or ""
            separator = SEPARATORS.get(wanted, wanted) or text.separator
            self._read_text(text.path, separator, self._options.quotes)

    def _read_parquet(self, path: Path) -> None:
        found = self._connection.sql(
            "FROM read_parquet($path, binary_as_string = true)", params={"path": str(path)}
        )
        self.columns = list(found.columns)
        cells = [
            _typed(_quoted(name), str(kind)) + " AS " + _cell(index)
            for index, (name, kind) in enumerate(zip(found.columns, found.types, strict=True))
        ]
        found.project(", ".join(["row_number() OVER () AS n", *cells])).create(_TABLE)

    def _read_text(self, path: Path, separator: str, quotes: bool) -> None:
        head = self._head(path)
        if not separator:
            separator = _guess_separator(head)
        if len(separator) != 1 or separator in '"\r\n':
            raise LoadError(f"the separator must be one character or a name, not {separator!r}")
        quote = '"' if quotes and separator != WHITESPACE else ""
        skipped = _lines_of_title(head, separator, self._options.header)
        if any(line.strip(separator + WHITESPACE) for line in head[:skipped]):
            self.notes.append(f"the first {skipped} lines are taken for the title of the table")
        lines = self._lines(path, skipped)
        if quote:
            names = next(csv.reader(lines, delimiter=separator))
        else:
            names = next(lines).split(None if separator == WHITESPACE else separator)
        self.columns = [name.strip() for name in names]
        while len(self.columns) > 1 and not self.columns[-1] and self._options.header:
            self.columns.pop()
        if not self._options.header:
            self.columns = [str(position) for position in range(1, len(names) + 1)]
        self._read_rows(path, separator, quote, skipped)

    def _read_rows(self, path: Path, separator: str, quote: str, skipped: int) -> None:
        width = len(self.columns)
        cells = [_cell(index) for index in range(width)]
        spaced = separator == WHITESPACE
        if quote:
            # A quote that is never closed would swallow all rows after it without a word.
            with path.open("a", encoding="utf-8", newline="") as file:
                file.write("\n" + separator.join([_END] * width) + "\n")
        self._connection.execute(
            _with_names(
                "CREATE TABLE raw AS SELECT row_number() OVER () AS n, * FROM read_csv("
                "?, delim = ?, quote = ?, escape = ?, header = ?, skip = ?, columns = ?,"
                " auto_detect = false, store_rejects = true, rejects_limit = 0,"
                " strict_mode = true, max_line_size = ?, parallel = false)"
            ),
            [
                str(path),
                "\x01" if spaced else separator,
                quote,
                quote,
                self._options.header,
                skipped,
                {"line": "VARCHAR"} if spaced else dict.fromkeys(self._bare(width), "VARCHAR"),
                _LONGEST_ROW,
            ],
        )
        rejected = self._connection.execute(
            "SELECT line, error_type, csv_line FROM reject_errors ORDER BY line, column_idx"
        ).fetchall()
        if quote:
            self._check_end(rejected)
        for number, kind, text in {row[0]: row for row in reversed(rejected)}.values():
            reason = _REASONS.get(kind, kind.lower().replace("_", " "))
            self.unreadable.append(Unreadable(number, reason, (text or "").strip("\n")))
        self.unreadable.sort()
        above = skipped + self._options.header
        if spaced:
            self._divide_by_space(cells, above)
        else:
            self._number_rows(above)

    def _bare(self, width: int) -> list[str]:
        return [f"c{index + 1}" for index in range(width)]

    def _check_end(self, rejected: list[tuple]) -> None:
        """Remove the mark at the end of the file.

        :raises LoadError: when it was not reached as a row of its own, or rows were swallowed
        """
        [(read, end)] = self._connection.execute(
            "SELECT count(*), max(CASE WHEN c1 = ? THEN n END) FROM raw", [_END]
        ).fetchall()
        opened = [number for number, kind, text in rejected
                  if kind == _NEVER_CLOSED and (text or "").strip("\n").count("\n")]  # fmt: skip
        if end is None or opened:
            place = f"row {opened[0]}" if opened else f"one of the rows from {read + 1} on"
            raise LoadError(
                f"{place} opens a quote that is never closed, and the rows after it belong to it: "
                "mend the file, or read it with --no-quotes if quotes mean nothing in it"
            )
        self._connection.execute("DELETE FROM raw WHERE n = ?", [end])

    def _number_rows(self, above: int) -> None:
        """Number rows as they stand in the file, where others were refused between them."""
        self._connection.execute(
            "CREATE TABLE refused AS SELECT DISTINCT line AS number FROM reject_errors"
        )
        # The k-th row that was read follows the refused ones that leave k - 1 before them.
        self._connection.execute(
            _with_names(
                "CREATE TABLE {table} AS SELECT n + ? + coalesce(before, 0) AS n,"
                " raw.* EXCLUDE (n) FROM raw ASOF LEFT JOIN ("
                " SELECT good, max(before) AS before FROM ("
                " SELECT number - ? - row_number() OVER (ORDER BY number) + 1 AS good,"
                " row_number() OVER (ORDER BY number) AS before FROM refused"
                ") GROUP BY good"
                ") refusal ON raw.n >= refusal.good"
            ),
            [above, above],
        )

    def _divide_by_space(self, cells: list[str], above: int) -> None:
        self._connection.execute(
            "CREATE TABLE divided AS SELECT n + ? AS n, line,"
            " regexp_split_to_array(trim(line), '\\s+') AS cells"
            " FROM raw WHERE trim(line) != ''",
            [above],
        )
        width = len(cells)
        wrong = self._connection.execute(
            "SELECT n, len(cells), line FROM divided WHERE len(cells) != ? ORDER BY n", [width]
        ).fetchall()
        for number, found, line in wrong:
            reason = "too few columns" if found < width else "too many columns"
            self.unreadable.append(Unreadable(number, reason, line))
        divided = self._connection.table("divided")
        parts = [f"cells[{index + 1}] AS {cell}" for index, cell in enumerate(cells)]
        divided.filter(f"len(cells) = {width}").project(", ".join(["n", *parts])).create(_TABLE)

    def _head(self, path: Path) -> list[str]:
        """Return the first lines; at least one is not empty."""
        head = [line.rstrip("\n") for line in islice(self._lines(path, 0), _LINES_OF_HEAD)]
        if not any(line.strip() for line in head):
            raise LoadError(f"{self.path} is empty")
        return head

    def _lines(self, path: Path, skipped: int) -> Iterator[str]:
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from islice(file, skipped, None)


def shown(cell: str | None) -> str:
    """Return a cell for people to read, without the zeros that mark a number's type."""
    text = cell or ""
    head, mark, tail = text.rpartition(".")
    if mark and len(tail) == TYPED_DECIMALS and (head + tail).lstrip("-").isdigit():
        return text.rstrip("0").rstrip(".")
    return text


def _guess_separator(head: list[str]) -> str:
    """Return the character that divides most lines into equally many cells."""
    best, most = WHITESPACE, (0, 0)
    for separator in _GUESSED_SEPARATORS:
        counts = Counter(_QUOTED.sub("", line).count(separator) for line in head if line.strip())
        counts.pop(0, None)
        if counts:
            number, lines = max(counts.items(), key=lambda item: (item[1], item[0]))
            if (lines, number) > most:
                best, most = separator, (lines, number)
    return best


def _lines_of_title(head: list[str], separator: str, header: bool) -> int:
    """Return how many lines stand above the table.

    A line is above it when it is empty, or has one cell where the names of the columns are more.
    """
    if separator == WHITESPACE:
        filled = [len(line.split()) for line in head]
    else:
        filled = [
            sum(bool(cell.strip()) for cell in _QUOTED.sub("x", line).split(separator))
            for line in head
        ]
    wide = header and max(filled) > 2
    return next(index for index, cells in enumerate(filled) if cells > (1 if wide else 0))


def _quoted(name: str) -> str:
    """Return a name as an identifier of DuckDB's."""
    return '"' + name.replace('"', '""') + '"'


def _cell(index: int) -> str:
    return _quoted(f"c{index + 1}")


def _joined(positions: tuple[int, ...]) -> str:
    if len(positions) == 1:
        return _cell(positions[0])
    return "concat_ws(' ', " + ", ".join(_cell(position) for position in positions) + ")"


def _with_names(statement: str, **identifiers: str) -> str:
    """Return a statement with identifiers in their places; values are parameters."""
    return statement.format(table=_quoted(_TABLE), **identifiers)


def _typed(name: str, kind: str) -> str:
    """Return the expression for a typed cell as text that can be read in one way only."""
    text = f"CAST({name} AS VARCHAR)"
    if kind in ("FLOAT", "DOUBLE") or kind.startswith("DECIMAL"):
        # Binary fractions carry noise behind the digits that were meant: 0.1 + 0.2.
        exact = f"TRY_CAST(round({name}, {TYPED_DECIMALS}) AS DECIMAL(38, {TYPED_DECIMALS}))"
        return f"coalesce(CAST({exact} AS VARCHAR), {text})"
    return text


def _sheet_as_text(path: Path, folder: Path, wanted: str | None, name: str) -> Path:
    """Write a sheet of an Excel file as CSV; return where.

    :raises LoadError: when there is no such sheet, or the file is none of Excel's
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    target = folder / "sheet.csv"
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise LoadError(f"{name} is no Excel file that can be read: {error}") from None
    try:
        if wanted is not None and wanted not in book.sheetnames:
            raise LoadError(f"{name} has no sheet {wanted!r}; it has: {', '.join(book.sheetnames)}")
        sheet = book[wanted] if wanted else book.worksheets[0]
        sheet.reset_dimensions()
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            width = 0
            for row in sheet.iter_rows(values_only=True):
                cells = [_excel_text(value) for value in row]
                while len(cells) > width and not cells[-1]:
                    cells.pop()
                if any(cells):
                    width = width or len(cells)
                    writer.writerow(cells + [""] * (width - len(cells)))
                else:
                    file.write("\n")
    finally:
        book.close()
    return target


def _excel_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.{TYPED_DECIMALS}f}"
    if isinstance(value, datetime | date | time):
        return value.isoformat(*([" "] if isinstance(value, datetime) else []))
    return str(value)
