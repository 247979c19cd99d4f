from odoo import api, models
from odoo.fields import Command

MARGIN = {"metric": "margin", "weight": 10}


class CustomerTierPolicy(models.Model):
    _inherit = "customer.tier.policy"

    @api.model
    def _get_default_criteria(self):
        return [*super()._get_default_criteria(), dict(MARGIN)]

    @api.model
    def _add_margin_to_unused_defaults(self):
        """Let policies that nobody has changed or used yet judge by the margin as well."""
        default = {
            (criterion["metric"], criterion["weight"])
            for criterion in self._get_default_criteria()
            if criterion["metric"] != MARGIN["metric"]
        }
        for policy in self.search([("evaluation_ids", "=", False)]):
            present = {(line.metric, line.weight) for line in policy.criterion_ids}
            if present == default:
                policy.criterion_ids = [Command.create(dict(MARGIN))]
