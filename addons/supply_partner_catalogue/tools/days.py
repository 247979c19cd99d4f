"""Days as people write them in price lists, and whether the day or the month comes first."""

import re
from datetime import date, datetime, timedelta

DAY_FIRST, MONTH_FIRST = "day", "month"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})(?: .*)?", re.ASCII)
_COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})", re.ASCII)
_SERIAL = re.compile(r"[3-7]\d{4}(?:\.0+)?", re.ASCII)
_FIRST_OF_EXCEL = date(1899, 12, 30)
_LONGEST = 40


def choose_order(texts):
    """Return whether day or month comes first in dates with the year last; None: it is open."""
    seen = set()
    for text in texts:
        match = _YEAR_LAST.fullmatch(text) if isinstance(text, str) else None
        if not match or match[2] == ".":
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            seen.add(DAY_FIRST)
        elif second > 12 >= first:
            seen.add(MONTH_FIRST)
    return seen.pop() if len(seen) == 1 else None


def parse_day(value, order=None):
    """Return a day.

    :param value: a text, or a date or number that a spreadsheet holds as one
    :param order: what comes first in dates with the year last, as :func:`choose_order` finds it
    :raises ValueError: "date" when it is none, "ambiguous" when it can be two days
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if len(text) > _LONGEST:
        raise ValueError("date")
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _make_day(match[1], match[2], match[3])
    if match := _YEAR_LAST.fullmatch(text):
        first, second = int(match[1]), int(match[3])
        # Where dates have dots, the day comes first.
        if match[2] == "." or first > 12 or first == second:
            order = DAY_FIRST
        elif second > 12:
            order = MONTH_FIRST
        if order is None:
            raise ValueError("ambiguous")
        month, day = (second, first) if order == DAY_FIRST else (first, second)
        return _make_day(match[4], month, day)
    if _SERIAL.fullmatch(text):
        return _FIRST_OF_EXCEL + timedelta(days=int(float(text)))
    raise ValueError("date")


def _make_day(year, month, day):
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError("date") from None
