from odoo.addons.supply_partner_vendor.tests.common import PageCase
from odoo.exceptions import UserError

from .common import SettlementCase


class SettledCase(SettlementCase):
    """Six nails and four tins of glue were used of Acme's stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._vmi_today()

    def setUp(self):
        super().setUp()
        self.use(6)
        self.use(4, self.glue)
        self.settlement = self.settle()

    @property
    def vendor_side(self):
        return self.served(self.anna)

    def line(self, product=None):
        return self.settlement.line_ids.filtered(lambda line: line.product_id == product)

    def bills(self, settlement=None):
        return (settlement or self.settlement).sudo().bill_ids

    def seen(self):
        """Return the settlement as the vendor sees it, with its lines by product."""
        found = self.vendor_side.get_settlement(self.settlement.id)
        return found, {line["product"]: line for line in found["lines"]}

    def dispute(self, product, reason="We count five", **values):
        return self.vendor_side.dispute_settlement_line(
            values.get("settlement_id", self.settlement.id), self.line(product).id, reason
        )

    def resolve(self, line, **vals):
        action = line.action_resolve()
        wizards = self.env[action["res_model"]].with_context(**action["context"])
        wizard = wizards.create(vals)
        wizard.action_confirm()
        return wizard

    def post_bill(self, bill, ref=None):
        bill.write({"ref": bill.ref or ref, "invoice_date": self.today})
        bill.action_post()


class TestVendorsSettlements(SettledCase):
    """What the vendor sees of a settlement and says to it, and what the buyer makes of that."""

    def test_what_was_used_by_product_lot_and_day(self):
        self.nails.sudo().tracking = "lot"
        lot = self.admin["stock.lot"].create({"name": "L-1", "product_id": self.nails.id})
        self.dated(self.use(3, lot=lot), 2)
        self.settlement.unlink()
        self.settlement = self.settle()
        found, lines = self.seen()
        self.assertEqual(
            (found["state"], found["amounts"], found["bills"]),
            ("to_confirm", [{"amount": 24, "currency": "EUR"}], []),
        )
        nails = lines["Nails"]
        self.assertEqual(
            (nails["quantity"], nails["price"], nails["amount"], nails["status"]),
            (9, 2, 18, "to_bill"),
        )
        self.assertEqual(
            [(use["lot"], use["quantity"], use["amount"]) for use in nails["uses"]],
            [("L-1", 3, 6), ("", 6, 12)],
        )
        _title, labels, rows = self.vendor_side._get_table("settlements")
        self.assertEqual(len(rows), 3)
        place = labels.index("Lot")
        self.assertEqual([row[place] for row in rows], ["", "L-1", ""])

    def test_the_vendor_s_number_is_the_draft_s_reference(self):
        self.settlement.action_bill()
        self.assertEqual(self.seen()[0]["state"], "to_confirm")
        with self.assertRaisesRegex(UserError, "number of your invoice"):
            self.vendor_side.confirm_settlement(self.settlement.id)
        self.vendor_side.confirm_settlement(self.settlement.id, "A-77")
        self.assertEqual(self.bills().ref, "A-77")
        self.assertEqual(self.settlement.confirmed_by_id, self.anna)
        self.assertEqual(self.seen()[0]["state"], "confirmed")
        self.post_bill(self.bills())
        found, lines = self.seen()
        self.assertEqual((found["state"], lines["Nails"]["status"]), ("billed", "billed"))
        [bill] = found["bills"]
        self.assertEqual((bill["number"], bill["amount"]), ("A-77", 18))
        with self.assertRaisesRegex(UserError, "confirmed already"):
            self.vendor_side.confirm_settlement(self.settlement.id, "A-78")

    def test_a_number_that_comes_first_is_on_the_bill_that_is_made(self):
        self.vendor_side.confirm_settlement(self.settlement.id, "A-77")
        self.settlement.action_bill()
        self.assertEqual(self.bills().ref, "A-77")

    def test_a_disputed_line_alone_is_left_out(self):
        self.settlement.action_bill()
        self.dispute(self.glue)
        self.assertEqual(self.bills().invoice_line_ids.product_id, self.nails)
        self.assertEqual((self.bills().amount_untaxed, self.settlement.state), (12, "disputed"))
        line = self.line(self.glue)
        self.assertEqual((line.status, line.reason), ("disputed", "We count five"))
        found, lines = self.seen()
        self.assertEqual((found["disputed_count"], found["state"]), (1, "to_confirm"))
        self.assertEqual(
            (lines["Glue"]["reason"], lines["Glue"]["is_disputable"]), ("We count five", False)
        )
        self.vendor_side.confirm_settlement(self.settlement.id, "A-77")
        self.assertEqual((self.bills().ref, self.seen()[0]["state"]), ("A-77", "disputed"))

    def test_a_draft_of_which_nothing_is_left_is_gone(self):
        self.settlement.action_bill()
        self.dispute(self.glue)
        self.dispute(self.nails)
        self.assertFalse(self.bills())
        found, _lines = self.seen()
        self.assertEqual((found["state"], found["is_confirmable"]), ("disputed", False))
        with self.assertRaisesRegex(UserError, "Nothing of .* is to be confirmed"):
            self.vendor_side.confirm_settlement(self.settlement.id, "A-77")

    def test_it_returns_with_a_later_settlement_at_the_price_agreed(self):
        self.settlement.action_bill()
        self.dispute(self.glue, "It was agreed at 1.80")
        self.post_bill(self.bills(), "A-77")
        self.resolve(self.line(self.glue), unit_price=1.8, answer="You are right")
        line = self.line(self.glue)
        self.assertEqual((line.status, self.settlement.state), ("later", "billed"))
        found, lines = self.seen()
        self.assertEqual(found["amounts"], [{"amount": 12, "currency": "EUR"}])
        self.assertEqual((lines["Glue"]["answer"], lines["Glue"]["uses"]), ("You are right", []))
        with self.assertRaisesRegex(UserError, "later settlement already"):
            line._decide("waived", "No")
        later = self.settle()
        self.assertEqual(
            [(one.product_id, one.quantity, one.amount) for one in later.line_ids],
            [(self.glue, 4, 7.2)],
        )
        later.action_bill()
        self.assertEqual(sum((self.bills() | self.bills(later)).mapped("amount_untaxed")), 19.2)

    def test_what_is_decided_before_the_bill_is_on_it(self):
        self.dispute(self.glue)
        wizard = self.resolve(self.line(self.glue))
        self.assertEqual((wizard.vendor_reason, wizard.unit_price), ("We count five", 1.5))
        self.settlement.action_bill()
        self.assertEqual(self.bills().amount_untaxed, 18)

    def test_a_correction_of_the_move_keeps_the_price_agreed(self):
        sold = self.use(5)
        self.settlement.unlink()
        self.settlement = self.settle()
        self.dispute(self.nails)
        self.resolve(self.line(self.nails), unit_price=3)
        self.settlement.action_bill()
        sold.move_line_ids.quantity = 4
        back = self.settle()
        self.assertEqual((back.line_ids.quantity, back.line_ids.unit_price), (-1, 3))

    def test_the_buyer_is_told_once_and_sees_it_in_the_list(self):
        self.dispute(self.glue)
        self.dispute(self.nails)
        self.assertEqual(self.settlement.activity_ids.user_id, self.buyer)
        self.assertEqual(len(self.settlement.activity_ids), 1)
        self.assertEqual(self.settlement.disputed_count, 2)
        found = self.env["vmi.consignment.settlement"].search(
            [("line_ids.status", "=", "disputed")]
        )
        self.assertEqual(found, self.settlement)
        self.line(self.glue)._decide("waived", "A gift")
        self.assertTrue(self.settlement.activity_ids)
        self.resolve(self.line(self.nails))
        self.assertFalse(self.settlement.activity_ids)
        self.assertNotIn(self.anna.partner_id, self.settlement.message_partner_ids)

    def test_what_the_buyer_says_inside_is_not_shown(self):
        self.line(self.glue)._decide("disputed", "They are too dear")
        self.line(self.nails)._decide("waived", "They are too dear")
        found, lines = self.seen()
        self.assertNotIn("too dear", repr(found))
        self.assertEqual(
            (lines["Glue"]["status"], lines["Nails"]["status"]), ("disputed", "waived")
        )

    def test_what_was_posted_or_confirmed_is_not_disputed(self):
        self.settlement.action_bill()
        self.vendor_side.confirm_settlement(self.settlement.id, "A-77")
        with self.assertRaisesRegex(UserError, "confirmed already: write to the buyer"):
            self.dispute(self.glue)
        self.settlement.sudo().confirmed_at = False
        self.post_bill(self.bills())
        with self.assertRaisesRegex(UserError, "Glue cannot be disputed any more"):
            self.dispute(self.glue)
        self.assertFalse(self.seen()[0]["is_confirmable"])

    def test_a_reason_is_a_text_of_some_letters(self):
        for reason in ("", "  ", "x" * 501, "a\x00b", 7, None):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.dispute(self.glue, reason)
        with self.assertRaises(UserError):
            self.vendor_side.confirm_settlement(self.settlement.id, "9" * 101)
        self.assertEqual(self.line(self.glue).status, "to_bill")

    def test_where_the_buyer_bills_no_number_is_asked(self):
        self.settlement.sudo().billing = "self"
        self.vendor_side.confirm_settlement(self.settlement.id)
        self.assertTrue(self.settlement.confirmed_at)
        self.assertFalse(self.settlement.vendor_number)

    def test_more_given_back_than_used_is_a_credit_note(self):
        self.settlement.action_bill()
        self.post_bill(self.bills(), "A-77")
        sold = self.admin["stock.move"].search(
            [("product_id", "=", self.nails.id), ("location_dest_id", "=", self.customers.id)]
        )
        self.give_back(sold, 2)
        note = self.settle()
        note.action_bill()
        self.vendor_side.confirm_settlement(note.id, "A-C1")
        self.post_bill(self.bills(note))
        [bill] = self.vendor_side.get_settlement(note.id)["bills"]
        self.assertEqual((bill["number"], bill["amount"]), ("A-C1", -4))


class TestSettlementPages(SettledCase, PageCase):
    """Anna at her browser."""

    def test_a_settlement_at_the_browser(self):
        self.assertIn("Settlements1", self.text("/my/supply"))
        listed = self.text("/my/supply/settlements")
        self.assertIn(self.settlement.name, listed)
        self.assertIn("To confirm", listed)
        path = f"/my/supply/settlement/{self.settlement.id}"
        self.assertIn("Number of your invoice", self.text(path))
        dispute = f"{path}/dispute/{self.line(self.glue).id}"
        self.assertIn("Please give the reason", self.post(dispute, reason=" "))
        told = self.post(dispute, reason="<b>Five</b>")
        self.assertIn("The line is in dispute", told)
        self.assertIn("<b>Five</b>", told)
        self.assertIn("Enter the number", self.post(f"{path}/confirm"))
        self.assertIn("The settlement is confirmed", self.post(f"{path}/confirm", number="7"))
        self.assertNotIn("Dispute this line", self.text(path))

    def test_as_many_queries_for_many_lines(self):
        def count(path):
            self.url_open(path)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.url_open(path).status_code, 200)
            return self.env.cr.sql_log_count - before

        paths = (
            "/my/supply/settlements",
            f"/my/supply/settlement/{self.settlement.id}",
            "/my/supply/export/settlements/csv",
        )
        few = {path: count(path) for path in paths}
        for number in range(12):
            product = self.make_product(f"Part {number}", self.vendor)
            self.consign((product, 5, 10))
            self.use(3, product)
        self.settlement.unlink()
        self.settlement = self.settle()
        for _again in range(12):
            self.use(1)
            self.settle()
        paths = (paths[0], f"/my/supply/settlement/{self.settlement.id}", paths[2])
        for before, path in zip(few.values(), paths, strict=True):
            self.assertLessEqual(count(path), before + 8, path)
