from odoo.fields import Command

from .common import InvoicingCase


class TestReceivableMetrics(InvoicingCase):
    """Returns, payments and what is overdue, from real invoices and payments."""

    def figure(self, metric, as_of="2026-06-30"):
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create(
                {"metric": metric, "weight": 1, "scale": "linear", "floor": 1, "cap": 0}
            ),
        ]
        self.policy.evaluate(as_of)
        (component,) = self.standing(self.acme).components
        return component["figure"]

    def test_return_rate(self):
        self.invoice(80, "2026-05-01", due="2026-05-31")
        self.assertEqual(self.figure("return_rate"), 0, "no credit note is 0, not missing")
        self.invoice(20, "2026-05-10", "out_refund")
        self.assertEqual(self.figure("return_rate"), 0.25)

    def test_a_credit_note_after_the_period_does_not_count_yet(self):
        self.invoice(80, "2026-05-01", due="2026-05-31")
        self.invoice(20, "2026-07-01", "out_refund")
        self.assertEqual(self.figure("return_rate"), 0)

    def test_payment_delay_is_weighted_by_amount(self):
        invoice = self.invoice(100, "2026-05-01", due="2026-05-31")
        self.assertIsNone(self.figure("payment_delay_days"), "nothing was paid")
        self.pay(invoice, 25, "2026-05-21")  # 10 days early
        self.pay(invoice, 75, "2026-06-10")  # 10 days late
        self.assertEqual(self.figure("payment_delay_days"), 5)

    def test_a_credit_note_set_off_is_not_a_payment(self):
        invoice = self.invoice(100, "2026-05-01", due="2026-05-31")
        credit = self.invoice(40, "2026-06-20", "out_refund")
        lines = (invoice | credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertIsNone(self.figure("payment_delay_days"))
        self.assertEqual(self.figure("overdue_ratio"), 1)

    def test_what_was_written_off_is_unpaid(self):
        invoice = self.invoice(100, "2026-05-01", due="2026-05-31")
        self.pay(invoice, 50, "2026-06-10")  # 10 days late
        self.write_off(invoice, 50, "2026-05-15")  # still unpaid after 30 days
        self.assertEqual(self.figure("payment_delay_days"), 20)
        self.assertEqual(self.figure("payment_delay_days", as_of="2026-07-10"), 25)

    def test_what_was_written_off_before_it_was_due_is_not_early(self):
        self.write_off(self.invoice(100, "2026-06-01", due="2026-07-31"), 100, "2026-06-15")
        self.assertEqual(self.figure("payment_delay_days"), 0)

    def test_the_rest_that_a_payment_writes_off_is_unpaid(self):
        invoice = self.invoice(100, "2026-05-01", due="2026-05-31")
        self.pay(invoice, 60, "2026-06-10", write_off=True)
        self.assertEqual(self.figure("payment_delay_days"), 0.6 * 10 + 0.4 * 30)

    def test_money_comes_through_a_suspense_account_too(self):
        invoice = self.invoice(100, "2026-05-01", due="2026-05-31")
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        self.write_off(invoice, 100, "2026-06-10", account=bank.suspense_account_id)
        self.assertEqual(self.figure("payment_delay_days"), 10)

    def test_what_is_set_off_against_a_bill_is_neither_paid_nor_lost(self):
        invoice = self.invoice(100, "2026-05-01", due="2026-05-31")
        payable = self.env["account.account"].search(
            [("account_type", "=", "liability_payable"), ("company_ids", "=", self.company.id)],
            limit=1,
        )
        self.write_off(invoice, 100, "2026-06-10", account=payable)
        self.assertIsNone(self.figure("payment_delay_days"))

    def test_an_exchange_difference_is_no_payment(self):
        dollar = self.make_currency("USD", d20260101=2, d20260601=2.5)
        invoice = self.invoice(100, "2026-05-01", due="2026-05-31", currency_id=dollar.id)
        self.pay(invoice, 100, "2026-06-10")
        self.assertEqual(invoice.payment_state in ("paid", "in_payment"), True)
        self.assertEqual(self.figure("payment_delay_days"), 10)

    def test_open_credits_are_set_against_what_is_due_first(self):
        self.invoice(1000, "2026-05-01", due="2026-05-31")
        self.invoice(1000, "2026-06-20", "out_refund")
        self.assertEqual(self.figure("overdue_ratio"), 0)
        self.invoice(400, "2026-05-01", due="2026-05-31")
        self.invoice(600, "2026-05-01", due="2026-08-31")
        self.assertEqual(self.figure("overdue_ratio"), 0.4)

    def test_an_open_payment_is_a_credit(self):
        self.invoice(1000, "2026-05-01", due="2026-05-31")
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.acme.id,
                "amount": 1000,
                "date": "2026-06-20",
                "payment_type": "inbound",
                "partner_type": "customer",
            }
        )
        payment.action_post()
        self.assertTrue(payment.move_id, "the journal's payments have entries of their own")
        self.assertEqual(self.figure("overdue_ratio"), 0)

    def test_sales_receipts_are_owed_and_paid_too(self):
        receipt = self.invoice(100, "2026-05-01", "out_receipt", due="2026-05-31")
        self.assertEqual(self.figure("overdue_ratio"), 1)
        self.pay(receipt, 100, "2026-06-10")
        self.assertEqual(self.figure("payment_delay_days"), 10)

    def test_overdue_ratio(self):
        self.invoice(30, "2026-05-01", due="2026-06-29")
        self.invoice(70, "2026-05-01", due="2026-06-30")
        self.assertEqual(self.figure("overdue_ratio"), 0.3, "what is due today is not overdue")

    def test_nothing_open_is_not_overdue(self):
        invoice = self.invoice(30, "2026-05-01", due="2026-05-15")
        self.pay(invoice, 30, "2026-06-15")
        self.assertEqual(self.figure("overdue_ratio"), 0)
