from .common import InvoicingCase


class TestInvoicedBasis(InvoicingCase):
    """Revenue by posted invoices less credit notes, on the invoice's date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(amount_basis="invoiced")

    def test_credit_notes_are_taken_off(self):
        self.invoice(90, "2026-05-01")
        self.invoice(15, "2026-05-20", "out_refund")
        self.policy.evaluate("2026-06-30")
        standing = self.standing(self.acme)
        self.assertEqual((standing.revenue, standing.tier_id), (75, self.important))

    def test_sales_receipts_count(self):
        self.invoice(60, "2026-05-01", "out_receipt")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).revenue, 60)

    def test_what_was_written_off_is_no_revenue(self):
        tax = self.env["account.tax"].create(
            {"name": "25 %", "amount": 25, "company_id": self.company.id}
        )
        invoice = self.invoice(80, "2026-05-01", post=False)
        invoice.invoice_line_ids.tax_ids = tax
        invoice.action_post()
        self.invoice(10, "2026-05-01")
        self.write_off(invoice, 50, "2026-06-10")
        self.policy.evaluate("2026-06-09")
        self.assertEqual(self.standing(self.acme).revenue, 90, "not yet")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).revenue, 50)

    def test_what_was_written_off_with_a_payment_is_no_revenue(self):
        self.pay(self.invoice(80, "2026-05-01"), 60, "2026-06-10", write_off=True)
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).revenue, 60)

    def test_more_credited_than_invoiced_is_below_zero(self):
        self.invoice(90, "2025-05-01")
        self.invoice(90, "2026-05-20", "out_refund")
        self.policy.evaluate("2026-06-30")
        standing = self.standing(self.acme)
        self.assertEqual((standing.revenue, standing.score), (-90, 0))

    def test_a_credit_note_counts_in_the_period_in_which_it_is_dated(self):
        self.invoice(90, "2026-05-01")
        self.invoice(80, "2026-07-01", "out_refund")
        self.policy.write({"window_months": 1, "grace_days": 0, "one_step_downgrade": False})
        # Period (30 April, 31 May], then (31 May, 1 July].
        self.policy.evaluate("2026-05-31")
        self.assertEqual(self.standing(self.acme).revenue, 90)
        self.policy.evaluate("2026-07-01")
        standing = self.standing(self.acme)
        self.assertEqual((standing.revenue, standing.tier_id), (-80, self.potential))

    def test_drafts_bills_and_orders_do_not_count(self):
        self.invoice(50, "2026-05-01").button_draft()
        self.invoice(50, "2026-05-01", "in_invoice")
        self.make_order(self.acme, 30, "2026-05-01")
        self.policy.evaluate("2026-06-30")
        standing = self.standing(self.acme)
        self.assertEqual((standing.revenue, standing.order_count), (0, 1))

    def test_the_invoice_date_decides_and_contacts_count(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.invoice(10, "2025-06-30")
        self.invoice(20, "2025-07-01", partner=buyer)
        self.invoice(40, "2026-06-30")
        self.invoice(80, "2026-07-01")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).revenue, 60)

    def test_a_customer_who_became_a_contact_counts_for_the_company(self):
        sub = self.make_customer("Subsidiary", parent_id=self.acme.id)
        self.invoice(70, "2026-05-01", partner=sub)
        sub.is_company = False
        self.assertEqual(sub.commercial_partner_id, self.acme)
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).revenue, 70)
        self.assertFalse(self.standing(sub))

    def test_a_customer_who_was_only_invoiced_is_ranked_on_orders_too(self):
        self.policy.amount_basis = "ordered"
        self.invoice(50, "2026-05-01")
        self.policy.evaluate("2026-06-30")
        standing = self.standing(self.acme)
        self.assertEqual((standing.revenue, standing.tier_id), (0, self.potential))
        self.assertFalse(standing.last_order_date)

    def test_another_currency_is_converted_at_the_invoices_rate(self):
        dollar = self.make_currency("USD", d20260101=3)
        for _number in range(2):
            self.invoice(100, "2026-05-01", currency_id=dollar.id)
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).revenue, 66.66)
