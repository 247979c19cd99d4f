from odoo import fields, models


class CustomerTierBacktestMigration(models.Model):
    """How many customers went from one tier to another during a back-test's period."""

    _name = "customer.tier.backtest.migration"
    _description = "Back-test: Customers by Tier Before and After"
    _order = "backtest_id, old_tier_id, new_tier_id, id"

    backtest_id = fields.Many2one(
        "customer.tier.backtest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backtest_id.company_id", store=True)
    old_tier_id = fields.Many2one(
        "customer.tier",
        "From Tier",
        ondelete="cascade",
        help="The tier on the back-test's date; empty for customers without a tier.",
    )
    new_tier_id = fields.Many2one(
        "customer.tier",
        "To Tier",
        ondelete="cascade",
        help="The tier at the end of the test period; empty for customers without a tier.",
    )
    customers = fields.Integer(help="Number of customers who made this move, or stayed.")
