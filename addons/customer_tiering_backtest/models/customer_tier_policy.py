from odoo import models


class CustomerTierPolicyAssess(models.Model):
    """How a policy is assessed from its form."""

    _inherit = "customer.tier.policy"

    def action_backtest(self):
        """Assess the policy by the six months that just ended, and open what was found."""
        self.ensure_one()
        assessment = self.env["customer.tier.backtest"].create({"policy_id": self.id})
        assessment.action_backtest()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assessment"),
            "res_model": assessment._name,
            "res_id": assessment.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
