from odoo.tests import BaseCase

from ..tools import (
    CHARSETS,
    EdifactError,
    ExchangeFolder,
    FolderError,
    Item,
    Known,
    Syntax,
    encode,
    find_item,
    read_despatch,
    read_interchange,
    read_response,
)
from .samples import VENDOR, despatch, interchange, message, response


class TestEnvelope(BaseCase):
    """What holds an interchange together, without Odoo."""

    def assert_refused(self, code, text, segment=None):
        data = text if isinstance(text, bytes) else text.encode("latin-1")
        with self.assertRaises(EdifactError) as caught:
            read_interchange(data)
        self.assertEqual(caught.exception.code, code)
        if segment is not None:
            self.assertEqual(caught.exception.segment, segment)

    def test_what_is_read(self):
        found = read_interchange(interchange(message("ORDRSP", "BGM+231+A+29")).encode())
        self.assertEqual((found.sender, found.reference), (VENDOR, "IC1"))
        [one] = found.messages
        self.assertEqual((one.kind, one.version, one.reference), ("ORDRSP", "D.96A", "1"))
        self.assertEqual([(each.number, each.tag) for each in one.segments], [(3, "BGM")])

    def test_counts_and_references(self):
        good = message("ORDRSP", "BGM+231+A+29")
        self.assert_refused("unt_count", interchange(message("ORDRSP", "BGM+1", count=4)), 4)
        self.assert_refused("unt_count", interchange(message("ORDRSP", "BGM+1", count="x")))
        self.assert_refused("unt_reference", interchange(message("ORDRSP", "BGM+1", end="2")), 4)
        self.assert_refused("unz_count", interchange(good, count=2), 5)
        self.assert_refused("unz_reference", interchange(good, end="IC2"), 5)
        self.assert_refused("message_twice", interchange(good, good))
        self.assert_refused("no_message", interchange())

    def test_begin_and_end(self):
        good = interchange(message("ORDRSP", "BGM+231+A+29"))
        self.assert_refused("no_unz", good[: good.index("UNZ")])
        self.assert_refused("cut_off", good[:-1])
        self.assert_refused("cut_off", good[:-1] + "?'")
        self.assert_refused("behind_unz", good + "FTX+1'")
        self.assert_refused("second_unb", good.replace("BGM+231+A+29", "UNB+UNOC:3+1+2+3+4"))
        self.assert_refused("no_unb", good[9:].replace("UNB", "UNX"))
        self.assert_refused("empty", b" \r\n")
        self.assert_refused("group", good.replace("BGM+231+A+29", "UNG+ORDRSP"))
        self.assert_refused("outside", good.replace("UNZ", "FTX+1'UNZ"))
        self.assert_refused("no_unt", good.replace("UNT+3+1'", ""))

    def test_una_in_a_text_changes_nothing(self):
        for una in ("", "UNA:+.? '"):
            text = interchange(
                response(function="29", proposal="P1", more=("FTX+AAI+++see?'UNA|^,~ %",)), una=una
            )
            found = read_interchange(text.encode())
            self.assertEqual((found.sender, len(found.messages)), (VENDOR, 1))
            answer = read_response(found.messages[0], found.syntax)
            self.assertEqual(answer.reason, "see'UNA|^,~ %")

    def test_other_service_characters(self):
        text = interchange(response("LIN+1+3+4000000000013:EN", "QTY+113:1.5"), una="")
        other = text.translate(str.maketrans("+:'.", "*|~,"))
        found = read_interchange(b"UNA|*,! ~" + other.encode())
        [line] = read_response(found.messages[0], found.syntax).lines
        self.assertEqual((line.quantity, line.item.gtin), (1.5, "4000000000013"))
        for signs in ("::.? '", ":+;? '", "A+.? '", ":+.?''", ":+.+ '", ":+"):
            self.assert_refused("bad_una", f"UNA{signs}UNB+UNOC:3'")

    def test_no_release_character(self):
        text = interchange(response(function="29", more=("FTX+AAI+++really?",)), una="UNA:+.  '")
        found = read_interchange(text.encode())
        self.assertEqual(read_response(found.messages[0], found.syntax).reason, "really?")

    def test_charsets(self):
        def read(text, charset, codec):
            data = interchange(
                response(function="29", more=(f"FTX+AAI+++{text}",)), charset=charset
            ).encode(codec)
            found = read_interchange(data)
            return read_response(found.messages[0], found.syntax).reason

        self.assertEqual(read("Müller", "UNOC", "latin-1"), "Müller")
        self.assertEqual(read("Łódź", "UNOD", "iso8859-2"), "Łódź")
        self.assertEqual(read("供应商", "UNOY", "utf-8"), "供应商")
        self.assertEqual(read("供应商", "UNOW", "utf-8"), "供应商")
        for charset, codec in (("UNOB", "latin-1"), ("UNOY", "latin-1")):
            with self.assertRaises(EdifactError) as caught:
                read("Müller", charset, codec)
            self.assertEqual(caught.exception.code, "not_decodable")
        with self.assertRaises(EdifactError) as caught:
            read("x", "UNOX", "latin-1")
        self.assertEqual(caught.exception.code, "unknown_charset")
        # UTF-8 that is said to be Latin 1 has control characters where letters were.
        with self.assertRaises(EdifactError) as caught:
            read("供应商", "UNOC", "utf-8")
        self.assertEqual(caught.exception.code, "control_character")

    def test_nothing_is_replaced(self):
        for charset, text in (("UNOC", "供应商"), ("UNOB", "Müller"), ("UNOA", "Screws")):
            with self.assertRaises(EdifactError) as caught:
                encode(text, charset)
            self.assertEqual(caught.exception.code, "not_encodable")
            self.assertIn(caught.exception.values["letter"], text)
        for charset in CHARSETS:
            self.assertEqual(encode("AB-12", charset), b"AB-12")

    def test_numbers(self):
        comma = Syntax(decimal=",", is_given=True)
        self.assertEqual(comma.parse_number("1,5"), 1.5)
        self.assertEqual(Syntax().parse_number("1,5"), 1.5)
        self.assertEqual(Syntax().parse_number(".5"), 0.5)
        for text in ("1.5", "1e5", "NaN", "", "-", ",", "1,", "1 000", "٣", "²", "9" * 16):
            self.assertIsNone(comma.parse_number(text), text)
        self.assertEqual(comma.format_number(12.50, 2), "12,5")
        self.assertEqual(comma.format_number(-0.001, 2), "0")
        self.assertEqual(comma.format_number(100, 2), "100")

    def test_a_despatch_advice(self):
        text = interchange(
            despatch(
                "PAC+3++PX", "GIN+BJ+340987650000000017", "LIN+1++4000000000013:EN",
                "QTY+12:5:PCE", "GIN+BX+L1", "CPS+2", "LIN+2++4000000000020:EN",
                "QTY+12:2", "GIN+BN+S1+S2", "RFF+ON:P2",
                order="P1", more=("TDT+20++30+31+:::Coast Freight", "RFF+CN:T9"),
            )
        )  # fmt: skip
        found = read_interchange(text.encode())
        advice = read_despatch(found.messages[0], found.syntax)
        self.assertEqual((advice.carrier, advice.tracking, advice.package_count),
                         ("Coast Freight", "T9", 3))  # fmt: skip
        self.assertEqual(
            [(line.quantity, line.lot, line.package, line.order) for line in advice.lines],
            [(5, "L1", "340987650000000017", "P1"), (1, "S1", "", "P2"), (1, "S2", "", "P2")],
        )

    def test_which_product_is_meant(self):
        known = [
            Known("a", "4000000000013", "A1", "V1"),
            Known("b", "", "A2", "V1"),
        ]
        self.assertEqual(find_item(Item(gtin="04000000000013"), known, 1), "a")
        self.assertEqual(find_item(Item(buyer_code="a2", vendor_code="v1"), known, 1), "b")
        for item, code in (
            (Item(gtin="4000000000020"), "unknown_item"),
            (Item(vendor_code="V1"), "ambiguous_item"),
            (Item(gtin="4000000000013", buyer_code="A2"), "ambiguous_item"),
        ):
            with self.assertRaises(EdifactError) as caught:
                find_item(item, known, 1)
            self.assertEqual(caught.exception.code, code)

    def test_names_of_folders(self):
        for name in ("", ".", "..", "../x", "a/b", "/etc", "a\\b", "a\x00", "-a", "a..b", "x" * 99):
            with self.assertRaises(FolderError):
                ExchangeFolder("/tmp", name)
        with self.assertRaises(FolderError):
            ExchangeFolder("/tmp", "acme").move("../../x", "done")
