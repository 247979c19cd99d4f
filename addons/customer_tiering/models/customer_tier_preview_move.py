from datetime import timedelta

from odoo import api, fields, models

# Days for which the customers of a preview are kept.
KEPT_DAYS = 30


class CustomerTierPreviewMove(models.Model):
    """A customer whose tier would change by the rules of a preview."""

    _name = "customer.tier.preview.move"
    _description = "Previewed Tier Change"
    _order = "revenue desc, id"
    _rec_name = "partner_id"
    # A preview owns its rows; who made them stands on the evaluation.
    _log_access = False

    evaluation_id = fields.Many2one(
        "customer.tier.evaluation", "Preview", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", index=True
    )
    old_tier_id = fields.Many2one("customer.tier", "From Tier", ondelete="cascade")
    new_tier_id = fields.Many2one("customer.tier", "To Tier", ondelete="cascade")
    score = fields.Float(digits=(5, 2), aggregator="avg")
    revenue = fields.Monetary(help="Untaxed amount ordered or invoiced in the policy's period.")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")

    @api.autovacuum
    def _gc_old_moves(self):
        """Delete the customers of previews older than 30 days; the migration matrix stays."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("evaluation_id.create_date", "<", limit)]).unlink()
