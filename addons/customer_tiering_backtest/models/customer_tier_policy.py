from odoo import models


class CustomerTierPolicy(models.Model):
    _inherit = "customer.tier.policy"

    def action_backtest(self):
        """Back-test the policy by the six months that just ended, and open what was found.

        :raise UserError: when the policy has no tiers or criteria
        """
        self.ensure_one()
        backtest = self.env["customer.tier.backtest"].create({"policy_id": self.id})
        backtest.action_backtest()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Back-test"),
            "res_model": backtest._name,
            "res_id": backtest.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
