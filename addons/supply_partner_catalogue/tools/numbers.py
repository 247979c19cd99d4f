"""Numbers as people write them in price lists: either decimal mark, grouping, a currency's sign."""

import math
import re
from collections import Counter

_SPACES = str.maketrans("", "", " \u00a0\u2007\u2009\u202f'’")
_NUMBER = re.compile(r"([^\d.,\-+%]*)([-+]?)(\d[\d.,]*|[.,]\d+)([^\d.,]*)")
_GROUPED = {
    ".": re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?|\d*(?:\.\d*)?"),
    ",": re.compile(r"\d{1,3}(?:\.\d{2,3})*\.\d{3}(?:,\d*)?|\d*(?:,\d*)?"),
}
# What stands beside no number.
_NO_SIGN = re.compile(r"[-+()/=:;*^]|.{6}")
_MARKS = {".": ",", ",": "."}
_LONGEST = 40


def decimal_mark(text):
    """Return which mark makes the fraction: ``.`` or ``,``; None: neither; ``?``: it is open.

    One mark can stand where it could also group thousands, as in 1.234.
    """
    present = [mark for mark in _MARKS if mark in text]
    if not present:
        return None
    if len(present) == 2:
        return max(present, key=text.rfind)
    [mark] = present
    before, _mark, after = text.partition(mark)
    if mark in after:
        return _MARKS[mark]
    digits = re.sub(r"\D", "", before)
    if len(re.sub(r"\D", "", after)) != 3 or len(digits) > 3 or digits in ("", "0"):
        return mark
    return "?"


def choose_marks(columns):
    """Return column → the mark that makes its fractions, None where its texts do not tell.

    A column whose texts can all be read both ways follows the others.

    :param columns: column → its texts
    """
    seen = {}
    for column, texts in columns.items():
        counted = Counter(decimal_mark(text) for text in texts if isinstance(text, str))
        seen[column] = {mark for mark in _MARKS if counted[mark]}
    everywhere = set().union(*seen.values()) if seen else set()
    chosen = {}
    for column, marks in seen.items():
        marks = marks or everywhere
        chosen[column] = next(iter(marks)) if len(marks) == 1 else None
    return chosen


def parse_number(value, mark=None):
    """Return a number and the sign or code of a currency beside it ("" for none).

    :param value: a text, or a number that a spreadsheet holds as one
    :param mark: the mark that makes the fraction where the text alone does not tell
    :raises ValueError: "number" when it is none, "ambiguous" when it can be two numbers
    """
    if isinstance(value, bool):
        raise ValueError("number")
    if isinstance(value, int | float):
        # Spreadsheets and hostile files hold NaN, infinity, and integers beyond any float.
        if abs(value) > 1e300 or not math.isfinite(value):
            raise ValueError("number")
        return float(value), ""
    text = value.replace("−", "-").translate(_SPACES)
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if not match:
        raise ValueError("number")
    before, minus, digits, after = match.groups()
    sign = (before or after).strip()
    if (before and after) or not digits.isascii() or _NO_SIGN.search(sign):
        raise ValueError("number")
    found = decimal_mark(digits)
    if found == "?":
        if mark is None:
            raise ValueError("ambiguous")
        found = mark
    found = found or "."
    if not _GROUPED[found].fullmatch(digits):
        raise ValueError("number")
    number = float(digits.replace(_MARKS[found], "").replace(found, "."))
    return (-number if minus == "-" else number), sign
