from odoo import fields, models


class CustomerTierMigration(models.Model):
    """How many customers a run or a preview moved from one tier to another."""

    _name = "customer.tier.migration"
    _description = "Tier Migration"
    _order = "evaluation_id, old_tier_id, new_tier_id"

    evaluation_id = fields.Many2one(
        "customer.tier.evaluation", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="evaluation_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    old_tier_id = fields.Many2one(
        "customer.tier",
        "From Tier",
        ondelete="cascade",
        help="Empty for customers who had no tier.",
    )
    new_tier_id = fields.Many2one(
        "customer.tier",
        "To Tier",
        ondelete="cascade",
        help="Empty for customers who are no longer tiered.",
    )
    customers = fields.Integer(
        help="Number of customers who changed from one tier to the other, or stayed."
    )
    revenue = fields.Monetary(help="Untaxed revenue of these customers in the policy's period.")
    extra_discount = fields.Monetary(
        help="What these customers would have paid less in the period; see the preview."
    )

    def _get_tier_ids(self):
        """Return the ids of the tiers from and to, None for no tier."""
        return self.old_tier_id.id or None, self.new_tier_id.id or None
