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

    def test_a_credit_note_after_the_window_does_not_count_yet(self):
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

    def test_overdue_ratio(self):
        self.invoice(30, "2026-05-01", due="2026-06-29")
        self.invoice(70, "2026-05-01", due="2026-06-30")
        self.assertEqual(self.figure("overdue_ratio"), 0.3, "what is due today is not overdue")

    def test_nothing_open_is_not_overdue(self):
        invoice = self.invoice(30, "2026-05-01", due="2026-05-15")
        self.pay(invoice, 30, "2026-06-15")
        self.assertEqual(self.figure("overdue_ratio"), 0)
