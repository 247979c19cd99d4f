"""The vendor's answer: ORDRSP, D.96A, EANCOM 1997."""

from .problems import EdifactError
from .reading import (
    fail,
    read_day,
    read_free_text,
    read_head,
    read_item,
    read_number,
    read_quantity,
    read_text,
)
from .records import Item, OrderResponse, ResponseLine

# The function of the message, data element 1225: of all of it.
ACTIONS = {"4": "changed", "9": "changed", "27": "refused", "29": "confirmed"}
# What is done about a line, data element 1229; left out, its quantity says it.
LINE_ACTIONS = {
    "": "changed",
    "1": "changed",
    "2": "refused",
    "3": "changed",
    "4": "confirmed",
    "5": "confirmed",
    "6": "changed",
    "7": "refused",
}
# Quantities, the more telling first: to be delivered, ordered.
DELIVERED, ORDERED = "113", "21"
MOST_LINES = 1000
MOST_TEXT = 2000


def read_response(message, syntax):
    """Return what an ORDRSP says.

    :return: an ``OrderResponse``
    :raise EdifactError: for what is missing or no sense can be made of
    """
    begin, number = read_head(message, ("231", "230", "320"))
    function = begin.get(2) or "9"
    if function not in ACTIONS:
        raise fail("bad_function", begin, code=function)
    head = {"number": number, "action": ACTIONS[function]}
    lines, current = [], None
    for segment in message.segments[1:]:
        tag = segment.tag
        if tag == "UNS":
            break
        if tag == "LIN":
            if current:
                lines.append(_close(current))
            if len(lines) >= MOST_LINES:
                raise fail("too_many_lines", segment, most=MOST_LINES)
            current = _open(segment, syntax)
        elif current:
            _read_line(current, segment, syntax)
        else:
            _read_head(head, segment)
    if current:
        lines.append(_close(current))
    if not lines and head["action"] == "changed":
        raise EdifactError("no_lines", message.number, "UNH")
    return OrderResponse(**head, lines=tuple(lines))


def _read_head(head, segment):
    tag, code = segment.tag, segment.get(0)
    if tag == "DTM" and code == "137":
        head["day"] = read_day(segment)
    elif tag == "DTM" and code in ("2", "67", "69", "17"):
        head["arrives"] = read_day(segment)
    elif tag == "RFF" and code in ("ON", "ACE"):
        head["proposal"] = read_text(segment, segment.get(0, 1), 70)
        head["reference_segment"] = segment.number
    elif tag == "RFF" and code == "CT":
        head["agreement"] = read_text(segment, segment.get(0, 1), 70)
        head.setdefault("reference_segment", segment.number)
    elif tag == "NAD" and code == "DP":
        head["place_gln"] = segment.get(1)
    elif tag == "CUX":
        head["currency"] = segment.get(0, 1)
    elif tag == "FTX":
        text = " ".join([head.get("reason", ""), read_free_text(segment)]).strip()
        head["reason"] = read_text(segment, text, MOST_TEXT)


def _open(segment, syntax):
    action = segment.get(1)
    if action not in LINE_ACTIONS:
        raise fail("bad_action", segment, code=action)
    return {
        "segment": segment,
        "item": read_item(Item(), segment),
        "action": LINE_ACTIONS[action],
        "quantities": {},
        "price": None,
        "syntax": syntax,
    }


def _read_line(line, segment, syntax):
    tag = segment.tag
    if tag == "PIA":
        line["item"] = read_item(line["item"], segment)
    elif tag == "QTY":
        qualifier = segment.get(0)
        if qualifier in (DELIVERED, ORDERED):
            if qualifier in line["quantities"]:
                raise fail("quantity_twice", segment, code=qualifier)
            line["quantities"][qualifier] = read_quantity(segment, syntax)
    elif tag == "PRI" and segment.get(0) in ("AAA", "AAB", "CUP", "NTP", "INV"):
        line["price"] = read_number(segment, syntax, segment.get(0, 1))


def _close(line):
    segment, quantities = line["segment"], line["quantities"]
    if line["item"] == Item():
        raise fail("no_item", segment)
    quantity, unit = quantities.get(DELIVERED) or quantities.get(ORDERED) or (None, "")
    if line["action"] == "refused":
        if quantities.get(DELIVERED, (0,))[0]:
            raise fail("refused_quantity", segment)
        quantity = 0.0
    elif quantity is None and line["action"] == "changed":
        raise fail("no_quantity", segment)
    return ResponseLine(
        item=line["item"],
        action=line["action"],
        quantity=quantity,
        unit=unit,
        price=line["price"],
        segment=segment.number,
    )
