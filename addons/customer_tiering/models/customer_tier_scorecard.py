from odoo import api, fields, models


class CustomerTierScorecard(models.Model):
    """The criteria of a policy as they stood when scores were made of them.

    A standing stores bare figures and points; the scorecard says what they mean,
    so that an explanation stays true after the criteria were changed.
    """

    _name = "customer.tier.scorecard"
    _description = "Criteria Behind a Customer's Score"
    _order = "id desc"

    policy_id = fields.Many2one(
        "customer.tier.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    criteria = fields.Json(
        required=True, help="For each criterion: metric, unit, dimension, weight, scale and limits."
    )

    @api.model
    def _get_for(self, policy, criteria):
        """Return the policy's latest scorecard if it says the same, else a new one.

        :param criteria: list of JSON-compatible dicts, one per criterion
        """
        latest = self.search([("policy_id", "=", policy.id)], limit=1)
        if latest and latest.criteria == criteria:
            return latest
        return self.create({"policy_id": policy.id, "criteria": criteria})
