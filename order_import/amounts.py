"""Numbers as people and programs write them: signs of currencies, grouping, either decimal mark."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from .errors import BadRowError, LoadError

# How `reading` spells the fractions of typed files: never with a mark that could group digits.
TYPED_DECIMALS = 9

_TYPED = re.compile(rf"[+-]?[0-9]+\.[0-9]{{{TYPED_DECIMALS}}}")
_SPACES = str.maketrans("", "", " \u00a0\u2007\u2009\u202f'’")
_SPACED = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u2007\u2009\u202f'’][0-9]{3})+(?![0-9])[.,0-9]*")
_PARTS = re.compile(r"(?P<before>[^0-9.,]*)(?P<digits>[0-9.,].*?)(?P<after>[^0-9.,]*)", re.DOTALL)
_EXPONENT = re.compile(r"(.*[0-9.])[eE]([+-]?[0-9]{1,2})")
_PLAIN = {
    ".": re.compile(
        r"(?:[0-9]{1,40}|[1-9][0-9]{0,2}(?:,[0-9]{2,3}){0,12},[0-9]{3})?(?:\.[0-9]{0,40})?"
    ),
    ",": re.compile(
        r"(?:[0-9]{1,40}|[1-9][0-9]{0,2}(?:\.[0-9]{2,3}){0,12}\.[0-9]{3})?(?:,[0-9]{0,40})?"
    ),
}
_MARKS = {".": ",", ",": "."}


class Amount(NamedTuple):
    """A number, and the currency sign or code that stood beside it ("" for none)."""

    number: Decimal
    sign: str


def decimal_mark(text: str) -> str | None:
    """Return which mark makes the fraction in ``text``: ``.`` or ``,``.

    None means that it has neither; ``?`` that one mark stands where it could also group
    thousands, as in 1.234.
    """
    if _TYPED.fullmatch(text):
        return None
    _negative, digits, _sign = _taken_apart(text)
    if digits is None or _EXPONENT.fullmatch(digits):
        return None
    present = [mark for mark in _MARKS if mark in digits]
    if not present:
        return None
    if len(present) == 2:
        return max(present, key=digits.rfind)
    [mark] = present
    before, _mark, after = digits.partition(mark)
    if mark in after:
        return _MARKS[mark]
    if len(after) != 3 or len(before) > 3 or before in ("", "0"):
        return mark
    return "?"


class Marks(NamedTuple):
    """What the texts of a column say about its decimal mark, with an example of each."""

    point: str = ""
    comma: str = ""
    either: str = ""


def marks_in(texts: Iterable[str]) -> Marks:
    """Return the first text that needs a point, a comma, and could be read with either."""
    found = {".": "", ",": "", "?": ""}
    for text in texts:
        mark = decimal_mark(text)
        if mark is not None and not found[mark]:
            found[mark] = text
    return Marks(found["."], found[","], found["?"])


def choose_decimal(columns: dict[str, Marks]) -> dict[str, str]:
    """Return column → decimal mark, from what the columns' numbers show.

    A column whose numbers could all be read both ways follows the others.

    :raises LoadError: when numbers contradict each other, or when none tells
    """
    chosen: dict[str, str] = {}
    for column, marks in columns.items():
        if marks.point and marks.comma:
            raise LoadError(
                f"column {column!r} has {marks.point!r} as well as {marks.comma!r}: say with "
                "--decimal . or --decimal , which mark makes the fraction; rows with the other "
                "are then refused"
            )
        if marks.point or marks.comma:
            chosen[column] = "." if marks.point else ","
    for column, marks in columns.items():
        if column in chosen:
            continue
        others = set(chosen.values())
        if marks.either and len(others) != 1:
            raise LoadError(
                f"column {column!r} has numbers such as {marks.either!r}, which can be thousands "
                "or a fraction: say which mark makes the fraction, --decimal . or --decimal ,"
            )
        chosen[column] = next(iter(others)) if marks.either else "."
    return chosen


def parse_amount(text: str, decimal: str, field: str) -> Amount:
    """Return the number in ``text``.

    :param decimal: the mark that makes the fraction; the other one groups digits
    :param field: what the number is, for messages
    :raises BadRowError: when it is none
    """
    if _TYPED.fullmatch(text):
        return Amount(Decimal(text).normalize(), "")
    negative, digits, sign = _taken_apart(text)
    exponent = 0
    if digits is not None and (scientific := _EXPONENT.fullmatch(digits)):
        digits, exponent = scientific[1], int(scientific[2])
    if not digits or digits in _MARKS or not _PLAIN[decimal].fullmatch(digits):
        raise BadRowError(f"{field} is not a number", ascii(text))
    number = Decimal(digits.replace(_MARKS[decimal], "").replace(decimal, "."))
    return Amount((-number if negative else number).scaleb(exponent), sign)


def _taken_apart(text: str) -> tuple[bool, str | None, str]:
    """Return whether a number is below zero, its digits with marks, and its currency's sign."""
    text = text.strip().replace("−", "-")
    negative = text.startswith("(") and text.endswith(")")
    if negative:
        text = text[1:-1].strip()
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return False, None, ""
    around = parts["before"].translate(_SPACES), parts["after"].translate(_SPACES)
    minus = sum(part.count("-") for part in around)
    plus = sum(part.count("+") for part in around)
    sign = "".join(around).replace("-", "").replace("+", "")
    digits = parts["digits"]
    if _SPACED.fullmatch(digits):
        digits = digits.translate(_SPACES)
    misplaced = minus + plus > 1 or (negative and minus + plus)
    if misplaced or len(sign) > 4 or any(part in sign for part in '"/%()_:;#'):
        return False, None, ""
    # Letters before and after, or single ones of no currency, are no sign: 1e5 has no "e".
    if all(part.strip("+-") for part in around):
        return False, None, ""
    return negative or bool(minus), digits, sign
