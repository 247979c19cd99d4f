from odoo import fields, models


class VendorStandingMonth(models.Model):
    """The score with which a vendor ended a month; of the current one, what it is by now."""

    _name = "vendor.standing.month"
    _description = "Vendor Score by Month"
    _order = "month desc, id desc"
    _rec_name = "month"
    # A run writes every row.
    _log_access = False

    standing_id = fields.Many2one(
        "vendor.standing", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="standing_id.partner_id", string="Vendor")
    company_id = fields.Many2one(related="standing_id.company_id")
    month = fields.Date(required=True, readonly=True, help="The first day of the month.")
    score = fields.Float(digits=(5, 2), readonly=True, aggregator="avg")
    band_id = fields.Many2one("vendor.scorecard.band", readonly=True, ondelete="set null")

    _month_unique = models.UniqueIndex("(standing_id, month)")
