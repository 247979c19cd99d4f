"""Texts in cells: which ones stand for nothing, and one spelling for one thing."""

from __future__ import annotations

import re
import unicodedata

from .errors import BadRowError

# What programs write where there is nothing.
_NOTHING = frozenset(
    (
        *("", "-", "--", ".", "?", "\\n", "null", "(null)", "<null>", "none", "nil", "nan", "na"),
        *("n/a", "#n/a", "<na>", "n.a.", "(blank)", "nat", "undefined"),
    )
)
# What stands in the place of a customer, an order or a product in a row of sums.
_TOTALS = frozenset(
    (
        *("grand total", "grandtotal", "sub total", "subtotal", "sub-total", "total general"),
        *("total geral", "gesamtsumme", "gesamtergebnis", "zwischensumme", "总计", "合计", "小计"),
    )
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WHOLE = re.compile(r"([0-9]+)\.0+")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


def is_empty(text: str | None) -> bool:
    """Return whether a cell says that there is nothing."""
    return text is None or text.strip().casefold() in _NOTHING


def is_total(text: str) -> bool:
    """Return whether a cell says that its row sums up others."""
    return text.strip(" :").casefold() in _TOTALS


def is_email(text: str) -> bool:
    """Return whether a text is one e-mail address."""
    return bool(_EMAIL.fullmatch(text))


def clean_text(text: str | None, field: str) -> str:
    """Return a cell with single spaces and one form of each letter, "" where there is nothing.

    :param field: what the cell is, for messages
    :raises BadRowError: when it has characters that are none
    """
    if is_empty(text):
        return ""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if "\ufffd" in text:
            raise BadRowError(f"{field} has bytes that are not text", ascii(text))
    text = " ".join(text.split())
    if _CONTROL.search(text):
        raise BadRowError(f"{field} has control characters", ascii(text))
    return text


def clean_id(text: str | None, field: str) -> str:
    """Return an id as :func:`clean_text` does; a whole number loses the .0 of a column of floats.

    :raises BadRowError: when it has characters that are none
    """
    text = clean_text(text, field)
    if text.endswith("0") and (whole := _WHOLE.fullmatch(text)):
        return whole[1]
    return text
