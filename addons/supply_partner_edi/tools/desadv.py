"""The despatch advice: DESADV, D.96A, EANCOM 1997."""

from .problems import EdifactError
from .reading import (
    fail,
    read_day,
    read_free_text,
    read_head,
    read_item,
    read_quantity,
    read_text,
)
from .records import DespatchAdvice, Item, ShippedLine

# When it arrives: estimated, requested, scheduled; else when it left.
ARRIVALS = ("17", "132", "191", "358", "2", "64", "69")
DEPARTURES = ("11", "10")
SHIPPED = ("12", "113", "46")
LOTS, SERIALS, PACKAGES = ("BX",), ("BN",), ("BJ", "AW")
MOST_LINES = 1000


def read_despatch(message, syntax):
    """Return what a DESADV says.

    :return: a ``DespatchAdvice``; a product of several serial numbers has a line for each
    :raise EdifactError: for what is missing or no sense can be made of
    """
    begin, number = read_head(message, ("351", "270"))
    function = begin.get(2) or "9"
    if function != "9":
        raise fail("bad_function", begin, code=function)
    reader = _Reader(syntax)
    for segment in message.segments[1:]:
        reader.take(segment)
    reader.close()
    arrives = reader.arrives or reader.left
    if not arrives:
        raise EdifactError("no_arrival", begin.number, "BGM")
    if not reader.lines:
        raise EdifactError("no_lines", message.number, "UNH")
    return DespatchAdvice(
        number=number,
        arrives=arrives,
        day=reader.day,
        carrier=reader.carrier,
        tracking=reader.tracking,
        package_count=reader.count_packages(),
        note=reader.note,
        lines=tuple(reader.lines),
    )


class _Reader:
    """Walks through a message: what is said of a package holds for the lines below it."""

    def __init__(self, syntax):
        self.syntax = syntax
        self.arrives = self.left = self.day = None
        self.carrier = self.tracking = self.note = self.order = self.package = ""
        self.counted = 0
        self.lines = []
        self._line = None

    def take(self, segment):
        """Take a segment; those that say nothing about goods are passed over."""
        tag = segment.tag
        if tag == "LIN":
            self.close()
            if len(self.lines) >= MOST_LINES:
                raise fail("too_many_lines", segment, most=MOST_LINES)
            self._line = {"segment": segment, "item": read_item(Item(), segment), "lots": [],
                          "serials": [], "quantity": None, "unit": "", "order": ""}  # fmt: skip
        elif tag == "CPS":
            self.close()
            self.package = ""
        elif self._line:
            self._read_line(segment)
        else:
            self._read_head(segment)

    def _read_head(self, segment):
        tag, code = segment.tag, segment.get(0)
        if tag == "DTM":
            self._read_day(segment, code)
        elif tag == "RFF":
            self._read_reference(segment, code)
        elif tag == "NAD" and code == "CA":
            self.carrier = read_text(segment, segment.get(3) or segment.get(1), 200)
        elif tag == "TDT":
            self.carrier = read_text(segment, segment.get(4, 3) or self.carrier, 200)
        elif tag == "FTX":
            self.note = read_text(segment, f"{self.note} {read_free_text(segment)}".strip(), 2000)
        elif tag == "PAC":
            self._read_packages(segment)
        elif tag == "GIN" and code in PACKAGES:
            [self.package] = self._read_identities(segment)[:1] or [""]

    def _read_line(self, segment):
        line, tag, code = self._line, segment.tag, segment.get(0)
        if tag == "PIA":
            line["item"] = read_item(line["item"], segment)
            line["lots"] += [
                part[0].strip()
                for part in segment.elements[1:]
                if len(part) > 1 and part[1].strip() == "NB" and part[0].strip()
            ]
        elif tag == "QTY" and code in SHIPPED:
            if line["quantity"] is not None:
                raise fail("quantity_twice", segment, code=code)
            line["quantity"], line["unit"] = read_quantity(segment, self.syntax)
        elif tag == "RFF" and code == "ON":
            line["order"] = read_text(segment, segment.get(0, 1), 70)
        elif tag == "GIN" and code in LOTS:
            line["lots"] += self._read_identities(segment)
        elif tag == "GIN" and code in SERIALS:
            line["serials"] += self._read_identities(segment)

    def close(self):
        """Keep the line that was read."""
        line, self._line = self._line, None
        if not line:
            return
        segment = line["segment"]
        if line["item"] == Item():
            raise fail("no_item", segment)
        if not line["quantity"]:
            raise fail("no_quantity", segment)
        lots = list(dict.fromkeys(line["lots"]))
        if len(lots) > 1 or (lots and line["serials"]):
            raise fail("several_lots", segment)
        order = line["order"] or self.order
        if not order:
            raise fail("no_order", segment)
        values = {
            "item": line["item"],
            "unit": line["unit"],
            "package": self.package,
            "order": order,
            "segment": segment.number,
        }
        serials = line["serials"]
        if serials:
            if len(serials) != line["quantity"]:
                raise fail("serial_count", segment, count=len(serials), said=line["quantity"])
            self.lines += [ShippedLine(quantity=1.0, lot=one, **values) for one in serials]
        else:
            self.lines.append(ShippedLine(quantity=line["quantity"], lot="".join(lots), **values))
        if len(self.lines) > MOST_LINES:
            raise fail("too_many_lines", segment, most=MOST_LINES)

    def count_packages(self):
        """Return the number of packages: as stated, else those that have a name."""
        return self.counted or len({line.package for line in self.lines if line.package})

    def _read_day(self, segment, code):
        if code in ARRIVALS:
            self.arrives = read_day(segment)
        elif code in DEPARTURES:
            self.left = read_day(segment)
        elif code == "137":
            self.day = read_day(segment)

    def _read_reference(self, segment, code):
        if code == "ON":
            self.order = read_text(segment, segment.get(0, 1), 70)
        elif code in ("CN", "AAS", "UCN"):
            self.tracking = read_text(segment, segment.get(0, 1), 200)

    def _read_packages(self, segment):
        text = segment.get(0)
        if text:
            number = self.syntax.parse_number(text)
            if number is None or number != int(number) or not 0 <= number <= 100_000:
                raise fail("bad_number", segment, text=text, mark=self.syntax.decimal)
            self.counted += int(number)

    @staticmethod
    def _read_identities(segment):
        """Return the numbers of a GIN segment; of a range both ends, as they stand."""
        found = []
        for part in segment.elements[1:]:
            if len(part) > 1 and part[1].strip():
                raise fail("identity_range", segment, text=part[0])
            if part and part[0].strip():
                found.append(read_text(segment, part[0].strip(), 100))
        return found
