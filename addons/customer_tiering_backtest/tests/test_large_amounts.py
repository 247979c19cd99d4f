from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.exceptions import UserError
from odoo.tools import mute_logger


class TestLargeAmounts(TieringCase):
    def test_a_backtest_names_an_amount_that_cannot_be_added_up(self):
        self.judge_by_revenue()
        acme = self.make_customer("Acme")
        self.make_order(acme, 100, "2025-06-10")
        order = self.make_order(acme, 10**17, "2025-07-10")
        backtest = self.env["customer.tier.backtest"].create(
            {"policy_id": self.policy.id, "as_of": "2025-06-30"}
        )
        message = rf"{order.name} \(Acme\) amounts to EUR 100,000,000,000,000,\d{{3}}, .*cancel it"
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UserError, message):
            backtest.action_backtest()
