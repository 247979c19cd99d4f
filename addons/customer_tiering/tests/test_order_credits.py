from odoo.fields import Command

from .common import InvoicingCase


class TestOrderCredits(InvoicingCase):
    """On the basis of orders: what was credited of them is taken off, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.product.invoice_policy = "order"

    def revenue(self, as_of="2026-06-30"):
        self.policy.evaluate(as_of)
        return self.standing(self.acme).revenue

    def bill(self, order, day="2026-05-02", **kwargs):
        move = order._create_invoices(**kwargs)
        move.invoice_date = day
        move.action_post()
        return move

    def credit(self, invoice, day="2026-06-01", price=None):
        note = invoice._reverse_moves([{"invoice_date": day, "date": day}])
        if price is not None:
            note.invoice_line_ids.price_unit = price
        note.action_post()
        return note

    def test_a_full_refund(self):
        self.make_order(self.acme, 10, "2026-04-01")
        invoice = self.bill(self.make_order(self.acme, 90, "2026-05-01"))
        self.assertEqual(self.revenue(), 100)
        self.credit(invoice)
        self.assertEqual(self.revenue(), 10)
        self.assertEqual(self.standing(self.acme).order_count, 2)

    def test_it_is_taken_off_on_its_date(self):
        invoice = self.bill(self.make_order(self.acme, 90, "2026-05-02"))
        self.credit(invoice, "2026-07-01", price=40)
        self.assertEqual(self.revenue("2026-06-30"), 90)
        self.policy.window_months = 1
        self.assertEqual(self.revenue("2026-07-01"), -40)
        self.assertEqual(self.standing(self.acme).previous_revenue, 90)

    def test_a_draft_is_not_taken_off(self):
        invoice = self.bill(self.make_order(self.acme, 90, "2026-05-01"))
        invoice._reverse_moves([{"invoice_date": "2026-06-01"}])
        self.assertEqual(self.revenue(), 90)

    def test_credited_and_invoiced_anew(self):
        order = self.make_order(self.acme, 90, "2026-05-01")
        self.credit(self.bill(order))
        self.bill(order, "2026-06-02")
        self.assertEqual(self.revenue(), 90)

    def test_a_line_made_smaller_and_credited(self):
        order = self.make_order(self.acme, 90, "2026-05-01")
        invoice = self.bill(order)
        order.order_line.price_unit = 60
        self.credit(invoice, price=30)
        self.assertEqual(self.revenue(), 60)

    def test_a_cancelled_order_is_gone_already(self):
        self.make_order(self.acme, 10, "2026-04-01")
        order = self.make_order(self.acme, 90, "2026-05-01")
        self.credit(self.bill(order))
        order.with_context(disable_cancel_warning=True)._action_cancel()
        self.assertEqual(self.revenue(), 10)

    def test_a_line_below_zero(self):
        order = self.make_order(self.acme, 150, "2026-05-01", confirm=False)
        order.order_line.copy({"order_id": order.id, "price_unit": -50})
        order.action_confirm()
        order.date_order = "2026-05-01"
        invoice = self.bill(order)
        self.assertEqual(self.revenue(), 100)
        self.credit(invoice)
        self.assertEqual(self.revenue(), 0)

    def test_an_order_below_zero_is_its_own_credit_note(self):
        self.make_order(self.acme, 80, "2026-04-01")
        order = self.make_order(self.acme, -30, "2026-05-01")
        self.assertEqual(self.bill(order, final=True).move_type, "out_refund")
        self.assertEqual(self.revenue(), 50)

    def test_a_down_payment_is_no_revenue(self):
        order = self.make_order(self.acme, 80, "2026-05-01")
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": 30,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        advance = wizard._create_invoices(order)
        advance.invoice_date = "2026-05-02"
        advance.action_post()
        self.credit(advance)
        self.assertEqual(self.revenue(), 80)

    def test_a_credit_note_of_no_order_is_not_taken_off(self):
        self.make_order(self.acme, 80, "2026-05-01")
        self.invoice(30, "2026-05-02", "out_refund")
        self.assertEqual(self.revenue(), 80)

    def test_another_currency_at_the_orders_rate(self):
        dollar = self.make_currency("USD", d20260101=2, d20260601=4)
        order = self.make_order(self.acme, 100, "2026-05-01", pricelist=self.make_pricelist(dollar))
        order.currency_rate = 2
        self.assertEqual(self.revenue(), 50)
        self.credit(self.bill(order))
        self.assertEqual(self.revenue(), 0)
