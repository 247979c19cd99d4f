"""From segments to an interchange of one message."""

from dataclasses import dataclass, field
from datetime import datetime

from .charsets import encode
from .problems import EdifactError
from .syntax import Syntax

# The agency that gives GLNs and bar codes their numbers.
EAN = "9"


@dataclass(frozen=True)
class Header:
    """Who sends to whom, and how it is written.

    :param sender: GLN of the company
    :param receiver: GLN of the vendor
    :param reference: of the interchange, at most 14 letters
    :param version: syntax version beside the charset
    """

    sender: str
    receiver: str
    reference: str
    moment: datetime
    charset: str = "UNOC"
    decimal: str = "."
    is_test: bool = False
    syntax: Syntax = field(init=False)

    def __post_init__(self):
        syntax = Syntax(decimal=self.decimal, is_given=True)
        object.__setattr__(self, "syntax", syntax)

    @property
    def version(self):
        """The version of the syntax: UTF-8 came with the fourth."""
        return "4" if self.charset in ("UNOW", "UNOY") else "3"

    def text(self, value, most=35):
        """Return a text for people, as far as the charset's letters and the length go."""
        text = " ".join(value.split())[:most]
        return text.upper() if self.charset == "UNOA" else text


def write_interchange(header, kind, association, segments):
    """Return the bytes of an interchange of one message.

    :param kind: e.g. ``INVRPT``
    :param association: the code of its EANCOM version
    :param segments: tuples of tag and elements, between UNH and UNT
    :raise EdifactError: where the charset lacks a letter
    """
    write = header.syntax.compose
    reference = "1"
    lines = [
        write(
            "UNB",
            [header.charset, header.version],
            [header.sender, "14"],
            [header.receiver, "14"],
            [header.moment.strftime("%y%m%d"), header.moment.strftime("%H%M")],
            header.reference,
            *(["", "", "", "", "", "1"] if header.is_test else []),
        ),
        write("UNH", reference, [kind, "D", "96A", "UN", association]),
        *(write(*segment) for segment in segments),
        write("UNT", str(len(segments) + 2), reference),
        write("UNZ", "1", header.reference),
    ]
    return encode("\r\n".join([header.syntax.una, *lines]) + "\r\n", header.charset)


def write_item(header, number, item):
    """Return the segments that name a product: LIN, PIA and IMD.

    :raise EdifactError: for a product that has no number
    """
    if not (item.gtin or item.buyer_code or item.vendor_code):
        raise EdifactError("no_number", 0, "LIN", product=item.name)
    segments = [("LIN", str(number), "", [item.gtin, "EN"] if item.gtin else "")]
    if item.buyer_code:
        segments.append(("PIA", "1", [item.buyer_code[:35], "IN"]))
    if item.vendor_code:
        segments.append(("PIA", "1", [item.vendor_code[:35], "SA"]))
    name = header.text(item.name, 70)
    if name:
        segments.append(("IMD", "F", "", ["", "", "", name[:35], name[35:]]))
    return segments


def write_quantity(header, qualifier, value, unit, digits):
    """Return a QTY segment."""
    return ("QTY", [qualifier, header.syntax.format_number(value, digits), unit])


def write_place(header, qualifier, place, gln):
    """Return a NAD segment: by its GLN, or by its name where it has none."""
    if gln:
        return ("NAD", qualifier, [gln, "", EAN])
    return ("NAD", qualifier, "", "", header.text(place))


def write_day(qualifier, day):
    """Return a DTM segment."""
    return ("DTM", [qualifier, day.strftime("%Y%m%d"), "102"])
