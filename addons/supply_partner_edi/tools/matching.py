"""Finds the product that a message means among those that it may mean."""

from dataclasses import dataclass

from .problems import EdifactError

NUMBERS = ("gtin", "buyer_code", "vendor_code")


@dataclass(frozen=True)
class Known:
    """A product that may be meant.

    :param key: whatever the caller knows it by
    """

    key: object
    gtin: str = ""
    buyer_code: str = ""
    vendor_code: str = ""


def find_item(item, known, segment):
    """Return the key of the one product that has a number of the item.

    Each number that is known here has to mean the same product.

    :param known: an iterable of ``Known``
    :raise EdifactError: for none, and for several
    """
    named = {name: _normalise(name, getattr(item, name)) for name in NUMBERS}
    named = {name: code for name, code in named.items() if code}
    text = ", ".join(getattr(item, name) for name in named)
    found = {}
    for one in known:
        for name, code in named.items():
            if _normalise(name, getattr(one, name)) == code:
                found.setdefault(name, set()).add(one.key)
    if not found:
        raise EdifactError("unknown_item", segment, "LIN", text=text)
    common = set.intersection(*found.values())
    if len(common) != 1:
        raise EdifactError("ambiguous_item", segment, "LIN", text=text)
    return common.pop()


def _normalise(name, code):
    # A GTIN of 13 digits is one of 14 with a zero before it.
    code = (code or "").strip()
    return code.lstrip("0") if name == "gtin" else code.upper()
