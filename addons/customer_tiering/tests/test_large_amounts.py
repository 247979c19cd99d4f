from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, mute_logger

from ..metrics import METRICS, Metric, register
from .common import TieringCase


class TestLargeAmounts(TieringCase):
    """An amount that cannot be added up is named, and so is where it stands."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.acme = cls.make_customer("Acme")
        cls.make_order(cls.acme, 100, "2025-06-10")
        cls.order = cls.make_order(cls.acme, 10**17, "2025-06-10")

    def assert_named(self, method, *args):
        # Odoo itself rounds such amounts to some hundreds.
        message = (
            rf"{self.order.name} \(Acme\) amounts to EUR 100,000,000,000,000,\d{{3}}, .*cancel it"
        )
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UserError, message):
            method(*args)

    def test_in_a_run(self):
        self.assert_named(self.policy.evaluate, "2025-06-30")
        self.order._action_cancel()
        self.assertEqual(self.policy.evaluate("2025-06-30").state, "done")

    def test_in_a_preview(self):
        self.assert_named(self.policy.simulate, "2025-06-30")

    def test_before_the_period_it_is_in_nobodys_way(self):
        self.order.date_order = "2020-01-01"
        self.assertEqual(self.policy.evaluate("2025-06-30").state, "done")

    def test_many_that_only_together_are_too_much(self):
        self.order.order_line.price_unit = 6 * 10**16
        self.make_order(self.acme, 5 * 10**16, "2025-06-10")
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UserError, self.order.name):
            self.policy.evaluate("2025-06-30")

    def test_a_run_compiles_nothing(self):
        @register
        class Compiles(Metric):
            code = "compiles"
            name = "Whether PostgreSQL compiles the statement"
            sources = ("orders",)

            def expression(self, scope):
                return SQL("CASE current_setting('jit') WHEN 'on' THEN 1 ELSE 0 END")

        self.addCleanup(METRICS.pop, "compiles")
        self.order._action_cancel()
        self.env.cr.execute("SET LOCAL jit = on")
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "compiles", "scale": "linear", "floor": 0, "cap": 1}),
        ]
        self.policy.evaluate("2025-06-30")
        self.assertEqual(self.standing(self.acme).components[0]["figure"], 0)
        self.env.cr.execute("SHOW jit")
        self.assertEqual(self.env.cr.fetchone(), ("off",), "nor does what writes the standings")
