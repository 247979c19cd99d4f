from .common import PosCase


class TestPosMargin(PosCase):
    """Where margins are measured, those of the shop count."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "margin" not in dict(cls.env["customer.tier.criterion"]._selection_metric()):
            cls.skipTest(cls, "margins are measured by another add-on")
        cls.product.standard_price = 40

    def test_margins_of_shop_and_sale_orders_add_up(self):
        sale = self.make_order(self.acme, 100, "2026-05-01")
        sale.order_line.purchase_price = 70
        self.sell(100, "2026-05-01", tax=self.tax, qty=2)
        self.assertEqual(self.figure("margin"), 150)

    def test_a_return_takes_its_margin_off(self):
        order = self.sell(100, "2026-05-01")
        self.sell(30, "2026-05-01")
        self.take_back(order, "2026-06-01")
        self.assertEqual(self.figure("margin"), -10)
        self.assertEqual(self.standing(self.acme).value_class, "bz")

    def test_a_return_made_at_the_till_has_its_amount_without_a_sign(self):
        order = self.sell(100, "2026-05-01")
        refund = self.take_back(order, "2026-06-01")
        refund.lines.price_subtotal = 100
        self.assertEqual(self.figure("margin"), 0)

    def test_the_shops_currency_is_converted(self):
        shop = self.make_shop(currency=self.make_currency("USD", d20260101=2))
        # The cost of 40 euros is 80 dollars.
        self.sell(100, "2026-05-01", shop=shop)
        self.assertEqual(self.figure("margin"), 10)

    def test_an_unknown_cost_gives_no_margin(self):
        self.sell(100, "2026-05-01").lines.is_total_cost_computed = False
        self.assertEqual(self.figure("margin"), 0)
