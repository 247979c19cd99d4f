import warnings
from datetime import timedelta

from freezegun import freeze_time
from pydifact.segmentcollection import Interchange

from odoo import fields

from ..tools import read_interchange
from .common import EdiCase
from .samples import BUYER, VENDOR

UNITS = {"17": "on_hand", "73": "incoming", "66": "outgoing", "155": "pending",
         "97": "min", "98": "max"}  # fmt: skip
SALES = {"153": "sold", "58": "used", "61": "returned", "158": "on_hand", "73": "incoming"}


class TestReports(EdiCase):
    """What goes to Acme, read back by pydifact's own reader, holds what the pages show."""

    def report(self, kind="invrpt", **vals):
        self.edi.write(vals)
        return self.edi._make_report(kind)

    def data(self, message):
        return message.sudo().attachment_id.raw

    def read_back(self, message, codec="latin-1"):
        """Return the segments as pydifact reads them."""
        text = self.data(message).decode(codec)
        with warnings.catch_warnings():
            # It has no rules of this directory, and says so of each segment.
            warnings.simplefilter("ignore")
            found = Interchange.from_str(text)
        self.assertEqual(found.control_reference, message.interchange_ref)
        # It checks neither counts nor references: that is ours to do.
        read_interchange(self.data(message))
        return [(each.tag, each.elements) for one in found.get_messages() for each in one.segments]

    def quantities(self, segments, names):
        return {
            names[element[0]]: float(element[1].replace(",", "."))
            for tag, [element] in ((tag, elements[:1]) for tag, elements in segments)
            if tag == "QTY"
        }

    def test_the_stock_is_what_the_vendors_page_shows(self):
        self.move(self.screws, 7, self.stock, self.customers, days=1)
        self.propose()
        self.agreement.line_ids.sudo()._measure()
        [shown] = self.served(self.anna).get_stock(self.agreement.id)["lines"]
        [message] = self.report()
        segments = self.read_back(message)
        found = self.quantities(segments, UNITS)
        self.assertEqual(found, {name: shown[name] for name in UNITS.values()})
        self.assertEqual((found["on_hand"], found["min"], found["max"]), (20, 60, 120))
        self.assertEqual((found["pending"], found["outgoing"]), (107, 7))
        self.assertIn(("RFF", [["CT", self.agreement.name]]), segments)
        self.assertIn(("RFF", [["ACE", self.agreement.proposal_ids.name]]), segments)
        self.assertIn(("NAD", ["BY", [BUYER, "", "9"]]), segments)
        self.assertIn(("NAD", ["SU", [VENDOR, "", "9"]]), segments)
        self.assertIn(("PIA", ["1", ["SCR-1", "IN"]]), segments)
        self.assertIn(("PIA", ["1", ["A-77", "SA"]]), segments)
        self.assertEqual(
            [(message.state, message.kind, message.agreement_ids)],
            [("ready", "invrpt", self.agreement)],
        )

    def test_a_decimal_comma_and_thirds(self):
        kilos = self.make_product("Rye")
        kilos.sudo().write({"uom_id": self.env.ref("uom.product_uom_kgm").id, "default_code": "R"})
        self.add_seller(kilos, self.vendor)
        agreement = self.make_agreement((kilos, 10.5, 20.25), decision="vendor")
        self.put(kilos, 3.25)
        self.edi.agreement_ids = agreement
        agreement.line_ids.sudo()._measure()
        [message] = self.report(decimal_mark=",")
        self.assertIn(b"UNA:+,? '", self.data(message))
        self.assertIn(b"QTY+17:3,25:KGM'", self.data(message))
        found = self.quantities(self.read_back(message), UNITS)
        self.assertEqual((found["on_hand"], found["min"], found["max"]), (3.25, 10.5, 20.25))

    def test_umlauts_and_service_characters(self):
        self.screws.sudo().name = "Schräubchen: 3+4' ?"
        [message] = self.report()
        segments = self.read_back(message)
        [name] = [elements[2][3] for tag, elements in segments if tag == "IMD"]
        self.assertEqual(name, "Schräubchen: 3+4' ?")
        self.assertIn("Schräubchen?: 3?+4?' ??".encode("latin-1"), self.data(message))

    def test_chinese_names_need_a_charset_that_has_them(self):
        self.screws.sudo().name = "螺丝"
        [message] = self.report()
        self.assert_error(message, "not_encodable", "UNOC has no 螺")
        self.assertFalse(message.attachment_id)
        self.assertEqual(message.activity_ids.user_id, self.buyer)
        # Nothing of it was sent with a question mark in its place.
        for charset in ("UNOY", "UNOW"):
            [message] = self.report(charset=charset)
            [name] = [
                elements[2][3] for tag, elements in self.read_back(message, "utf-8") if tag == "IMD"
            ]
            self.assertEqual(name, "螺丝")

    def test_a_product_without_any_number(self):
        self.screws.sudo().write({"barcode": False, "default_code": False})
        self.screws.sudo().seller_ids.product_code = False
        self.env.flush_all()
        [message] = self.report()
        self.assert_error(message, "no_number", "Screws has no bar code")

    def test_capital_letters_only(self):
        [message] = self.report(charset="UNOA")
        self.assertIn(b"SCREWS", self.data(message))

    def test_what_could_not_be_written_is_written_anew(self):
        self.screws.sudo().name = "螺丝"
        [message] = self.report()
        self.edi.charset = "UNOY"
        message.with_user(self.buyer).action_retry()
        self.assertEqual(message.state, "ready")
        self.assertIn("螺丝".encode(), self.data(message))

    def test_sell_through_by_day(self):
        self.move(self.screws, 6, self.stock, self.customers, days=-3, done=True)
        self.move(self.screws, 4, self.stock, self.customers, days=-2, done=True)
        self.env["vmi.sell.through"].sudo()._refresh_company(self.company)
        [message] = self.report("slsrpt")
        shown = self.served(self.anna).get_sell_through(
            message.date_from.isoformat(), message.date_to.isoformat()
        )["lines"]
        self.assertEqual(len(shown), 28)
        segments = self.read_back(message)
        self.assertIn(("BGM", [["73E", "", "9"], message.name, "9"]), segments)
        by_day, day = {}, None
        for tag, elements in segments:
            if tag == "DTM" and elements[0][0] == "356":
                day = elements[0][1]
            elif tag == "QTY":
                by_day.setdefault(day, {})[SALES[elements[0][0]]] = float(elements[0][1])
        expected = {
            row["day"].replace("-", ""): {name: row[name] for name in SALES.values()}
            for row in shown
        }
        self.assertEqual(by_day, expected)
        self.assertEqual(sum(one["sold"] for one in by_day.values()), 10)
        # The next report begins where this one ended.
        self.assertEqual(self.edi.sales_until, message.date_to)
        self.assertFalse(self.report("slsrpt"))

    def test_no_agreement_no_report(self):
        self.agreement.action_close()
        self.assertFalse(self.report())
        self.assertFalse(self.report("slsrpt"))

    def test_when_reports_are_due(self):
        today = self.company._vmi_today()
        self.edi.write({"stock_rhythm": "weekly", "stock_next": today})
        self.edi._make_reports()
        self.edi._make_reports()
        sent = self.env["vmi.message"].search([("edi_partner_id", "=", self.edi.id)])
        self.assertEqual(len(sent), 1)
        self.assertEqual(self.edi.stock_next, today + timedelta(days=7))
        with freeze_time(fields.Datetime.now() + timedelta(days=30)):
            self.edi._make_reports()
            # What was missed is not made up for.
            self.assertGreater(self.edi.stock_next, self.company._vmi_today())
        self.assertEqual(self.edi.edi_message_count, 2)

    def test_a_test_is_marked_as_one(self):
        [message] = self.report(is_test=True)
        self.assertTrue(read_interchange(self.data(message)).is_test)
