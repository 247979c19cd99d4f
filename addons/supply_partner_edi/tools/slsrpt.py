"""The sell-through report: SLSRPT, D.96A, EANCOM 1997."""

from .writing import EAN, write_day, write_interchange, write_item, write_place, write_quantity

QUALIFIERS = {
    "sold": "153",
    "used": "58",
    "returned": "61",
    "on_hand": "158",
    "incoming": "73",
}


def write_sales(header, report, digits):
    """Return the bytes of a sell-through report: the place, by day, by product.

    :param report: a ``SalesReport``
    :param digits: decimals of quantities
    :raise EdifactError: where the charset lacks a letter
    """
    segments = [
        ("BGM", ["73E", "", EAN], report.number, "9"),
        write_day("137", report.day),
        write_day("90", report.first),
        write_day("91", report.last),
        ("RFF", ["CT", report.agreement]),
        ("NAD", "BY", [header.sender, "", EAN]),
        ("NAD", "SU", [header.receiver, "", EAN]),
        write_place(header, "DP", report.place, report.place_gln),
    ]
    place = ["", "", "", header.text(report.place, 70)]
    if report.place_gln:
        place = [report.place_gln, "", EAN]
    number = 0
    by_day = {}
    for one in report.days:
        by_day.setdefault(one.day, []).append(one)
    for day, of_day in sorted(by_day.items()):
        segments += [("LOC", "162", place), write_day("356", day)]
        for one in of_day:
            number += 1
            segments += write_item(header, number, one.item)
            segments += [
                write_quantity(header, qualifier, getattr(one, name), one.unit, digits)
                for name, qualifier in QUALIFIERS.items()
            ]
    return write_interchange(header, "SLSRPT", "EAN004", segments)
