from odoo import api, fields, models


class CustomerTierBacktestLine(models.Model):
    """What a back-test found of one tier: revenue, retention and customers near its threshold."""

    _name = "customer.tier.backtest.line"
    _description = "Back-test by Tier"
    _order = "backtest_id, tier_id, id"
    _rec_name = "tier_id"

    backtest_id = fields.Many2one(
        "customer.tier.backtest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backtest_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    tier_id = fields.Many2one("customer.tier", required=True, ondelete="cascade")
    customers = fields.Integer(help="Customers in the tier when the back-test was run.")
    revenue = fields.Monetary(help="Their untaxed revenue in the policy's period.")
    revenue_share = fields.Float(
        "Share of Revenue",
        help="The tier's part of the revenue of all tiers. Negative revenue counts as zero.",
    )
    held_customers = fields.Integer(
        "Customers Before", help="Customers who were in the tier on the back-test's date."
    )
    kept_customers = fields.Integer(
        "Stayed",
        help="Of these, how many were in the tier or a better one at the end of the test period.",
    )
    buying_customers = fields.Integer(
        "Bought", help="Of these, how many bought something in the test period."
    )
    kept_share = fields.Float("Stayed (%)", compute="_compute_shares")
    buying_share = fields.Float("Bought (%)", compute="_compute_shares")
    threshold = fields.Float(
        "From Score",
        digits=(5, 2),
        help="The score from which a customer is in the tier; 0 where no score decides.",
    )
    near_below = fields.Integer("Just Below", help="Customers who just miss the threshold.")
    near_above = fields.Integer("Just Above", help="Customers who just reach the threshold.")
    above_score = fields.Integer(
        "Above Their Score",
        help="Customers in the tier whose score alone gives a lower one, overrides aside.",
    )
    overridden_up = fields.Integer(
        help="Customers whom an override keeps in the tier, above their tier by score."
    )
    overridden_down = fields.Integer(
        help="Customers whom an override keeps in the tier, below their tier by score."
    )

    @api.depends("held_customers", "kept_customers", "buying_customers")
    def _compute_shares(self):
        for line in self:
            held = line.held_customers
            line.kept_share = line.kept_customers / held if held else 0
            line.buying_share = line.buying_customers / held if held else 0
