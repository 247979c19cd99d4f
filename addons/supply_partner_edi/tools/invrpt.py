"""The stock report: INVRPT, D.96A, EANCOM 1997."""

from .writing import EAN, write_day, write_interchange, write_item, write_place, write_quantity

# Quantity qualifiers, data element 6063, by the fields of a line.
QUALIFIERS = {
    "on_hand": "17",
    "incoming": "73",
    "outgoing": "66",
    "proposed": "155",
    "least": "97",
    "most": "98",
}


def write_stock(header, report, digits):
    """Return the bytes of a stock report.

    :param report: a ``StockReport``
    :param digits: decimals of quantities
    :raise EdifactError: where the charset lacks a letter
    """
    segments = [
        ("BGM", "35", report.number, "9"),
        write_day("137", report.day),
        ("RFF", ["CT", report.agreement]),
        *(("RFF", ["ACE", proposal]) for proposal in report.proposals),
        ("NAD", "BY", [header.sender, "", EAN]),
        ("NAD", "SU", [header.receiver, "", EAN]),
        write_place(header, "GY", report.place, report.place_gln),
    ]
    for number, line in enumerate(report.lines, start=1):
        segments += write_item(header, number, line.item)
        segments += [
            write_quantity(header, qualifier, getattr(line, name), line.unit, digits)
            for name, qualifier in QUALIFIERS.items()
        ]
    return write_interchange(header, "INVRPT", "EAN004", segments)
