from odoo import fields, models


class CustomerTierBacktestMigration(models.Model):
    _name = "customer.tier.backtest.migration"
    _description = "Customers Who Went From Tier to Tier in an Assessment"
    _order = "backtest_id, old_tier_id, new_tier_id, id"

    backtest_id = fields.Many2one(
        "customer.tier.backtest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backtest_id.company_id", store=True)
    old_tier_id = fields.Many2one(
        "customer.tier",
        "From Tier",
        ondelete="cascade",
        help="The tier on the assessment's day; empty for those who were in none.",
    )
    new_tier_id = fields.Many2one(
        "customer.tier",
        "To Tier",
        ondelete="cascade",
        help="The tier when the months ended; empty for those who were in none.",
    )
    customers = fields.Integer(help="Number of customers who went this way or stayed.")
