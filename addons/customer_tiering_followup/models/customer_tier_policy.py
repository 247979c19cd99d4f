from odoo import api, fields, models


class CustomerTierPolicy(models.Model):
    _inherit = "customer.tier.policy"

    keeps_anniversaries = fields.Boolean(
        "First-Order Anniversaries",
        tracking=True,
        help="Plan an activity for the account manager of each customer in a tier, on the "
        "anniversary of the customer's first order.",
    )
    segment_plan_ids = fields.One2many(
        "customer.tier.segment.plan",
        "policy_id",
        "Segment Plans",
        copy=True,
        help="Activity plans for customers who enter a segment.",
    )

    def _get_rule_lines(self):
        return super()._get_rule_lines() | {"segment_plan_ids": "segment"}

    @api.model
    def _after_moves(self):
        """Plan follow-ups: tiers, and with them service levels and plans, may have changed."""
        self.env["customer.followup"]._plan_soon()
        return super()._after_moves()

    @api.model
    def _describe_actions(self):
        return {**super()._describe_actions(), "follow_ups": self.env._("Planning follow-ups")}
