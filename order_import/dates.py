"""Dates as people and programs write them, and whether the day or the month comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"

_SEPARATED = re.compile(r"(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})(?:[T ,]+(.*))?", re.ASCII)
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日\s*(.*)", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2}:?\d{2}(?::?\d{2})?.*))?", re.ASCII)
_DAY_NAMED = re.compile(r"(?:\w+,\s*)?(\d{1,2})(?:st|nd|rd|th)?[-. /]+(?:de +)?([^\W\d]+)\.?"
                        r"[-. /,]+(?:de +)?(\d{2}|\d{4})(?:[T ,]+(.*))?")  # fmt: skip
_MONTH_NAMED = re.compile(
    r"(?:\w+,\s*)?([^\W\d]+)\.?[- ]+(\d{1,2})(?:st|nd|rd|th)?,?[- ]+(\d{4})(?:[T ,]+(.*))?"
)
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?", re.ASCII)
_TIME = re.compile(
    r"(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,9})?)?\s*(?:([AaPp])\.?[Mm]\.?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII,
)
_FIRST_OF_EXCEL = datetime(1899, 12, 30)
_TIME_DIRECTIVES = re.compile(r"%-?[HIMSfpcXsT]")
# The first letters of months in English, German, French, Spanish, Portuguese, Italian and Dutch.
_MONTHS = {
    start: number
    for number, starts in enumerate(
        (
            "jan ene gen jän",
            "feb fév fev",
            "mar mär mrt maa",
            "apr abr avr",
            "may mai mei mag",
            "jun juin giu",
            "jul juil lug",
            "aug ago aoû aou",
            "sep set",
            "oct okt out ott",
            "nov",
            "dec dez déc dic",
        ),
        1,
    )
    for start in starts.split()
}


@dataclass
class DateEvidence:
    """What the dates of a column show.

    ``day_first`` and ``month_first`` are examples that fit one order only, ``either`` one that
    fits both ("" where there is none); ``has_time`` tells whether any has a time but midnight.
    """

    day_first: str = ""
    month_first: str = ""
    either: str = ""
    has_time: bool = False
    good: int = 0
    bad: int = 0


def evidence_of(texts: Iterable[str]) -> DateEvidence:
    """Return what ``texts``, the different dates of a column, show together."""
    found = DateEvidence()
    for text in texts:
        try:
            moment, has_time = parse_date(text, DAY_FIRST)
            fits_day = True
        except ValueError:
            fits_day = False
        if _is_open(text):
            try:
                moment, has_time = parse_date(text, MONTH_FIRST)
                fits_month = True
            except ValueError:
                fits_month = False
            if fits_day and fits_month:
                same = parse_date(text, DAY_FIRST) == (moment, has_time)
                found.either = found.either or ("" if same else text)
            elif fits_day:
                found.day_first = found.day_first or text
            elif fits_month:
                found.month_first = found.month_first or text
            fits_day = fits_day or fits_month
        if not fits_day:
            found.bad += 1
            continue
        found.good += 1
        found.has_time |= has_time and (moment.tzinfo is not None or moment.time() != time.min)
    return found


def parse_date(text: str, order: str = DAY_FIRST) -> tuple[datetime, bool]:
    """Return the moment, with a zone where the text has one, and whether it has a time.

    :param order: :data:`DAY_FIRST` or :data:`MONTH_FIRST`, for dates with the year last
    :raises ValueError: when the text is no date
    """
    if match := _SEPARATED.fullmatch(text):
        day = _numeric_day(match[1], match[3], match[4], order)
        return _with_time(day, match[5])
    if match := (_COMPACT.fullmatch(text) or _CHINESE.fullmatch(text)):
        return _with_time(date(int(match[1]), int(match[2]), int(match[3])), match[4])
    if match := _DAY_NAMED.fullmatch(text):
        return _with_time(date(_year(match[3]), _month(match[2]), int(match[1])), match[4])
    if match := _MONTH_NAMED.fullmatch(text):
        return _with_time(date(int(match[3]), _month(match[1]), int(match[2])), match[4])
    if _SERIAL.fullmatch(text):
        moment = _FIRST_OF_EXCEL + timedelta(seconds=round(float(text) * 86_400))
        return moment, moment.time() != time.min
    raise ValueError(f"not a date: {text!r}")


def parse_by_format(text: str, pattern: str) -> tuple[datetime, bool]:
    """Return the moment by a format as for ``strptime``, and whether the format has a time.

    :raises ValueError: when the text does not follow the format
    """
    return datetime.strptime(text, pattern), bool(_TIME_DIRECTIVES.search(pattern))


def _is_open(text: str) -> bool:
    """Return whether the order of day and month is not said by the text's form."""
    match = _SEPARATED.fullmatch(text)
    # Where dates have dots, the day comes first.
    return bool(match) and len(match[1]) <= 2 and match[2] != "."


def _numeric_day(first: str, second: str, third: str, order: str) -> date:
    if len(first) == 4:
        return date(int(first), int(second), int(third))
    if len(first) == 3:
        raise ValueError("a year has two or four digits")
    day, month = (first, second) if order == DAY_FIRST else (second, first)
    return date(_year(third), int(month), int(day))


def _year(text: str) -> int:
    """Return a year; one of two digits is taken as POSIX does, from 1969 to 2068."""
    if len(text) not in (2, 4):
        raise ValueError("a year has two or four digits")
    year = int(text)
    if len(text) == 4:
        return year
    return year + (1900 if year >= 69 else 2000)


def _month(name: str) -> int:
    name = name.casefold()
    for length in (4, 3):
        if number := _MONTHS.get(name[:length]):
            return number
    raise ValueError(f"not a month: {name!r}")


def _with_time(day: date, text: str | None) -> tuple[datetime, bool]:
    if not text or not text.strip():
        return datetime.combine(day, time.min), False
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a time: {text!r}")
    hour = int(match[1])
    if match[4]:
        if not 1 <= hour <= 12:
            raise ValueError(f"not a time: {text!r}")
        hour = hour % 12 + (12 if match[4] in "pP" else 0)
    # Odoo keeps whole seconds.
    moment = time(hour, int(match[2]), int(match[3] or 0), tzinfo=_zone(match[5]))
    return datetime.combine(day, moment), True


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(offset if text[0] == "+" else -offset)
