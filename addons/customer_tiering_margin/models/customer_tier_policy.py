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
        """Add the margin to the criteria of policies that were never changed or used."""
        default = {
            (criterion["metric"], criterion["weight"])
            for criterion in self._get_default_criteria()
            if criterion["metric"] != MARGIN["metric"]
        }
        for policy in self.search([("evaluation_ids", "=", False)]):
            present = {(line.metric, line.weight) for line in policy.criterion_ids}
            if present == default:
                policy.criterion_ids = [Command.create(dict(MARGIN))]
