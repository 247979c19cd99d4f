from datetime import date

from .common import PosCase


class TestPosReceipts(PosCase):
    """On the basis of invoices: point-of-sale orders that were never invoiced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.amount_basis = "invoiced"

    def test_an_order_counts_by_its_invoice_or_by_itself(self):
        self.invoice(10, "2026-05-01")
        self.sell(20, "2026-05-01", tax=self.tax)
        self.invoice_at_the_till(self.sell(40, "2026-05-01", tax=self.tax), "2026-05-01")
        standing = self.evaluate()
        self.assertEqual((standing.revenue, standing.order_count), (70, 2))

    def test_the_date_is_the_invoices_where_there_is_one(self):
        self.invoice_at_the_till(self.sell(40, "2026-05-01"), "2026-07-01")
        self.sell(20, "2026-06-30")
        self.sell(80, "2026-07-01")
        self.assertEqual(self.evaluate().revenue, 20)

    def test_returns_are_taken_off_and_are_the_return_rate(self):
        self.invoice(30, "2026-05-01")
        order = self.sell(50, "2026-05-01", tax=self.tax)
        self.sell(20, "2026-05-01")
        self.take_back(order, "2026-06-01")
        self.assertEqual(self.evaluate().revenue, 50)
        self.assertEqual(self.figure("return_rate"), 0.5)

    def test_the_return_of_an_invoiced_order_counts_without_a_credit_note(self):
        order = self.sell(50, "2026-05-01")
        self.invoice_at_the_till(order, "2026-05-01")
        refund = self.take_back(order, "2026-06-01")
        self.assertFalse(refund.account_move)
        self.assertEqual(self.evaluate().revenue, 0)

    def test_contacts_branches_and_currencies(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        branch = self.make_company("Northwind Antwerp", parent=self.company)
        self.sell(10, "2026-05-01", partner=buyer)
        self.sell(20, "2026-05-01", shop=self.make_shop(branch))
        dollars = self.make_shop(currency=self.make_currency("USD", d20260101=3))
        self.sell(100, "2026-05-01", shop=dollars)
        self.assertEqual(self.evaluate().revenue, 63.33)

    def test_the_day_is_the_companys(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.sell(1, "2026-06-30 15:30:00")
        self.sell(2, "2026-06-30 16:30:00")
        self.sell(4, "2025-06-30 15:30:00")
        self.sell(8, "2025-06-30 16:30:00")
        standing = self.evaluate()
        self.assertEqual(standing.revenue, 9)
        self.assertEqual(standing.last_order_date, date(2026, 6, 30))

    def test_growth_compares_two_periods(self):
        for amount, day in ((500, "2024-06-30"), (30, "2024-07-01"), (90, "2025-07-01")):
            self.sell(amount, day)
        self.assertEqual(self.figure("growth"), 0.5)
