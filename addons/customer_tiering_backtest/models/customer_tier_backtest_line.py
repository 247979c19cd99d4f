from odoo import api, fields, models


class CustomerTierBacktestLine(models.Model):
    _name = "customer.tier.backtest.line"
    _description = "Tier in an Assessment"
    _order = "backtest_id, tier_id, id"
    _rec_name = "tier_id"

    backtest_id = fields.Many2one(
        "customer.tier.backtest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backtest_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    tier_id = fields.Many2one("customer.tier", required=True, ondelete="cascade")
    customers = fields.Integer(help="Customers in the tier when the assessment was made.")
    revenue = fields.Monetary(help="What these bought in the policy's window, untaxed.")
    revenue_share = fields.Float(
        help="Its part of the revenue of all tiers. Revenue below zero counts as none."
    )
    held_customers = fields.Integer(
        "Customers Then", help="Customers who were in the tier on the assessment's day."
    )
    kept_customers = fields.Integer(
        "Stayed", help="Of these, how many were in the tier or a better one when the months ended."
    )
    buying_customers = fields.Integer(
        "Bought", help="Of these, how many bought something in the months after."
    )
    kept_share = fields.Float("Stayed (%)", compute="_compute_shares")
    buying_share = fields.Float("Bought (%)", compute="_compute_shares")
    boundary = fields.Float(
        "From Score",
        digits=(5, 2),
        help="The score from which the tier is earned; 0 where no score decides.",
    )
    near_below = fields.Integer("Just Below", help="Customers who fall short of it by little.")
    near_above = fields.Integer("Just Above", help="Customers who reach it by little.")
    held_up = fields.Integer(
        "Above Their Score", help="Customers in the tier who by their score are in a lower one."
    )

    overridden_up = fields.Integer(
        help="Customers whom an override holds in the tier, above what their score earns."
    )
    overridden_down = fields.Integer(
        help="Customers whom an override holds in the tier, below what their score earns."
    )

    @api.depends("held_customers", "kept_customers", "buying_customers")
    def _compute_shares(self):
        for line in self:
            held = line.held_customers
            line.kept_share = line.kept_customers / held if held else 0
            line.buying_share = line.buying_customers / held if held else 0
