from odoo import api, models


class CustomerTierPolicy(models.Model):
    _inherit = "customer.tier.policy"

    @api.model
    def _describe_actions(self):
        return {
            **super()._describe_actions(),
            "survey_due": self.env._("Selecting customers for surveys"),
            "survey": self.env._("Sending surveys"),
        }
