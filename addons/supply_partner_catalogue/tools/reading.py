"""Read a price list from a CSV or Excel file as rows of cells, whatever the file is."""

import codecs
import csv
import io
import re
import zipfile
from datetime import date, datetime
from typing import NamedTuple

import chardet
import openpyxl

from .columns import is_header
from .problems import FileProblemError

MOST_BYTES = 20 * 2**20
MOST_ROWS = 100_000
MOST_COLUMNS = 60
# An Excel file is packed: so many bytes it may hold.
MOST_UNPACKED = 400 * 2**20
# Rows among which the header is looked for, below a title.
HEAD = 20
# More lines in one cell are a quote that was never closed.
MOST_LINES_OF_CELL = 50
ENCODINGS = ("utf-8", "gb18030", "big5", "cp1252", "cp1251", "shift_jis", "euc_kr", "utf-16")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BELIEVED = re.compile(r"gb|big5|cp932|shift|euc|iso-2022|windows-1251|koi8|cp949", re.IGNORECASE)
_WESTERN = "cp1252"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*(?:\r\n|\r|\n)', re.IGNORECASE)
_KEPT_AS_TEXT = re.compile(r'="(.*)"')


class Table(NamedTuple):
    """What a file holds.

    :param columns: the names of the columns
    :param rows: the row's number in the file and its cells: texts, or what a spreadsheet holds
    :param encoding: what a text file was read as, "" for Excel
    :param is_guess: whether that may be wrong
    """

    columns: list
    rows: list
    encoding: str
    is_guess: bool


def read_table(data, encoding=None):
    """Return the rows of a file.

    :param data: its bytes
    :param encoding: what it is written in; None finds it out
    :raises FileProblemError: when there is no table in it
    """
    if not data:
        raise FileProblemError("empty")
    if len(data) > MOST_BYTES:
        raise FileProblemError("too_large", most=MOST_BYTES // 2**20)
    if data.startswith(b"PK\x03\x04"):
        return _divide(_read_workbook(data), "", False)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileProblemError("old_excel")
    text, encoding, is_guess = _decode(data, encoding)
    return _divide(_read_text(text), encoding, is_guess)


def _divide(rows, encoding, is_guess):
    """Find the header among the first rows, and keep what is below it."""
    rows = iter(rows)
    head = []
    for number, cells in rows:
        head.append((number, cells))
        if is_header(cells):
            break
        if len(head) == HEAD:
            break
    filled = [cells for _number, cells in head if any(cell not in (None, "") for cell in cells)]
    if not filled:
        raise FileProblemError("empty")
    if not is_header(head[-1][1]):
        widest = max(filled, key=len)
        names = ", ".join(str(cell)[:40] for cell in widest if cell not in (None, ""))
        raise FileProblemError("no_columns", found=names[:300])
    columns = [str(cell if cell is not None else "").strip()[:80] for cell in head[-1][1]]
    found = []
    for number, cells in rows:
        if all(cell in (None, "") for cell in cells):
            continue
        if len(found) == MOST_ROWS:
            raise FileProblemError("too_many_rows", most=MOST_ROWS)
        found.append((number, cells))
    if not found:
        raise FileProblemError("no_rows")
    return Table(columns, found, encoding, is_guess)


def _decode(data, encoding):
    """Return the text, its encoding, and whether that is a guess."""
    found, is_guess = (encoding, False) if encoding else _guess_encoding(data)
    try:
        text = data.decode(found)
    except (UnicodeError, LookupError):
        if encoding or found != "utf-8":
            raise FileProblemError("encoding", encoding=found) from None
        text = data.decode(found, errors="replace")
    if "\x00" in text:
        raise FileProblemError("binary")
    return text, found, is_guess


def _guess_encoding(data):
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, False
    if data[1::2].count(0) > len(data) // 3:
        return "utf-16-le", False
    try:
        data.decode("utf-8")
        return "utf-8", False
    except UnicodeDecodeError as error:
        # A file that breaks off, or has one broken letter, is no other encoding's.
        broken = data.decode("utf-8", errors="replace").count("�")
        if error.start > 0 and broken * 20 < sum(byte > 127 for byte in data):
            return "utf-8", True
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:200_000]
    if _is_simplified_chinese(telling):
        return "gb18030", True
    found = chardet.detect(telling)["encoding"] or _WESTERN
    if not _BELIEVED.match(found):
        found = _WESTERN
    try:
        data.decode(found)
    except (UnicodeError, LookupError):
        # Every byte is a letter of it.
        found = "latin-1"
    return found, True


def _is_simplified_chinese(data):
    """Return whether nearly all that is not ASCII are common letters of GB 2312.

    A price list has too few letters for statistics; those in it are common ones.
    """
    pairs = common = index = 0
    while index < len(data) - 1:
        if data[index] < 0x81:
            index += 1
            continue
        first, second = data[index], data[index + 1]
        pairs += 1
        # Letters by pronunciation, and the full-width signs.
        common += second >= 0xA1 and (0xB0 <= first <= 0xD7 or first in (0xA1, 0xA3))
        index += 2
    return pairs > 0 and common / pairs > 0.75


def _read_text(text):
    if match := _SEPARATOR_LINE.match(text):
        text, separator = text[match.end() :], match[1]
    else:
        separator = _guess_separator(text[:20_000])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = width = 0
    try:
        for cells in reader:
            first, number = number + 1, reader.line_num
            # A quote that is never closed swallows the rows after it.
            if number - first > MOST_LINES_OF_CELL or (number > first and len(cells) < width):
                raise FileProblemError("quote", number=first)
            if len(cells) > MOST_COLUMNS and any(cell.strip() for cell in cells[MOST_COLUMNS:]):
                raise FileProblemError("too_many_columns", number=first, most=MOST_COLUMNS)
            width = max(width, len(cells))
            yield first, [_as_text(cell) for cell in cells[:MOST_COLUMNS]]
    except csv.Error:
        raise FileProblemError("quote", number=number + 1) from None


def _guess_separator(text):
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.splitlines()[:HEAD]]
    counts = {mark: max((line.count(mark) for line in lines), default=0) for mark in ",;\t|"}
    for mark in sorted(counts, key=counts.get, reverse=True):
        if any(is_header(line.split(mark)) for line in text.splitlines()[:HEAD]):
            return mark
    return max(counts, key=counts.get) if any(counts.values()) else ","


def _as_text(cell):
    cell = " ".join(cell.split())
    # Spreadsheets keep leading zeros so: ="00123".
    match = _KEPT_AS_TEXT.fullmatch(cell)
    return match[1].replace('""', '"') if match else cell


def _read_workbook(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(member.file_size for member in packed.infolist()) > MOST_UNPACKED:
                raise FileProblemError("too_large", most=MOST_UNPACKED // 2**20)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = book.worksheets
        for sheet in sheets:
            sheet.reset_dimensions()
            if any(is_header(cells) for _number, cells in _read_sheet(sheet, HEAD)):
                return list(_read_sheet(sheet))
        return list(_read_sheet(sheets[0], HEAD)) if sheets else []
    except FileProblemError:
        raise
    except Exception:
        # Whatever a file does to the reader, it is a file that cannot be read.
        raise FileProblemError("workbook") from None


def _read_sheet(sheet, most=None):
    filled = 0
    for number, cells in enumerate(
        sheet.iter_rows(max_row=most, max_col=MOST_COLUMNS, values_only=True), start=1
    ):
        cells = [_as_cell(cell) for cell in cells]
        filled += any(cell is not None for cell in cells)
        if filled > MOST_ROWS + HEAD:
            raise FileProblemError("too_many_rows", most=MOST_ROWS)
        yield number, cells


def _as_cell(cell):
    if isinstance(cell, str):
        return " ".join(cell.replace("\x00", "").split()) or None
    if cell is None or isinstance(cell, int | float | datetime | date):
        return cell
    return str(cell)
