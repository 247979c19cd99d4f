from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import ConsignmentCase


class TestSettlements(ConsignmentCase):
    """What was used is billed once, in its period, at the prices of its days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._vmi_today()
        cls.agreement = cls.consign(consigned_since=cls.today - timedelta(days=200))
        cls.accountant.group_ids += cls.env.ref("stock.group_stock_user")

    def bill(self, settlement, user=None):
        """Bill what is left; return the bills made."""
        before = settlement.sudo().bill_ids
        settlement.with_user(user or self.env.user).action_bill()
        return settlement.sudo().bill_ids - before

    def post(self, bill, number="F-1"):
        bill.write({"ref": number, "invoice_date": self.today})
        bill.action_post()
        return bill

    def resolve(self, line, **vals):
        """Bill a line after all, as the dialog does."""
        action = line.action_resolve()
        wizards = self.env[action["res_model"]].with_context(**action["context"])
        wizards.create(vals).action_confirm()

    def test_a_month_is_settled_by_product_and_price(self):
        nails = self.make_product("Nails", self.vendor, price=1.5)
        self.consign((nails, 5, 10))
        self.bring(20, days=80)
        self.bring(20, nails, days=80)
        self.dated(self.sell(6), 50)
        self.dated(self.sell(1), 48)
        self.dated(self.sell(4, product=nails), 45)
        settlement = self.settle(40)
        self.assertEqual(
            [(line.product_id.name, line.quantity, line.amount) for line in settlement.line_ids],
            [("Nails", 4, 6), ("Screws", 7, 14)],
        )
        self.assertEqual((settlement.state, settlement.amount_text), ("draft", "20.00\xa0€"))
        self.assertTrue(settlement.name.startswith("CS"))
        bill = self.bill(settlement)
        self.assertEqual(
            (bill.move_type, bill.state, bill.amount_untaxed, bill.partner_id),
            ("in_invoice", "draft", 20, self.vendor),
        )
        self.assertEqual(settlement.state, "billed")

    def test_what_is_settled_is_not_settled_again(self):
        self.bring(20)
        self.sell(6)
        self.settle()
        with self.assertRaisesRegex(UserError, "Nothing that was used"):
            self.settle()
        self.sell(2)
        self.assertEqual(self.settle().line_ids.quantity, 2)

    def test_a_bill_is_dated_in_the_period_and_waits_for_the_vendor_s_number(self):
        self.bring(20, days=80)
        self.dated(self.sell(6), 50)
        settlement = self.settle(40)
        bill = self.bill(settlement)
        bill.invoice_date = self.today
        with self.assertRaisesRegex(UserError, "number of the vendor's own bill"):
            bill.action_post()
        self.post(bill)
        self.assertEqual(bill.date, self.today - timedelta(days=40))
        self.assertEqual(bill.invoice_date, self.today)

    def test_where_the_period_is_locked_the_bill_goes_into_the_next_one(self):
        self.bring(20, days=80)
        self.dated(self.sell(6), 50)
        settlement = self.settle(40)
        self.company.sudo().fiscalyear_lock_date = self.today - timedelta(days=30)
        self.assertGreater(self.post(self.bill(settlement)).date, self.today - timedelta(days=30))

    def test_what_was_used_is_an_expense_and_no_stock(self):
        self.put_own(3)
        self.bring(20)
        self.sell(9)
        bill = self.post(self.bill(self.settle()))
        accounts = self.screws.sudo().with_company(self.company)._get_product_accounts()
        self.assertEqual(bill.invoice_line_ids.account_id, accounts["expense"])
        self.assertNotIn(accounts["stock_valuation"], bill.line_ids.account_id)
        self.assertEqual(self.value(), 0)
        self.assertEqual(self.screws.sudo().with_company(self.company).standard_price, 10)

    def test_by_standard_cost_there_is_no_difference_of_price(self):
        category = self.category.with_company(self.company)
        category.property_cost_method = "standard"
        category.property_price_difference_account_id = self.admin["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", self.company.id)], limit=1
        )
        self.bring(20)
        self.sell(9)
        bill = self.post(self.bill(self.settle()))
        self.assertFalse(bill.line_ids.filtered(lambda line: line.display_type == "cogs"))

    def test_a_settlement_s_bill_is_matched_with_no_order(self):
        self.bring(20)
        self.sell(9)
        bill = self.bill(self.settle())
        lines = self.admin["purchase.bill.line.match"]
        self.assertFalse(lines.search([("aml_id", "in", bill.invoice_line_ids.ids)]))
        self.assertTrue(bill.is_purchase_matched)

    def test_a_disputed_line_alone_stays_open(self):
        nails = self.make_product("Nails", self.vendor, price=1.5)
        self.consign((nails, 5, 10))
        self.bring(20)
        self.bring(20, nails)
        self.sell(6)
        self.sell(4, product=nails)
        settlement = self.settle()
        disputed = settlement.line_ids.filtered(lambda line: line.product_id == nails)
        action = disputed.action_dispute()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard.create({"reason": "Only three were sold"}).action_confirm()
        self.assertEqual((disputed.status, disputed.reason), ("disputed", "Only three were sold"))
        self.assertEqual(self.bill(settlement).amount_untaxed, 12)
        self.assertEqual(settlement.state, "disputed")
        with self.assertRaisesRegex(UserError, "Nothing is to be billed"):
            settlement.action_bill()
        self.resolve(disputed)
        self.assertEqual((disputed.status, settlement.state), ("later", "billed"))
        self.assertEqual(settlement.amount_text, "12.00\xa0€")
        self.assertEqual(self.bill(self.settle()).amount_untaxed, 6)
        self.assertIn("Only three were sold", "".join(settlement.message_ids.mapped("body")))

    def test_a_dispute_that_is_decided_first_is_billed_with_the_others(self):
        self.bring(20)
        self.sell(6)
        settlement = self.settle()
        settlement.line_ids._decide("disputed", "Too dear")
        self.resolve(settlement.line_ids, unit_price=1.5)
        self.assertEqual(
            (settlement.line_ids.status, settlement.amount_text), ("to_bill", "9.00\xa0€")
        )
        self.assertEqual(self.bill(settlement).amount_untaxed, 9)
        self.assertEqual(settlement.line_ids.entry_ids.mapped("unit_price"), [1.5])

    def test_what_was_on_a_bill_once_stays_with_its_settlement(self):
        nails = self.make_product("Nails", self.vendor, price=1.5)
        self.consign((nails, 5, 10))
        self.bring(20)
        self.bring(20, nails)
        self.sell(6)
        self.sell(4, product=nails)
        settlement = self.settle()
        bill = self.bill(settlement)
        bill.button_cancel()
        line = settlement.line_ids.filtered(lambda one: one.product_id == nails)
        line._decide("disputed", "Only three were sold")
        self.bill(settlement)
        self.resolve(line)
        self.assertEqual((line.status, settlement.state), ("to_bill", "draft"))
        self.assertEqual(self.bill(settlement).amount_untaxed, 6)

    def test_a_decision_needs_a_reason_and_a_price_of_0_or_more(self):
        self.bring(20)
        self.sell(6)
        line = self.settle().line_ids
        for decision, vals in (("disputed", {}), ("waived", {"reason": " "})):
            action = line._action_ask(decision, "Decide")
            wizards = self.env[action["res_model"]].with_context(**action["context"])
            with self.assertRaisesRegex(UserError, "give the reason"):
                wizards.create(vals).action_confirm()
        line._decide("disputed", "Too dear")
        with self.assertRaisesRegex(UserError, "price of 0 or more"):
            self.resolve(line, unit_price=-1)

    def test_what_is_waived_is_used_and_never_billed(self):
        self.bring(20)
        self.sell(6)
        settlement = self.settle()
        settlement.line_ids._decide("waived", "Given away at the fair")
        self.assertEqual(settlement.state, "billed")
        with self.assertRaisesRegex(UserError, "Nothing is to be billed"):
            settlement.action_bill()
        with self.assertRaisesRegex(UserError, "Nothing that was used"):
            self.settle()

    def test_what_is_billed_is_neither_disputed_nor_waived(self):
        self.bring(20)
        self.sell(6)
        settlement = self.settle()
        self.bill(settlement)
        with self.assertRaisesRegex(UserError, "is billed already"):
            settlement.line_ids._decide("waived", "Too late")

    def test_more_given_back_than_sold_is_a_credit_note(self):
        self.bring(20)
        sold = self.sell(6)
        self.bill(self.settle())
        self.give_back(sold, 4)
        self.sell(1)
        settlement = self.settle()
        note = self.bill(settlement)
        self.assertEqual((note.move_type, note.amount_untaxed), ("in_refund", 6))
        self.assertEqual(settlement.state, "billed")

    def test_each_currency_has_its_bill(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        nails = self.make_product("Nails", self.vendor, price=1.5, currency_id=dollar.id)
        self.consign((nails, 5, 10))
        self.bring(20)
        self.bring(20, nails)
        sold = self.sell(6)
        self.sell(4, product=nails)
        self.assertEqual(self.agreement.unsettled_text, "0.00\xa0€")
        self.book()
        self.agreement.invalidate_recordset()
        self.assertEqual(self.agreement.unsettled_text, "$\xa06.00 + 12.00\xa0€")
        bills = self.bill(self.settle())
        self.assertEqual(
            {bill.currency_id.name: bill.amount_untaxed for bill in bills}, {"EUR": 12, "USD": 6}
        )
        self.give_back(sold, 1)
        self.sell(1, product=nails)
        bills = self.bill(self.settle())
        self.assertEqual(set(bills.mapped("move_type")), {"in_refund", "in_invoice"})

    def test_a_bill_that_is_deleted_is_made_again_once(self):
        self.bring(20)
        self.sell(6)
        settlement = self.settle()
        self.bill(settlement).unlink()
        self.assertEqual((settlement.state, settlement.line_ids.status), ("draft", "to_bill"))
        bill = self.bill(settlement)
        self.assertEqual(bill.amount_untaxed, 12)
        bill.button_cancel()
        self.assertEqual(settlement.state, "draft")
        self.assertEqual(self.bill(settlement).amount_untaxed, 12)

    def test_a_bill_that_is_reversed_opens_its_lines_again(self):
        self.bring(20)
        self.sell(6)
        settlement = self.settle()
        bill = self.post(self.bill(settlement))
        self.assertFalse(bill.copy().invoice_line_ids.vmi_settlement_line_id)
        bill._reverse_moves([{"ref": "C-1", "invoice_date": self.today}])
        self.assertEqual((settlement.state, settlement.line_ids.outstanding_qty), ("draft", 6))

    def test_what_was_billed_in_part_is_left_in_part(self):
        self.bring(20)
        self.sell(6)
        settlement = self.settle()
        self.bill(settlement).invoice_line_ids.quantity = 5
        self.assertEqual((settlement.state, settlement.line_ids.outstanding_qty), ("draft", 1))
        self.assertEqual(self.bill(settlement).amount_untaxed, 2)

    def test_a_period_settled_late_and_edits_of_settled_moves_come_with_the_next(self):
        self.bring(20, days=80)
        sold = self.dated(self.sell(6), 50)
        self.dated(self.sell(3), 10)
        settlement = self.settle(40, since=70)
        self.bill(settlement)
        sold.move_line_ids.quantity = 5
        late = self.settle(0, since=39)
        self.assertEqual(late.line_ids.quantity, 2)
        self.assertEqual(late.late_count, 1)
        self.assertEqual(sum((settlement | late).line_ids.mapped("quantity")), 8)

    def test_a_settlement_that_is_discarded_loses_nothing(self):
        self.bring(20)
        self.sell(6)
        settlement = self.settle()
        bill = self.bill(settlement)
        with self.assertRaisesRegex(UserError, "has bills"):
            settlement.unlink()
        bill.unlink()
        settlement.unlink()
        self.assertEqual(self.settle().line_ids.quantity, 6)

    def test_what_cancels_out_is_settled_without_a_bill(self):
        self.bring(20)
        self.give_back(self.sell(6), 6)
        settlement = self.settle()
        self.assertEqual((settlement.state, settlement.line_ids.quantity), ("billed", 0))

    def test_a_use_without_a_price_is_named(self):
        self.bring(20)
        self.sell(6)
        self.screws.sudo().seller_ids.unlink()
        with self.assertRaisesRegex(UserError, "no price for Screws"):
            self.settle()

    def test_losses_are_a_line_of_their_own(self):
        self.agreement.bears_losses = True
        self.bring(20)
        self.sell(6)
        self.done(
            2,
            self.stock,
            self.screws.with_company(self.company).sudo().property_stock_inventory,
        )
        self.assertEqual(
            {line.kind: line.quantity for line in self.settle().line_ids}, {"used": 6, "lost": 2}
        )

    def test_a_day_to_come_is_refused(self):
        with self.assertRaisesRegex(UserError, "still to come"):
            self.settle(-1)

    def test_the_dialog_proposes_the_month_that_ended(self):
        wizard = self.env["vmi.consignment.settle"].create({"company_id": self.company.id})
        first = self.today.replace(day=1)
        self.assertEqual(wizard.date_to, first - timedelta(days=1))
        self.assertEqual(wizard.date_from, wizard.date_to.replace(day=1))
        self.bring(20, days=80)
        self.dated(self.sell(6), 70)
        action = wizard.action_settle()
        self.assertEqual(self.env[action["res_model"]].browse(action["res_id"]).late_count, 1)

    def test_self_billing_has_numbers_of_its_own_and_is_posted_by_who_may(self):
        self.agreement.settlement_billing = "self"
        self.bring(20)
        self.sell(6)
        settlement = self.settle()
        with self.assertRaisesRegex(UserError, "no journal for self-billing"):
            settlement.action_bill()
        journal = self.admin["account.journal"].create(
            {
                "name": "Self-Billing",
                "code": "SELF",
                "type": "purchase",
                "is_self_billing": True,
                "company_id": self.company.id,
            }
        )
        bill = self.bill(settlement, self.accountant)
        self.assertEqual((bill.journal_id, bill.state), (journal, "posted"))
        self.assertTrue(bill.name)
        self.assertEqual(bill.invoice_date, self.today)
        self.sell(1)
        self.assertEqual(self.bill(self.settle()).state, "draft", "The buyer may not post.")

    def test_roles(self):
        self.bring(20)
        self.sell(6)
        settlement = self.settle()
        clerk = new_test_user(
            self.admin,
            "consignment clerk",
            "account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertEqual(settlement.with_user(clerk).line_ids.amount, 12)
        with self.assertRaises(AccessError):
            settlement.with_user(clerk).action_bill()
        with self.assertRaises(AccessError):
            settlement.line_ids.with_user(clerk).action_waive()
        bill = self.bill(settlement)
        self.assertEqual(bill.with_user(clerk).vmi_settlement_id, settlement)
        bill.with_user(clerk).action_open_vmi_settlement()
        other = self.make_company("Southwind")
        stranger = self.make_buyer("consignment stranger", other)
        theirs = settlement.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.search([]))
        with self.assertRaises(AccessError):
            theirs.action_bill()

    def test_what_only_methods_write(self):
        self.bring(20)
        self.sell(6)
        settlement = self.settle()
        for vals in ({"date_to": "2020-01-01"}, {"billed_at": "2020-01-01"}, {"partner_id": 1}):
            with self.assertRaises(AccessError):
                settlement.write(vals)
        with self.assertRaises(AccessError):
            settlement.line_ids.write({"quantity": 1})
        with self.assertRaises(AccessError):
            settlement.line_ids.entry_ids.write({"quantity": 1})
        with self.assertRaises(AccessError):
            self.env[settlement._name].create({"partner_id": self.vendor.id})
