"""What messages have in common: products, quantities, days."""

import re
from datetime import date

from .problems import EdifactError
from .records import Item

GTIN_QUALIFIERS = ("EN", "SRV", "UP")
BUYER_QUALIFIERS = ("IN", "BP")
VENDOR_QUALIFIERS = ("SA", "VN", "VP")
# The first day that DTM can tell in its formats.
_FORMATS = {"102": 8, "203": 12, "204": 14, "101": 6}
MOST_QUANTITY = 100_000_000


def fail(code, segment, /, **values):
    """Return the error of a segment."""
    return EdifactError(code, segment.number, segment.tag, **values)


def read_item(item, segment):
    """Return a product with what a segment LIN or PIA adds."""
    found = {"gtin": item.gtin, "buyer_code": item.buyer_code, "vendor_code": item.vendor_code}
    parts = segment.elements[2:3] if segment.tag == "LIN" else segment.elements[1:]
    for part in parts:
        code = part[0].strip()
        qualifier = part[1].strip() if len(part) > 1 else ""
        if not code:
            continue
        if len(code) > 35:
            raise fail("too_long", segment, value=code, most=35)
        if qualifier in GTIN_QUALIFIERS:
            found["gtin"] = code
        elif qualifier in BUYER_QUALIFIERS:
            found["buyer_code"] = code
        elif qualifier in VENDOR_QUALIFIERS:
            found["vendor_code"] = code
    return Item(**found, name=item.name)


def read_quantity(segment, syntax):
    """Return the quantity and the unit of a QTY segment.

    :raise EdifactError: where it is no number, or none that can be a quantity
    """
    return read_number(segment, syntax, segment.get(0, 1)), segment.get(0, 2)


def read_number(segment, syntax, text):
    """Return a number from 0 on."""
    value = syntax.parse_number(text)
    if value is None or not 0 <= value <= MOST_QUANTITY:
        raise fail("bad_number", segment, text=text, mark=syntax.decimal)
    return value


def read_day(segment):
    """Return the day of a DTM segment."""
    text, code = segment.get(0, 1), segment.get(0, 2)
    length = _FORMATS.get(code)
    if not length or not re.fullmatch(rf"[0-9]{{{length}}}", text):
        raise fail("bad_day", segment, text=text, format=code)
    try:
        if code == "101":
            return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise fail("bad_day", segment, text=text, format=code) from None


def read_head(message, names):
    """Return the BGM segment of a message, and its number.

    :param names: codes of the document's name that the message may have
    """
    if not message.segments or message.segments[0].tag != "BGM":
        raise EdifactError("no_bgm", message.number, "UNH")
    begin = message.segments[0]
    if begin.get(0) not in names:
        raise fail("bad_document", begin, code=begin.get(0), known=", ".join(names))
    number = begin.get(1)
    if not number:
        raise fail("missing", begin, name="number")
    if len(number) > 35:
        raise fail("too_long", begin, value=number, most=35)
    return begin, number


def read_text(segment, text, most):
    """Return a text that is not longer than what can be kept."""
    if len(text) > most:
        raise fail("too_long", segment, value=text, most=most)
    return text


def read_free_text(segment):
    """Return what a FTX segment says."""
    return " ".join(
        part.strip() for part in (segment.elements[3] if len(segment.elements) > 3 else ())
    ).strip()
