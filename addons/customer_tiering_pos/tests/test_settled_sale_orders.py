from .common import PosCase


class TestSettledSaleOrders(PosCase):
    """A sale order that is paid in the shop counts once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "sale_order_origin_id" not in cls.env["pos.order.line"]._fields:
            cls.skipTest(cls, "sale orders are settled in the shop by another add-on of Odoo")
        cls.sale = cls.make_order(cls.acme, 60, "2026-04-01")

    def settle(self, moment, beside=0):
        """Return the point-of-sale order that pays the sale order, and something beside it."""
        lines = [{"price_unit": beside}] if beside else []
        order = self.sell(60, moment, lines=lines, pay=False)
        order.lines[0].write(
            {
                "sale_order_origin_id": self.sale.id,
                "sale_order_line_id": self.sale.order_line.id,
            }
        )
        self.pay_order(order)
        return order

    def test_by_orders_the_sale_order_counts(self):
        self.settle("2026-05-01")
        standing = self.evaluate()
        self.assertEqual((standing.revenue, standing.order_count), (60, 1))
        self.assertEqual(str(standing.last_order_date), "2026-04-01")

    def test_what_was_sold_beside_it_counts_without_another_order(self):
        self.settle("2026-05-01", beside=15)
        standing = self.evaluate()
        self.assertEqual((standing.revenue, standing.order_count), (75, 1))

    def test_by_orders_a_return_is_taken_off(self):
        self.take_back(self.settle("2026-05-01", beside=15), "2026-06-01")
        standing = self.evaluate()
        self.assertEqual((standing.revenue, standing.order_count), (0, 1))

    def test_by_invoices_the_shops_order_counts_whole(self):
        self.policy.amount_basis = "invoiced"
        self.settle("2026-05-01", beside=15)
        self.assertEqual(self.sale.invoice_status, "invoiced")
        self.assertEqual(self.evaluate().revenue, 75)

    def test_by_invoices_a_return_is_taken_off(self):
        self.policy.amount_basis = "invoiced"
        self.take_back(self.settle("2026-05-01", beside=15), "2026-06-01")
        self.assertEqual(self.evaluate().revenue, 0)
