"""Understand the cells of a price list's rows: numbers, days, codes."""

from datetime import date, datetime

from .days import choose_order, parse_day
from .numbers import choose_marks, parse_number
from .problems import Problem

LONGEST_CODE = 64
LONGEST_NAME = 250
# Field → least and most.
NUMBERS = {
    "price": (0, 1e9),
    "discount": (0, 99.99),
    "min_qty": (0, 1e9),
    "delay": (0, 3650),
    "duty": (0, 1000),
    "freight": (0, 1e9),
}
# What may have the sign of a currency beside it.
MONEY = ("price", "freight")
DAYS = ("date_start", "date_end")
# How far from today a day may be.
FURTHEST_DAYS = 3660
TEXTS = {
    "vendor": LONGEST_NAME,
    "vendor_code": LONGEST_CODE,
    "barcode": LONGEST_CODE,
    "code": LONGEST_CODE,
    "name": LONGEST_NAME,
    "unit": LONGEST_CODE,
    "currency": LONGEST_CODE,
}
_NOTHING = frozenset(("", "-", "--", "–", "—", "n/a", "#n/a", "null", "none", "nil"))


def parse_rows(table, mapping, today):
    """Yield the number of each row, its values by field, and what is wrong with it.

    What is empty or wrong is not among the values.

    :param table: as :func:`.reading.read_table` returns it
    :param mapping: field → index of a column, as :func:`.columns.recognise` returns it
    :param today: the day in the company's time zone
    """
    columns = {
        field: [_cell(cells, index) for _number, cells in table.rows]
        for field, index in mapping.items()
        if field in NUMBERS or field in DAYS
    }
    marks = choose_marks({field: columns[field] for field in NUMBERS if field in columns})
    order = choose_order(
        text for field in DAYS for text in columns.get(field, ()) if isinstance(text, str)
    )
    for number, cells in table.rows:
        given = {field: _cell(cells, index) for field, index in mapping.items()}
        given = {field: cell for field, cell in given.items() if not is_nothing(cell)}
        yield number, *_parse_row(given, marks, order, today)


def _parse_row(given, marks, order, today):
    values, problems = {}, []
    readers = (
        (TEXTS, lambda field, cell: _read_text(cell, TEXTS[field])),
        (NUMBERS, lambda field, cell: _read_number(field, cell, marks.get(field))),
        (DAYS, lambda _field, cell: _read_day(cell, order, today)),
    )
    for fields, read in readers:
        for field in fields:
            if field not in given:
                continue
            try:
                values[field] = read(field, given[field])
            except ValueError as error:
                problems.append(Problem(field, str(error), as_text(given[field])[:40]))
    for field in MONEY:
        if field in values:
            values[field], sign = values[field]
            if sign:
                values["sign"] = sign
    return values, problems + _check_row(given, values, problems, today)


def _read_text(cell, most):
    text = as_text(cell)
    if "�" in text:
        raise ValueError("letters")
    if len(text) > most:
        raise ValueError("too_long")
    return text


def _read_number(field, cell, mark):
    """Return a number; of money also the currency's sign or code beside it."""
    if as_text(cell).startswith("="):
        raise ValueError("formula")
    number, sign = parse_number(cell, mark)
    least, most = NUMBERS[field]
    if not least <= number <= most:
        raise ValueError("range")
    if field in MONEY:
        return number, sign
    if sign and not (sign == "%" and field in ("discount", "duty")):
        raise ValueError("number")
    if field == "delay" and not number.is_integer():
        raise ValueError("whole")
    return number


def _read_day(cell, order, today):
    try:
        day = parse_day(cell, order)
    except ValueError as error:
        raise ValueError(f"{error}_day") from None
    if abs((day - today).days) > FURTHEST_DAYS:
        raise ValueError("far_day")
    return day


def _check_row(given, values, problems, today):
    """Return what is wrong with a row whose cells may each be right."""
    found = []
    wrong = {problem.field for problem in problems}
    if not given.keys() & {"vendor_code", "barcode", "code"}:
        found.append(Problem("", "no_product"))
    if "price" not in wrong and not values.get("price"):
        found.append(Problem("price", "no_price"))
    end = values.get("date_end")
    if end and end < today:
        found.append(Problem("date_end", "over", end.isoformat()))
    elif end and values.get("date_start", end) > end:
        found.append(Problem("date_end", "end_before_start", end.isoformat()))
    return found


def is_nothing(cell):
    """Return whether a cell says that there is nothing."""
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in _NOTHING)


def as_text(cell):
    """Return a cell as text; a whole number has no decimals, a day is written as 2026-12-31."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return (cell.date() if cell.time().isoformat() == "00:00:00" else cell).isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)[:2000]


def _cell(cells, index):
    return cells[index] if index < len(cells) else None
