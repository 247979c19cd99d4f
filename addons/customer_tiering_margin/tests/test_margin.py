from odoo.addons.customer_tiering.tests.common import InvoicingCase, TieringCase
from odoo.fields import Command


class TestMargin(TieringCase):
    """Margin is read with the orders, in the company's currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "margin", "scale": "linear", "floor": 0, "cap": 100}),
        ]
        cls.acme = cls.make_customer("Acme")

    def sell(self, amount, cost, day="2026-06-01", **values):
        order = self.make_order(self.acme, amount, day, **values)
        order.order_line.purchase_price = cost
        return order

    def figure(self):
        self.policy.evaluate("2026-06-30")
        return self.standing(self.acme).components[0]["figure"]

    def test_margins_of_the_period_add_up(self):
        self.sell(100, 40)
        self.sell(50, 65)
        self.sell(500, 1, day="2025-06-30")
        self.assertEqual(self.figure(), 45)
        self.assertEqual(self.standing(self.acme).score, 45)

    def test_a_negative_margin_is_below_zero(self):
        self.sell(100, 130)
        self.assertEqual(self.figure(), -30)
        self.assertEqual(self.standing(self.acme).value_class, "bz")

    def test_below_zero_needs_no_criterion_on_the_margin(self):
        self.judge_by_revenue()
        self.sell(100, 130)
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).value_class, "bz")

    def test_it_is_missing_without_an_order_in_the_period(self):
        self.sell(100, 40, day="2025-06-30")
        self.assertIsNone(self.figure())
        self.assertNotEqual(self.standing(self.acme).value_class, "bz")

    def test_another_currency_is_converted_at_the_orders_rate(self):
        pricelist = self.make_pricelist(self.make_currency("USD", d20260101=2))
        self.sell(100, 40, pricelist=pricelist)
        self.assertEqual(self.figure(), 30)


class TestDefaultPolicy(TieringCase):
    """Where margins are known, new policies judge by them."""

    def test_a_new_company_is_judged_by_the_margin_as_well(self):
        self.assertIn("margin", self.policy.criterion_ids.mapped("metric"))

    def test_a_policy_made_before_gets_it_unless_somebody_changed_or_used_it(self):
        changed, used = self.make_company("Changed"), self.make_company("Used")
        policies = self.policy | self.policy_of(changed) | self.policy_of(used)
        policies.criterion_ids.filtered(lambda line: line.metric == "margin").unlink()
        self.policy_of(changed).criterion_ids[0].weight = 60
        self.policy_of(used).evaluate("2026-06-30")
        policies._add_margin_to_unused_defaults()
        self.assertEqual(
            [line.policy_id for line in policies.criterion_ids if line.metric == "margin"],
            [self.policy],
        )


class TestCreditedMargin(InvoicingCase):
    """What is credited takes its margin along, on either basis."""

    def test_a_refund_takes_its_part_of_the_margin(self):
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "margin", "scale": "linear", "floor": 0, "cap": 100}),
        ]
        self.product.invoice_policy = "order"
        order = self.make_order(self.acme, 100, "2026-05-01")
        order.order_line.purchase_price = 40
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-05-02"
        invoice.action_post()
        note = invoice._reverse_moves([{"invoice_date": "2026-06-01", "date": "2026-06-01"}])
        note.invoice_line_ids.price_unit = 25
        note.action_post()
        for basis in ("ordered", "invoiced"):
            with self.subTest(basis=basis):
                self.policy.amount_basis = basis
                self.policy.evaluate("2026-06-30")
                self.assertEqual(self.standing(self.acme).components[0]["figure"], 45)
